package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.transport.cluster.SizeCriterion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many supernodes the items are grouped into: at most one of four; without any the grouping
 * finds its own number.
 *
 * @param targetSize so many
 * @param targetRatio so many as a share of the items' nodes
 * @param maxDistance as many as are left when groups are merged up to this distance
 * @param criterion as many as a criterion chooses among all cuts of the hierarchy
 */
record SizeChoice(
        Optional<Integer> targetSize,
        Optional<Double> targetRatio,
        Optional<Double> maxDistance,
        Optional<SizeCriterion> criterion) {

    static SizeChoice of(String procedure, Configuration c, GroupingChoice.Method method) {
        Map<String, Boolean> takes = new LinkedHashMap<>();
        takes.put("targetSize", method.takesSize());
        takes.put("targetRatio", method.takesSize());
        takes.put("maxDistance", method.takesDistance());
        takes.put("size", method.takesSize());
        takes.forEach(
                (key, taken) -> {
                    if (!taken) {
                        c.refuse(
                                key,
                                "means nothing to grouping '" + Configuration.name(method) + "'");
                    }
                });
        Optional<Integer> targetSize = c.optionalInteger("targetSize", 1, Integer.MAX_VALUE);
        Optional<Double> targetRatio = c.optionalNumber("targetRatio", 0, 1);
        if (targetRatio.isPresent() && targetRatio.get() == 0) {
            throw c.wrong("targetRatio", targetRatio.get(), "above 0 and at most 1");
        }
        Optional<Double> maxDistance = c.optionalNumber("maxDistance", 0, Double.MAX_VALUE);
        Optional<SizeCriterion> criterion =
                c.has("size") ? Optional.of(c.oneOf("size", SizeCriterion.AUTO)) : Optional.empty();
        long given =
                Stream.of(targetSize, targetRatio, maxDistance, criterion)
                        .filter(Optional::isPresent)
                        .count();
        if (given > 1) {
            throw new ConfigurationException(
                    procedure
                            + ": give only one of the configuration keys "
                            + new ArrayList<>(takes.keySet()));
        }
        if (given == 0 && !method.findsSize()) {
            criterion = Optional.of(c.oneOf("size", SizeCriterion.AUTO));
        }
        return new SizeChoice(targetSize, targetRatio, maxDistance, criterion);
    }

    /** So many groups. */
    static SizeChoice exactly(int groups) {
        return new SizeChoice(
                Optional.of(groups), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** About a share of a number of groups, at least 1 and at most so many. */
    static int scaled(int groups, double share, int most) {
        return Math.max(1, Math.min(most, (int) Math.round(share * groups)));
    }

    /** The number of groups that is given, for so many items of so many nodes. */
    Optional<Integer> groups(int items, int nodes) {
        return targetSize
                .or(() -> targetRatio.map(ratio -> Math.max(1, (int) Math.round(ratio * nodes))))
                .map(groups -> Math.min(items, groups));
    }

    /** What decides: a configuration key, a criterion's name, or the grouping. */
    String rule() {
        return targetSize.isPresent()
                ? "targetSize"
                : targetRatio.isPresent()
                        ? "targetRatio"
                        : maxDistance.isPresent()
                                ? "maxDistance"
                                : criterion.map(Configuration::name).orElse("grouping");
    }
}
