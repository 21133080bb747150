package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.procedures.store.DistributionStore.Bound;
import dev.sot.procedures.store.DistributionStore.Growing;
import dev.sot.transport.Firings;
import dev.sot.transport.GrowingSupport;
import dev.sot.transport.RunningSums;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.neo4j.graphdb.Node;

/** Distributions that grow by one batch and are bounded alike, reduced many at a time. */
final class GrowingBatches {

    /** What becomes of a feature when its support is reduced. */
    @FunctionalInterface
    private interface Finish {
        Growing of(Support reduced, CompactPoints points);
    }

    private final Node space;
    private final Bound bound;
    private final int batch;
    private final BiConsumer<Node, Growing> sink;
    private final FiringBatches<Growing> batches;
    private final List<Node> features = new ArrayList<>();
    private final Queue<Finish> waiting = new ArrayDeque<>();

    /**
     * Distributions in a space.
     *
     * @param bound how they are bounded
     * @param batch number of the batch that they grow by
     * @param sink takes each feature with its distribution, in the order given
     */
    GrowingBatches(
            Session session,
            Node space,
            Bound bound,
            int batch,
            int concurrency,
            BiConsumer<Node, Growing> sink) {
        this.space = space;
        this.bound = bound;
        this.batch = batch;
        this.sink = sink;
        SupportBuilder builder = Built.supports(space, bound);
        this.batches =
                new FiringBatches<>(
                        session,
                        space,
                        (firings, compact) ->
                                builder
                                        .build(
                                                firings,
                                                compact.points(),
                                                concurrency,
                                                session.monitor())
                                        .stream()
                                        .map(s -> Built.onCorpora(s, compact))
                                        .map(s -> waiting.remove().of(s, compact))
                                        .toList());
    }

    /** Builds a distribution from all firings of a feature. */
    void build(Node feature, Firings all) {
        add(feature, all, (support, points) -> growing(support, sums(all, points)));
    }

    /** Adds firings to a distribution. */
    void add(Node feature, Growing earlier, Firings added) {
        GrowingSupport grown = new GrowingSupport(earlier.support(), earlier.sums().mass(), added);
        add(
                feature,
                grown.union(),
                (reduced, points) ->
                        growing(grown.grown(reduced), earlier.sums().plus(sums(added, points))));
    }

    private RunningSums sums(Firings firings, CompactPoints points) {
        return Built.sums(space, firings.on(points.rows(firings.distribution())), points);
    }

    private Growing growing(Support support, RunningSums sums) {
        return new Growing(support, sums, bound, batch);
    }

    private void add(Node feature, Firings toReduce, Finish finish) {
        features.add(feature);
        waiting.add(finish);
        if (batches.add(toReduce)) {
            finish();
        }
    }

    /** Reduces what waits. */
    void finish() {
        Iterator<Growing> grown = batches.take().iterator();
        features.forEach(feature -> sink.accept(feature, grown.next()));
        features.clear();
    }
}
