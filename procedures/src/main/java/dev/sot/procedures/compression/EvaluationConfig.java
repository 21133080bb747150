package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How to evaluate a compression.
 *
 * @param reference id of a compression with nodes in common, such as one made by hand, to agree
 *     with
 * @param referenceProperty property of features whose values make the reference partition instead
 * @param draws number of random partitions
 * @param seed seed of the random partitions
 * @param distance the distance to measure by; by default that of the compression
 * @param concurrency number of threads
 */
record EvaluationConfig(
        Optional<String> reference,
        Optional<String> referenceProperty,
        int draws,
        long seed,
        Optional<DistanceChoice> distance,
        int concurrency) {

    private static final Set<String> DISTANCE_KEYS =
            Set.of(
                    "distance",
                    "level",
                    "space",
                    "order",
                    "groundCost",
                    "supportSize",
                    "structureWeight",
                    "missing");

    static EvaluationConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.evaluate", given);
        Optional<String> reference = c.optionalString("reference");
        Optional<String> referenceProperty = c.optionalString("referenceProperty");
        int draws = c.integer("draws", 100, 1, 10_000);
        long seed = c.longInteger("seed", 42);
        DistanceChoice distance = DistanceChoice.of(c, Measure.WASSERSTEIN);
        int concurrency = c.concurrency();
        c.finish();
        if (reference.isPresent() && referenceProperty.isPresent()) {
            throw new ConfigurationException(
                    "sot.evaluate: give only one of the configuration keys [reference,"
                            + " referenceProperty]");
        }
        return new EvaluationConfig(
                reference,
                referenceProperty,
                draws,
                seed,
                DISTANCE_KEYS.stream().anyMatch(given::containsKey)
                        ? Optional.of(distance)
                        : Optional.empty(),
                concurrency);
    }
}
