package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to compress a circuit.
 *
 * @param id id of the compression; by default made from the circuit, the space, the order and the
 *     number of supernodes
 * @param distance which distance
 * @param targetSize number of supernodes that the features with a distribution are grouped into
 * @param targetRatio the same as a share of these features' nodes
 * @param maxDistance average distance up to which groups are merged
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record CompressConfig(
        Optional<String> id,
        DistanceConfig distance,
        Optional<Integer> targetSize,
        double targetRatio,
        Optional<Double> maxDistance,
        int concurrency,
        Map<String, Object> effective) {

    private static final double DEFAULT_RATIO = 0.1;

    static CompressConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> id = c.optionalString("id");
        DistanceConfig distance = DistanceConfig.of(c);
        c.oneOf("linkage", "average", "average");
        Optional<Integer> targetSize = c.optionalInteger("targetSize", 1, Integer.MAX_VALUE);
        Optional<Double> maxDistance = c.optionalNumber("maxDistance", 0, Double.MAX_VALUE);
        Optional<Double> ratio = c.optionalNumber("targetRatio", 0, 1);
        if (Stream.of(targetSize, maxDistance, ratio).filter(Optional::isPresent).count() > 1) {
            throw new ConfigurationException(
                    procedure
                            + ": give only one of the configuration keys [targetSize, targetRatio,"
                            + " maxDistance]");
        }
        if (targetSize.isEmpty() && maxDistance.isEmpty() && ratio.isEmpty()) {
            c.note("targetRatio", DEFAULT_RATIO);
        }
        int concurrency = c.concurrency();
        return new CompressConfig(
                id,
                distance,
                targetSize,
                ratio.orElse(DEFAULT_RATIO),
                maxDistance,
                concurrency,
                c.finish());
    }
}
