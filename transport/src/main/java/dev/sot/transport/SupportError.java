package dev.sot.transport;

/**
 * How far a distribution with a bounded support is from the distribution over all positions on
 * which the feature fires, for the Euclidean ground cost. By the triangle inequality
 *
 * <pre>    |W_p(f, g) - W_p(f', g')| &lt;= e_p(f) + e_p(g),    e_p(f) = W_p(f, f')</pre>
 *
 * for full distributions f and g and those kept of them, f' and g': the distance of what is kept
 * brackets the distance of the whole.
 *
 * @param order1 an upper bound on W_1 to the full distribution, not negative
 * @param order2 an upper bound on W_2 to the full distribution, not negative
 */
public record SupportError(double order1, double order2) {

    /** That of a distribution over all positions. */
    public static final SupportError NONE = new SupportError(0, 0);

    /** Checks the bounds. */
    public SupportError {
        if (!(order1 >= 0 && order2 >= 0)) {
            throw new IllegalArgumentException(
                    "support errors must not be negative, got " + order1 + " and " + order2);
        }
    }

    /**
     * The bounds where the distribution is only a share of a mixture whose rest is exact: {@code
     * W_p^p} of mixtures is at most the mixture of {@code W_p^p}.
     */
    SupportError ofShare(double share) {
        return new SupportError(share * order1, Math.sqrt(share) * order2);
    }

    /**
     * The sum of both: by the triangle inequality the bounds for a distribution that was reduced
     * twice, and for the distance of two that were each reduced.
     */
    public SupportError plus(SupportError further) {
        return new SupportError(order1 + further.order1, order2 + further.order2);
    }

    /** The bound for W_1 or W_2. */
    public double of(int order) {
        return order == 1 ? order1 : order2;
    }
}
