package dev.sot.transport.match;

import dev.sot.transport.CompensatedSum;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A corpus in two halves of its prompts, drawn at random: what a feature does on one half knows
 * nothing of what another does on the other. Prompts are divided rather than positions, because the
 * positions of one prompt depend on each other.
 *
 * <p>Prompts are sorted by the first output of SplitMix64 (Steele, Lea and Flood 2014) from {@code
 * seed} plus their index, and go to the halves in turn. Immutable; a bit for each prompt and 4
 * bytes for each position, which are not copied.
 */
public final class PromptHalves {

    private final int[] prompt;
    private final boolean[] second;

    /**
     * Divides. {@code O(prompts log prompts)}.
     *
     * @param prompt for each position of the table the index of its prompt
     * @param prompts number of prompts
     * @param seed chooses the halves
     */
    public PromptHalves(int[] prompt, int prompts, long seed) {
        this.prompt = prompt;
        this.second = new boolean[prompts];
        int[] shuffled = Shuffle.of(IntStream.range(0, prompts).toArray(), seed);
        for (int k = 1; k < prompts; k += 2) {
            second[shuffled[k]] = true;
        }
    }

    /**
     * The firings of a feature in a half.
     *
     * @param firings over positions of the table
     * @param half 0 or 1
     * @return the firings there, or empty if there are none
     */
    public Optional<Firings> half(Firings firings, int half) {
        return restrict(firings, position -> second[prompt[position]] == (half == 1));
    }

    /** The positions of a half's prompts. {@code O(positions)}. */
    public BitSet positions(int half) {
        BitSet positions = new BitSet(prompt.length);
        for (int position = 0; position < prompt.length; position++) {
            positions.set(position, second[prompt[position]] == (half == 1));
        }
        return positions;
    }

    /** The firings on some positions, with the same ratios of weights. */
    static Optional<Firings> restrict(Firings firings, java.util.function.IntPredicate kept) {
        int[] positions = firings.distribution().positions();
        double[] weights = firings.distribution().weights();
        int[] entries =
                IntStream.range(0, positions.length).filter(i -> kept.test(positions[i])).toArray();
        if (Arrays.stream(entries).noneMatch(i -> weights[i] > 0)) {
            return Optional.empty();
        }
        Distribution restricted =
                new Distribution(
                        Arrays.stream(entries).map(i -> positions[i]).toArray(),
                        CompensatedSum.normalise(
                                Arrays.stream(entries).mapToDouble(i -> weights[i]).toArray()));
        double share = Arrays.stream(entries).mapToDouble(i -> weights[i]).sum();
        return Optional.of(
                new Firings(
                        firings.feature(), restricted, firings.excluded(), share * firings.mass()));
    }
}
