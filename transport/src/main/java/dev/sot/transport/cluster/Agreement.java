package dev.sot.transport.cluster;

import java.util.Arrays;

/**
 * How far two partitions of the same items agree. The measures do not depend on how groups are
 * numbered. All but precision and recall, which change places, are symmetric.
 *
 * @param rand Rand index: share of the pairs on which the partitions agree, whether they are
 *     together or apart; 1 for a single item
 * @param adjustedRand Rand index corrected for chance (Hubert and Arabie 1985): expected value 0
 *     for independent partitions, negative below chance; 1 exactly when the partitions are the same
 * @param normalizedMutualInformation mutual information over the arithmetic mean of the two
 *     entropies, 0 to 1; 1 exactly when the partitions are the same
 * @param pairPrecision of the pairs together in the first partition, the share that is so in the
 *     second; NaN when the first has no such pair
 * @param pairRecall of the pairs together in the second partition, the share that is so in the
 *     first; NaN when the second has no such pair
 * @param pairF1 harmonic mean of precision and recall, 0 to 1; 1 when neither partition has a pair
 *     together
 * @param n number of items compared; without any, all measures are NaN
 */
public record Agreement(
        double rand,
        double adjustedRand,
        double normalizedMutualInformation,
        double pairPrecision,
        double pairRecall,
        double pairF1,
        int n) {

    /**
     * Compares two partitions. O(n log n).
     *
     * @param a group of each item in one partition, -1 for an item that has none
     * @param b group of each item in the other; only items with a group in both are compared
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Agreement of(int[] a, int[] b) {
        Table table = Table.of(a, b);
        double information =
                Math.max(0, table.a.entropy() + table.b.entropy() - table.both.entropy());
        return of(table, table.both.pairs(), table.same() ? Double.NaN : information);
    }

    /**
     * What is expected of two partitions whose groups have the sizes of the given ones and are
     * otherwise drawn at random: the mean of every measure over all permutations of the items of
     * one. The expected mutual information is that of Vinh, Epps and Bailey (2010, equation 24).
     * O(n log n + n s) for s distinct group sizes in either partition, of which there are at most
     * sqrt(2 n).
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Agreement expected(int[] a, int[] b) {
        Table table = Table.of(a, b);
        boolean always = table.fixed();
        double pairs = (double) table.a.pairs() * table.b.pairs() / Math.max(1, table.total());
        Agreement expected = of(table, pairs, always ? Double.NaN : expectedInformation(table));
        return new Agreement(
                expected.rand,
                table.n == 0 ? Double.NaN : always ? 1 : 0,
                expected.normalizedMutualInformation,
                expected.pairPrecision,
                expected.pairRecall,
                expected.pairF1,
                table.n);
    }

    /**
     * The measures that follow from the pairs together in both partitions and from the mutual
     * information, NaN where the partitions are the same.
     */
    private static Agreement of(Table table, double shared, double information) {
        if (table.n == 0) {
            return new Agreement(
                    Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
        }
        double onlyA = table.a.pairs() - shared;
        double onlyB = table.b.pairs() - shared;
        double apart = table.total() - shared - onlyA - onlyB;
        boolean same = Double.isNaN(information);
        return new Agreement(
                table.n == 1 ? 1 : (shared + apart) / table.total(),
                same
                        ? 1
                        : 2
                                * (shared * apart - onlyA * onlyB)
                                / ((shared + onlyA) * (onlyA + apart)
                                        + (shared + onlyB) * (onlyB + apart)),
                same ? 1 : Math.min(1, 2 * information / (table.a.entropy() + table.b.entropy())),
                shared / (shared + onlyA),
                shared / (shared + onlyB),
                same ? 1 : 2 * shared / (2 * shared + onlyA + onlyB),
                table.n);
    }

    /** Mean mutual information, in nats, over all permutations of the items of one partition. */
    private static double expectedInformation(Table table) {
        int n = table.n;
        double[] logFactorial = new double[n + 1];
        for (int i = 2; i <= n; i++) {
            logFactorial[i] = logFactorial[i - 1] + Math.log(i);
        }
        double sum = 0;
        for (Counts.Size a : table.a.sizes()) {
            for (Counts.Size b : table.b.sizes()) {
                double fixed =
                        logFactorial[a.items()]
                                + logFactorial[b.items()]
                                + logFactorial[n - a.items()]
                                + logFactorial[n - b.items()]
                                - logFactorial[n];
                double cell = 0;
                int most = Math.min(a.items(), b.items());
                for (int m = Math.max(1, a.items() + b.items() - n); m <= most; m++) {
                    double probability =
                            Math.exp(
                                    fixed
                                            - logFactorial[m]
                                            - logFactorial[a.items() - m]
                                            - logFactorial[b.items() - m]
                                            - logFactorial[n - a.items() - b.items() + m]);
                    cell +=
                            (double) m
                                    / n
                                    * Math.log((double) n * m / ((double) a.items() * b.items()))
                                    * probability;
                }
                sum += cell * a.groups() * b.groups();
            }
        }
        return Math.max(0, sum);
    }

    /** The contingency table of two partitions: its margins and its cells. */
    private record Table(Counts a, Counts b, Counts both, int n) {

        static Table of(int[] a, int[] b) {
            if (a.length != b.length) {
                throw new IllegalArgumentException(
                        "the partitions have " + a.length + " and " + b.length + " items");
            }
            long[] cells = new long[a.length];
            int n = 0;
            for (int i = 0; i < a.length; i++) {
                if (a[i] >= 0 && b[i] >= 0) {
                    cells[n++] = (long) a[i] << 32 | b[i];
                }
            }
            cells = Arrays.copyOf(cells, n);
            return new Table(
                    Counts.of(Arrays.stream(cells).map(cell -> cell >>> 32).toArray()),
                    Counts.of(Arrays.stream(cells).map(cell -> cell & 0xffffffffL).toArray()),
                    Counts.of(cells),
                    n);
        }

        /** All pairs of items. */
        double total() {
            return (double) n * (n - 1) / 2;
        }

        boolean same() {
            return both.pairs() == a.pairs() && both.pairs() == b.pairs();
        }

        /** Whether the partitions are the same however the items of one are permuted. */
        boolean fixed() {
            return a.pairs() == b.pairs() && (a.pairs() == 0 || a.pairs() == total());
        }
    }

    /**
     * Groups of equal keys.
     *
     * @param pairs pairs of items with equal keys
     * @param entropy of the keys' distribution, in nats
     * @param sizes the distinct sizes of groups, ascending
     */
    private record Counts(long pairs, double entropy, Size[] sizes) {

        /** A number of groups that have the same number of items. */
        record Size(int items, int groups) {}

        static Counts of(long[] keys) {
            Arrays.sort(keys);
            long pairs = 0;
            double entropy = 0;
            int[] counts = new int[keys.length];
            int groups = 0;
            for (int begin = 0, end; begin < keys.length; begin = end) {
                end = begin;
                while (end < keys.length && keys[end] == keys[begin]) {
                    end++;
                }
                long count = end - begin;
                double share = (double) count / keys.length;
                pairs += count * (count - 1) / 2;
                entropy -= share * Math.log(share);
                counts[groups++] = end - begin;
            }
            counts = Arrays.copyOf(counts, groups);
            return new Counts(pairs, entropy, sizes(counts));
        }

        private static Size[] sizes(int[] counts) {
            Arrays.sort(counts);
            Size[] sizes = new Size[counts.length];
            int distinct = 0;
            for (int begin = 0, end; begin < counts.length; begin = end) {
                end = begin;
                while (end < counts.length && counts[end] == counts[begin]) {
                    end++;
                }
                sizes[distinct++] = new Size(counts[begin], end - begin);
            }
            return Arrays.copyOf(sizes, distinct);
        }
    }
}
