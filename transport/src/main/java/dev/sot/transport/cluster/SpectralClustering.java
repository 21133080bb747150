package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.linear.Backends;
import java.util.Arrays;
import java.util.List;

/**
 * Spectral clustering (Ng, Jordan and Weiss 2001) of similarities, after ADAG (arXiv:2604.07615),
 * which joins several views of a circuit by it.
 *
 * <p>A view compares those items that have something in it by the cosine of what they have: of
 * their incoming weights, of their outgoing weights ({@link EdgeProfiles}), of their activations.
 * The views' cosines are averaged, over the views in which both items are. With A = max(0, mean)
 * off the diagonal and 1 on it, D the sums of its rows, the rows of the eigenvectors of the k
 * largest eigenvalues of
 *
 * <pre>    D^-1/2 A D^-1/2</pre>
 *
 * <p>are scaled to unit length and grouped by {@link KMeans}, the best of {@value #RUNS} runs.
 *
 * <p>Time O(n^2 k) and up to O(n^3) for the eigenvectors, and O(n k^2) for each iteration of
 * k-means; 16 n^2 bytes and a few times 8 n k. Deterministic at any concurrency; where the k-th and
 * the next eigenvalue are equal, the choice among their eigenvectors is arbitrary.
 */
public final class SpectralClustering {

    private static final int RUNS = 10;

    private SpectralClustering() {}

    /**
     * The mean of views. O(views n^2).
     *
     * @param views for each view the similarities of all pairs, condensed; NaN where one of the two
     *     is not in it
     * @return the mean over the views that have a pair; 0 where none has
     * @throws IllegalArgumentException if there is no view or lengths differ
     */
    public static double[] meanOfViews(List<double[]> views) {
        if (views.isEmpty()) {
            throw new IllegalArgumentException("there is no view; at least one is needed");
        }
        double[] mean = new double[views.get(0).length];
        for (double[] view : views) {
            if (view.length != mean.length) {
                throw new IllegalArgumentException(
                        "a view has " + view.length + " pairs, the first has " + mean.length);
            }
        }
        for (int pair = 0; pair < mean.length; pair++) {
            int seen = 0;
            for (double[] view : views) {
                if (!Double.isNaN(view[pair])) {
                    mean[pair] += view[pair];
                    seen++;
                }
            }
            mean[pair] = seen > 0 ? mean[pair] / seen : 0;
        }
        return mean;
    }

    /**
     * Groups items.
     *
     * @param similarity similarities, condensed as distances are; negative ones count as 0
     * @param n number of items, at least 1
     * @param k number of groups, 1 to n
     * @return group of each item, numbered from 0 in the order of their smallest members
     * @throws IllegalArgumentException if lengths do not fit, a similarity is not finite, or k is
     *     out of range
     */
    public static int[] cluster(
            double[] similarity, int n, int k, long seed, int concurrency, Monitor monitor) {
        if (n < 1 || similarity.length != Condensed.length(n)) {
            throw new IllegalArgumentException(
                    similarity.length + " similarities do not belong to " + n + " items");
        }
        if (k < 1 || k > n) {
            throw new IllegalArgumentException(
                    "cannot make " + k + " groups of " + n + " items; 1 to " + n + " can be made");
        }
        double[][] vectors =
                Backends.java()
                        .eigen(normalized(similarity, n, monitor), k, concurrency, monitor)
                        .vectors();
        double[][] points = new double[n][k];
        for (int i = 0; i < n; i++) {
            double squares = 0;
            for (int c = 0; c < k; c++) {
                points[i][c] = vectors[c][i];
                squares += vectors[c][i] * vectors[c][i];
            }
            for (int c = 0; c < k && squares > 0; c++) {
                points[i][c] /= Math.sqrt(squares);
            }
        }
        return KMeans.cluster(points, k, RUNS, seed, monitor).group();
    }

    /** D^-1/2 A D^-1/2. */
    private static double[][] normalized(double[] similarity, int n, Monitor monitor) {
        double[] degree = new double[n];
        Arrays.fill(degree, 1);
        int pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                if (!Double.isFinite(similarity[pair])) {
                    throw new IllegalArgumentException(
                            "similarity of items "
                                    + i
                                    + " and "
                                    + j
                                    + " is "
                                    + similarity[pair]
                                    + "; it must be finite");
                }
                degree[i] += Math.max(0, similarity[pair]);
                degree[j] += Math.max(0, similarity[pair]);
            }
        }
        double[][] matrix = new double[n][n];
        pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            matrix[i][i] = 1 / degree[i];
            for (int j = i + 1; j < n; j++, pair++) {
                matrix[i][j] = Math.max(0, similarity[pair]) / Math.sqrt(degree[i] * degree[j]);
            }
        }
        return matrix;
    }
}
