package dev.sot.server.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** Arithmetic on measurements. */
final class Figures {

    private static final double TOLERANCE = 1e-6;

    private Figures() {}

    /** Whether results with this relative difference are of the same problem; not if it is NaN. */
    static boolean agree(double relativeDifference) {
        return relativeDifference <= TOLERANCE;
    }

    /** The median; of an even number of values the mean of the middle two. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** A figure for a table: three significant digits, and no fraction from 100 on. */
    static Number rounded(double value) {
        if (!Double.isFinite(value)) {
            return value;
        }
        double rounded = new BigDecimal(value).round(new MathContext(3)).doubleValue();
        if (Math.abs(rounded) >= 100) {
            return Math.round(value);
        }
        return rounded;
    }

    /**
     * The largest relative difference between two results, entry by entry; NaN if any is.
     *
     * @param expected not zero anywhere
     */
    static double relativeDifference(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(
                    expected.length + " values compared with " + actual.length);
        }
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]) / Math.abs(expected[i]));
        }
        return largest;
    }
}
