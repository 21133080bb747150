package dev.sot.procedures.distribution;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * Which distributions to build, and how.
 *
 * @param space name of the reference space; by default the only one
 * @param selection the features; by default all that were recorded on the space's corpus
 * @param support largest number of support points
 * @param method sampled or quantized, for features that fire on more positions
 * @param seed seed of the sampling
 * @param bounded whether anything was said of bounding supports
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record DistributionConfig(
        Optional<String> space,
        FeatureSelection selection,
        int support,
        SupportMethod method,
        long seed,
        boolean bounded,
        int concurrency,
        Map<String, Object> effective) {

    private static final List<String> BOUNDING = List.of("support", "supportMethod", "seed");

    /**
     * Checks that the supports asked for can be had in a space.
     *
     * @throws ConfigurationException where they are exact and were to be bounded
     */
    void requireFitting(Node space) {
        if (!SpaceStore.isOfTokens(space)) {
            return;
        }
        refuse(space, bounded, BOUNDING);
        effective.keySet().removeAll(BOUNDING);
        effective.put("supportMethod", Configuration.name(SupportMethod.MERGED));
    }

    /** Refuses what bounds supports in a space of tokens, whose supports are exact. */
    static void refuse(Node space, boolean given, List<String> keys) {
        if (given && SpaceStore.isOfTokens(space)) {
            throw new ConfigurationException(
                    "in the reference space '"
                            + space.getProperty("name")
                            + "' distributions have a position for each token and no error; leave "
                            + keys
                            + " out");
        }
    }

    /** How supports are bounded in a space. */
    DistributionStore.Bound bound(Node space) {
        return new DistributionStore.Bound(
                SpaceStore.isOfTokens(space) ? SupportMethod.MERGED : method, support, seed);
    }

    static DistributionConfig of(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        Optional<String> space = c.optionalString("space");
        FeatureSelection selection = FeatureSelection.of(c);
        int support = c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096);
        SupportMethod method =
                c.oneOf("supportMethod", SupportBuilder.DEFAULT_METHOD, SupportBuilder.METHODS);
        long seed = c.longInteger("seed", 42);
        int concurrency = c.concurrency();
        return new DistributionConfig(
                space,
                selection,
                support,
                method,
                seed,
                BOUNDING.stream().anyMatch(c::has),
                concurrency,
                c.finish());
    }
}
