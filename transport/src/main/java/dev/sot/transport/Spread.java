package dev.sot.transport;

import java.util.Arrays;

/**
 * How values are spread. A percentile p of n sorted values stands at {@code p (n + 1) / 100},
 * counted from 1, and is interpolated linearly between the two values around it (Hyndman and Fan
 * 1996, definition 6). All figures are NaN where there is no value.
 *
 * @param min the smallest value
 * @param p5 5th percentile
 * @param median 50th percentile
 * @param mean arithmetic mean
 * @param p95 95th percentile
 * @param max the largest value
 */
public record Spread(double min, double p5, double median, double mean, double p95, double max) {

    /**
     * The spread of some values.
     *
     * @param values none NaN; sorted in place, so that no copy is needed
     */
    public static Spread sorting(double[] values) {
        Arrays.sort(values);
        CompensatedSum sum = new CompensatedSum();
        for (double value : values) {
            sum.add(value);
        }
        return new Spread(
                percentile(values, 0),
                percentile(values, 5),
                percentile(values, 50),
                sum.value() / values.length,
                percentile(values, 95),
                percentile(values, 100));
    }

    private static double percentile(double[] sorted, double p) {
        int n = sorted.length;
        if (n == 0) {
            return Double.NaN;
        }
        double at = Math.max(1, Math.min(n, p * (n + 1.0) / 100));
        int below = (int) at;
        double value = sorted[below - 1];
        return below == n ? value : value + (at - below) * (sorted[below] - value);
    }
}
