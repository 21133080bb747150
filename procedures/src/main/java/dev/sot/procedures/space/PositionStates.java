package dev.sot.procedures.space;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.transport.StateScale;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The states of a corpus's positions: those at one layer as they are, or those at several layers,
 * each brought to the same scale, one after the other.
 */
final class PositionStates {

    private final Session session;
    private final Node corpus;
    private final int positions;
    private final List<Integer> layers;
    private final Optional<List<StateScale>> scales;
    private final int width;

    private PositionStates(
            Session session, Node corpus, List<Integer> layers, Optional<List<StateScale>> scales) {
        this.session = session;
        this.corpus = corpus;
        this.positions = Math.toIntExact((Long) corpus.getProperty("positions"));
        this.layers = layers;
        this.scales = scales;
        this.width = open().stream().mapToInt(CorpusStore.States::dimension).sum();
    }

    /** The states at one layer. */
    static PositionStates of(Session session, Node corpus, int layer) {
        return new PositionStates(session, corpus, List.of(layer), Optional.empty());
    }

    /**
     * The states at several layers.
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
        return new PositionStates(session, corpus, layers, Optional.of(scales));
    }

    private List<CorpusStore.States> open() {
        return layers.stream()
                .map(layer -> new CorpusStore.States(session.tx(), corpus, layer))
                .toList();
    }

    /** Number of coordinates of a position's states. */
    int width() {
        return width;
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
        List<CorpusStore.States> open = open();
        float[] scaled = new float[scales.isPresent() ? width : 0];
        for (int position = 0; position < positions; position++) {
            if ((position & 63) == 0) {
                session.monitor().check();
                session.monitor().progress(task, position, positions);
            }
            int at = 0;
            for (int k = 0; k < open.size(); k++) {
                CorpusStore.Block block = open.get(k).at(position);
                int offset = Math.toIntExact(position - block.start()) * block.dimension();
                if (scales.isEmpty()) {
                    sink.states(position, block.values(), offset);
                } else {
                    scales.get().get(k).apply(block.values(), offset, scaled, at);
                    at += block.dimension();
                }
            }
            if (scales.isPresent()) {
                sink.states(position, scaled, 0);
            }
        }
    }
}
