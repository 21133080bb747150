package dev.sot.transport.match;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Control of the share of wrong matches among those certified (Benjamini and Hochberg 1995).
 *
 * <p>The q-value of a match is the smallest level at which it is certified: with p-values {@code
 * p_(1) <= ... <= p_(m)} it is {@code q_(i) = min_{j >= i} min(1, m p_(j) / j)}. Among the matches
 * with {@code q <= level}, the expected share of those of features without a partner is at most
 * level times the share of such features in the run. It holds for independent p-values, and for
 * conformal ones of a common null sample, which depend on each other positively (Bates, Candès,
 * Lei, Romano and Sesia 2023, theorem 2).
 */
public final class FalseDiscoveryRate {

    private FalseDiscoveryRate() {}

    /**
     * The q-values of a run. {@code O(m log m)}.
     *
     * @param pValues one a match, in any order; those that are not numbers were not tested, count
     *     for nothing, and have q-values that are not numbers
     */
    public static double[] qValues(double[] pValues) {
        int[] tested =
                IntStream.range(0, pValues.length)
                        .filter(i -> !Double.isNaN(pValues[i]))
                        .boxed()
                        .sorted((i, j) -> Double.compare(pValues[i], pValues[j]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] qValues = new double[pValues.length];
        Arrays.fill(qValues, Double.NaN);
        double least = 1;
        for (int rank = tested.length; rank >= 1; rank--) {
            int i = tested[rank - 1];
            least = Math.min(least, pValues[i] * tested.length / rank);
            qValues[i] = least;
        }
        return qValues;
    }
}
