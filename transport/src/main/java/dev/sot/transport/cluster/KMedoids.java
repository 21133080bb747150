package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * k-medoids: k of the items, the medoids, such that the sum of the distances of all items to their
 * nearest medoid is small,
 *
 * <pre>    TD = sum_i min_s d(i, medoid_s).</pre>
 *
 * <p>Any distances will do; the triangle inequality is not needed. The problem is NP-hard. The
 * medoids are first chosen one by one, each the item that lowers the sum most (BUILD of Kaufman and
 * Rousseeuw 1990). What an item would gain never grows while medoids are added, so that most gains
 * need no new look (lazy evaluation, Minoux 1978). Then a medoid is exchanged for another item as
 * soon as that lowers the sum, until no exchange does: FasterPAM (Schubert and Rousseeuw 2021,
 * arXiv:2008.05171), which finds the best medoid to give up for a candidate in one pass over the
 * items.
 *
 * <p>O(n^2) for each pass over the candidates, of which few are needed; O(n^2) and up, seldom much
 * more, for the start. O(n) bytes beside the distances. There is no randomness: ties go to the item
 * of the smallest number.
 *
 * @param group group of each item, numbered from 0 in the order of their smallest members
 * @param medoids medoid of each group
 * @param totalDistance the sum of all items' distances to their medoid
 */
public record KMedoids(int[] group, int[] medoids, double totalDistance) {

    /**
     * Finds medoids.
     *
     * @param condensed distances between items i and j, i smaller than j, at {@code i*n - i*(i+1)/2
     *     + j-i-1}; left unchanged
     * @param n number of items, at least 1
     * @param k number of groups, 1 to n
     * @throws IllegalArgumentException if k is out of range, or the distances are not n (n - 1) / 2
     *     finite numbers {@code >= 0}
     */
    public static KMedoids cluster(double[] condensed, int n, int k, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        if (k < 1 || k > n) {
            throw new IllegalArgumentException(
                    "cannot choose " + k + " medoids among " + n + " items; 1 to " + n + " can be");
        }
        Search search = new Search(condensed, n, monitor);
        search.build(k);
        // A single medoid is the best one already.
        if (k > 1) {
            search.swap();
        }
        return search.result();
    }

    /** Where the search is: the medoids, each in a slot, and the two nearest slots of each item. */
    private static final class Search {

        /** Share of the sum below which a difference may be rounding. */
        private static final double ROUNDING = 1e-12;

        private final double[] condensed;
        private final int n;
        private final Monitor monitor;
        private int[] medoid;
        private final boolean[] isMedoid;
        private final int[] nearest;
        private final int[] second;
        private final double[] toNearest;
        private final double[] toSecond;

        Search(double[] condensed, int n, Monitor monitor) {
            this.condensed = condensed;
            this.n = n;
            this.monitor = monitor;
            isMedoid = new boolean[n];
            nearest = new int[n];
            second = new int[n];
            toNearest = new double[n];
            toSecond = new double[n];
        }

        private double distance(int i, int j) {
            return i == j ? 0 : condensed[Condensed.index(i, j, n)];
        }

        /** A candidate, and what it gained when it was last looked at, after so many medoids. */
        private record Gain(int item, double gain, int medoids) {}

        void build(int k) {
            medoid = new int[k];
            int central = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int c = 0; c < n; c++) {
                monitor.check();
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += distance(i, c);
                }
                if (sum < least) {
                    least = sum;
                    central = c;
                }
            }
            Arrays.fill(toNearest, Double.POSITIVE_INFINITY);
            choose(0, central);
            PriorityQueue<Gain> gains =
                    new PriorityQueue<>(
                            Comparator.comparingDouble(Gain::gain)
                                    .reversed()
                                    .thenComparingInt(Gain::item));
            for (int c = 0; c < n && k > 1; c++) {
                if (!isMedoid[c]) {
                    gains.add(new Gain(c, gain(c), 1));
                }
            }
            for (int chosen = 1; chosen < k; ) {
                Gain best = gains.remove();
                if (best.medoids == chosen) {
                    choose(chosen++, best.item);
                    monitor.progress("first medoids", chosen, k);
                } else {
                    gains.add(new Gain(best.item, gain(best.item), chosen));
                }
            }
        }

        private double gain(int c) {
            monitor.check();
            double gain = 0;
            for (int i = 0; i < n; i++) {
                gain += Math.max(0, toNearest[i] - distance(i, c));
            }
            return gain;
        }

        private void choose(int slot, int item) {
            medoid[slot] = item;
            isMedoid[item] = true;
            for (int i = 0; i < n; i++) {
                toNearest[i] = Math.min(toNearest[i], distance(i, item));
            }
        }

        void swap() {
            for (int i = 0; i < n; i++) {
                monitor.check();
                rank(i);
            }
            double[] removal = removals();
            double[] change = new double[medoid.length];
            int unchanged = 0;
            for (int c = 0; unchanged < n; c = (c + 1) % n, unchanged++) {
                monitor.check();
                monitor.progress("medoids without a better one", unchanged, n);
                if (isMedoid[c]) {
                    continue;
                }
                System.arraycopy(removal, 0, change, 0, change.length);
                double gain = 0;
                for (int i = 0; i < n; i++) {
                    double d = distance(i, c);
                    if (d < toNearest[i]) {
                        gain += toNearest[i] - d;
                        change[nearest[i]] += toNearest[i] - toSecond[i];
                    } else if (d < toSecond[i]) {
                        change[nearest[i]] += d - toSecond[i];
                    }
                }
                int slot = 0;
                for (int s = 1; s < change.length; s++) {
                    slot = change[s] < change[slot] ? s : slot;
                }
                if (change[slot] - gain < -ROUNDING * total()) {
                    isMedoid[medoid[slot]] = false;
                    isMedoid[c] = true;
                    medoid[slot] = c;
                    for (int i = 0; i < n; i++) {
                        replaced(i, slot);
                    }
                    removal = removals();
                    unchanged = -1;
                }
            }
        }

        private double total() {
            double total = 0;
            for (double d : toNearest) {
                total += d;
            }
            return total;
        }

        /** For each slot by how much the sum grows if its medoid is given up. */
        private double[] removals() {
            double[] removal = new double[medoid.length];
            for (int i = 0; i < n; i++) {
                removal[nearest[i]] += toSecond[i] - toNearest[i];
            }
            return removal;
        }

        /** Brings an item's two nearest slots up to date after a slot has got a new medoid. */
        private void replaced(int i, int slot) {
            double d = distance(i, medoid[slot]);
            if (nearest[i] == slot || second[i] == slot) {
                rank(i);
            } else if (d < toNearest[i]) {
                second[i] = nearest[i];
                toSecond[i] = toNearest[i];
                nearest[i] = slot;
                toNearest[i] = d;
            } else if (d < toSecond[i]) {
                second[i] = slot;
                toSecond[i] = d;
            }
        }

        /** Finds an item's two nearest slots. */
        private void rank(int i) {
            toNearest[i] = Double.POSITIVE_INFINITY;
            toSecond[i] = Double.POSITIVE_INFINITY;
            for (int s = 0; s < medoid.length; s++) {
                double d = distance(i, medoid[s]);
                if (d < toNearest[i]) {
                    second[i] = nearest[i];
                    toSecond[i] = toNearest[i];
                    nearest[i] = s;
                    toNearest[i] = d;
                } else if (d < toSecond[i]) {
                    second[i] = s;
                    toSecond[i] = d;
                }
            }
        }

        KMedoids result() {
            Arrays.sort(medoid);
            int[] slot = new int[n];
            double sum = 0;
            for (int i = 0; i < n; i++) {
                monitor.check();
                double least = Double.POSITIVE_INFINITY;
                for (int s = 0; s < medoid.length; s++) {
                    // A medoid is in its own group even where another one is at distance 0.
                    double d = medoid[s] == i ? -1 : distance(i, medoid[s]);
                    if (d < least) {
                        least = d;
                        slot[i] = s;
                    }
                }
                sum += Math.max(0, least);
            }
            int[] group = Labels.inOrder(slot);
            int[] medoids = new int[medoid.length];
            for (int item : medoid) {
                medoids[group[item]] = item;
            }
            return new KMedoids(group, medoids, sum);
        }
    }
}
