package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Support;
import dev.sot.transport.SupportSampler;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** Builds the distributions of the selected features from their activations. */
final class DistributionBuilder {

    private final Session session;
    private final DistributionConfig config;
    private final Node space;
    private final String corpus;
    private final List<Node> features;
    private final BitSet excluded;
    private final SupportSampler sampler;

    DistributionBuilder(Session session, DistributionConfig config) {
        this.session = session;
        this.config = config;
        this.space = SpaceStore.require(session.tx(), config.space(), List.of());
        Node corpusNode = SpaceStore.corpus(space);
        this.corpus = (String) corpusNode.getProperty("name");
        this.features = config.selection().resolveOn(session.tx(), corpusNode);
        this.excluded = SpaceStore.excluded(session.tx(), space);
        this.sampler = new SupportSampler(config.support(), config.seed());
    }

    Node space() {
        return space;
    }

    DistributionConfig config() {
        return config;
    }

    /** Number of selected features. */
    int size() {
        return features.size();
    }

    /** Takes each feature with its distribution, empty when it has none, in a fixed order. */
    @FunctionalInterface
    interface Sink {
        void feature(Node feature, Optional<Support> support);
    }

    /** Builds all distributions and counts them. */
    DistributionCounts build(Sink sink) {
        DistributionCounts counts = new DistributionCounts();
        for (Node feature : features) {
            session.monitor().check();
            session.monitor().progress("building distributions", counts.features, features.size());
            String key = (String) feature.getProperty("key");
            CorpusStore.FeatureActivations activations =
                    CorpusStore.activations(session.tx(), key, corpus);
            Optional<Support> support =
                    activations == null
                            ? Optional.empty()
                            : sampler.sample(
                                    key, activations.positions(), activations.values(), excluded);
            counts.count(activations != null, support);
            sink.feature(feature, support);
        }
        return counts;
    }
}
