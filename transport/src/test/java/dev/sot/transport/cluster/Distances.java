package dev.sot.transport.cluster;

import java.util.Random;

/** Condensed distance matrices to test on. */
final class Distances {

    private Distances() {}

    static double get(double[] condensed, int n, int i, int j) {
        if (i == j) {
            return 0;
        }
        int low = Math.min(i, j);
        int high = Math.max(i, j);
        return condensed[low * n - low * (low + 1) / 2 + (high - low - 1)];
    }

    /** All distances differ. */
    static double[] random(int n, long seed) {
        return new Random(seed).doubles((long) n * (n - 1) / 2).toArray();
    }

    /** Distances 0, 1 and 2 only. */
    static double[] tied(int n, long seed) {
        return new Random(seed).ints((long) n * (n - 1) / 2, 0, 3).mapToDouble(i -> i).toArray();
    }

    /** Distances between points on a line, many of them the same point. */
    static double[] ofPoints(double... x) {
        int n = x.length;
        double[] condensed = new double[n * (n - 1) / 2];
        int k = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                condensed[k++] = Math.abs(x[i] - x[j]);
            }
        }
        return condensed;
    }

    /** Item i of the result is item {@code order[i]} of the argument. */
    static double[] reorder(double[] condensed, int[] order) {
        int n = order.length;
        double[] reordered = new double[condensed.length];
        int k = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                reordered[k++] = get(condensed, n, order[i], order[j]);
            }
        }
        return reordered;
    }
}
