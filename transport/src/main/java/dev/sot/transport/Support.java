package dev.sot.transport;

import java.util.Optional;

/**
 * A feature's distribution with a bounded support, and how it came about.
 *
 * @param distribution the distribution
 * @param firings positions on which the feature fires and that are not excluded
 * @param excludedFirings positions on which the feature fires and that are excluded
 * @param effectiveSampleSize {@code (sum a)^2 / sum a^2} over the firings: between 1 and {@code
 *     firings}
 * @param method how the support was chosen
 * @param error how far the distribution is from that over all firings; empty where not known
 */
public record Support(
        Distribution distribution,
        int firings,
        int excludedFirings,
        double effectiveSampleSize,
        SupportMethod method,
        Optional<SupportError> error) {

    /** The same support, with its positions numbered in another way. */
    public Support on(Distribution renumbered) {
        return new Support(
                renumbered, firings, excludedFirings, effectiveSampleSize, method, error);
    }
}
