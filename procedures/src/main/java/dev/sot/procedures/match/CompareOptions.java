package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.transport.SupportBuilder;

/**
 * What comparing methods and testing them share.
 *
 * @param distance which distance
 * @param exponent weights of distributions are activations to this power
 * @param support largest number of support points of distributions
 * @param bounding whether the call says so
 * @param level of the false discovery rate at which matches are certified
 * @param seed of everything that is drawn
 * @param concurrency number of threads
 */
record CompareOptions(
        DistanceConfig distance,
        double exponent,
        int support,
        Bounding bounding,
        double level,
        long seed,
        int concurrency) {

    static CompareOptions of(Configuration c, DistanceConfig distance) {
        return new CompareOptions(
                distance,
                c.number("exponent", 2, 0, 8),
                c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096),
                Bounding.of(c, "support"),
                c.number("level", 0.05, 0, 1),
                c.longInteger("seed", 42),
                c.concurrency());
    }
}
