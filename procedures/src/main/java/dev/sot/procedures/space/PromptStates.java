package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.transport.PromptFormat;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The positions whose states make the vectors of prompts.
 *
 * @param starts first position of each prompt in the corpus, ascending, and the number of positions
 * @param chosen for each prompt its positions whose states are concatenated, in that order
 */
record PromptStates(int[] starts, int[][] chosen) {

    /**
     * Finds them.
     *
     * @param promptPositions positions in a prompt; negative ones count from its end
     * @throws ConfigurationException naming a prompt that has not all of them, or one of them twice
     */
    static PromptStates of(CorpusStore.PromptLayout layout, List<Integer> promptPositions) {
        int[] starts = PromptFormat.starts(layout.prompts());
        int[][] chosen = new int[starts.length - 1][promptPositions.size()];
        for (int p = 0; p < chosen.length; p++) {
            for (int k = 0; k < chosen[p].length; k++) {
                chosen[p][k] = find(layout, starts[p], starts[p + 1], promptPositions.get(k));
            }
            if (Arrays.stream(chosen[p]).distinct().count() < chosen[p].length) {
                throw wrong(layout, starts[p], promptPositions + " name a position twice");
            }
        }
        return new PromptStates(starts, chosen);
    }

    private static int find(CorpusStore.PromptLayout layout, int start, int end, int place) {
        int found =
                place < 0 ? end + place : Arrays.binarySearch(layout.places(), start, end, place);
        if (found < start) {
            throw wrong(
                    layout,
                    start,
                    "it has no position %d; its %d positions are %d to %d"
                            .formatted(
                                    place,
                                    end - start,
                                    layout.places()[start],
                                    layout.places()[end - 1]));
        }
        return found;
    }

    private static ConfigurationException wrong(
            CorpusStore.PromptLayout layout, int start, String problem) {
        return new ConfigurationException(
                "sot.space.fit: configuration key `promptPositions` does not fit prompt "
                        + layout.prompts()[start]
                        + ": "
                        + problem
                        + "; give positions that every prompt has, such as [-1] for the last, or"
                        + " {method: 'aligned'}");
    }

    /** Number of prompts. */
    int size() {
        return chosen.length;
    }

    /** Number of states in a vector. */
    int statesEach() {
        return chosen[0].length;
    }

    /** Adds all positions of the prompts in whose vector an outlier would be. */
    void spread(BitSet outliers) {
        for (int p = 0; p < size(); p++) {
            if (Arrays.stream(chosen[p]).anyMatch(outliers::get)) {
                outliers.set(starts[p], starts[p + 1]);
            }
        }
    }
}
