package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import java.util.Arrays;

/**
 * The vector that stands for a cloud in the first bound: along each of the first {@value
 * #FINE_AXES} axes the means of Q quantile blocks of equal mass, along each further axis the mean.
 * Axes of a reference space descend in variance, so the first tell most.
 *
 * <p>Along one axis the optimal plan couples quantiles (Santambrogio 2015, section 2.1). Write
 * {@code A_kq} for the mean of block q of Q on axis k. By Jensen's inequality within blocks, and as
 * a plan projects to plans along the axes,
 *
 * <pre>    W_2(f, g)^2 >= sum_k W_2(f_k, g_k)^2 >= sum_kq (A_kq - B_kq)^2 / Q
 *     W_1(f, g)   >= |(W_1(f_k, g_k))_k|  >= (sum_k (sum_q |A_kq - B_kq| / Q)^2)^(1/2)</pre>
 *
 * Entries are scaled so that no division by Q is left. Both bounds are norms of the difference of
 * two vectors. Q is 8 for W_2 and 4 for W_1, where more blocks tell little more.
 */
final class Summary {

    private static final int FINE_AXES = 64;

    private Summary() {}

    /** The number of axes with quantile blocks. */
    static int fineAxes(int dimension) {
        return Math.min(dimension, FINE_AXES);
    }

    /** The number of quantile blocks, a multiple of 4. */
    static int blocks(boolean squared) {
        return squared ? 8 : 4;
    }

    /** The length of the vector. */
    static int length(int dimension, boolean squared) {
        return dimension + (blocks(squared) - 1) * fineAxes(dimension);
    }

    /** Writes the vector of a cloud; returns the largest norm of its points. */
    static double write(Cloud cloud, int dimension, boolean squared, float[] out) {
        int n = cloud.size();
        int blocks = blocks(squared);
        double factor = squared ? Math.sqrt(1.0 / blocks) : 1.0 / blocks;
        double[] norms = new double[n];
        double[] means = new double[blocks];
        long[] sorted = new long[n];
        int fine = fineAxes(dimension);
        for (int k = 0; k < dimension; k++) {
            for (int i = 0; i < n; i++) {
                double value = cloud.coordinate(k, i);
                norms[i] += value * value;
            }
            if (k < fine) {
                blockMeans(cloud, k, sorted, means);
                for (int q = 0; q < blocks; q++) {
                    out[k * blocks + q] = (float) (means[q] * factor);
                }
            } else {
                double mean = 0;
                for (int i = 0; i < n; i++) {
                    mean += cloud.weight(i) * cloud.coordinate(k, i);
                }
                out[(blocks - 1) * fine + k] = (float) mean;
            }
        }
        return Math.sqrt(Arrays.stream(norms).max().orElseThrow());
    }

    private static void blockMeans(Cloud cloud, int axis, long[] sorted, double[] means) {
        int n = sorted.length;
        int blocks = means.length;
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToRawIntBits(cloud.coordinate(axis, i));
            // Two's complement order is that of the floats.
            sorted[i] = (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | i;
        }
        Arrays.sort(sorted);
        Arrays.fill(means, 0);
        int block = 0;
        double room = 1.0 / blocks;
        for (long entry : sorted) {
            double mass = cloud.weight((int) entry);
            double value = cloud.coordinate(axis, (int) entry);
            while (mass > room && block < blocks - 1) {
                means[block++] += room * blocks * value;
                mass -= room;
                room = 1.0 / blocks;
            }
            means[block] += mass * blocks * value;
            room -= mass;
        }
    }
}
