package dev.sot.transport.match;

import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.SupportBuilder;
import java.util.List;

/**
 * How often a match stays the best of its candidates when the corpus is resampled: prompts are
 * drawn with replacement ({@link dev.sot.transport.Bootstrap}), the same for all features of a
 * resample, distributions are made of what was drawn, and distances computed anew.
 *
 * <p>Resample b is that of seed {@code seed + b}, {@code b = 0..resamples-1}. Time: for each
 * resample a support for every feature that occurs and a distance for every pair. Immutable.
 */
public final class MatchStability {

    private final Geometry geometry;
    private final SupportBuilder builder;
    private final int[] prompt;
    private final int prompts;
    private final int resamples;
    private final long seed;

    /**
     * A measure of stability.
     *
     * @param geometry what features are compared by
     * @param builder makes supports like those that are compared
     * @param prompt for each row of the geometry's table the index of its prompt
     * @param prompts number of prompts
     * @param resamples how often the corpus is resampled, at least 1
     * @param seed chooses the resamples
     */
    public MatchStability(
            Geometry geometry,
            SupportBuilder builder,
            int[] prompt,
            int prompts,
            int resamples,
            long seed) {
        this.geometry = geometry;
        this.builder = builder;
        this.prompt = prompt;
        this.prompts = prompts;
        this.resamples = resamples;
        this.seed = seed;
    }

    /**
     * For each source the share of resamples in which its first candidate is nearer than all its
     * others. Resamples in which the source or its first candidate does not fire count as lost;
     * other candidates that do not fire are no rivals there.
     *
     * @param sources firings over rows of the geometry's table
     * @param targets firings over rows of the geometry's table
     * @param candidates for each source the indices of its nearest targets, the match first; not a
     *     number for a source that has none
     * @param concurrency number of threads, at least 1
     * @param monitor told of the resamples done as "bootstrap"; checked in all long loops
     */
    public double[] shares(
            List<Firings> sources,
            List<Firings> targets,
            int[][] candidates,
            int concurrency,
            Monitor monitor) {
        throw new UnsupportedOperationException("not yet");
    }
}
