package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** Builds the distributions of the selected features from their activations. */
final class DistributionBuilder {

    /**
     * Coordinates of firings' points that are looked at together: features are read in batches of
     * as many, and at least of one.
     */
    private static final long BATCH_VALUES = 4_000_000;

    /** Bytes of one firing beside its points: position, share, row, cell. */
    private static final long BYTES_PER_FIRING = 64;

    private final Session session;
    private final DistributionConfig config;
    private final Node space;
    private final int dimension;
    private final String corpus;
    private final List<Node> features;
    private final BitSet excluded;
    private final SupportBuilder supports;

    DistributionBuilder(Session session, DistributionConfig config) {
        this.session = session;
        this.config = config;
        this.space = SpaceStore.require(session.tx(), config.space(), List.of());
        this.dimension = ((Number) space.getProperty("dimension")).intValue();
        Node corpusNode = SpaceStore.corpus(space);
        this.corpus = (String) corpusNode.getProperty("name");
        this.features = config.selection().resolveOn(session.tx(), corpusNode);
        this.excluded = SpaceStore.excluded(session.tx(), space);
        this.supports = new SupportBuilder(config.method(), config.support(), config.seed());
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

    /** A feature that waits for the others of its batch; empty when it fires nowhere. */
    private record Read(Node feature, boolean fires, Optional<Firings> firings) {}

    /** Builds all distributions and counts them. */
    DistributionCounts build(Sink sink) {
        DistributionCounts counts = new DistributionCounts();
        List<Read> batch = new ArrayList<>();
        long values = 0;
        for (Node feature : features) {
            session.monitor().check();
            Read read = read(feature);
            values += (long) dimension * read.firings().map(Firings::size).orElse(0);
            batch.add(read);
            if (values >= BATCH_VALUES) {
                build(batch, values, counts, sink);
                batch.clear();
                values = 0;
            }
        }
        build(batch, values, counts, sink);
        return counts;
    }

    private Read read(Node feature) {
        String key = (String) feature.getProperty("key");
        CorpusStore.FeatureActivations activations =
                CorpusStore.activations(session.tx(), key, corpus);
        return activations == null
                ? new Read(feature, false, Optional.empty())
                : new Read(
                        feature,
                        true,
                        Firings.of(key, activations.positions(), activations.values(), excluded));
    }

    private void build(List<Read> batch, long values, DistributionCounts counts, Sink sink) {
        List<Firings> firings = batch.stream().flatMap(r -> r.firings().stream()).toList();
        try (Heap heap = session.heap()) {
            // The points once in the table, once again where they are looked at.
            heap.take(8 * values + BYTES_PER_FIRING * values / dimension);
            CompactPoints compact =
                    CompactPoints.of(
                            session.tx(),
                            space,
                            firings.stream().map(Firings::distribution).toList());
            List<Support> built =
                    supports.build(
                            firings.stream()
                                    .map(f -> f.on(compact.rows(f.distribution())))
                                    .toList(),
                            compact.points(),
                            config.concurrency(),
                            session.monitor());
            int next = 0;
            for (Read read : batch) {
                Optional<Support> support = Optional.empty();
                if (read.firings().isPresent()) {
                    Support onRows = built.get(next++);
                    support =
                            Optional.of(onRows.on(compact.corpusPositions(onRows.distribution())));
                }
                session.monitor()
                        .progress("building distributions", counts.features, features.size());
                counts.count(read.fires(), support);
                sink.feature(read.feature(), support);
            }
        }
    }
}
