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
            deviation[i] = Math.sqrt(Math.max(0, squares / count - mean[i] * mean[i]));
        }
        double[] correlations = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            monitor.progress("correlations", i, n);
            for (int j = i + 1; j < n; j++) {
                double product =
                        dot(positions.get(i), values.get(i), positions.get(j), values.get(j));
                double scale = deviation[i] * deviation[j];
                correlations[next++] =
                        scale > 0 ? (product / count - mean[i] * mean[j]) / scale : Double.NaN;
            }
        }
        return correlations;
    }

    private static double dot(int[] p, double[] a, int[] q, double[] b) {
        double sum = 0;
        for (int i = 0, j = 0; i < p.length && j < q.length; ) {
            if (p[i] == q[j]) {
                sum += a[i++] * b[j++];
            } else if (p[i] < q[j]) {
                i++;
            } else {
                j++;
            }
        }
        return sum;
    }
}
