package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.transport.SupportBuilder;
import java.util.Map;

/**
 * How a match is explained.
 *
 * @param distance by which distance
 * @param exponent weights are activations to this power
 * @param support largest number of support points of a distribution
 * @param bounding whether the call says so
 * @param flows most flows
 * @param window tokens of each context
 */
record EvidenceConfig(
        DistanceConfig distance,
        double exponent,
        int support,
        Bounding bounding,
        int flows,
        int window) {

    static EvidenceConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.match.evidence", given);
        EvidenceConfig config =
                new EvidenceConfig(
                        DistanceConfig.of(c),
                        c.number("exponent", 2, 0, 8),
                        c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096),
                        Bounding.of(c, "support"),
                        c.integer("flows", 10, 1, Integer.MAX_VALUE),
                        c.integer("window", 17, 1, 10_000));
        c.finish();
        return config;
    }

    /** Tokens of a context before the active one, and at most as many after it. */
    int reach() {
        return window / 2;
    }
}
