package dev.sot.procedures.distance;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Computes the distances among features once and returns or stores them. */
final class Distances {

    /** Pairs above which relationships are written in batches. */
    private static final int SINGLE_TRANSACTION_PAIRS = 200_000;

    private final Session session;
    private final DistancesConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Heap heap;
    private final FeatureDistances distances;

    Distances(Session session, DistancesConfig config) {
        this.session = session;
        this.config = config;
        this.heap = session.heap();
        this.distances =
                FeatureDistances.of(
                        session,
                        heap,
                        config.selection().resolve(session.tx()),
                        config.distance(),
                        config.concurrency());
        requireSome(distances.clouds());
        config.distance().note(distances.clouds().space(), config.effective());
    }

    private static void requireSome(FeatureClouds clouds) {
        if (clouds.features().isEmpty() && !clouds.withoutDistribution().isEmpty()) {
            throw new ConfigurationException(
                    "none of the "
                            + clouds.withoutDistribution().size()
                            + " features has a distribution in the reference space '"
                            + clouds.spaceName()
                            + "'; write them with CALL sot.distributions.write({space: '"
                            + clouds.spaceName()
                            + "'})");
        }
    }

    Stream<DistanceRow> stream() {
        List<Node> features = distances.clouds().features();
        return IntStream.range(0, features.size())
                .boxed()
                .flatMap(
                        i ->
                                IntStream.range(i + 1, features.size())
                                        .filter(j -> wanted(i, j))
                                        .mapToObj(
                                                j ->
                                                        new DistanceRow(
                                                                features.get(i),
                                                                features.get(j),
                                                                distances.matrix().get(i, j),
                                                                distances.clouds().error(i, j))))
                .onClose(heap::close);
    }

    DistanceStats stats() {
        try (heap) {
            return new DistanceStats(distances, stopwatch.lap(), config.effective());
        }
    }

    DistanceWriteResult write() {
        try (heap) {
            return written();
        }
    }

    private DistanceWriteResult written() {
        long computeMillis = stopwatch.lap();
        List<Node> features = distances.clouds().features();
        boolean batched = distances.matrix().condensed().length > SINGLE_TRANSACTION_PAIRS;
        try (BatchWriter writer = BatchWriter.of(session, batched)) {
            List<BatchWriter.Handle> handles =
                    features.stream()
                            .map(
                                    f ->
                                            writer.handle(
                                                    writer.tx()
                                                            .getNodeByElementId(f.getElementId())))
                            .toList();
            long deleted = deleteEarlier(writer, handles);
            long written = 0;
            for (int i = 0; i < handles.size(); i++) {
                session.monitor().check();
                session.monitor().progress("writing distances", i, handles.size());
                for (int j = i + 1; j < handles.size(); j++) {
                    if (wanted(i, j)) {
                        Relationship relationship =
                                handles.get(i)
                                        .node()
                                        .createRelationshipTo(
                                                handles.get(j).node(), Names.SEMANTIC_DISTANCE);
                        relationship.setProperty("space", distances.clouds().spaceName());
                        relationship.setProperty("order", config.distance().order());
                        relationship.setProperty(
                                "groundCost",
                                config.distance().groundCostName(distances.clouds().space()));
                        relationship.setProperty("distance", distances.matrix().get(i, j));
                        written++;
                        writer.wrote(600);
                    }
                }
            }
            writer.finish();
            return new DistanceWriteResult(
                    distances,
                    written,
                    deleted,
                    computeMillis,
                    stopwatch.lap(),
                    config.effective());
        }
    }

    private boolean wanted(int i, int j) {
        return config.maxDistance().isEmpty()
                || distances.matrix().get(i, j) <= config.maxDistance().get();
    }

    private long deleteEarlier(BatchWriter writer, List<BatchWriter.Handle> handles) {
        Set<String> selected = new HashSet<>();
        handles.forEach(h -> selected.add(h.node().getElementId()));
        long deleted = 0;
        for (BatchWriter.Handle handle : handles) {
            try (var relationships =
                    handle.node().getRelationships(Direction.OUTGOING, Names.SEMANTIC_DISTANCE)) {
                for (Relationship relationship : relationships) {
                    if (selected.contains(relationship.getEndNode().getElementId())
                            && config.distance()
                                    .isKindOf(relationship, distances.clouds().space())) {
                        relationship.delete();
                        deleted++;
                        writer.pending(300);
                    }
                }
            }
            writer.wrote(0);
        }
        return deleted;
    }
}
