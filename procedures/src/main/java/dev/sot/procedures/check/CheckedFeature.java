package dev.sot.procedures.check;

import dev.sot.transport.dictionary.FeatureActivity;
import dev.sot.transport.dictionary.FeatureFit;
import java.util.Optional;

/**
 * What is known of one feature.
 *
 * @param recorded whether the corpus's bundle has it
 * @param decoderNorm of its decoder vector; empty without vectors
 * @param activity what it does on the corpus
 * @param fit how well it fits; empty where that could not be computed
 */
record CheckedFeature(
        String key,
        boolean recorded,
        Optional<Double> decoderNorm,
        FeatureActivity activity,
        Optional<FeatureFit> fit) {}
