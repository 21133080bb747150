package dev.sot.transport.match;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Control of the share of wrong matches among those certified: q-values after Storey (2002), the
 * adaptive form of Benjamini and Hochberg (1995).
 *
 * <p>With p-values {@code p_(1) <= ... <= p_(m)} and the estimate {@code pi = (1 + #{p > 1/2}) / (m
 * / 2)}, at most 1, of the share of features without a partner, {@code q_(i) = min_{j >= i} min(1,
 * pi m p_(j) / j)}: among the matches with {@code q <= level}, the expected share of those that are
 * wrong is at most the level. Without pi it would be at most the level times that share: a run in
 * which most features have a partner would be judged too severely. It holds for independent
 * p-values (Storey, Taylor and Siegmund 2004), and for conformal ones of a common {@link
 * NullSample}, though these depend on each other (Bates, Candès, Lei, Romano and Sesia 2023).
 *
 * <p>A q-value speaks of the run as a whole, a p-value of one feature. A match is {@linkplain
 * #certified certified} only if both are at most the level: then the share of wrong ones among
 * those certified is bounded, and so is the share of features without a partner that are certified.
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
        // pi m, the estimated number of features without a partner.
        double without =
                Math.min(
                        tested.length,
                        2 * (1 + Arrays.stream(pValues).filter(p -> p > .5).count()));
        double[] qValues = new double[pValues.length];
        Arrays.fill(qValues, Double.NaN);
        double least = 1;
        for (int rank = tested.length; rank >= 1; rank--) {
            int i = tested[rank - 1];
            least = Math.min(least, without * pValues[i] / rank);
            qValues[i] = least;
        }
        return qValues;
    }

    /**
     * Whether a match is certified at a level: false where it was not tested.
     *
     * @param pValue its p-value
     * @param qValue its q-value
     * @param level between 0 and 1
     */
    public static boolean certified(double pValue, double qValue, double level) {
        return pValue <= level && qValue <= level;
    }
}
