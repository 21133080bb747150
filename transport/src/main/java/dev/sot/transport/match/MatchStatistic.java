package dev.sot.transport.match;

/**
 * How little a match (f, g) leaves to be desired, the smaller the better: its contrast, against the
 * nearest rival on either side, times the square of its excess over sampling noise,
 *
 * <pre>    s = D(f, g) / min(D(f, g'), D(f', g))  *  (2 D(f, g) / (e_f + e_g))^2,</pre>
 *
 * where g' is the nearest other target of f, f' the nearest other source of g, and e are
 * {@linkplain SamplingNoise split-half distances}. It is infinite unless D(f, g) is below both
 * others: unless both prefer each other to all rivals, and no twin is as near.
 *
 * <p>The contrast alone (the ratio test of Lowe 2004, here on both sides) cannot tell a partner
 * from the near twin of a feature that has none, of which dictionaries have many; the excess can,
 * as only what is the same distribution is no farther than its noise. The exponent was chosen on
 * recorded features with planted partners: 1 to 3 do about as well, either factor alone much worse.
 * What values mean is left to a {@link NullSample}.
 *
 * <p>Factors on activations change nothing; neither does a factor on all distances.
 */
public final class MatchStatistic {

    private MatchStatistic() {}

    /**
     * The contrast of two distances, between 0 and 1 if the first is not above the second. Two
     * equal ones, also two of 0, have the contrast 1: of twins none is the better match.
     *
     * @param distance not negative
     * @param second not negative
     */
    public static double ratio(double distance, double second) {
        return distance == second ? 1 : distance / second;
    }

    /**
     * The statistic of one match.
     *
     * @param distance D(f, g), not negative
     * @param rival the smaller of {@code D(f, g')} and {@code D(f', g)}; not a number if there is
     *     neither
     * @param sourceNoise e_f; not a number where it is not known
     * @param targetNoise e_g; not a number where it is not known
     * @return not negative, infinite if the rival is as near, or if both noises are 0 and the
     *     distance is not; not a number if something is not known
     */
    public static double of(double distance, double rival, double sourceNoise, double targetNoise) {
        double noise = (sourceNoise + targetNoise) / 2;
        if (Double.isNaN(rival) || Double.isNaN(noise)) {
            return Double.NaN;
        }
        if (distance >= rival) {
            return Double.POSITIVE_INFINITY;
        }
        // Without noise and at no distance the two are the same point.
        double excess = distance == 0 ? 0 : distance / noise;
        return distance / rival * excess * excess;
    }
}
