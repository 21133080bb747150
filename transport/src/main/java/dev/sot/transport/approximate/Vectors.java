package dev.sot.transport.approximate;

import java.util.Arrays;

/** Arithmetic on rows, in loops that the compiler turns into vector instructions. */
final class Vectors {

    private Vectors() {}

    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += x[k] * y[k];
        }
        return sum;
    }

    /** {@code to += factor * x}. */
    static void add(double[] to, double factor, double[] x) {
        for (int k = 0; k < to.length; k++) {
            to[k] += factor * x[k];
        }
    }

    static double squaredDistance(double[] x, double[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            double difference = x[k] - y[k];
            sum += difference * difference;
        }
        return sum;
    }

    /**
     * {@code to_j = |x - y_j|^2}, from differences.
     *
     * @param x a point
     * @param axes coordinates of the points y, a row an axis, at least as long as {@code to}
     */
    static void squaredDistances(double[] x, double[][] axes, double[] to) {
        Arrays.fill(to, 0);
        int k = 0;
        // Four axes a pass keep the sums in registers for longer.
        for (; k + 4 <= x.length; k += 4) {
            double x0 = x[k];
            double x1 = x[k + 1];
            double x2 = x[k + 2];
            double x3 = x[k + 3];
            double[] y0 = axes[k];
            double[] y1 = axes[k + 1];
            double[] y2 = axes[k + 2];
            double[] y3 = axes[k + 3];
            for (int j = 0; j < to.length; j++) {
                double d0 = x0 - y0[j];
                double d1 = x1 - y1[j];
                double d2 = x2 - y2[j];
                double d3 = x3 - y3[j];
                to[j] += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
            }
        }
        for (; k < x.length; k++) {
            double x0 = x[k];
            double[] y0 = axes[k];
            for (int j = 0; j < to.length; j++) {
                double d0 = x0 - y0[j];
                to[j] += d0 * d0;
            }
        }
    }
}
