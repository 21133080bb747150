package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A test of matching on planted truth.
 *
 * @param dictionary the dictionary that is copied
 * @param layers its layers to test, each by itself; by default all
 * @param sigma how strongly the copy's vectors are perturbed, one test each
 * @param rotated whether the copy's basis is rotated, one test each
 * @param removed share of the features that have no copy
 * @param minFirings positions on which a feature must fire
 * @param options what both procedures share
 */
record SelfTestConfig(
        String dictionary,
        Optional<List<Integer>> layers,
        List<Double> sigma,
        List<Boolean> rotated,
        double removed,
        int minFirings,
        CompareOptions options) {

    static final String PROCEDURE = "sot.match.selfTest";

    private static final double MOST_NOISE = 100;

    static SelfTestConfig of(Map<String, Object> given) {
        Configuration c = new Configuration(PROCEDURE, given);
        DistanceConfig distance = DistanceConfig.of(c);
        Optional<String> dictionary = c.optionalString("dictionary");
        Optional<List<Integer>> layers = c.optionalIntegers("layers");
        List<Double> sigma = c.numbers("sigma", List.of(0.0), 0, MOST_NOISE);
        List<Boolean> rotated =
                c.optionalBool("rotated").map(List::of).orElse(List.of(false, true));
        double removed = c.number("removed", 0.2, 0, 0.9);
        int minFirings = c.integer("minFirings", 20, 4, Integer.MAX_VALUE);
        CompareOptions options = CompareOptions.of(c, distance);
        c.finish();
        return new SelfTestConfig(
                dictionary.orElseThrow(
                        () ->
                                c.problem(
                                        "dictionary",
                                        "is missing; MATCH (d:Dictionary) RETURN d.name lists the"
                                                + " dictionaries")),
                layers,
                sigma,
                rotated,
                removed,
                minFirings,
                options);
    }
}
