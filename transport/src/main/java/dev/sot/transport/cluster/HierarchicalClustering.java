package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Agglomerative clustering: starting from single items, the two clusters at the smallest distance
 * are merged until one is left.
 *
 * <p>With average linkage (UPGMA; Sokal and Michener 1958) the distance between two clusters is the
 * mean distance between their members. It is reducible, that is, merging two nearest neighbours
 * brings neither closer to a third; so chains of nearest neighbours find the same merges as the
 * search for the global minimum (Murtagh 1983; Müllner 2011, arXiv:1109.2378).
 */
public final class HierarchicalClustering {

    private HierarchicalClustering() {}

    /**
     * Average linkage. O(n^2) time; works on a copy of the matrix, 4 n^2 bytes.
     *
     * <p>Equal distances are resolved by the order of the items, so that the result is
     * deterministic; it is then one of the hierarchies that the definition allows. When all cluster
     * distances differ, it does not depend on the order of the items.
     *
     * @param condensed distances between items i and j, i smaller than j, at {@code i*n - i*(i+1)/2
     *     + j-i-1}; zeros are allowed between different items; left unchanged
     * @param n number of items, at least 1
     * @throws IllegalArgumentException if the matrix does not have n (n - 1) / 2 entries, all
     *     finite and {@code >= 0}
     */
    public static Dendrogram averageLinkage(double[] condensed, int n, Monitor monitor) {
        Condensed.check(condensed, n);
        double[] distance = condensed.clone();
        int merges = n - 1;
        int[] first = new int[merges];
        int[] second = new int[merges];
        double[] height = new double[merges];

        // A cluster lives on in the slot of one of its items; active holds the slots in use.
        int[] active = new int[n];
        for (int i = 0; i < n; i++) {
            active[i] = i;
        }
        int activeCount = n;
        int[] size = new int[n];
        Arrays.fill(size, 1);
        int[] chain = new int[n];
        int length = 0;
        for (int merge = 0; merge < merges; ) {
            monitor.check();
            if (length == 0) {
                chain[length++] = active[0];
            }
            int tip = chain[length - 1];
            int nearest = -1;
            double smallest = Double.POSITIVE_INFINITY;
            if (length > 1) {
                // Preferred among equals: only so does the chain never turn in a circle.
                nearest = chain[length - 2];
                smallest = distance[Condensed.index(tip, nearest, n)];
            }
            for (int a = 0; a < activeCount; a++) {
                int other = active[a];
                if (other != tip) {
                    double d = distance[Condensed.index(tip, other, n)];
                    if (d < smallest) {
                        smallest = d;
                        nearest = other;
                    }
                }
            }
            if (length == 1 || nearest != chain[length - 2]) {
                chain[length++] = nearest;
                continue;
            }
            length -= 2;
            int kept = Math.max(tip, nearest);
            int gone = Math.min(tip, nearest);
            first[merge] = gone;
            second[merge] = kept;
            height[merge] = smallest;
            merge++;
            int at = Arrays.binarySearch(active, 0, activeCount, gone);
            System.arraycopy(active, at + 1, active, at, activeCount - at - 1);
            activeCount--;
            for (int a = 0; a < activeCount; a++) {
                int other = active[a];
                if (other != kept) {
                    int slot = Condensed.index(kept, other, n);
                    distance[slot] =
                            mean(
                                    distance[slot],
                                    size[kept],
                                    distance[Condensed.index(gone, other, n)],
                                    size[gone]);
                }
            }
            size[kept] += size[gone];
            monitor.progress("clustering", merge, merges);
        }
        return inOrderOfHeight(n, first, second, height);
    }

    /** A weighted mean that rounding cannot move outside its arguments, so heights never invert. */
    private static double mean(double a, int sizeA, double b, int sizeB) {
        double mean = a + (b - a) * ((double) sizeB / (sizeA + sizeB));
        return Math.min(Math.max(mean, Math.min(a, b)), Math.max(a, b));
    }

    private static Dendrogram inOrderOfHeight(int n, int[] first, int[] second, double[] height) {
        // The sort is stable and a cluster is found before it is merged further, so equal heights
        // keep children before parents.
        Integer[] order = new Integer[height.length];
        Arrays.setAll(order, m -> m);
        Arrays.sort(order, Comparator.comparingDouble(m -> height[m]));
        int[] left = new int[order.length];
        int[] right = new int[order.length];
        double[] sorted = new double[order.length];
        int[] size = new int[order.length];
        int[] clusterInSlot = new int[n];
        Arrays.setAll(clusterInSlot, i -> i);
        for (int m = 0; m < order.length; m++) {
            int a = clusterInSlot[first[order[m]]];
            int b = clusterInSlot[second[order[m]]];
            left[m] = Math.min(a, b);
            right[m] = Math.max(a, b);
            sorted[m] = height[order[m]];
            size[m] = (a < n ? 1 : size[a - n]) + (b < n ? 1 : size[b - n]);
            clusterInSlot[second[order[m]]] = n + m;
        }
        return new Dendrogram(n, left, right, sorted, size);
    }
}
