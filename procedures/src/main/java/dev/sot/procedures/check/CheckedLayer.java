package dev.sot.procedures.check;

import dev.sot.transport.dictionary.DictionaryFit;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one layer of a dictionary on one corpus.
 *
 * @param fit how well it fits the states; empty where there is an obstacle
 * @param obstacle why that could not be computed
 */
record CheckedLayer(
        String dictionary,
        int layer,
        List<CheckedFeature> features,
        Optional<DictionaryFit> fit,
        Optional<Obstacle> obstacle) {}
