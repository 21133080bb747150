package dev.sot.transport;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The format that all prompts of a corpus have in common, if they have one: inputs that differ
 * within a frame of tokens that do not, as in {@code 123+456=0579} or "When Mary and John went to
 * the store, John gave a drink to".
 *
 * <p>Prompts have one format when
 *
 * <ol>
 *   <li>all have positions at the same places, and
 *   <li>after the first place there is a <em>fixed</em> place, where all prompts have the same
 *       token, and between the first place and it one where they have not.
 * </ol>
 *
 * A common beginning alone is not a format, nor are texts cut to one length.
 *
 * @param prompts number of prompts
 * @param places the places, ascending
 * @param lastFixed the last fixed place, where the frame ends: what follows is what the prompt asks
 *     for
 */
public record PromptFormat(int prompts, int[] places, int lastFixed) {

    /**
     * Finds the format.
     *
     * @param prompt for each position the number of its prompt, ascending
     * @param place for each position its place in its prompt, ascending within a prompt
     * @param token for each position the token there
     * @return the format, or empty where the prompts have none
     */
    public static Optional<PromptFormat> of(int[] prompt, int[] place, long[] token) {
        int[] starts = starts(prompt);
        int prompts = starts.length - 1;
        if (prompts < 2) {
            return Optional.empty();
        }
        int length = starts[1];
        BitSet fixed = new BitSet(length);
        fixed.set(0, length);
        for (int p = 1; p < prompts; p++) {
            int start = starts[p];
            if (!Arrays.equals(place, start, starts[p + 1], place, 0, length)) {
                return Optional.empty();
            }
            for (int k = 0; k < length; k++) {
                if (token[start + k] != token[k]) {
                    fixed.clear(k);
                }
            }
        }
        int lastFixed = fixed.length() - 1;
        int firstInput = fixed.nextClearBit(1);
        return lastFixed > firstInput
                ? Optional.of(
                        new PromptFormat(prompts, Arrays.copyOf(place, length), place[lastFixed]))
                : Optional.empty();
    }

    /**
     * Where prompts begin.
     *
     * @param prompt for each position the number of its prompt, ascending
     * @return the first position of each prompt, ascending, and at last the number of positions
     */
    public static int[] starts(int[] prompt) {
        return IntStream.rangeClosed(0, prompt.length)
                .filter(i -> i == 0 || i == prompt.length || prompt[i] != prompt[i - 1])
                .toArray();
    }

    /** The last fixed place and those after it: where the prompt's answer is decided. */
    public int[] answerPlaces() {
        return IntStream.of(places).filter(p -> p >= lastFixed).toArray();
    }
}
