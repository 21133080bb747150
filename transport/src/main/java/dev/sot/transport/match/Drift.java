package dev.sot.transport.match;

import dev.sot.transport.CompensatedSum;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportError;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How far a feature's distribution has moved between two batches of prompts, and how far it would
 * seem to have moved if it had not.
 *
 * <p>Finite samples are apart even where they are drawn alike. So the prompts of both batches on
 * which the feature fires are put together and divided anew at random, into as many as each batch
 * has of them, and the distance of the two parts is measured like that of the batches. If the
 * batches are drawn alike, their own division is one like any other: the share of divisions, its
 * own among them, with at least its distance is then at most p with probability at most p (Fisher
 * 1935; a permutation test). Prompts are divided rather than positions, because the positions of
 * one prompt depend on each other.
 *
 * <p>Each batch's activations are brought to a mean of 1 a prompt first, so that a factor on all
 * activations of one batch changes nothing. Divisions depend on the seed and the feature's key
 * alone, neither on the order of features nor on concurrency.
 *
 * @param distance of the two batches' bounded supports
 * @param error within which it is of the distance of all firings; empty where not known
 * @param noise mean distance of random divisions
 * @param pValue share of the divisions, the batches' own among them, with at least its distance
 */
public record Drift(double distance, Optional<SupportError> error, double noise, double pValue) {

    /** What a feature does in two batches. */
    public record Pair(Firings from, Firings to) {

        /** All firings, those of each batch with a mean of 1 a prompt. */
        private Firings pooled(int[] prompt) {
            double[] scaled =
                    concat(scaled(from, prompts(from, prompt)), scaled(to, prompts(to, prompt)));
            int[] positions = union();
            int[] order =
                    IntStream.range(0, positions.length)
                            .boxed()
                            .sorted((i, j) -> Integer.compare(positions[i], positions[j]))
                            .mapToInt(Integer::intValue)
                            .toArray();
            return new Firings(
                    from.feature(),
                    new Distribution(
                            IntStream.of(order).map(i -> positions[i]).toArray(),
                            CompensatedSum.normalise(
                                    IntStream.of(order).mapToDouble(i -> scaled[i]).toArray())),
                    from.excluded() + to.excluded(),
                    from.mass() + to.mass());
        }

        /** The positions of both, those of the first batch first. */
        public int[] union() {
            return IntStream.concat(
                            Arrays.stream(from.distribution().positions()),
                            Arrays.stream(to.distribution().positions()))
                    .toArray();
        }

        private static double[] scaled(Firings firings, int prompts) {
            return Arrays.stream(firings.distribution().weights()).map(w -> prompts * w).toArray();
        }

        private static double[] concat(double[] first, double[] second) {
            double[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }
    }

    private static int prompts(Firings firings, int[] prompt) {
        return (int)
                Arrays.stream(firings.distribution().positions())
                        .map(p -> prompt[p])
                        .distinct()
                        .count();
    }

    /** Relative difference of distances that are equal but for rounding. */
    private static final double ROUNDING = 1e-9;

    /** Measures drift. */
    public static final class Measure {

        private final Geometry geometry;
        private final SupportBuilder builder;
        private final int[] prompt;
        private final int resamples;
        private final long seed;

        /**
         * A measure.
         *
         * @param geometry what distributions are compared by
         * @param builder bounds their supports
         * @param prompt for each row of the geometry's table the index of its prompt; no prompt is
         *     of both batches
         * @param resamples random divisions, at least 1
         * @param seed chooses them
         */
        public Measure(
                Geometry geometry, SupportBuilder builder, int[] prompt, int resamples, long seed) {
            this.geometry = geometry;
            this.builder = builder;
            this.prompt = prompt;
            this.resamples = resamples;
            this.seed = seed;
        }

        /**
         * The drift of some features. Time for one: two supports and a distance for each division
         * and once more.
         *
         * @param features firings over rows of the geometry's table
         * @param concurrency number of threads, at least 1
         * @param monitor checked in all long loops
         */
        public List<Drift> of(List<Pair> features, int concurrency, Monitor monitor) {
            Drift[] drifts = new Drift[features.size()];
            Workers.run(
                    drifts.length,
                    concurrency,
                    monitor,
                    inner -> {
                        Wasserstein wasserstein = new Wasserstein(geometry, inner);
                        return i -> drifts[i] = of(features.get(i), wasserstein, inner);
                    });
            return Arrays.asList(drifts);
        }

        private Drift of(Pair pair, Wasserstein wasserstein, Monitor monitor) {
            List<Support> own = supports(pair, monitor);
            double distance = distance(own, wasserstein);
            Firings pooled = pair.pooled(prompt);
            int[] prompts =
                    Arrays.stream(pooled.distribution().positions())
                            .map(position -> prompt[position])
                            .distinct()
                            .toArray();
            int first = prompts(pair.from(), prompt);
            double sum = 0;
            int asFar = 0;
            for (int resample = 0; resample < resamples; resample++) {
                int[] chosen =
                        Arrays.copyOf(
                                Shuffle.of(
                                        prompts, Shuffle.seed(seed + resample, pooled.feature())),
                                first);
                Arrays.sort(chosen);
                IntPredicate isFirst =
                        position -> Arrays.binarySearch(chosen, prompt[position]) >= 0;
                double apart =
                        distance(
                                supports(
                                        new Pair(
                                                PromptHalves.restrict(pooled, isFirst)
                                                        .orElseThrow(),
                                                PromptHalves.restrict(pooled, isFirst.negate())
                                                        .orElseThrow()),
                                        monitor),
                                wasserstein);
                sum += apart;
                // The own division may turn up again, up to rounding.
                asFar += apart >= distance * (1 - ROUNDING) ? 1 : 0;
            }
            return new Drift(
                    distance,
                    own.get(0).error().flatMap(e -> own.get(1).error().map(e::plus)),
                    sum / resamples,
                    (1.0 + asFar) / (1 + resamples));
        }

        private List<Support> supports(Pair pair, Monitor monitor) {
            return builder.build(List.of(pair.from(), pair.to()), geometry.points(), 1, monitor);
        }

        private double distance(List<Support> pair, Wasserstein wasserstein) {
            return wasserstein.distance(
                    geometry.cloud(pair.get(0).distribution()),
                    geometry.cloud(pair.get(1).distribution()));
        }
    }
}
