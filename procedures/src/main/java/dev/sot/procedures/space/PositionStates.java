package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.transport.StateScale;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.space.LogitLens;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The states of a corpus's positions: those at one layer as they are or through the logit lens, or
 * those at several layers, one after the other, as they are or each brought to the same scale.
 */
final class PositionStates {

    /** States that are looked at through the lens together. */
    private static final int SEEN_TOGETHER = 512;

    private final Session session;
    private final Node corpus;
    private final int positions;
    private final List<Integer> layers;
    private final Optional<List<StateScale>> scales;
    private final Optional<Lens> lens;
    private final int recorded;

    /** A lens, and what does its products. */
    record Lens(LogitLens lens, LinearAlgebra algebra, int concurrency) {}

    private PositionStates(
            Session session,
            Node corpus,
            List<Integer> layers,
            Optional<List<StateScale>> scales,
            Optional<Lens> lens) {
        this.session = session;
        this.corpus = corpus;
        this.positions = Math.toIntExact((Long) corpus.getProperty("positions"));
        this.layers = layers;
        this.scales = scales;
        this.lens = lens;
        this.recorded = open().stream().mapToInt(CorpusStore.States::dimension).sum();
    }

    /** The states at one layer. */
    static PositionStates of(Session session, Node corpus, int layer) {
        return joined(session, corpus, List.of(layer));
    }

    /** The states at several layers as they are, in that order. */
    static PositionStates joined(Session session, Node corpus, List<Integer> layers) {
        return new PositionStates(session, corpus, layers, Optional.empty(), Optional.empty());
    }

    /**
     * The states at several layers, each at the same scale.
     *
     * @param excluded positions without a say in the scales
     */
    static PositionStates concatenated(
            Session session, Node corpus, List<Integer> layers, BitSet excluded) {
        List<StateScale> scales = new ArrayList<>();
        for (int layer : layers) {
            PositionStates states = of(session, corpus, layer);
            StateScale.Fitter fitter = new StateScale.Fitter(states.width());
            states.forEach(
                    "scaling layer " + layer,
                    (position, values, offset) -> {
                        if (!excluded.get(position)) {
                            fitter.add(values, offset);
                        }
                    });
            scales.add(fitter.fit());
        }
        return new PositionStates(session, corpus, layers, Optional.of(scales), Optional.empty());
    }

    /** The states at several layers, each brought to the scale that is given for it. */
    static PositionStates scaled(
            Session session, Node corpus, List<Integer> layers, List<StateScale> scales) {
        return new PositionStates(session, corpus, layers, Optional.of(scales), Optional.empty());
    }

    /** What brings each layer to the same scale; none where states are taken as they are. */
    List<StateScale> scales() {
        return scales.orElse(List.of());
    }

    /** The same states through a lens. */
    PositionStates through(Lens seenThrough) {
        int hiddenSize = seenThrough.lens().factor()[0].length;
        if (recorded != hiddenSize) {
            throw new ConfigurationException(
                    "sot.space.fit: the states at layer %s of corpus '%s' have %d coordinates, its unembedding is of %d; {method: 'logitLens'} needs states of the residual stream"
                            .formatted(layers, corpus.getProperty("name"), recorded, hiddenSize));
        }
        return new PositionStates(session, corpus, layers, scales, Optional.of(seenThrough));
    }

    /**
     * The states of another corpus, at the same layers and treated alike.
     *
     * @throws ConfigurationException when it has none that fit
     */
    PositionStates on(Node other) {
        if (other.equals(corpus)) {
            return this;
        }
        PositionStates there = new PositionStates(session, other, layers, scales, lens);
        List<Integer> widths = there.open().stream().map(CorpusStore.States::dimension).toList();
        if (!widths.equals(open().stream().map(CorpusStore.States::dimension).toList())) {
            throw new ConfigurationException(
                    "sot.space.fit: the states of corpus '%s' have %s coordinates, other than those of corpus '%s'; a space holds corpora of one model"
                            .formatted(
                                    other.getProperty("name"), widths, corpus.getProperty("name")));
        }
        return there;
    }

    private List<CorpusStore.States> open() {
        return layers.stream()
                .map(layer -> new CorpusStore.States(session.tx(), corpus, layer))
                .toList();
    }

    /** Number of coordinates of a position's states. */
    int width() {
        return lens.map(seen -> seen.lens().dimension()).orElse(recorded);
    }

    /** Number of positions. */
    int positions() {
        return positions;
    }

    /** Takes a position's states, which start at an offset of an array that is only lent. */
    @FunctionalInterface
    interface Sink {
        void states(int position, float[] values, int offset);
    }

    /** Passes all states, by ascending position. */
    void forEach(String task, Sink sink) {
        if (lens.isEmpty()) {
            forEachRecorded(task, sink);
            return;
        }
        Lens seen = lens.get();
        float[] gathered = new float[SEEN_TOGETHER * recorded];
        forEachRecorded(
                task,
                (position, values, offset) -> {
                    int row = position % SEEN_TOGETHER;
                    System.arraycopy(values, offset, gathered, row * recorded, recorded);
                    if (row == SEEN_TOGETHER - 1 || position == positions - 1) {
                        float[] vectors =
                                seen.lens()
                                        .apply(
                                                gathered,
                                                row + 1,
                                                seen.algebra(),
                                                seen.concurrency(),
                                                session.monitor());
                        for (int i = 0; i <= row; i++) {
                            sink.states(position - row + i, vectors, i * width());
                        }
                    }
                });
    }

    private void forEachRecorded(String task, Sink sink) {
        List<CorpusStore.States> open = open();
        boolean single = open.size() == 1 && scales.isEmpty();
        float[] joined = new float[single ? 0 : recorded];
        for (int position = 0; position < positions; position++) {
            if ((position & 63) == 0) {
                session.monitor().check();
                session.monitor().progress(task, position, positions);
            }
            int at = 0;
            for (int k = 0; k < open.size(); k++) {
                CorpusStore.Block block = open.get(k).at(position);
                int offset = Math.toIntExact(position - block.start()) * block.dimension();
                if (single) {
                    sink.states(position, block.values(), offset);
                } else if (scales.isPresent()) {
                    scales.get().get(k).apply(block.values(), offset, joined, at);
                } else {
                    System.arraycopy(block.values(), offset, joined, at, block.dimension());
                }
                at += block.dimension();
            }
            if (!single) {
                sink.states(position, joined, 0);
            }
        }
    }
}
