package dev.sot.transport.space;

import dev.sot.transport.Monitor;
import dev.sot.transport.linear.LinearAlgebra;

/**
 * How well positions keep their places when they are seen through another layer.
 *
 * @param r2 share of the reference points' variance that the mapped points explain, {@code 1 - sum
 *     |mapped - reference|^2 / sum |reference - mean|^2}; 1 where they are the same, 0 where the
 *     mean would do as well, below 0 where it would do better
 * @param retrieval share of the positions whose mapped point is nearer to their own reference point
 *     than to any other's, equally near ones counted
 */
public record Alignment(double r2, double retrieval) {

    /** Beyond this share of the spread, two squared distances differ by more than rounding. */
    private static final double ROUNDING = 1e-9;

    /** Points of one product. */
    private static final int BLOCK = 512;

    /**
     * Compares.
     *
     * <p>Time {@code O(count^2 dimension)}, memory {@code O(count)}.
     *
     * @param reference row-major {@code [count, dimension]}, at least two different points
     * @param mapped the same positions, in the same order
     */
    public static Alignment of(
            float[] reference,
            float[] mapped,
            int dimension,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        int count = reference.length / dimension;
        double[][] references = rows(reference, 0, count, dimension);
        double[] mean = new double[dimension];
        for (double[] row : references) {
            for (int k = 0; k < dimension; k++) {
                mean[k] += row[k] / count;
            }
        }
        double spread = 0;
        for (double[] row : references) {
            spread += squared(row, mean);
        }
        double error = 0;
        int found = 0;
        for (int start = 0; start < count; start += BLOCK) {
            double[][] block = rows(mapped, start, Math.min(BLOCK, count - start), dimension);
            double[][] distances =
                    algebra.squaredDistances(block, references, concurrency, monitor);
            for (int i = 0; i < block.length; i++) {
                error += squared(block[i], references[start + i]);
                double own = distances[i][start + i] - ROUNDING * spread / count;
                boolean nearest = true;
                for (double other : distances[i]) {
                    nearest &= other >= own;
                }
                found += nearest ? 1 : 0;
            }
        }
        return new Alignment(1 - error / spread, (double) found / count);
    }

    private static double[][] rows(float[] values, int from, int count, int dimension) {
        double[][] rows = new double[count][dimension];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < dimension; k++) {
                rows[i][k] = values[(from + i) * dimension + k];
            }
        }
        return rows;
    }

    private static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }
        return sum;
    }
}
