package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.store.FeatureSelection;
import java.util.Map;
import java.util.Optional;

/**
 * Methods of matching beside one another.
 *
 * @param sources features whose matches are wanted; by default those of the only circuit
 * @param targets features among which they are looked for
 * @param disjoint whether the two sides are matched by different prompts
 * @param minFirings positions to match on, on which a feature must fire
 * @param minCorrelation that a source's best target must have on held-out positions
 * @param options what both procedures share
 */
record CompareConfig(
        FeatureSelection sources,
        FeatureSelection targets,
        boolean disjoint,
        int minFirings,
        double minCorrelation,
        CompareOptions options) {

    static CompareConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.match.compare", given);
        DistanceConfig distance = DistanceConfig.of(c);
        FeatureSelection sources = FeatureSelection.of(c);
        Optional<FeatureSelection> targets = FeatureSelection.targets(c);
        boolean disjoint = c.oneOf("positions", "all", "all", "disjoint").equals("disjoint");
        int minFirings = c.integer("minFirings", 20, 2, Integer.MAX_VALUE);
        double minCorrelation = c.number("minCorrelation", 0.3, -1, 1);
        CompareOptions options = CompareOptions.of(c, distance);
        c.finish();
        return new CompareConfig(
                sources,
                targets.orElseThrow(
                        () ->
                                c.problem(
                                        "targets",
                                        "is missing; give the features among which matches are"
                                                + " looked for, such as {targets: {dictionary:"
                                                + " '...', layers: [2]}}")),
                disjoint,
                minFirings,
                minCorrelation,
                options);
    }
}
