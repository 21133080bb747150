package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** Builds the distributions of the selected features from their activations. */
final class DistributionBuilder {

    private final Session session;
    private final DistributionConfig config;
    private final Node space;
    private final SpacePositions positions;
    private final List<Node> features;
    private final BitSet excluded;
    private final FiringBatches<Built> supports;

    DistributionBuilder(Session session, DistributionConfig config) {
        this.session = session;
        this.config = config;
        this.space = SpaceStore.require(session.tx(), config.space(), List.of());
        config.requireFitting(space);
        this.positions = SpacePositions.of(space);
        this.features = config.selection().resolve(session.tx(), SpaceStore.dictionaries(space));
        // Before anything is written: one without a place is refused.
        features.forEach(positions::start);
        this.excluded = SpaceStore.excluded(session.tx(), space);
        this.supports = Built.batches(session, space, config.bound(space), config.concurrency());
    }

    Node space() {
        return space;
    }

    SpacePositions positions() {
        return positions;
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
        void feature(Node feature, Optional<Built> built);
    }

    /** A feature that waits for the others of its batch; empty when it fires nowhere. */
    private record Read(Node feature, boolean fires, Optional<Firings> firings) {}

    /** Builds all distributions and counts them. */
    DistributionCounts build(Sink sink) {
        DistributionCounts counts = new DistributionCounts();
        List<Read> batch = new ArrayList<>();
        for (Node feature : features) {
            session.monitor().check();
            Read read = read(feature);
            batch.add(read);
            if (read.firings().isPresent() && supports.add(read.firings().get())) {
                count(batch, counts, sink);
                batch.clear();
            }
        }
        count(batch, counts, sink);
        return counts;
    }

    private Read read(Node feature) {
        String key = (String) feature.getProperty("key");
        CorpusStore.FeatureActivations activations = positions.activations(session.tx(), feature);
        return activations == null
                ? new Read(feature, false, Optional.empty())
                : new Read(
                        feature,
                        true,
                        Firings.of(key, activations.positions(), activations.values(), excluded));
    }

    private void count(List<Read> batch, DistributionCounts counts, Sink sink) {
        Iterator<Built> taken = supports.take().iterator();
        for (Read read : batch) {
            Optional<Built> built = read.firings().map(firings -> taken.next());
            session.monitor().progress("building distributions", counts.features, features.size());
            counts.count(read.fires(), built.map(Built::support));
            sink.feature(read.feature(), built);
        }
    }
}
