package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompactPoints;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import dev.sot.transport.RunningSums;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * A distribution built from all firings.
 *
 * @param support over positions of the corpora
 * @param sums over the firings
 */
record Built(Support support, RunningSums sums) {

    /** Builds distributions in batches of firings over positions of the corpora. */
    static FiringBatches<Built> batches(
            Session session, Node space, DistributionStore.Bound bound, int concurrency) {
        SupportBuilder builder = supports(space, bound);
        return new FiringBatches<>(
                session,
                space,
                (firings, compact) -> {
                    List<Support> supports =
                            builder.build(
                                    firings, compact.points(), concurrency, session.monitor());
                    return IntStream.range(0, supports.size())
                            .mapToObj(
                                    i ->
                                            new Built(
                                                    onCorpora(supports.get(i), compact),
                                                    sums(space, firings.get(i), compact)))
                            .toList();
                });
    }

    static SupportBuilder supports(Node space, DistributionStore.Bound bound) {
        return SpaceStore.supports(space, bound.method(), bound.maxSupport(), bound.seed());
    }

    static Support onCorpora(Support onRows, CompactPoints compact) {
        return onRows.on(compact.corpusPositions(onRows.distribution()));
    }

    /** Of firings over rows. Numbers of tokens have no moments. */
    static RunningSums sums(Node space, Firings onRows, CompactPoints compact) {
        return SpaceStore.isOfTokens(space)
                ? RunningSums.of(onRows)
                : RunningSums.of(onRows, compact.points());
    }
}
