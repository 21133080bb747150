package dev.sot.transport;

import java.util.List;

/**
 * Correlation of features' activations over the positions of a corpus: a measure of likeness that
 * knows nothing of hidden states, and so an independent check of groups made by distances between
 * distributions.
 */
public final class Coactivation {

    private Coactivation() {}

    /**
     * Pearson correlation of all pairs of features, whose activations are 0 wherever they do not
     * fire. Time O(features^2 x firings).
     *
     * @param positions for each feature the positions on which it fires, strictly ascending
     * @param values for each feature its activations there
     * @param count number of positions of the corpus
     * @return correlations in the condensed order of {@link DistanceMatrix}; NaN for a feature
     *     whose activation does not vary
     */
    public static double[] correlations(
            List<int[]> positions, List<double[]> values, long count, Monitor monitor) {
        int n = positions.size();
        double[] mean = new double[n];
        double[] deviation = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            double squares = 0;
            for (double value : values.get(i)) {
                sum += value;
                squares += value * value;
            }
            mean[i] = sum / count;
            double centred = (count - values.get(i).length) * mean[i] * mean[i];
            for (double value : values.get(i)) {
                centred += (value - mean[i]) * (value - mean[i]);
            }
            deviation[i] = centred > ROUNDING * squares ? Math.sqrt(centred) : 0;
        }
        double[] correlations = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            monitor.progress("correlations", i, n);
            for (int j = i + 1; j < n; j++) {
                double scale = deviation[i] * deviation[j];
                correlations[next++] =
                        scale > 0
                                ? covariance(positions, values, mean, count, i, j) / scale
                                : Double.NaN;
            }
        }
        return correlations;
    }

    /** Share of the sum of squares below which what varies may be rounding. */
    private static final double ROUNDING = 1e-24;

    /**
     * Distances by activation: 1 - correlation. A feature whose activation does not vary has
     * distance 1 to all others.
     *
     * <p>Where items are nodes, each a feature at one position of prompts of one format, positions
     * are the prompts' numbers, and {@code count} is the number of prompts.
     *
     * @param positions as in {@link #correlations}
     * @param values as in {@link #correlations}
     * @param count as in {@link #correlations}
     * @return distances between 0 and 2, condensed
     */
    public static double[] distances(
            List<int[]> positions, List<double[]> values, long count, Monitor monitor) {
        double[] distances = correlations(positions, values, count, monitor);
        for (int k = 0; k < distances.length; k++) {
            double distance = Double.isNaN(distances[k]) ? 1 : 1 - distances[k];
            distances[k] = Math.min(2, Math.max(0, distance));
        }
        return distances;
    }

    /** The sum, over all positions, of the products of two features' deviations from the mean. */
    private static double covariance(
            List<int[]> positions, List<double[]> values, double[] mean, long count, int i, int j) {
        int[] p = positions.get(i);
        int[] q = positions.get(j);
        double[] a = values.get(i);
        double[] b = values.get(j);
        double sum = 0;
        int shared = 0;
        for (int k = 0, l = 0; k < p.length || l < q.length; ) {
            if (l == q.length || k < p.length && p[k] < q[l]) {
                sum -= (a[k++] - mean[i]) * mean[j];
            } else if (k == p.length || q[l] < p[k]) {
                sum -= mean[i] * (b[l++] - mean[j]);
            } else {
                sum += (a[k++] - mean[i]) * (b[l++] - mean[j]);
                shared++;
            }
        }
        return sum + (count - p.length - q.length + shared) * mean[i] * mean[j];
    }
}
