package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.space.Departure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * Places the positions of a further corpus in a space as it is: neither its axes nor what it takes
 * for an outlier change, so that points there are where they were, and the new ones are comparable.
 * How far the corpus leaves the space is measured.
 */
public final class SpaceGrowth {

    private final Session session;
    private final Heap heap;
    private final Node space;
    private final Node corpus;
    private final int concurrency;
    private final SpaceMethod method;
    private final SpacePositions before;

    /**
     * Prepares.
     *
     * @throws ConfigurationException when the space places each layer by a map of its own
     */
    public SpaceGrowth(Session session, Heap heap, Node space, Node corpus, int concurrency) {
        this.session = session;
        this.heap = heap;
        this.space = space;
        this.corpus = corpus;
        this.concurrency = concurrency;
        this.method =
                Arrays.stream(SpaceMethod.values())
                        .filter(m -> m.text().equals(space.getProperty("method")))
                        .findFirst()
                        .orElseThrow();
        if (method.mapsLayers()) {
            throw new ConfigurationException(
                    "the reference space '%s' places each layer by a map of its own (method '%s'), and takes no further corpora; fit one anew with {corpora: [...]}, or choose a space of another method"
                            .formatted(space.getProperty("name"), method.text()));
        }
        this.before = SpacePositions.of(space);
    }

    /** Writes the points, and links the corpus as the space's next batch. */
    public void write(BatchWriter writer) {
        BatchWriter.Handle handle =
                writer.handle(writer.tx().getNodeByElementId(space.getElementId()));
        List<Node> all = new ArrayList<>(before.corpora());
        all.add(corpus);
        SpacePositions after = SpacePositions.of(all);
        if (method == SpaceMethod.TOKENS) {
            writeTokens(writer, handle, after);
        } else {
            writeStates(writer, handle, after);
        }
        handle.node().setProperty("positions", (long) after.size());
    }

    private void writeTokens(BatchWriter writer, BatchWriter.Handle handle, SpacePositions after) {
        BitSet excluded = new BitSet();
        if (SpacePart.excludesFirst(
                corpus,
                Optional.ofNullable((Boolean) space.getProperty("excludeFirstToken", null)))) {
            excluded = CorpusStore.firstTokens(corpus);
        }
        TokenNumbers tokens = TokenNumbers.of(session, heap, after);
        PointWriter points = points(writer, handle, after, 1, excluded);
        for (int position = before.size(); position < after.size(); position++) {
            points.add(tokens.numbers(), position, 1);
        }
        handle.node().setProperty("tokens", tokens.different());
        handle.node().setProperty("sharedTokens", tokens.shared());
        link(writer, handle, excluded.cardinality(), 0, Optional.empty());
    }

    private void writeStates(BatchWriter writer, BatchWriter.Handle handle, SpacePositions after) {
        FrozenSpace frozen = FrozenSpace.of(space);
        List<Integer> layers = layers();
        if (!CorpusStore.stateLayers(corpus).containsAll(layers)) {
            throw new ConfigurationException(
                    "the corpus '%s' has hidden states at layers %s, and the reference space '%s' is of %s; import it with these"
                            .formatted(
                                    corpus.getProperty("name"),
                                    CorpusStore.stateLayers(corpus),
                                    space.getProperty("name"),
                                    layers));
        }
        heap.take(CorpusStore.PromptLayout.bytes((Long) corpus.getProperty("positions")));
        SpacePart part = part(frozen, layers);
        PositionStates states =
                frozen.scales().isEmpty()
                        ? PositionStates.of(session, corpus, layers.get(0))
                        : PositionStates.scaled(session, corpus, layers, frozen.scales());
        Vectors vectors = part.vectors(states);
        if (vectors.width() != frozen.space().inputDimension()) {
            throw new ConfigurationException(
                    "the states of corpus '%s' have %d coordinates, those of the reference space '%s' %d; a space holds corpora of one model"
                            .formatted(
                                    corpus.getProperty("name"),
                                    vectors.width(),
                                    space.getProperty("name"),
                                    frozen.space().inputDimension()));
        }
        double width = vectors.width();
        LinearAlgebra algebra = Backends.choose(Backends.AUTO, vectors.count() * width * width / 2);
        Optional<Departure> departure = departure(frozen, part, vectors, algebra);
        PointWriter points =
                points(writer, handle, after, frozen.space().dimension(), part.excluded());
        vectors.place(
                (gathered, count) ->
                        frozen.space()
                                .project(gathered, count, algebra, concurrency, session.monitor()),
                frozen.space().dimension(),
                (first, count, projected, offset) -> points.add(projected, offset, count));
        link(writer, handle, part.firstTokens(), part.sinks(), departure);
    }

    private List<Integer> layers() {
        return method == SpaceMethod.CONCAT
                ? Arrays.stream((int[]) space.getProperty("layers")).boxed().toList()
                : List.of(((Number) space.getProperty("layer")).intValue());
    }

    private SpacePart part(FrozenSpace frozen, List<Integer> layers) {
        SpaceChoice choice =
                new SpaceChoice(
                        method,
                        "",
                        Arrays.stream((int[]) space.getProperty("promptPositions", new int[0]))
                                .boxed()
                                .toList());
        try {
            return SpacePart.of(
                    session,
                    corpus,
                    CorpusStore.promptLayout(session, corpus),
                    choice,
                    frozen,
                    layers);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(
                    "the corpus '%s' does not fit the reference space '%s': %s"
                            .formatted(
                                    corpus.getProperty("name"),
                                    space.getProperty("name"),
                                    e.getMessage()));
        }
    }

    /** How far the corpus leaves the space; empty where it has no two different vectors. */
    private Optional<Departure> departure(
            FrozenSpace frozen, SpacePart part, Vectors vectors, LinearAlgebra algebra) {
        long width = vectors.width();
        heap.take(Moments.bytes(vectors.width()) + 3 * Double.BYTES * width * width);
        Moments there = new Moments(vectors.width(), algebra, concurrency, session.monitor());
        vectors.forEach(
                "comparing with the reference space",
                (first, count, values, offset) -> {
                    if (part.excluded().nextClearBit(first) < first + count) {
                        there.add(values, offset);
                    }
                });
        return there.count() > 1 && there.squares() > 0
                ? Optional.of(
                        Departure.of(
                                frozen.space(), there, algebra, concurrency, session.monitor()))
                : Optional.empty();
    }

    private PointWriter points(
            BatchWriter writer,
            BatchWriter.Handle handle,
            SpacePositions after,
            int dimension,
            BitSet here) {
        BitSet excluded = SpaceStore.excluded(session.tx(), space, before.size());
        // What a call that was cut short left beyond is written anew.
        excluded.clear(before.size(), Math.max(before.size(), excluded.length()));
        here.stream().forEach(p -> excluded.set(before.size() + p));
        return new PointWriter(writer, handle, before.size(), after.size(), dimension, excluded);
    }

    private void link(
            BatchWriter writer,
            BatchWriter.Handle handle,
            int firstTokens,
            int sinks,
            Optional<Departure> departure) {
        add(handle.node(), "excludedFirstTokens", firstTokens);
        add(handle.node(), "excludedSinks", sinks);
        SpaceStore.linkBatch(writer, handle.node(), corpus, departure);
    }

    private static void add(Node node, String key, int more) {
        node.setProperty(key, ((Number) node.getProperty(key)).intValue() + more);
    }
}
