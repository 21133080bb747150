package dev.sot.transport;

/**
 * One bootstrap resample of a corpus: as many prompts as it has are drawn from it with replacement,
 * and every position counts as often as its prompt was drawn. Prompts are drawn rather than
 * positions, because the positions of one prompt depend on each other: the bootstrap of clusters
 * (Davison and Hinkley 1997, section 3.8), which single positions would make too narrow.
 *
 * <p>Draws are those of SplitMix64 (Steele, Lea and Flood 2014) from the seed, so that a seed gives
 * the same resample everywhere. Immutable; 4 bytes per prompt beside the array given.
 */
public final class Bootstrap {

    private final int[] prompt;
    private final int[] draws;

    /**
     * Draws. O(prompts).
     *
     * @param prompt for each position of the corpus the index of its prompt
     * @param prompts number of prompts
     * @param seed chooses the resample
     */
    public Bootstrap(int[] prompt, int prompts, long seed) {
        this.prompt = prompt;
        this.draws = new int[prompts];
        long state = seed;
        for (int k = 0; k < prompts; k++) {
            state += 0x9e3779b97f4a7c15L;
            long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            z ^= z >>> 31;
            // The upper 32 bits of a product spread 32 random bits evenly over the prompts.
            draws[(int) ((z >>> 32) * prompts >>> 32)]++;
        }
    }

    /** How often a prompt was drawn. */
    public int draws(int index) {
        return draws[index];
    }

    /**
     * A feature's activations in the resample: each times the number of its prompt's draws, 0 where
     * that was not drawn. As a distribution this is that of the resampled corpus.
     *
     * @param positions where the feature fires
     * @param values its activations there
     */
    public double[] activations(int[] positions, double[] values) {
        double[] resampled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            resampled[i] = values[i] * draws[prompt[positions[i]]];
        }
        return resampled;
    }
}
