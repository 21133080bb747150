package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * A run of matches.
 *
 * @param distance which distance
 * @param sources features whose matches are wanted; by default those of the only circuit
 * @param targets features among which they are looked for
 * @param positions on which positions the two sides rest
 * @param assignment which targets are a source's matches
 * @param k how many matches a source
 * @param maxDistance matches farther away are left out; infinite for no limit
 * @param level of the false discovery rate at which matches are certified
 * @param bootstraps how often the corpus is resampled
 * @param support largest number of support points of the distributions that the call makes itself
 * @param method how those are reduced
 * @param seed of halves, samples and resamples
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record MatchConfig(
        DistanceConfig distance,
        FeatureSelection sources,
        FeatureSelection targets,
        Positions positions,
        Assignment assignment,
        int k,
        double maxDistance,
        double level,
        int bootstraps,
        int support,
        SupportMethod method,
        long seed,
        int concurrency,
        Map<String, Object> effective) {

    private static final int MOST_BOOTSTRAPS = 10_000;
    private static final int MOST_MATCHES = 1_000;

    static MatchConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        DistanceConfig distance = DistanceConfig.of(c);
        FeatureSelection sources = FeatureSelection.of(c);
        Optional<FeatureSelection> targets = FeatureSelection.targets(c);
        Positions positions = c.oneOf("positions", Positions.STORED);
        Assignment assignment = c.oneOf("assignment", Assignment.NEAREST);
        int k = c.integer("k", 1, 1, MOST_MATCHES);
        double maxDistance =
                c.optionalNumber("maxDistance", 0, Double.MAX_VALUE)
                        .orElse(Double.POSITIVE_INFINITY);
        double level = c.number("level", 0.05, 0, 1);
        int bootstraps = c.integer("bootstraps", 0, 0, MOST_BOOTSTRAPS);
        int support = c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096);
        SupportMethod method = supportMethod(c);
        long seed = c.longInteger("seed", 42);
        int concurrency = c.concurrency();
        Map<String, Object> effective = c.finish();
        if (k > 1 && assignment != Assignment.NEAREST) {
            throw c.problem(
                    "k",
                    "goes with assignment 'nearest'; with '"
                            + Configuration.name(assignment)
                            + "' a source has one match");
        }
        return new MatchConfig(
                distance,
                sources,
                targets.orElseThrow(
                        () ->
                                c.problem(
                                        "targets",
                                        "is missing: say among which features the matches are"
                                                + " looked for, as in targets: {dictionary:"
                                                + " 'b'}")),
                positions,
                assignment,
                k,
                maxDistance,
                level,
                bootstraps,
                support,
                method,
                seed,
                concurrency,
                effective);
    }

    private static SupportMethod supportMethod(Configuration c) {
        return switch (c.oneOf("supportMethod", "quantized", "quantized", "sampled")) {
            case "sampled" -> SupportMethod.SAMPLED;
            default -> SupportMethod.QUANTIZED;
        };
    }

    /** Reduces the distributions that the call makes itself. */
    SupportBuilder supports(Node space) {
        return SpaceStore.supports(space, method, support, seed);
    }
}
