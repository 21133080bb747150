package dev.sot.transport.match;

import java.util.Arrays;

/**
 * What the {@linkplain MatchStatistic match statistic} of a feature without a partner looks like:
 * the statistics of all features of a family, each matched with the nearest other feature of the
 * family as if its own partner were gone. The distributions of the two sides must differ in text as
 * those of sources and targets do: features recorded on the same positions are nearer to each other
 * than features recorded on different ones.
 *
 * <p>What such a feature is matched with may have a partner of its own, which then is a rival, or
 * be <i>alone</i>, as a feature is that only one side knows. So there are two samples: one without
 * the matches' partners, and one with them among the rivals, where matches are <i>taken</i>. The
 * first alone would be on the safe side, and nearly blind; the second alone wrong where many
 * targets are alone. With the {@linkplain #shareAlone share} a of targets that are alone, the
 * p-value of a match is {@code a p_alone + (1 - a) p_taken}. On the same text a feature is its own
 * partner at no distance, which tells nothing of partners elsewhere; there all matches count as
 * alone.
 *
 * <p>The p-value of a statistic s among N null statistics is {@code (1 + #{null <= s}) / (1 + N)}
 * (conformal p-value; Vovk, Gammerman and Shafer 2005; Bates, Candès, Lei, Romano and Sesia 2023).
 * It is valid, {@code P(p <= a) <= a} for every a, if the feature tested and those of the sample
 * are exchangeable: if, when it has no partner, its statistic could be any of theirs. That is an
 * assumption: that what the other family holds beside partners is to a feature as its own family
 * is, as rich in near twins, as evenly spread and as noisy. A family of its own on either side
 * gives a sample on either side; the larger of the two p-values is valid if either sample is right.
 * Ties count against the feature, so that equal statistics stay valid.
 *
 * <p>No p-value is below {@code 1 / (1 + N)}: a sample of fewer than {@code 1 / level - 1} features
 * certifies nothing at a level, see {@link #smallestPValue}.
 *
 * <p>Immutable; 8 bytes a statistic; a p-value takes {@code O(log N)}.
 */
public final class NullSample {

    private final double[] ascending;

    private NullSample(double[] ascending) {
        this.ascending = ascending;
    }

    /**
     * A sample.
     *
     * @param statistics in any order; those that are not numbers are left out
     */
    public static NullSample of(double[] statistics) {
        return new NullSample(
                Arrays.stream(statistics).filter(s -> !Double.isNaN(s)).sorted().toArray());
    }

    /** N, the number of null statistics. */
    public int size() {
        return ascending.length;
    }

    /** The p-value that no statistic falls below. */
    public double smallestPValue() {
        return 1.0 / (1 + ascending.length);
    }

    /** The p-value of a statistic; not a number for one that is not. */
    public double pValue(double statistic) {
        if (Double.isNaN(statistic)) {
            return Double.NaN;
        }
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] <= statistic) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (1.0 + low) / (1 + ascending.length);
    }

    /**
     * An estimate of the share of targets that are alone, on the safe side: twice the share of
     * those that no source is matched to with a p-value of at most one half, as if all that are
     * alone had large ones (Storey 2002). A target of the mutual nearest pairs, which alone have
     * small p-values, is counted once.
     *
     * @param pValues of all sources, as if all targets were alone; not a number for those not
     *     tested
     * @param targets the number of targets
     * @return between 0 and 1
     */
    public static double shareAlone(double[] pValues, int targets) {
        long taken = Arrays.stream(pValues).filter(p -> p <= .5).count();
        return targets == 0 ? 1 : Math.min(1, 2.0 * (1 + Math.max(0, targets - taken)) / targets);
    }
}
