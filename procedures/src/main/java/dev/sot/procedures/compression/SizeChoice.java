package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many supernodes the items are grouped into: one of three.
 *
 * @param targetSize so many
 * @param targetRatio so many as a share of the items' nodes
 * @param maxDistance as many as are left when groups are merged up to this distance
 */
record SizeChoice(Optional<Integer> targetSize, double targetRatio, Optional<Double> maxDistance) {

    private static final double DEFAULT_RATIO = 0.1;

    static SizeChoice of(String procedure, Configuration c, GroupingChoice grouping) {
        if (!grouping.method().takesSize()) {
            for (String key : List.of("targetSize", "targetRatio", "maxDistance")) {
                c.refuse(
                        key,
                        "means nothing to grouping '"
                                + Configuration.name(grouping.method())
                                + "', which makes as many groups as it finds");
            }
            return new SizeChoice(Optional.empty(), DEFAULT_RATIO, Optional.empty());
        }
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
        return new SizeChoice(targetSize, ratio.orElse(DEFAULT_RATIO), maxDistance);
    }

    /** The number of groups for so many items of so many nodes, where no distance decides. */
    int groups(int items, int nodes) {
        return Math.min(
                items,
                targetSize.orElseGet(() -> Math.max(1, (int) Math.round(targetRatio * nodes))));
    }

    /** What decides: the configuration key. */
    String rule() {
        return maxDistance.isPresent()
                ? "maxDistance"
                : targetSize.isPresent() ? "targetSize" : "targetRatio";
    }
}
