package dev.sot.transport;

/**
 * A feature's distribution together with how it came about.
 *
 * @param distribution the distribution
 * @param firings positions on which the feature fires and that are not excluded
 * @param excludedFirings positions on which the feature fires and that are excluded
 * @param effectiveSampleSize {@code (sum a)^2 / sum a^2} over the firings: between 1 and {@code
 *     firings}
 * @param sampled whether the distribution rests on a sample of the firings rather than on all
 */
public record SampledSupport(
        Distribution distribution,
        int firings,
        int excludedFirings,
        double effectiveSampleSize,
        boolean sampled) {}
