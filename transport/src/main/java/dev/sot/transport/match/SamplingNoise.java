package dev.sot.transport.match;

import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far a feature's distribution may be from the one it would have on an endless corpus, e_f =
 * W(mu_n, mu): the distance between its distributions on two random halves of the prompts on which
 * it fires.
 *
 * <p>No rate is assumed. The halves are independent, and each has the expectation mu; as W is
 * convex in each argument, {@code E W(half, mu) <= E W(half, other half)}; and as mu_n is the
 * mixture of the halves, {@code E W(mu_n, mu) <= E W(half, mu)}. So the distance between the halves
 * is in the mean an upper bound on the error of the whole, and of one half. (Weights are shares of
 * the whole, so that all this holds up to the bias of a ratio.) In few dimensions it is too large
 * by up to a factor of 2 sqrt(2), in many by less.
 *
 * <p>The halves depend on the seed and the feature's key alone: neither the order of features, nor
 * concurrency, nor a factor on all activations of one changes anything. A feature that fires in
 * fewer than two prompts has no halves; its noise is not a number.
 *
 * <p>Time for one feature: two supports and a distance. Immutable.
 */
public final class SamplingNoise {

    private final Geometry geometry;
    private final SupportBuilder builder;
    private final int[] prompt;
    private final long seed;

    /**
     * A measure of noise.
     *
     * @param geometry what features are compared by
     * @param builder makes supports like those that are compared
     * @param prompt for each row of the geometry's table the index of its prompt
     * @param seed chooses the halves
     */
    public SamplingNoise(Geometry geometry, SupportBuilder builder, int[] prompt, long seed) {
        this.geometry = geometry;
        this.builder = builder;
        this.prompt = prompt;
        this.seed = seed;
    }

    /**
     * The noise of some features.
     *
     * @param features firings over rows of the geometry's table
     * @param concurrency number of threads, at least 1
     * @param monitor checked in all long loops
     * @return one distance a feature, not a number where it cannot be measured
     */
    public double[] of(List<Firings> features, int concurrency, Monitor monitor) {
        double[] noise = new double[features.size()];
        Workers.run(
                noise.length,
                concurrency,
                monitor,
                inner -> {
                    Wasserstein wasserstein = new Wasserstein(geometry, inner);
                    return i -> noise[i] = of(features.get(i), wasserstein, inner);
                });
        return noise;
    }

    private double of(Firings firings, Wasserstein wasserstein, Monitor monitor) {
        int[] prompts =
                Arrays.stream(firings.distribution().positions())
                        .map(position -> prompt[position])
                        .distinct()
                        .toArray();
        int[] shuffled = Shuffle.of(prompts, Shuffle.seed(seed, firings.feature()));
        int[] second =
                IntStream.range(0, shuffled.length / 2)
                        .map(k -> shuffled[2 * k + 1])
                        .sorted()
                        .toArray();
        Optional<Firings> a =
                PromptHalves.restrict(
                        firings, position -> Arrays.binarySearch(second, prompt[position]) < 0);
        Optional<Firings> b =
                PromptHalves.restrict(
                        firings, position -> Arrays.binarySearch(second, prompt[position]) >= 0);
        if (a.isEmpty() || b.isEmpty()) {
            return Double.NaN;
        }
        var supports = builder.build(List.of(a.get(), b.get()), geometry.points(), 1, monitor);
        return wasserstein.distance(
                geometry.cloud(supports.get(0).distribution()),
                geometry.cloud(supports.get(1).distribution()));
    }
}
