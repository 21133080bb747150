package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;

/**
 * Which distances among which items.
 *
 * @param measure what is compared
 * @param wasserstein the space, which also says which corpus activations are of, and for {@link
 *     Measure#WASSERSTEIN} the order and the ground cost
 * @param structureWeight share of the links' edge profile in the distance, 0 to 1
 * @param level what one item is
 * @param missing what becomes of items of which the measure says nothing
 */
record DistanceChoice(
        Measure measure,
        DistanceConfig wasserstein,
        double structureWeight,
        Level level,
        Missing missing) {

    static DistanceChoice of(Configuration c) {
        return new DistanceChoice(
                c.oneOf("distance", Measure.WASSERSTEIN),
                DistanceConfig.of(c),
                c.number("structureWeight", 0, 0, 1),
                c.oneOf("level", Level.AUTO),
                c.oneOf("missing", Missing.SINGLETON));
    }

    /** What the distances are called in names and properties. */
    String name() {
        return measure == Measure.WASSERSTEIN
                ? "W" + wasserstein.order()
                : Configuration.name(measure);
    }

    /** Whether links have a part in the distances. */
    boolean withStructure() {
        return structureWeight > 0 || missing == Missing.STRUCTURE;
    }
}
