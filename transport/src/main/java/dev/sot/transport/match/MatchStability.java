package dev.sot.transport.match;

import dev.sot.transport.Bootstrap;
import dev.sot.transport.Cloud;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How often a match stays the best of its candidates when the corpus is resampled: prompts are
 * drawn with replacement ({@link Bootstrap}), the same for all features of a resample,
 * distributions are made of what was drawn, and distances computed anew.
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
        int[] wanted =
                Arrays.stream(candidates)
                        .flatMapToInt(Arrays::stream)
                        .distinct()
                        .sorted()
                        .toArray();
        int[] kept = new int[sources.size()];
        for (int b = 0; b < resamples; b++) {
            Bootstrap resample = new Bootstrap(prompt, prompts, seed + b);
            Cloud[] from = clouds(sources, all(sources.size()), resample, concurrency, monitor);
            Cloud[] to = clouds(targets, wanted, resample, concurrency, monitor);
            Workers.run(
                    kept.length,
                    concurrency,
                    monitor,
                    inner -> {
                        Wasserstein wasserstein = new Wasserstein(geometry, inner);
                        return i ->
                                kept[i] += best(from[i], to, candidates[i], wasserstein) ? 1 : 0;
                    });
            monitor.progress("bootstrap", b + 1, resamples);
        }
        return IntStream.range(0, kept.length)
                .mapToDouble(
                        i -> candidates[i].length == 0 ? Double.NaN : (double) kept[i] / resamples)
                .toArray();
    }

    private static int[] all(int size) {
        return IntStream.range(0, size).toArray();
    }

    /** The resampled clouds of some features, at their indices; null for those that do not fire. */
    private Cloud[] clouds(
            List<Firings> features,
            int[] wanted,
            Bootstrap resample,
            int concurrency,
            Monitor monitor) {
        List<Firings> firing = new ArrayList<>();
        int[] index = new int[wanted.length];
        for (int feature : wanted) {
            monitor.check();
            Firings firings = features.get(feature);
            int[] positions = firings.distribution().positions();
            double[] drawn = resample.activations(positions, firings.distribution().weights());
            Optional<Firings> resampled = Firings.of(firings.feature(), positions, drawn, null);
            if (resampled.isPresent()) {
                index[firing.size()] = feature;
                firing.add(resampled.get());
            }
        }
        List<Support> supports = builder.build(firing, geometry.points(), concurrency, monitor);
        Cloud[] clouds = new Cloud[features.size()];
        for (int i = 0; i < supports.size(); i++) {
            clouds[index[i]] = geometry.cloud(supports.get(i).distribution());
        }
        return clouds;
    }

    private static boolean best(
            Cloud source, Cloud[] targets, int[] candidates, Wasserstein wasserstein) {
        if (source == null || candidates.length == 0 || targets[candidates[0]] == null) {
            return false;
        }
        double distance = wasserstein.distance(source, targets[candidates[0]]);
        for (int c = 1; c < candidates.length; c++) {
            Cloud other = targets[candidates[c]];
            if (other != null && wasserstein.distance(source, other) <= distance) {
                return false;
            }
        }
        return true;
    }
}
