package dev.sot.transport.dictionary;

import java.util.List;

/**
 * How well a dictionary fits.
 *
 * @param features one a feature
 * @param lambda the multiplier of all features: what was given, else the mean of the features' own,
 *     weighted by their total activation; NaN where nothing fires
 * @param lambdaGiven whether it was given
 * @param positions positions that count
 * @param lookedAt of these, positions at which features that do not fire were looked at
 * @param activationScale root mean square of all activations, for atoms of norm 1; NaN where
 *     nothing fires
 * @param unexplained {@code sum |r|^2 / sum |x - mean|^2}: the share of the states' variance that
 *     the dictionary leaves unexplained; NaN where the states do not vary
 */
public record DictionaryFit(
        List<FeatureFit> features,
        double lambda,
        boolean lambdaGiven,
        long positions,
        long lookedAt,
        double activationScale,
        double unexplained) {}
