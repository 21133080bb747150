package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;

/**
 * The gap statistic of every cut of a hierarchy (Tibshirani, Walther and Hastie 2001): how much
 * smaller the groups' sum of squares W is than where there are no groups to find,
 *
 * <pre>
 *   gap(k) = mean over references of log W_ref(k) - log W(k),   error(k) = sd(log W_ref(k)) sqrt(1 + 1/B)
 * </pre>
 *
 * <p>The statistic is defined for points. For distances the points are those of {@link
 * ClassicalScaling}, in at most {@link #DIMENSION} coordinates, which are their principal axes. A
 * reference has as many points, independent and uniform over the box that holds them; it is
 * clustered by its Euclidean distances with the same linkage and constraints, and both W are taken
 * in the same coordinates. The hierarchy itself was made from the distances as given, so that what
 * these have beyond the coordinates makes the gap smaller, never larger on average.
 *
 * @param gap by the number of merges done; NaN where W is 0, or where constraints leave a reference
 *     with more groups
 * @param error standard error, likewise
 */
public record GapStatistic(double[] gap, double[] error) {

    /** Most coordinates. */
    public static final int DIMENSION = 16;

    /**
     * Computes the statistic. Time that of classical scaling and of as many clusterings as there
     * are references; 16 n^2 bytes.
     *
     * @param condensed the distances that the hierarchy was made from, unchanged
     * @param linkage how it was made
     * @param constraints under what
     * @param references number B of references, at least 2
     * @param seed of the references
     */
    public static GapStatistic of(
            double[] condensed,
            Dendrogram dendrogram,
            Linkage linkage,
            Constraints constraints,
            int references,
            long seed,
            int concurrency,
            Monitor monitor) {
        if (references < 2) {
            throw new IllegalArgumentException(
                    "references is " + references + "; at least two are needed");
        }
        int n = dendrogram.itemCount();
        double[][] points =
                ClassicalScaling.of(condensed, n, DIMENSION, concurrency, monitor).points();
        double[] own = logSquares(dendrogram, points);
        double[] sum = new double[own.length];
        double[][] drawn = new double[references][];
        Random random = new Random(seed);
        for (int r = 0; r < references; r++) {
            double[][] reference = uniform(points, random);
            Dendrogram tree =
                    HierarchicalClustering.cluster(
                            distances(reference, monitor), n, linkage, constraints, monitor);
            drawn[r] = Arrays.copyOf(logSquares(tree, reference), own.length);
            Arrays.fill(
                    drawn[r], Math.min(own.length, tree.mergeCount() + 1), own.length, Double.NaN);
            for (int m = 0; m < own.length; m++) {
                sum[m] += drawn[r][m];
            }
            monitor.progress("references of the gap statistic", r + 1, references);
        }
        double[] gap = new double[own.length];
        double[] error = new double[own.length];
        for (int m = 0; m < own.length; m++) {
            double mean = sum[m] / references;
            double squares = 0;
            for (double[] log : drawn) {
                squares += (log[m] - mean) * (log[m] - mean);
            }
            gap[m] = mean - own[m];
            error[m] = Math.sqrt(squares / references * (1 + 1.0 / references));
        }
        return new GapStatistic(gap, error);
    }

    /**
     * Logarithm of the sum of squares within groups, by the number of merges; NaN where it is 0.
     */
    private static double[] logSquares(Dendrogram tree, double[][] points) {
        int n = points.length;
        double[][] centre = Arrays.copyOf(points, n + tree.mergeCount());
        double[] log = new double[tree.mergeCount() + 1];
        log[0] = Double.NaN;
        double sum = 0;
        for (int m = 0; m < tree.mergeCount(); m++) {
            double[] a = centre[tree.left(m)];
            double[] b = centre[tree.right(m)];
            double share = (double) tree.clusterSize(tree.right(m)) / tree.size(m);
            double[] both = new double[a.length];
            double squares = 0;
            for (int c = 0; c < a.length; c++) {
                both[c] = a[c] + (b[c] - a[c]) * share;
                squares += (b[c] - a[c]) * (b[c] - a[c]);
            }
            centre[n + m] = both;
            sum += squares * share * tree.clusterSize(tree.left(m));
            log[m + 1] = sum > 0 ? Math.log(sum) : Double.NaN;
        }
        return log;
    }

    private static double[][] uniform(double[][] points, Random random) {
        int dimension = points[0].length;
        double[] low = new double[dimension];
        double[] high = new double[dimension];
        for (int c = 0; c < dimension; c++) {
            int axis = c;
            low[c] = Arrays.stream(points).mapToDouble(p -> p[axis]).min().orElseThrow();
            high[c] = Arrays.stream(points).mapToDouble(p -> p[axis]).max().orElseThrow();
        }
        double[][] drawn = new double[points.length][dimension];
        for (double[] point : drawn) {
            for (int c = 0; c < dimension; c++) {
                point[c] = low[c] + (high[c] - low[c]) * random.nextDouble();
            }
        }
        return drawn;
    }

    private static double[] distances(double[][] points, Monitor monitor) {
        int n = points.length;
        double[] condensed = new double[Condensed.length(n)];
        int k = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            double[] a = points[i];
            for (int j = i + 1; j < n; j++) {
                double squares = 0;
                for (int c = 0; c < a.length; c++) {
                    double difference = a[c] - points[j][c];
                    squares += difference * difference;
                }
                condensed[k++] = Math.sqrt(squares);
            }
        }
        return condensed;
    }
}
