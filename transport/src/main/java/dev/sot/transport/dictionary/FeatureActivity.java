package dev.sot.transport.dictionary;

import java.util.BitSet;

/**
 * How often a feature fires on a corpus.
 *
 * @param firings positions on which it fires
 * @param excludedFirings of these, positions that are excluded from distributions
 * @param density share of the corpus's positions on which it fires
 * @param effectiveSampleSize {@code (sum a)^2 / sum a^2} over its firings that are not excluded:
 *     how many equally strong ones they are worth; 0 where there are none
 */
public record FeatureActivity(
        int firings, int excludedFirings, double density, double effectiveSampleSize) {

    /**
     * The activity of a feature.
     *
     * @param positions where it fires
     * @param values its positive activations there
     * @param excluded positions that are excluded
     * @param all number of positions of the corpus
     */
    public static FeatureActivity of(int[] positions, double[] values, BitSet excluded, long all) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        double squares = 0;
        int out = 0;
        for (int i = 0; i < positions.length; i++) {
            if (excluded.get(positions[i])) {
                out++;
            } else {
                // Squares of shares of the largest neither overflow nor all vanish.
                double share = values[i] / largest;
                sum += share;
                squares += share * share;
            }
        }
        return new FeatureActivity(
                positions.length,
                out,
                (double) positions.length / all,
                squares > 0 ? sum * sum / squares : 0);
    }
}
