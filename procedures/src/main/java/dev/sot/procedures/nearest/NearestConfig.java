package dev.sot.procedures.nearest;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.transport.search.NeighbourQuery;
import java.util.Map;
import java.util.Optional;

/**
 * Nearest neighbours of features.
 *
 * @param distance which distance
 * @param sources features whose neighbours are wanted; by default those of the only circuit
 * @param targets features among which they are looked for; by default the sources
 * @param query how many, how far and how thoroughly
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record NearestConfig(
        DistanceConfig distance,
        FeatureSelection sources,
        Optional<FeatureSelection> targets,
        NeighbourQuery query,
        int concurrency,
        Map<String, Object> effective) {

    private static final int DEFAULT_K = 5;

    static NearestConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        DistanceConfig distance = DistanceConfig.of(c);
        FeatureSelection sources = FeatureSelection.of(c);
        Optional<FeatureSelection> targets = FeatureSelection.targets(c);
        Optional<Double> maxDistance = c.optionalNumber("maxDistance", 0, Double.MAX_VALUE);
        int k =
                maxDistance.isPresent()
                        ? c.optionalInteger("k", 1, Integer.MAX_VALUE - 1)
                                .orElse(NeighbourQuery.ALL)
                        : c.integer("k", DEFAULT_K, 1, Integer.MAX_VALUE - 1);
        int budget =
                c.optionalInteger("budget", 1, Integer.MAX_VALUE - 1).orElse(NeighbourQuery.ALL);
        int concurrency = c.concurrency();
        return new NearestConfig(
                distance,
                sources,
                targets,
                new NeighbourQuery(k, maxDistance.orElse(Double.POSITIVE_INFINITY), budget),
                concurrency,
                c.finish());
    }
}
