package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * The graph that joins every item to its nearest ones, with similarities for weights, as methods
 * that group a graph need it.
 *
 * <p>Two items are joined if one is among the k nearest of the other. With s_i the distance of item
 * i to its k-th nearest (Zelnik-Manor and Perona 2004),
 *
 * <pre>    weight(i, j) = exp(-d_ij^2 / (s_i s_j)),</pre>
 *
 * <p>between 0 and 1, which does not change when all distances are multiplied, and adapts to dense
 * and sparse regions. Items at distance 0 have weight 1; where s_i s_j is 0, others have weight 0
 * and are not joined.
 *
 * <p>O(n^2) and O(n k) memory. Deterministic: among equally near items those of the smallest
 * numbers are taken.
 *
 * @param source one end of each edge, ascending
 * @param target the other end, larger than the source; ascending among edges of one source
 * @param weight weight of each edge, above 0
 */
public record NearestGraph(int[] source, int[] target, double[] weight) {

    /**
     * Builds the graph.
     *
     * @param condensed distances as in {@link HierarchicalClustering#cluster}; left unchanged
     * @param n number of items, at least 1
     * @param k how many nearest items to join each to, at least 1; all others where there are fewer
     * @throws IllegalArgumentException if k is below 1, or the distances are not n (n - 1) / 2
     *     finite numbers {@code >= 0}
     */
    public static NearestGraph of(double[] condensed, int n, int k, Monitor monitor) {
        int[][] nearest = nearest(condensed, n, k, monitor);
        double[] scale = scales(condensed, n, nearest);
        // Every joined pair once or twice, as smaller and larger number.
        long[] pairs = new long[n * nearest[0].length];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int j : nearest[i]) {
                pairs[count++] = (long) Math.min(i, j) << 32 | Math.max(i, j);
            }
        }
        Arrays.sort(pairs);
        int[] source = new int[count];
        int[] target = new int[count];
        double[] weight = new double[count];
        int edges = 0;
        for (int p = 0; p < count; p++) {
            int i = (int) (pairs[p] >> 32);
            int j = (int) pairs[p];
            double w = similarity(condensed[Condensed.index(i, j, n)], scale[i] * scale[j]);
            if (w > 0 && (p == 0 || pairs[p] != pairs[p - 1])) {
                source[edges] = i;
                target[edges] = j;
                weight[edges++] = w;
            }
        }
        return new NearestGraph(
                Arrays.copyOf(source, edges),
                Arrays.copyOf(target, edges),
                Arrays.copyOf(weight, edges));
    }

    /**
     * The same weights for all pairs, as similarities.
     *
     * @return similarities from 0 to 1, condensed
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static double[] similarities(double[] condensed, int n, int k, Monitor monitor) {
        double[] scale = scales(condensed, n, k, monitor);
        double[] similarities = new double[condensed.length];
        int pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                similarities[pair] = similarity(condensed[pair], scale[i] * scale[j]);
            }
        }
        return similarities;
    }

    private static double similarity(double distance, double scale) {
        if (distance == 0) {
            return 1;
        }
        return scale > 0 ? Math.exp(-distance * distance / scale) : 0;
    }

    /** The distance of each item to its k-th nearest other, or the last where there are fewer. */
    static double[] scales(double[] condensed, int n, int k, Monitor monitor) {
        return scales(condensed, n, nearest(condensed, n, k, monitor));
    }

    private static double[] scales(double[] condensed, int n, int[][] nearest) {
        double[] scale = new double[n];
        for (int i = 0; i < n && n > 1; i++) {
            scale[i] = condensed[Condensed.index(i, nearest[i][nearest[i].length - 1], n)];
        }
        return scale;
    }

    /** For each item its nearest others, in ascending order of distance, then number. */
    private static int[][] nearest(double[] condensed, int n, int wanted, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        if (wanted < 1) {
            throw new IllegalArgumentException("k is " + wanted + "; at least one is needed");
        }
        int k = Math.min(wanted, n - 1);
        int[][] nearest = new int[n][k];
        double[] kept = new double[k];
        for (int i = 0; i < n && n > 1; i++) {
            monitor.check();
            int count = 0;
            for (int j = 0; j < n; j++) {
                if (j == i) {
                    continue;
                }
                double d = condensed[Condensed.index(i, j, n)];
                if (count == k && d >= kept[k - 1]) {
                    continue;
                }
                int at = count < k ? count++ : k - 1;
                while (at > 0 && kept[at - 1] > d) {
                    kept[at] = kept[at - 1];
                    nearest[i][at] = nearest[i][at - 1];
                    at--;
                }
                kept[at] = d;
                nearest[i][at] = j;
            }
            monitor.progress("nearest items", i + 1, n);
        }
        return nearest;
    }
}
