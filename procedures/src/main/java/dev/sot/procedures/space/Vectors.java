package dev.sot.procedures.space;

import java.util.Optional;

/**
 * The vectors that place the positions of a corpus: the states of each, or for all positions of a
 * prompt the concatenated states of some of them.
 */
final class Vectors {

    /** Vectors that are projected by one product. */
    private static final int PROJECTED_TOGETHER = 512;

    private final PositionStates states;
    private final Optional<PromptStates> prompts;

    Vectors(PositionStates states, Optional<PromptStates> prompts) {
        this.states = states;
        this.prompts = prompts;
    }

    /** Number of coordinates of a vector. */
    int width() {
        return prompts.map(PromptStates::statesEach).orElse(1) * states.width();
    }

    /** Number of positions. */
    int positions() {
        return states.positions();
    }

    /** Number of vectors. */
    int count() {
        return prompts.map(PromptStates::size).orElse(states.positions());
    }

    /**
     * Takes the vector of the positions {@code first} to {@code first + count - 1}, which starts at
     * an offset of an array that is only lent.
     */
    @FunctionalInterface
    interface Sink {
        void vector(int first, int count, float[] values, int offset);
    }

    /** Passes all vectors, by ascending position. */
    void forEach(String task, Sink sink) {
        if (prompts.isEmpty()) {
            states.forEach(
                    task, (position, values, offset) -> sink.vector(position, 1, values, offset));
            return;
        }
        int width = states.width();
        int[] starts = prompts.get().starts();
        float[] vector = new float[width()];
        int[] prompt = {0};
        states.forEach(
                task,
                (position, values, offset) -> {
                    int[] chosen = prompts.get().chosen()[prompt[0]];
                    for (int k = 0; k < chosen.length; k++) {
                        if (chosen[k] == position) {
                            System.arraycopy(values, offset, vector, k * width, width);
                        }
                    }
                    int first = starts[prompt[0]];
                    int next = starts[prompt[0] + 1];
                    if (position == next - 1) {
                        sink.vector(first, next - first, vector, 0);
                        prompt[0]++;
                    }
                });
    }

    /** Passes the points that vectors become, by ascending position. */
    void place(Placement placement, int dimension, Sink sink) {
        int width = width();
        int together = Math.min(count(), PROJECTED_TOGETHER);
        float[] gathered = new float[together * width];
        int[] firsts = new int[together];
        int[] counts = new int[together];
        int[] waiting = {0};
        forEach(
                "placing positions",
                (first, count, values, offset) -> {
                    System.arraycopy(values, offset, gathered, waiting[0] * width, width);
                    firsts[waiting[0]] = first;
                    counts[waiting[0]++] = count;
                    if (waiting[0] == together || first + count == positions()) {
                        float[] projected = placement.place(gathered, waiting[0]);
                        for (int i = 0; i < waiting[0]; i++) {
                            sink.vector(firsts[i], counts[i], projected, i * dimension);
                        }
                        waiting[0] = 0;
                    }
                });
    }
}
