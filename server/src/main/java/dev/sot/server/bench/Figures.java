package dev.sot.server.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.DoubleStream;

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
     * The largest relative difference between two results, entry by entry; NaN if any is. Where 0
     * is expected, of equal clouds, the difference is relative to the mean.
     */
    static double relativeDifference(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(
                    expected.length + " values compared with " + actual.length);
        }
        double mean = DoubleStream.of(expected).average().orElse(0);
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            if (actual[i] != expected[i]) {
                double scale = expected[i] == 0 ? mean : Math.abs(expected[i]);
                largest = Math.max(largest, Math.abs(actual[i] - expected[i]) / scale);
            }
        }
        return largest;
    }

    /**
     * A quantile: the smallest value that at least this share of the values does not exceed.
     *
     * @param share more than 0, at most 1
     */
    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /**
     * Spearman's rank correlation: that of the ranks, equal values sharing the mean of theirs; NaN
     * where all values are equal.
     */
    static double rankCorrelation(double[] x, double[] y) {
        double[] rankX = ranks(x);
        double[] rankY = ranks(y);
        double mean = (x.length - 1) / 2.0;
        double products = 0;
        double squaresX = 0;
        double squaresY = 0;
        for (int i = 0; i < x.length; i++) {
            products += (rankX[i] - mean) * (rankY[i] - mean);
            squaresX += (rankX[i] - mean) * (rankX[i] - mean);
            squaresY += (rankY[i] - mean) * (rankY[i] - mean);
        }
        return products / Math.sqrt(squaresX * squaresY);
    }

    private static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int first = Arrays.binarySearch(sorted, values[i]);
            int last = first;
            while (first > 0 && sorted[first - 1] == values[i]) {
                first--;
            }
            while (last < sorted.length - 1 && sorted[last + 1] == values[i]) {
                last++;
            }
            ranks[i] = (first + last) / 2.0;
        }
        return ranks;
    }
}
