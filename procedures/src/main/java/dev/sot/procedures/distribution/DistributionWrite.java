package dev.sot.procedures.distribution;

import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.procedures.store.SpaceStore;
import java.util.Map;
import org.neo4j.graphdb.Node;

/**
 * Builds and stores distributions. Writing is idempotent: the same configuration gives the same
 * distributions. Distances stored for a rewritten feature are stale and are deleted. Up to 20,000
 * features are written in the caller's transaction; more in batches.
 */
final class DistributionWrite {

    private static final int SINGLE_TRANSACTION_FEATURES = 20_000;

    private final Session session;
    private final DistributionConfig config;
    private final Stopwatch stopwatch = new Stopwatch();

    DistributionWrite(Session session, DistributionConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    DistributionStats run() {
        DistributionBuilder builder = new DistributionBuilder(session, config);
        if (builder.size() > SINGLE_TRANSACTION_FEATURES) {
            String name = (String) builder.space().getProperty("name");
            return Exclusive.run(
                    session, "reference space '" + name + "'", () -> write(builder, true));
        }
        // Held until the caller's transaction ends: a batch that is being appended is waited for,
        // and is among the corpora then.
        session.tx().acquireWriteLock(builder.space());
        return write(new DistributionBuilder(session, config), false);
    }

    private DistributionStats write(DistributionBuilder builder, boolean large) {
        Node space = builder.space();
        String name = (String) space.getProperty("name");
        Map<String, Object> configuration = builder.config().effective();
        DistributionStore.Bound bound = builder.config().bound(space);
        int batch = SpaceStore.batches(space);
        try (BatchWriter writer = BatchWriter.of(session, large, space)) {
            BatchWriter.Handle handle =
                    writer.handle(writer.tx().getNodeByElementId(space.getElementId()));
            DistributionCounts counts =
                    builder.build(
                            (feature, built) -> {
                                Node here = writer.tx().getNodeByElementId(feature.getElementId());
                                DistributionStore.deleteDistancesOf(here, name);
                                if (built.isPresent()) {
                                    DistributionStore.write(
                                            writer,
                                            here,
                                            handle,
                                            new DistributionStore.Growing(
                                                    built.get().support(),
                                                    built.get().sums(),
                                                    bound,
                                                    batch));
                                } else {
                                    DistributionStore.delete(
                                            writer.tx(), (String) here.getProperty("key"), name);
                                }
                            });
            writer.finish();
            return new DistributionStats(name, counts, stopwatch.lap(), configuration);
        }
    }
}
