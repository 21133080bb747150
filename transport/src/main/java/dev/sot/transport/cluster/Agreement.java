package dev.sot.transport.cluster;

import java.util.Arrays;

/**
 * How far two partitions of the same items agree. All three measures are symmetric, do not depend
 * on how groups are numbered, and are 1 exactly when the partitions are the same.
 *
 * @param adjustedRand Rand index corrected for chance (Hubert and Arabie 1985): expected value 0
 *     for independent partitions, negative below chance
 * @param normalizedMutualInformation mutual information over the arithmetic mean of the two
 *     entropies, 0 to 1; 1 when both partitions consist of one group
 * @param pairF1 harmonic mean of precision and recall of the pairs that share a group, 0 to 1; 1
 *     when neither partition has such a pair
 * @param n number of items compared; without any, all measures are NaN
 */
public record Agreement(
        double adjustedRand, double normalizedMutualInformation, double pairF1, int n) {

    /**
     * Compares two partitions. O(n log n).
     *
     * @param a group of each item in one partition, -1 for an item that has none
     * @param b group of each item in the other; only items with a group in both are compared
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Agreement of(int[] a, int[] b) {
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
        if (n == 0) {
            return new Agreement(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        cells = Arrays.copyOf(cells, n);
        Counts both = Counts.of(cells);
        Counts ofA = Counts.of(Arrays.stream(cells).map(cell -> cell >>> 32).toArray());
        Counts ofB = Counts.of(Arrays.stream(cells).map(cell -> cell & 0xffffffffL).toArray());

        // Pairs together in both, only in a, only in b, in neither.
        double shared = both.pairs;
        double onlyA = ofA.pairs - both.pairs;
        double onlyB = ofB.pairs - both.pairs;
        double apart = (double) n * (n - 1) / 2 - shared - onlyA - onlyB;
        boolean same = onlyA == 0 && onlyB == 0;
        double adjustedRand =
                same
                        ? 1
                        : 2
                                * (shared * apart - onlyA * onlyB)
                                / ((shared + onlyA) * (onlyA + apart)
                                        + (shared + onlyB) * (onlyB + apart));
        double pairF1 = same ? 1 : 2 * shared / (2 * shared + onlyA + onlyB);
        double information = Math.max(0, ofA.entropy + ofB.entropy - both.entropy);
        double normalized = same ? 1 : Math.min(1, 2 * information / (ofA.entropy + ofB.entropy));
        return new Agreement(adjustedRand, normalized, pairF1, n);
    }

    /** Pairs of equal keys, and the entropy of the keys' distribution in nats. */
    private record Counts(long pairs, double entropy) {

        static Counts of(long[] keys) {
            Arrays.sort(keys);
            long pairs = 0;
            double entropy = 0;
            for (int begin = 0, end; begin < keys.length; begin = end) {
                end = begin;
                while (end < keys.length && keys[end] == keys[begin]) {
                    end++;
                }
                long count = end - begin;
                double share = (double) count / keys.length;
                pairs += count * (count - 1) / 2;
                entropy -= share * Math.log(share);
            }
            return new Counts(pairs, entropy);
        }
    }
}
