package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.match.Assignment;
import dev.sot.transport.match.Correction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * @param correction what is taken off distances before matches are ranked
 * @param maxDistance matches farther away are left out; infinite for no limit
 * @param level of the false discovery rate at which matches are certified
 * @param bootstraps how often the corpus is resampled
 * @param exponent weights are activations to this power
 * @param support largest number of support points
 * @param method how supports are reduced
 * @param bounding whether the call says how
 * @param seed of halves, samples and resamples
 * @param concurrency number of threads
 * @param run id under which matches are stored; where none is given, made of what differs
 * @param effective the configuration with its defaults
 */
record MatchConfig(
        DistanceConfig distance,
        FeatureSelection sources,
        FeatureSelection targets,
        Positions positions,
        Assignment assignment,
        int k,
        Correction correction,
        double maxDistance,
        double level,
        int bootstraps,
        double exponent,
        int support,
        SupportMethod method,
        Bounding bounding,
        long seed,
        int concurrency,
        Optional<String> run,
        Map<String, Object> effective) {

    private static final int MOST_BOOTSTRAPS = 10_000;
    private static final int MOST_MATCHES = 1_000;

    /** What the id of a run tells already, and what its result does not depend on. */
    private static final Set<String> NAMED =
            Set.of(
                    "space",
                    "circuit",
                    "dictionary",
                    "layers",
                    "features",
                    "featureQuery",
                    "targets",
                    "run",
                    "concurrency");

    static MatchConfig of(String procedure, Map<String, Object> given) {
        return of(new Configuration(procedure, given), Optional.empty());
    }

    /** That of a run that is stored. */
    static MatchConfig ofRun(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        return of(c, c.optionalString("run"));
    }

    private static MatchConfig of(Configuration c, Optional<String> run) {
        DistanceConfig distance = DistanceConfig.of(c);
        FeatureSelection sources = FeatureSelection.of(c);
        Optional<FeatureSelection> targets = FeatureSelection.targets(c);
        MatchConfig config = of(c, run, distance, sources, targets.orElse(FeatureSelection.NONE));
        if (targets.isEmpty()) {
            throw c.problem(
                    "targets",
                    "is missing: say among which features the matches are looked for, as in"
                            + " targets: {dictionary: 'b'}");
        }
        return config;
    }

    /** Reads how features are matched, after what is matched has been read. */
    static MatchConfig of(
            Configuration c,
            Optional<String> run,
            DistanceConfig distance,
            FeatureSelection sources,
            FeatureSelection targets) {
        Positions positions = c.oneOf("positions", Positions.ALL);
        Assignment assignment = c.oneOf("assignment", Assignment.NEAREST);
        int k = c.integer("k", 1, 1, MOST_MATCHES);
        Correction correction = c.oneOf("correction", Correction.BACKGROUND);
        double maxDistance =
                c.optionalNumber("maxDistance", 0, Double.MAX_VALUE)
                        .orElse(Double.POSITIVE_INFINITY);
        double level = c.number("level", 0.05, 0, 1);
        int bootstraps = c.integer("bootstraps", 0, 0, MOST_BOOTSTRAPS);
        double exponent = c.number("exponent", 2, 0, 8);
        int support = c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096);
        SupportMethod method =
                c.oneOf("supportMethod", SupportBuilder.DEFAULT_METHOD, SupportBuilder.METHODS);
        long seed = c.longInteger("seed", 42);
        Bounding bounding = Bounding.of(c, "support", "supportMethod");
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
                targets,
                positions,
                assignment,
                k,
                correction,
                maxDistance,
                level,
                bootstraps,
                exponent,
                support,
                method,
                bounding,
                seed,
                concurrency,
                run,
                effective);
    }

    /** The run's id: as given, or families, space and what differs from the defaults. */
    String runOr(String spaceName) {
        return run.orElseGet(
                () -> sources.name() + " > " + targets.name() + " @ " + spaceName + differences());
    }

    private String differences() {
        Map<String, Object> usual =
                of("sot.match.write", Map.of("targets", Map.of("features", List.of()))).effective();
        return effective.entrySet().stream()
                .filter(e -> !NAMED.contains(e.getKey()))
                .filter(e -> !e.getValue().equals(usual.get(e.getKey())))
                .map(e -> ", " + e.getKey() + " " + e.getValue())
                .collect(Collectors.joining());
    }

    /** The same between two other families. */
    MatchConfig between(FeatureSelection from, FeatureSelection to) {
        return new MatchConfig(
                distance,
                from,
                to,
                positions,
                assignment,
                k,
                correction,
                maxDistance,
                level,
                bootstraps,
                exponent,
                support,
                method,
                bounding,
                seed,
                concurrency,
                run,
                effective);
    }

    /** Reduces firings to distributions. */
    SupportBuilder supports(Node space) {
        return SpaceStore.supports(space, method, support, seed);
    }
}
