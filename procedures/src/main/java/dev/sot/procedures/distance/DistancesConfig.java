package dev.sot.procedures.distance;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.store.FeatureSelection;
import java.util.Map;
import java.util.Optional;

/**
 * Distances among many features.
 *
 * @param distance which distance
 * @param selection the features; by default those of the only circuit
 * @param maxDistance pairs farther apart are left out of streams and writes
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record DistancesConfig(
        DistanceConfig distance,
        FeatureSelection selection,
        Optional<Double> maxDistance,
        int concurrency,
        Map<String, Object> effective) {

    static DistancesConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        DistanceConfig distance = DistanceConfig.of(c);
        FeatureSelection selection = FeatureSelection.of(c);
        Optional<Double> maxDistance = c.optionalNumber("maxDistance", 0, Double.MAX_VALUE);
        int concurrency = c.concurrency();
        return new DistancesConfig(distance, selection, maxDistance, concurrency, c.finish());
    }
}
