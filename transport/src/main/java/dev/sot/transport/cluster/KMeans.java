package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * k-means: k groups of points such that the sum of the squared Euclidean distances of all points to
 * the mean of their group is small.
 *
 * <p>Centres are first drawn one by one among the points, each with a chance in proportion to its
 * squared distance to the nearest centre drawn before (k-means++, Arthur and Vassilvitskii 2007),
 * then improved by Lloyd's iteration (1982); of several such runs the best is kept. A group that
 * runs empty takes the point that is farthest from its centre, so that there are always k groups.
 *
 * <p>O(n k d) for an iteration, of which there are at most {@value #MAX_ITERATIONS} a run. The same
 * seed gives the same groups on every Java version.
 *
 * @param group group of each point, numbered from 0 in the order of their smallest members
 * @param squares the sum of squared distances
 */
public record KMeans(int[] group, double squares) {

    private static final int MAX_ITERATIONS = 300;

    /**
     * Groups points.
     *
     * @param points n points of one dimension
     * @param k number of groups, 1 to n
     * @param runs how many times to start anew, at least 1
     * @throws IllegalArgumentException if k or runs are out of range
     */
    public static KMeans cluster(double[][] points, int k, int runs, long seed, Monitor monitor) {
        if (k < 1 || k > points.length) {
            throw new IllegalArgumentException(
                    "cannot make "
                            + k
                            + " groups of "
                            + points.length
                            + " points; 1 to "
                            + points.length
                            + " can be made");
        }
        if (runs < 1) {
            throw new IllegalArgumentException("runs is " + runs + "; at least one is needed");
        }
        SplittableRandom random = new SplittableRandom(seed);
        KMeans best = null;
        for (int run = 0; run < runs; run++) {
            monitor.progress("k-means", run, runs);
            KMeans found = new Run(points, k, random.split(), monitor).run();
            if (best == null || found.squares < best.squares) {
                best = found;
            }
        }
        return best;
    }

    private static final class Run {

        private final double[][] points;
        private final int k;
        private final SplittableRandom random;
        private final Monitor monitor;
        private final double[][] centre;
        private final int[] group;
        private final double[] squared;

        Run(double[][] points, int k, SplittableRandom random, Monitor monitor) {
            this.points = points;
            this.k = k;
            this.random = random;
            this.monitor = monitor;
            centre = new double[k][];
            group = new int[points.length];
            squared = new double[points.length];
        }

        KMeans run() {
            draw();
            boolean changed = true;
            for (int i = 0; i < MAX_ITERATIONS && changed; i++) {
                moveToMeans();
                changed = assign();
            }
            // Points at one place all go to one of the centres there.
            fill();
            moveToMeans();
            double sum = 0;
            for (int i = 0; i < points.length; i++) {
                sum += squaredDistance(points[i], centre[group[i]]);
            }
            return new KMeans(Labels.inOrder(group), sum);
        }

        private void draw() {
            Arrays.fill(squared, Double.POSITIVE_INFINITY);
            int next = random.nextInt(points.length);
            for (int c = 0; c < k; c++) {
                monitor.check();
                centre[c] = points[next].clone();
                double total = 0;
                for (int i = 0; i < points.length; i++) {
                    double d = squaredDistance(points[i], centre[c]);
                    if (d < squared[i]) {
                        squared[i] = d;
                        group[i] = c;
                    }
                    total += squared[i];
                }
                next = drawn(random.nextDouble() * total);
            }
            fill();
        }

        /** The point at which the squared distances add up to more than a part of their sum. */
        private int drawn(double part) {
            double sum = 0;
            int last = 0;
            for (int i = 0; i < points.length; i++) {
                sum += squared[i];
                if (squared[i] > 0) {
                    last = i;
                    if (sum > part) {
                        return i;
                    }
                }
            }
            return last;
        }

        private boolean assign() {
            boolean changed = false;
            for (int i = 0; i < points.length; i++) {
                monitor.check();
                int nearest = group[i];
                squared[i] = squaredDistance(points[i], centre[nearest]);
                for (int c = 0; c < k; c++) {
                    double d = squaredDistance(points[i], centre[c]);
                    if (d < squared[i]) {
                        squared[i] = d;
                        nearest = c;
                    }
                }
                changed |= nearest != group[i];
                group[i] = nearest;
            }
            fill();
            return changed;
        }

        /** Gives each group without points the one farthest from its centre that is not alone. */
        private void fill() {
            int[] size = Labels.sizes(group, k);
            for (int c = 0; c < k; c++) {
                if (size[c] > 0) {
                    continue;
                }
                int farthest = -1;
                for (int i = 0; i < points.length; i++) {
                    if (size[group[i]] > 1 && (farthest < 0 || squared[i] > squared[farthest])) {
                        farthest = i;
                    }
                }
                size[group[farthest]]--;
                group[farthest] = c;
                squared[farthest] = 0;
                size[c] = 1;
            }
        }

        private void moveToMeans() {
            int[] size = Labels.sizes(group, k);
            for (int c = 0; c < k; c++) {
                Arrays.fill(centre[c], 0);
            }
            for (int i = 0; i < points.length; i++) {
                double[] sum = centre[group[i]];
                for (int d = 0; d < sum.length; d++) {
                    sum[d] += points[i][d];
                }
            }
            for (int c = 0; c < k; c++) {
                for (int d = 0; d < centre[c].length; d++) {
                    centre[c][d] /= size[c];
                }
            }
        }

        private static double squaredDistance(double[] a, double[] b) {
            double sum = 0;
            for (int d = 0; d < a.length; d++) {
                sum += (a[d] - b[d]) * (a[d] - b[d]);
            }
            return sum;
        }
    }
}
