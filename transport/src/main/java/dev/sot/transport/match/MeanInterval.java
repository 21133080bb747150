package dev.sot.transport.match;

/**
 * A mean with its 95 % confidence interval by the normal approximation, {@code m +- 1.96 s /
 * sqrt(n)} with s the standard deviation (divisor n - 1).
 *
 * @param mean the mean; NaN of no values
 * @param error its standard error; NaN of fewer than two values
 */
public record MeanInterval(double mean, double error) {

    /** The 97.5th percentile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /** That of some values. */
    public static MeanInterval of(double[] values) {
        int n = values.length;
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / n;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new MeanInterval(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }

    /** The difference of the means of independent samples, without assuming equal variances. */
    public MeanInterval minus(MeanInterval other) {
        return new MeanInterval(mean - other.mean, Math.hypot(error, other.error));
    }

    /** The lower end of the interval. */
    public double lower() {
        return mean - Z * error;
    }

    /** The upper end of the interval. */
    public double upper() {
        return mean + Z * error;
    }
}
