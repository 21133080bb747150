package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers of tokens, by their texts, in the order of their first positions: a further corpus
 * changes no number.
 *
 * @param numbers the number of each position's token
 * @param different how many there are
 * @param shared how many of them occur in all corpora
 */
record TokenNumbers(float[] numbers, int different, int shared) {

    /** A reference to a token, and its number. */
    private static final long BYTES_PER_POSITION = 12;

    /** Whole numbers up to this are exact in single precision, in which points are kept. */
    private static final int LARGEST_EXACT = 1 << 24;

    /** Reads all tokens. */
    static TokenNumbers of(Session session, Heap heap, SpacePositions positions) {
        heap.take(BYTES_PER_POSITION * positions.size());
        Map<String, Integer> numbers = new HashMap<>();
        float[] points = new float[positions.size()];
        Map<Integer, Integer> corporaWith = new HashMap<>();
        int corpora = positions.corpora().size();
        for (int c = 0; c < corpora; c++) {
            String[] tokens = CorpusStore.tokens(session, positions.corpora().get(c));
            BitSet here = new BitSet();
            for (int i = 0; i < tokens.length; i++) {
                int number = numbers.computeIfAbsent(tokens[i], t -> numbers.size());
                points[positions.starts()[c] + i] = number;
                here.set(number);
            }
            here.stream().forEach(number -> corporaWith.merge(number, 1, Integer::sum));
        }
        if (numbers.size() > LARGEST_EXACT) {
            throw new ConfigurationException(
                    "there are %,d different tokens; a space of tokens can tell at most %,d apart"
                            .formatted(numbers.size(), LARGEST_EXACT));
        }
        return new TokenNumbers(
                points,
                numbers.size(),
                (int) corporaWith.values().stream().filter(n -> n == corpora).count());
    }
}
