package dev.sot.transport.approximate;

/**
 * What an approximation says of a distance d.
 *
 * <p>The bounds are certified, {@code lower <= d <= upper}, with rounding taken into account; where
 * a method has none they are 0 and infinity. The value is the method's guess and need not lie
 * between them.
 *
 * @param value the estimate of d, not negative
 * @param lower at most d, not negative
 * @param upper at least d
 */
public record Estimate(double value, double lower, double upper) {

    /**
     * The width of the bracket of {@code d^p} relative to its upper end: 0 where d is known, 1
     * where there is no bound but 0 below, or none above.
     *
     * @param order p
     */
    public double gap(int order) {
        return upper == 0 ? 0 : 1 - Math.pow(lower / upper, order);
    }

    static Estimate bounded(double value, double lower) {
        return new Estimate(value, lower, Double.POSITIVE_INFINITY);
    }
}
