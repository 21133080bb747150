package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import java.util.Optional;

/**
 * Which distances among which items.
 *
 * @param measure what is compared
 * @param wasserstein the space, which also says which corpus activations are of, and for {@link
 *     Measure#WASSERSTEIN} the order and the ground cost
 * @param supportSize most points of the distributions of nodes, which are made for the call
 * @param structureWeight share of the links' edge profile in the distance, 0 to 1
 * @param level what one item is
 * @param missing what becomes of items of which the measure says nothing
 */
record DistanceChoice(
        Measure measure,
        DistanceConfig wasserstein,
        int supportSize,
        double structureWeight,
        Level level,
        Missing missing) {

    private static final int SUPPORT_SIZE = 64;

    /**
     * Reads it.
     *
     * @param usual the measure by default
     */
    static DistanceChoice of(Configuration c, Measure usual) {
        Measure measure = c.oneOf("distance", usual);
        Level level = c.oneOf("level", Level.AUTO);
        String name = "means nothing to distance '" + Configuration.name(measure) + "'";
        DistanceConfig wasserstein = DistanceConfig.in(Optional.empty());
        int supportSize = SUPPORT_SIZE;
        if (measure == Measure.WASSERSTEIN) {
            wasserstein = DistanceConfig.of(c);
        } else {
            c.refuse("order", name);
            c.refuse("groundCost", name);
            if (measure == Measure.ACTIVATION_CORRELATION) {
                wasserstein = DistanceConfig.in(c.optionalString("space"));
            } else {
                c.refuse("space", name);
            }
        }
        if (measure == Measure.WASSERSTEIN && level != Level.FEATURE) {
            supportSize = c.integer("supportSize", SUPPORT_SIZE, 1, 100_000);
        } else {
            c.refuse(
                    "supportSize",
                    measure == Measure.WASSERSTEIN
                            ? "is of distributions at level 'node'; those of features are stored,"
                                    + " see sot.distributions.write"
                            : name);
        }
        double structureWeight = 0;
        Missing missing = Missing.SINGLETON;
        if (measure.isStructure()) {
            c.refuse("structureWeight", name + ", which is structure");
            c.refuse("missing", name + ", which misses nothing");
        } else {
            structureWeight = c.number("structureWeight", 0, 0, 1);
            missing = c.oneOf("missing", Missing.SINGLETON);
        }
        return new DistanceChoice(
                measure, wasserstein, supportSize, structureWeight, level, missing);
    }

    /**
     * A measure with nothing else chosen.
     *
     * @param space the reference space, whose corpus activations are of
     */
    static DistanceChoice by(Measure measure, Optional<String> space) {
        return new DistanceChoice(
                measure, DistanceConfig.in(space), SUPPORT_SIZE, 0, Level.AUTO, Missing.SINGLETON);
    }

    /** The same in a space of a name. */
    DistanceChoice in(String space) {
        return new DistanceChoice(
                measure,
                new DistanceConfig(Optional.of(space), wasserstein.order(), wasserstein.cost()),
                supportSize,
                structureWeight,
                level,
                missing);
    }

    /** The same at a level. */
    DistanceChoice at(Level chosen) {
        return new DistanceChoice(
                measure, wasserstein, supportSize, structureWeight, chosen, missing);
    }

    /** What the distances are called in names. */
    String name() {
        return measure == Measure.WASSERSTEIN
                ? "W" + wasserstein.order()
                : Configuration.name(measure);
    }

    /** Whether distances are 1 - a cosine or a correlation. */
    boolean isCosine() {
        return measure != Measure.WASSERSTEIN && !withStructure();
    }

    /** Whether links have a part in the distances. */
    boolean withStructure() {
        return structureWeight > 0 || missing == Missing.STRUCTURE;
    }
}
