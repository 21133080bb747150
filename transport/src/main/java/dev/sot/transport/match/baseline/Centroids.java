package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;

/** Means of distributions over all firings, which no bounded support has to stand for. */
public final class Centroids {

    private Centroids() {}

    /**
     * The mean of each feature's distribution. {@code O(firings x dimension)}.
     *
     * @param recording positions are rows of the table
     * @param points the table
     * @param origin what is subtracted, such as {@link #mean}
     * @return one point a feature; the zero vector for one that never fires
     */
    public static float[][] of(
            Recording recording, PointTable points, double[] origin, Monitor monitor) {
        int dimension = points.dimension();
        float[][] centroids = new float[recording.size()][dimension];
        for (int f = 0; f < recording.size(); f++) {
            monitor.check();
            int[] positions = recording.positions().get(f);
            double[] values = recording.values().get(f);
            double[] sum = new double[dimension];
            double total = 0;
            for (int i = 0; i < positions.length; i++) {
                for (int k = 0; k < dimension; k++) {
                    sum[k] += values[i] * (points.coordinate(positions[i], k) - origin[k]);
                }
                total += values[i];
            }
            for (int k = 0; k < dimension && total > 0; k++) {
                centroids[f][k] = (float) (sum[k] / total);
            }
        }
        return centroids;
    }

    /** The mean of all points of a table. */
    public static double[] mean(PointTable points) {
        double[] mean = new double[points.dimension()];
        for (int i = 0; i < points.size(); i++) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += points.coordinate(i, k) / points.size();
            }
        }
        return mean;
    }
}
