package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * How well a partition fits distances.
 *
 * @param within mean distance over pairs of members of the same group; NaN without such a pair
 * @param between mean distance over pairs of members of different groups; NaN with fewer than two
 *     groups
 * @param silhouette mean over members of (b - a) / max(a, b), where a is the mean distance to the
 *     others of its group and b the smallest mean distance to another group (Rousseeuw 1987); 0 for
 *     a member that is alone in its group or has a = b = 0; NaN with fewer than two groups
 */
public record PartitionQuality(double within, double between, double silhouette) {

    /** Of a partition whose distances are not known. */
    public static final PartitionQuality UNKNOWN =
            new PartitionQuality(Double.NaN, Double.NaN, Double.NaN);

    /**
     * Measures a partition. O(n^2).
     *
     * @param condensed distances as in {@link HierarchicalClustering#cluster}
     * @param n number of items
     * @param group group of each item, any number {@code >= 0}, or -1 for an item that is in no
     *     group and does not count
     * @throws IllegalArgumentException if lengths do not fit, or a distance is negative or not
     *     finite
     */
    public static PartitionQuality of(double[] condensed, int n, int[] group, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        if (group.length != n) {
            throw new IllegalArgumentException(
                    "group has " + group.length + " entries for " + n + " items");
        }
        int[] distinct = Labels.distinct(group);
        int groups = distinct.length;
        int[] dense = Labels.dense(group, distinct);
        int[] sizes = Labels.sizes(dense, groups);
        double within = 0;
        double between = 0;
        long withinPairs = 0;
        long betweenPairs = 0;
        double silhouettes = 0;
        int members = 0;
        double[] toGroup = new double[groups * Condensed.LANES];
        for (int begin = 0; begin < n; begin += Condensed.LANES) {
            monitor.check();
            Arrays.fill(toGroup, 0);
            int lanes = Math.min(Condensed.LANES, n - begin);
            Condensed.addRows(condensed, n, begin, lanes, dense, toGroup);
            for (int lane = 0; lane < lanes; lane++) {
                int own = dense[begin + lane];
                if (own < 0) {
                    continue;
                }
                double nearestOther = Double.POSITIVE_INFINITY;
                for (int g = 0; g < groups; g++) {
                    double sum = toGroup[g * Condensed.LANES + lane];
                    if (g != own) {
                        between += sum;
                        betweenPairs += sizes[g];
                        nearestOther = Math.min(nearestOther, sum / sizes[g]);
                    }
                }
                double toOwnGroup = toGroup[own * Condensed.LANES + lane];
                within += toOwnGroup;
                withinPairs += sizes[own] - 1;
                members++;
                if (sizes[own] > 1) {
                    double toOwn = toOwnGroup / (sizes[own] - 1);
                    double larger = Math.max(toOwn, nearestOther);
                    silhouettes += larger > 0 ? (nearestOther - toOwn) / larger : 0;
                }
            }
        }
        return new PartitionQuality(
                within / withinPairs,
                between / betweenPairs,
                groups < 2 ? Double.NaN : silhouettes / members);
    }

    /**
     * Mean distance over pairs of members of the same group that are of different kinds: {@link
     * #within} where items of one kind are alike by definition. O(n^2).
     *
     * @param condensed as in {@link #of}
     * @param n as in {@link #of}
     * @param group as in {@link #of}
     * @param kind kind of each item
     * @return NaN without such a pair
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static double within(
            double[] condensed, int n, int[] group, int[] kind, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        if (group.length != n || kind.length != n) {
            throw new IllegalArgumentException(
                    "group and kind have "
                            + group.length
                            + " and "
                            + kind.length
                            + " entries for "
                            + n
                            + " items");
        }
        double sum = 0;
        long pairs = 0;
        int pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                if (group[i] >= 0 && group[i] == group[j] && kind[i] != kind[j]) {
                    sum += condensed[pair];
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }
}
