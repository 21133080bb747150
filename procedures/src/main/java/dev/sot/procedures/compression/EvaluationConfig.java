package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import java.util.Map;
import java.util.Optional;

/**
 * How to evaluate a compression.
 *
 * @param reference id of a compression of the same circuit, such as one made by hand, to agree with
 * @param referenceProperty property of features whose values make the reference partition instead
 * @param draws number of random partitions to average
 * @param seed seed of the random partitions
 * @param concurrency number of threads
 * @param distance the distance to measure by, for a compression that was not made with one
 */
record EvaluationConfig(
        Optional<String> reference,
        Optional<String> referenceProperty,
        int draws,
        long seed,
        int concurrency,
        DistanceConfig distance) {

    static EvaluationConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.evaluate", given);
        EvaluationConfig config =
                new EvaluationConfig(
                        c.optionalString("reference"),
                        c.optionalString("referenceProperty"),
                        c.integer("draws", 20, 1, 10_000),
                        c.longInteger("seed", 42),
                        c.concurrency(),
                        DistanceConfig.of(c));
        c.finish();
        if (config.reference().isPresent() && config.referenceProperty().isPresent()) {
            throw new ConfigurationException(
                    "sot.evaluate: give only one of the configuration keys [reference,"
                            + " referenceProperty]");
        }
        return config;
    }
}
