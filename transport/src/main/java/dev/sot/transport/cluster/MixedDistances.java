package dev.sot.transport.cluster;

import java.util.Arrays;

/**
 * Two distances in one. With D a distance that is known among some items only, S one that is known
 * among all, and a weight w,
 *
 * <pre>
 *   d(i, j) = (1 - w) D(i, j) / median(D) + w S(i, j) / median(S)   where D is known of i and j
 *   d(i, j) = S(i, j) / median(S)                                   elsewhere
 * </pre>
 *
 * <p>Medians are over all pairs, the lower of two; a distance of which most pairs are at 0 is
 * divided by its mean instead, and one that is 0 everywhere by 1.
 */
public final class MixedDistances {

    private static final int DIGIT_BITS = 16;

    private MixedDistances() {}

    /**
     * Mixes. O(n^2), with little memory beside the arguments.
     *
     * @param partial condensed distances D among the items that {@code known} lists
     * @param known these items, ascending
     * @param full condensed distances S among all n items; overwritten with the mixture
     * @param weight share of S, from 0 to 1
     * @return {@code full}
     */
    public static double[] mix(double[] partial, int[] known, double[] full, int n, double weight) {
        Condensed.check(full, n);
        if (known.length > 0) {
            Condensed.check(partial, known.length);
        }
        double partialUnit = unit(partial);
        double fullUnit = unit(full);
        int[] place = new int[n];
        Arrays.fill(place, -1);
        for (int k = 0; k < known.length; k++) {
            place[known[k]] = k;
        }
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++, at++) {
                double structure = full[at] / fullUnit;
                full[at] =
                        place[i] < 0 || place[j] < 0
                                ? structure
                                : (1 - weight)
                                                * partial[
                                                        Condensed.index(
                                                                place[i], place[j], known.length)]
                                                / partialUnit
                                        + weight * structure;
            }
        }
        return full;
    }

    private static double unit(double[] distances) {
        double median = median(distances);
        if (median > 0) {
            return median;
        }
        double mean = Arrays.stream(distances).average().orElse(0);
        return mean > 0 ? mean : 1;
    }

    /**
     * The lower median of values {@code >= 0}, 0 without any: found digit by digit, since such
     * numbers are ordered as their bits are. Four passes, no copy.
     */
    static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        long rank = (values.length - 1) / 2;
        long prefix = 0;
        for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            int[] count = new int[1 << DIGIT_BITS];
            for (double value : values) {
                // Adding 0 makes a negative zero positive.
                long bits = Double.doubleToRawLongBits(value + 0.0);
                if (shift + DIGIT_BITS == Long.SIZE || bits >>> shift + DIGIT_BITS == prefix) {
                    count[(int) (bits >>> shift & count.length - 1)]++;
                }
            }
            int digit = 0;
            while (rank >= count[digit]) {
                rank -= count[digit++];
            }
            prefix = prefix << DIGIT_BITS | digit;
        }
        return Double.longBitsToDouble(prefix);
    }
}
