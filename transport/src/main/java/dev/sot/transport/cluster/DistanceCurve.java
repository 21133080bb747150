package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * How well every cut of a hierarchy fits the distances, each array by the number of merges done.
 *
 * @param silhouette as {@link PartitionQuality#silhouette}
 * @param dispersion mean over items of the mean distance to all members of their group, themselves
 *     included: 0 for single items
 */
record DistanceCurve(double[] silhouette, double[] dispersion) {

    private static final int LANES = Condensed.LANES;

    /**
     * All cuts in O(n^2) time together and O(n) memory.
     *
     * <p>For each item the sums of its distances to all clusters follow from the leaves up. From
     * the roots down, one group after the other splits, and the smaller of the means over the two
     * parts is at most the mean over the whole: so the smallest mean over the groups of others is a
     * running minimum, and no group needs to be looked at again.
     */
    static DistanceCurve of(double[] condensed, Dendrogram dendrogram, Monitor monitor) {
        int n = dendrogram.itemCount();
        Condensed.check(condensed, n, monitor);
        return new Run(condensed, dendrogram).run(monitor);
    }

    /** Of distances that are not known, with so many merges: NaN. */
    static DistanceCurve unknown(int merges) {
        double[] unknown = new double[merges + 1];
        Arrays.fill(unknown, Double.NaN);
        return new DistanceCurve(unknown, unknown);
    }

    private static final class Run {

        private final double[] condensed;
        private final Dendrogram dendrogram;
        private final int n;
        private final int merges;

        /** Items in depth-first order: those of a cluster are consecutive. */
        private final int[] place;

        private final int[] firstPlace;
        private final double[] inverse;
        private final int[] items;
        private final int[] roots;
        private final double[] sums;
        private final double[] silhouette;
        private final double[] between;

        Run(double[] condensed, Dendrogram dendrogram) {
            this.condensed = condensed;
            this.dendrogram = dendrogram;
            n = dendrogram.itemCount();
            merges = dendrogram.mergeCount();
            firstPlace = new int[n + merges];
            inverse = new double[n + merges];
            int[] roots = new int[dendrogram.rootCount()];
            int rootCount = 0;
            int next = 0;
            for (int c = n + merges - 1; c >= 0; c--) {
                inverse[c] = 1.0 / dendrogram.clusterSize(c);
                if (dendrogram.parent(c) < 0) {
                    roots[rootCount++] = c;
                    firstPlace[c] = next;
                    next += dendrogram.clusterSize(c);
                }
                if (c >= n) {
                    int left = dendrogram.left(c - n);
                    firstPlace[left] = firstPlace[c];
                    firstPlace[dendrogram.right(c - n)] =
                            firstPlace[c] + dendrogram.clusterSize(left);
                }
            }
            this.roots = roots;
            place = Arrays.copyOf(firstPlace, n);
            items = new int[n];
            Arrays.setAll(items, i -> i);
            sums = new double[(n + merges) * LANES];
            silhouette = new double[merges + 1];
            between = new double[merges];
        }

        DistanceCurve run(Monitor monitor) {
            for (int begin = 0; begin < n; begin += LANES) {
                monitor.check();
                int lanes = Math.min(LANES, n - begin);
                sum(begin, lanes);
                split(begin, lanes);
                monitor.progress("silhouettes of all cuts", begin + lanes, n);
            }
            for (int done = 0; done <= merges; done++) {
                silhouette[done] = n - done < 2 ? Double.NaN : silhouette[done] / n;
            }
            return new DistanceCurve(silhouette, dispersion());
        }

        /** Sums of the distances of some items to every cluster. */
        private void sum(int begin, int lanes) {
            Arrays.fill(sums, 0, n * LANES, 0);
            Condensed.addRows(condensed, n, begin, lanes, items, sums);
            for (int m = 0; m < merges; m++) {
                int to = (n + m) * LANES;
                int left = dendrogram.left(m) * LANES;
                int right = dendrogram.right(m) * LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    sums[to + lane] = sums[left + lane] + sums[right + lane];
                }
            }
        }

        private void split(int begin, int lanes) {
            int[] own = new int[LANES];
            double[] nearest = new double[LANES];
            double[] value = new double[LANES];
            for (int lane = 0; lane < lanes; lane++) {
                nearest[lane] = Double.POSITIVE_INFINITY;
                for (int root : roots) {
                    if (holds(root, begin + lane)) {
                        own[lane] = root;
                    } else {
                        nearest[lane] = Math.min(nearest[lane], mean(root, lane));
                    }
                }
                value[lane] = value(own[lane], nearest[lane], lane);
                silhouette[merges] += value[lane];
            }
            for (int m = merges - 1; m >= 0; m--) {
                int left = dendrogram.left(m);
                int right = dendrogram.right(m);
                double total = 0;
                for (int lane = 0; lane < lanes; lane++) {
                    if (own[lane] == n + m) {
                        boolean inLeft = holds(left, begin + lane);
                        own[lane] = inLeft ? left : right;
                        int other = inLeft ? right : left;
                        nearest[lane] = Math.min(nearest[lane], mean(other, lane));
                        value[lane] = value(own[lane], nearest[lane], lane);
                        between[m] += inLeft ? sums[other * LANES + lane] : 0;
                    } else {
                        double mean = Math.min(mean(left, lane), mean(right, lane));
                        if (mean < nearest[lane]) {
                            nearest[lane] = mean;
                            value[lane] = value(own[lane], mean, lane);
                        }
                    }
                    total += value[lane];
                }
                silhouette[m] += total;
            }
        }

        private boolean holds(int cluster, int item) {
            int offset = place[item] - firstPlace[cluster];
            return offset >= 0 && offset < dendrogram.clusterSize(cluster);
        }

        private double mean(int cluster, int lane) {
            return sums[cluster * LANES + lane] * inverse[cluster];
        }

        /** The silhouette of an item. */
        private double value(int own, double nearest, int lane) {
            int others = dendrogram.clusterSize(own) - 1;
            if (others == 0) {
                return 0;
            }
            double mean = sums[own * LANES + lane] / others;
            double larger = Math.max(mean, nearest);
            return larger > 0 ? (nearest - mean) / larger : 0;
        }

        private double[] dispersion() {
            double[] dispersion = new double[merges + 1];
            double[] within = new double[merges];
            double sum = 0;
            for (int m = 0; m < merges; m++) {
                int left = dendrogram.left(m);
                int right = dendrogram.right(m);
                double ofLeft = left < n ? 0 : within[left - n];
                double ofRight = right < n ? 0 : within[right - n];
                within[m] = ofLeft + ofRight + between[m];
                sum +=
                        2 * within[m] * inverse[n + m]
                                - 2 * ofLeft * inverse[left]
                                - 2 * ofRight * inverse[right];
                dispersion[m + 1] = Math.max(0, sum) / n;
            }
            return dispersion;
        }
    }
}
