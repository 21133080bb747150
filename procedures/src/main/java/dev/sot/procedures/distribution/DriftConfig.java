package dev.sot.procedures.distribution;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * Between which corpora of a space features' distributions are compared, and how.
 *
 * @param distance which distance
 * @param from the earlier corpora; by default all but those it is compared with
 * @param to the later corpora; by default the last that the space was given
 * @param selection the features; by default all that were recorded on the space's corpora
 * @param support largest number of support points
 * @param method how supports are bounded
 * @param bounded whether anything was said of that
 * @param resamples random divisions of the prompts
 * @param seed chooses them, and the samples
 * @param concurrency number of threads
 */
record DriftConfig(
        DistanceConfig distance,
        Optional<List<String>> from,
        Optional<List<String>> to,
        FeatureSelection selection,
        int support,
        SupportMethod method,
        boolean bounded,
        int resamples,
        long seed,
        int concurrency) {

    private static final List<String> BOUNDING = List.of("support", "supportMethod");

    /**
     * Checks that the supports asked for can be had in a space.
     *
     * @throws ConfigurationException where they are exact and were to be bounded
     */
    void requireFitting(Node space) {
        DistributionConfig.refuse(space, bounded, BOUNDING);
    }

    static DriftConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.distributions.drift", given);
        DistanceConfig distance = DistanceConfig.of(c);
        Optional<List<String>> from = c.optionalStrings("from");
        Optional<List<String>> to = c.optionalStrings("to");
        FeatureSelection selection = FeatureSelection.of(c);
        int support = c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096);
        SupportMethod method =
                c.oneOf("supportMethod", SupportBuilder.DEFAULT_METHOD, SupportBuilder.METHODS);
        boolean bounded = BOUNDING.stream().anyMatch(c::has);
        int resamples = c.integer("resamples", 19, 1, 10_000);
        long seed = c.longInteger("seed", 42);
        int concurrency = c.concurrency();
        c.finish();
        return new DriftConfig(
                distance,
                from,
                to,
                selection,
                support,
                method,
                bounded,
                resamples,
                seed,
                concurrency);
    }
}
