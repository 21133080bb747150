package dev.sot.procedures.distribution;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * What is added to the distributions of a space.
 *
 * @param corpus the batch
 * @param space name of the reference space; by default the only one
 * @param newFeatures whether features that fire for the first time get a distribution
 * @param bound how theirs is bounded
 * @param bounded whether anything was said of that
 * @param concurrency number of threads
 * @param effective the configuration with its defaults
 */
record AppendConfig(
        Optional<String> corpus,
        Optional<String> space,
        boolean newFeatures,
        DistributionStore.Bound bound,
        boolean bounded,
        int concurrency,
        Map<String, Object> effective) {

    private static final List<String> BOUNDING = List.of("support", "supportMethod", "seed");

    static AppendConfig of(Map<String, Object> given) {
        Configuration c = new Configuration("sot.distributions.append", given);
        Optional<String> corpus = c.optionalString("corpus");
        Optional<String> space = c.optionalString("space");
        boolean newFeatures = c.bool("newFeatures", true);
        int support = c.integer("support", SupportBuilder.DEFAULT_MAX_SUPPORT, 1, 4096);
        SupportMethod method =
                c.oneOf("supportMethod", SupportBuilder.DEFAULT_METHOD, SupportBuilder.METHODS);
        long seed = c.longInteger("seed", 42);
        int concurrency = c.concurrency();
        return new AppendConfig(
                corpus,
                space,
                newFeatures,
                new DistributionStore.Bound(method, support, seed),
                BOUNDING.stream().anyMatch(c::has),
                concurrency,
                c.finish());
    }

    /**
     * How supports of features that fire for the first time are bounded in a space.
     *
     * @throws ConfigurationException where they are exact and were to be bounded
     */
    DistributionStore.Bound bound(Node spaceNode) {
        if (!SpaceStore.isOfTokens(spaceNode)) {
            return bound;
        }
        DistributionConfig.refuse(spaceNode, bounded, BOUNDING);
        effective.keySet().removeAll(BOUNDING);
        return new DistributionStore.Bound(SupportMethod.MERGED, bound.maxSupport(), bound.seed());
    }
}
