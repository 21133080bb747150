package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Agglomerative clustering: starting from single items, the two clusters at the smallest distance
 * that may merge are merged, until no two may.
 *
 * <p>All {@linkplain Linkage linkages} are reducible, that is, merging two nearest neighbours
 * brings neither closer to a third; so chains of nearest neighbours find the same merges as the
 * search for the global minimum (Murtagh 1983; Müllner 2011, arXiv:1109.2378). {@link Constraints}
 * do not change that: a forbidden union counts as infinitely far, and since larger unions stay
 * forbidden, the union of A and B is at a finite distance from C only when A and B both are, where
 * reducibility holds, and otherwise at an infinite one, which is at least any other.
 */
public final class HierarchicalClustering {

    private HierarchicalClustering() {}

    /**
     * Merges until no two clusters may merge. O(n^2) time, O(n) memory beside the matrix, which is
     * used up: on return every entry is NaN, so that taking it for distances again fails. Pass a
     * clone of a matrix that is still needed.
     *
     * <p>Items that must link are merged first, at height 0, in ascending order.
     *
     * <p>Equal distances are resolved by the order of the items, so that the result is
     * deterministic; it is then one of the hierarchies that the definition allows. When all cluster
     * distances differ, it does not depend on the order of the items.
     *
     * @param condensed distances between items i and j, i smaller than j, at {@code i*n - i*(i+1)/2
     *     + j-i-1}; zeros are allowed between different items; overwritten
     * @param n number of items, at least 1
     * @return a hierarchy of as many trees as clusters are left
     * @throws IllegalArgumentException if the matrix does not have n (n - 1) / 2 entries, all
     *     finite and {@code >= 0}, or the constraints are on another number of items
     */
    public static Dendrogram cluster(
            double[] condensed, int n, Linkage linkage, Constraints constraints, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        constraints.checkItems(n);
        Dendrogram dendrogram = new Run(condensed, n, linkage, constraints, monitor).run();
        Arrays.fill(condensed, Double.NaN);
        return dendrogram;
    }

    /** A cluster lives on in the slot of its smallest item. */
    private static final class Run {

        private final double[] distance;
        private final int n;
        private final Linkage linkage;
        private final Constraints constraints;
        private final Monitor monitor;

        /** Slots in use, ascending. */
        private final int[] active;

        private int activeCount;
        private final int[] items;
        private final long[] size;
        private final int[] first;
        private final int[] second;
        private final double[] height;
        private int merges;

        Run(double[] distance, int n, Linkage linkage, Constraints constraints, Monitor monitor) {
            this.distance = distance;
            this.n = n;
            this.linkage = linkage;
            this.constraints = constraints;
            this.monitor = monitor;
            active = new int[n];
            activeCount = n;
            items = new int[n];
            size = new long[n];
            for (int i = 0; i < n; i++) {
                active[i] = i;
                items[i] = 1;
                size[i] = constraints.size(i);
            }
            first = new int[n - 1];
            second = new int[n - 1];
            height = new double[n - 1];
        }

        Dendrogram run() {
            // A power of two, which changes no digit, keeps Ward's squares from overflowing.
            int exponent = linkage == Linkage.WARD ? squareInPlace() : 0;
            forbid();
            for (int i = 0; i < n; i++) {
                int slot = constraints.component(i);
                if (slot != i) {
                    monitor.check();
                    double between = distance[Condensed.index(slot, i, n)];
                    merge(slot, i, between, 0, false);
                }
            }
            int required = merges;
            followChains();
            return inOrderOfHeight(required, exponent);
        }

        private int squareInPlace() {
            double largest = 0;
            for (int i = 0; i < n; i++) {
                monitor.check();
                int row = Condensed.row(i, n);
                for (int j = i + 1; j < n; j++) {
                    largest = Math.max(largest, distance[row + j]);
                }
            }
            int exponent = largest > 0 ? Math.max(Math.getExponent(largest), -1000) : 0;
            double scale = Math.scalb(1.0, -exponent);
            for (int i = 0; i < n; i++) {
                monitor.check();
                int row = Condensed.row(i, n);
                for (int j = i + 1; j < n; j++) {
                    double scaled = distance[row + j] * scale;
                    distance[row + j] = scaled * scaled;
                }
            }
            return exponent;
        }

        private void forbid() {
            if (constraints == Constraints.NONE) {
                return;
            }
            int k = 0;
            for (int i = 0; i < n; i++) {
                monitor.check();
                for (int j = i + 1; j < n; j++, k++) {
                    if (constraints.apart(i, j)) {
                        distance[k] = Double.POSITIVE_INFINITY;
                    }
                }
            }
            for (int[] pair : constraints.cannotLink()) {
                distance[Condensed.index(pair[0], pair[1], n)] = Double.POSITIVE_INFINITY;
            }
        }

        private void followChains() {
            int[] chain = new int[n];
            int length = 0;
            while (activeCount > 1) {
                monitor.check();
                if (length == 0) {
                    chain[length++] = active[0];
                }
                int tip = chain[length - 1];
                int previous = length > 1 ? chain[length - 2] : -1;
                int nearest = nearest(tip, previous);
                if (nearest < 0) {
                    // Only a chain of one can end here: each further link is a finite distance.
                    retire(tip);
                    length = 0;
                } else if (nearest == previous) {
                    length -= 2;
                    double between = distance[Condensed.index(tip, nearest, n)];
                    merge(Math.min(tip, nearest), Math.max(tip, nearest), between, between, true);
                    monitor.progress("clustering", n - activeCount, n - 1);
                } else {
                    chain[length++] = nearest;
                }
            }
        }

        /**
         * The slot at the smallest finite distance, or -1. Among equals the previous one of the
         * chain: only so does the chain never turn in a circle.
         */
        private int nearest(int tip, int previous) {
            int nearest = previous;
            double smallest =
                    previous < 0
                            ? Double.POSITIVE_INFINITY
                            : distance[Condensed.index(tip, previous, n)];
            int a = 0;
            for (; active[a] != tip; a++) {
                double d = distance[Condensed.row(active[a], n) + tip];
                if (d < smallest) {
                    smallest = d;
                    nearest = active[a];
                }
            }
            int row = Condensed.row(tip, n);
            for (a++; a < activeCount; a++) {
                double d = distance[row + active[a]];
                if (d < smallest) {
                    smallest = d;
                    nearest = active[a];
                }
            }
            return nearest;
        }

        private void merge(int kept, int gone, double between, double at, boolean nearest) {
            first[merges] = kept;
            second[merges] = gone;
            height[merges] = at;
            merges++;
            retire(gone);
            size[kept] += size[gone];
            for (int a = 0; a < activeCount; a++) {
                int other = active[a];
                if (other == kept) {
                    continue;
                }
                int slot = Condensed.index(kept, other, n);
                double toKept = distance[slot];
                double toGone = distance[Condensed.index(gone, other, n)];
                double merged = Double.POSITIVE_INFINITY;
                if (toKept < merged
                        && toGone < merged
                        && size[kept] + size[other] <= constraints.maximumSize()) {
                    merged =
                            linkage.merged(
                                    toKept,
                                    toGone,
                                    between,
                                    items[kept],
                                    items[gone],
                                    items[other]);
                    if (nearest) {
                        // Rounding must not make heights descend.
                        merged = Math.max(merged, Math.min(toKept, toGone));
                    }
                }
                distance[slot] = merged;
            }
            items[kept] += items[gone];
        }

        private void retire(int slot) {
            int at = Arrays.binarySearch(active, 0, activeCount, slot);
            System.arraycopy(active, at + 1, active, at, activeCount - at - 1);
            activeCount--;
        }

        private Dendrogram inOrderOfHeight(int required, int exponent) {
            // The sort is stable and a cluster is found before it is merged further, so equal
            // heights keep children before parents.
            Integer[] order = new Integer[merges];
            Arrays.setAll(order, m -> m);
            Arrays.sort(order, required, merges, Comparator.comparingDouble(m -> height[m]));
            int[] left = new int[merges];
            int[] right = new int[merges];
            double[] sorted = new double[merges];
            int[] clusterInSlot = new int[n];
            Arrays.setAll(clusterInSlot, i -> i);
            for (int m = 0; m < merges; m++) {
                int a = clusterInSlot[first[order[m]]];
                int b = clusterInSlot[second[order[m]]];
                left[m] = Math.min(a, b);
                right[m] = Math.max(a, b);
                double h = height[order[m]];
                sorted[m] =
                        linkage == Linkage.WARD
                                ? Math.scalb(Math.sqrt(Math.max(0, h)), exponent)
                                : h;
                clusterInSlot[first[order[m]]] = n + m;
            }
            return Dendrogram.of(n, required, left, right, sorted);
        }
    }
}
