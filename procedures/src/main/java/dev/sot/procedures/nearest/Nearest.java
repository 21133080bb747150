package dev.sot.procedures.nearest;

import dev.sot.procedures.distance.FeatureClouds;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.Names;
import dev.sot.transport.Cloud;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.NeighbourTable;
import dev.sot.transport.search.Neighbours;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Finds the nearest neighbours of features once and returns or stores them. */
final class Nearest {

    /** Neighbours above which relationships are written in batches. */
    private static final int SINGLE_TRANSACTION_NEIGHBOURS = 200_000;

    private final Session session;
    private final NearestConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Heap heap;
    private final Families families;
    private final FeatureClouds clouds;
    private final NeighbourTable table;

    Nearest(Session session, NearestConfig config) {
        this.session = session;
        this.config = config;
        this.heap = session.heap();
        this.families = Families.of(session, config);
        config.distance().note(families.supports().space(), config.effective());
        long least = families.bytes(config, 0);
        heap.take(least);
        this.clouds = families.supports().load(session, config.distance());
        List<Cloud> sources = clouds(families.sources());
        this.table =
                (families.within()
                                ? NearestNeighbours.within(clouds.geometry(), sources)
                                : NearestNeighbours.between(
                                        clouds.geometry(), sources, clouds(families.targets())))
                        .find(config.query(), config.concurrency(), session.monitor());
        int most = table.rows().stream().mapToInt(Neighbours::size).max().orElse(0);
        heap.take(families.bytes(config, most) - least);
    }

    private List<Cloud> clouds(int[] family) {
        return Arrays.stream(family).mapToObj(clouds.clouds()::get).toList();
    }

    Stream<NearestRow> stream() {
        return IntStream.range(0, families.sources().length)
                .boxed()
                .flatMap(this::rows)
                .onClose(heap::close);
    }

    private Stream<NearestRow> rows(int source) {
        Neighbours neighbours = table.rows().get(source);
        int feature = families.sources()[source];
        return IntStream.range(0, neighbours.size())
                .mapToObj(
                        i -> {
                            int target = families.targets()[neighbours.targets()[i]];
                            return new NearestRow(
                                    clouds.features().get(feature),
                                    clouds.features().get(target),
                                    neighbours,
                                    i,
                                    clouds.error(feature, target));
                        });
    }

    NearestStats stats() {
        try (heap) {
            return new NearestStats(clouds, families, table, stopwatch.lap(), config.effective());
        }
    }

    NearestWriteResult write() {
        try (heap) {
            return written();
        }
    }

    private NearestWriteResult written() {
        long computeMillis = stopwatch.lap();
        long neighbours = table.size();
        boolean batched = neighbours > SINGLE_TRANSACTION_NEIGHBOURS;
        try (BatchWriter writer = BatchWriter.of(session, batched)) {
            List<BatchWriter.Handle> handles =
                    clouds.features().stream().map(f -> handle(writer, f)).toList();
            long deleted = deleteEarlier(writer);
            for (int source = 0; source < families.sources().length; source++) {
                session.monitor().check();
                session.monitor().progress("writing neighbours", source, families.sources().length);
                write(writer, handles, source);
            }
            writer.finish();
            return new NearestWriteResult(
                    clouds,
                    families,
                    table,
                    neighbours,
                    deleted,
                    computeMillis,
                    stopwatch.lap(),
                    config.effective());
        }
    }

    private void write(BatchWriter writer, List<BatchWriter.Handle> handles, int source) {
        Neighbours neighbours = table.rows().get(source);
        BatchWriter.Handle from = handles.get(families.sources()[source]);
        for (int i = 0; i < neighbours.size(); i++) {
            BatchWriter.Handle to = handles.get(families.targets()[neighbours.targets()[i]]);
            Relationship relationship = from.node().createRelationshipTo(to.node(), Names.NEAREST);
            relationship.setProperty("space", clouds.spaceName());
            relationship.setProperty("order", config.distance().order());
            relationship.setProperty(
                    "groundCost", config.distance().groundCostName(clouds.space()));
            relationship.setProperty("rank", i + 1);
            relationship.setProperty("distance", neighbours.distances()[i]);
            relationship.setProperty("proved", neighbours.proved());
            writer.wrote(700);
        }
    }

    private static BatchWriter.Handle handle(BatchWriter writer, Node feature) {
        return writer.handle(writer.tx().getNodeByElementId(feature.getElementId()));
    }

    /** Deletes the earlier neighbours of the selected sources, also of those that have none now. */
    private long deleteEarlier(BatchWriter writer) {
        long deleted = 0;
        for (Node selected : families.selected()) {
            session.monitor().check();
            Node source = writer.tx().getNodeByElementId(selected.getElementId());
            try (var relationships = source.getRelationships(Direction.OUTGOING, Names.NEAREST)) {
                for (Relationship relationship : relationships) {
                    if (config.distance().isKindOf(relationship, clouds.space())) {
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
