package dev.sot.procedures.space;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The vectors that place the positions of a corpus: the state of each, or for all positions of a
 * prompt the concatenated states of some of them.
 */
final class Vectors {

    private final Session session;
    private final Node corpus;
    private final int layer;
    private final Optional<PromptStates> prompts;
    private final int stateWidth;

    Vectors(Session session, Node corpus, int layer, Optional<PromptStates> prompts) {
        this.session = session;
        this.corpus = corpus;
        this.layer = layer;
        this.prompts = prompts;
        this.stateWidth = CorpusStore.stateDimension(session.tx(), corpus, layer);
    }

    /** Number of coordinates of a vector. */
    int width() {
        return prompts.map(PromptStates::statesEach).orElse(1) * stateWidth;
    }

    /** Number of vectors. */
    int count() {
        return prompts.map(PromptStates::size)
                .orElseGet(() -> Math.toIntExact((Long) corpus.getProperty("positions")));
    }

    /**
     * Takes the vector of the positions {@code first} to {@code first + count - 1}, which starts at
     * an offset of an array that is only lent.
     */
    @FunctionalInterface
    interface Sink {
        void vector(int first, int count, float[] values, int offset, int width);
    }

    /** Passes all vectors, by ascending position. */
    void forEach(String task, Sink sink) {
        if (prompts.isEmpty()) {
            forEachState(
                    task,
                    (position, values, offset) ->
                            sink.vector(position, 1, values, offset, stateWidth));
            return;
        }
        int[] starts = prompts.get().starts();
        float[] vector = new float[width()];
        int[] prompt = {0};
        forEachState(
                task,
                (position, values, offset) -> {
                    int[] chosen = prompts.get().chosen()[prompt[0]];
                    for (int k = 0; k < chosen.length; k++) {
                        if (chosen[k] == position) {
                            System.arraycopy(values, offset, vector, k * stateWidth, stateWidth);
                        }
                    }
                    int first = starts[prompt[0]];
                    int next = starts[prompt[0] + 1];
                    if (position == next - 1) {
                        sink.vector(first, next - first, vector, 0, vector.length);
                        prompt[0]++;
                    }
                });
    }

    private interface StateSink {
        void state(int position, float[] values, int offset);
    }

    private void forEachState(String task, StateSink sink) {
        long positions = (Long) corpus.getProperty("positions");
        CorpusStore.forEachStateBlock(
                session.tx(),
                corpus,
                layer,
                block -> {
                    session.monitor().check();
                    session.monitor().progress(task, block.start(), positions);
                    for (int row = 0; row < block.count(); row++) {
                        sink.state(
                                Math.toIntExact(block.start()) + row,
                                block.values(),
                                row * block.dimension());
                    }
                });
    }
}
