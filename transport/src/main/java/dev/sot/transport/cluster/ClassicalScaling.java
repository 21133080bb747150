package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.SymmetricEigen;

/**
 * Classical scaling (Torgerson 1952): points whose Euclidean distances are near to given distances,
 * for methods that need coordinates. With J = I - 11'/n and B = -1/2 J (d_ij^2) J, the coordinates
 * are the eigenvectors of the largest eigenvalues of B, times the root of the eigenvalue. Where the
 * distances are those of points in as many dimensions, theirs are the same; others lose what B has
 * in further, or negative, eigenvalues.
 *
 * <p>Time O(n^2 k) and up to O(n^3), 16 n^2 bytes.
 *
 * @param points n points; each coordinate has mean 0, and they are in descending order of variance.
 *     Fewer coordinates than asked for where B has fewer positive eigenvalues, but at least one
 * @param fit how much of B the points reproduce: the sum of the squares of the eigenvalues used
 *     over that of all, negative ones included (Mardia 1978), from 0 to 1; 1 when all distances are
 *     0
 */
public record ClassicalScaling(double[][] points, double fit) {

    /** Share of the largest eigenvalue below which one is rounding. */
    private static final double ROUNDING = 1e-11;

    /**
     * Finds points.
     *
     * @param condensed distances as in {@link HierarchicalClustering#cluster}; left unchanged
     * @param n number of items, at least 1
     * @param dimension most coordinates, at least 1
     * @throws IllegalArgumentException if the dimension is below 1, or the distances are not n (n -
     *     1) / 2 finite numbers {@code >= 0}
     */
    public static ClassicalScaling of(
            double[] condensed, int n, int dimension, int concurrency, Monitor monitor) {
        Condensed.check(condensed, n, monitor);
        if (dimension < 1) {
            throw new IllegalArgumentException(
                    "dimension is " + dimension + "; at least one is needed");
        }
        double[][] products = products(condensed, n, monitor);
        double all = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = 0; j < n; j++) {
                all += products[i][j] * products[i][j];
            }
        }
        SymmetricEigen eigen =
                Backends.java().eigen(products, Math.min(dimension, n), concurrency, monitor);
        int used = 1;
        while (used < eigen.values().length
                && eigen.values()[used] > ROUNDING * eigen.values()[0]) {
            used++;
        }
        double[][] points = new double[n][used];
        double kept = 0;
        for (int c = 0; c < used; c++) {
            double value = Math.max(0, eigen.values()[c]);
            kept += value * value;
            for (int i = 0; i < n; i++) {
                points[i][c] = Math.sqrt(value) * eigen.vectors()[c][i];
            }
        }
        return new ClassicalScaling(points, all > 0 ? Math.min(1, kept / all) : 1);
    }

    /** B. */
    private static double[][] products(double[] condensed, int n, Monitor monitor) {
        double[] mean = new double[n];
        double overall = 0;
        int pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++, pair++) {
                double squared = condensed[pair] * condensed[pair];
                mean[i] += squared / n;
                mean[j] += squared / n;
            }
        }
        for (int i = 0; i < n; i++) {
            overall += mean[i] / n;
        }
        double[][] products = new double[n][n];
        pair = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            products[i][i] = mean[i] - overall / 2;
            for (int j = i + 1; j < n; j++, pair++) {
                double squared = condensed[pair] * condensed[pair];
                products[i][j] = (mean[i] + mean[j] - squared - overall) / 2;
                products[j][i] = products[i][j];
            }
        }
        return products;
    }
}
