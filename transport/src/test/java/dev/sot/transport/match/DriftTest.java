package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Features between two batches of 40 prompts of 5 positions each. */
class DriftTest {

    private static final int PROMPTS = 40;
    private static final int POSITIONS = 5 * PROMPTS;
    private static final int[] PROMPT = IntStream.range(0, 2 * POSITIONS).map(p -> p / 5).toArray();

    @Test
    void aShiftIsBeyondNoiseAndAlikeDrawnBatchesAreRarely() {
        List<Drift> still = measure(features(20, 0, 1), 1);
        List<Drift> moved = measure(features(20, 1.5, 1), 1);
        assertThat(moved).allMatch(d -> d.pValue() == 1.0 / 20 && d.distance() > 1.2 * d.noise());
        // On average one in twenty.
        assertThat(still.stream().filter(d -> d.pValue() <= 1.0 / 20).count())
                .isLessThanOrEqualTo(4);
        double distance = still.stream().mapToDouble(Drift::distance).average().orElseThrow();
        double noise = still.stream().mapToDouble(Drift::noise).average().orElseThrow();
        assertThat(distance).isCloseTo(noise, within(0.1 * noise));
    }

    @Test
    void neitherAFactorNorConcurrencyChangesAnything() {
        List<Drift> one = measure(features(6, 0.3, 1), 1);
        assertThat(measure(features(6, 0.3, 1), 4)).isEqualTo(one);
        List<Drift> scaled = measure(features(6, 0.3, 1e6), 1);
        for (int f = 0; f < one.size(); f++) {
            assertThat(scaled.get(f).distance()).isCloseTo(one.get(f).distance(), within(1e-9));
            assertThat(scaled.get(f).noise()).isCloseTo(one.get(f).noise(), within(1e-9));
            assertThat(scaled.get(f).pValue()).isEqualTo(one.get(f).pValue());
        }
    }

    @Test
    void onePromptInEachBatchSaysNothing() {
        Drift.Pair pair =
                new Drift.Pair(
                        firings("f", new int[] {0, 1}, new double[] {1, 2}),
                        firings("f", new int[] {POSITIONS, POSITIONS + 2}, new double[] {5, 3}));
        Drift drift = measure(List.of(pair), points(5), 1).get(0);
        assertThat(drift.pValue()).isEqualTo(1);
        assertThat(drift.noise()).isCloseTo(drift.distance(), within(1e-9));
    }

    private record Problem(List<Drift.Pair> pairs, PointTable points) {}

    /** The second batch's states are moved along the first axis. */
    private static Problem features(int count, double shift, double factor) {
        Random random = new Random(3);
        List<Drift.Pair> pairs = new ArrayList<>();
        for (int f = 0; f < count; f++) {
            pairs.add(
                    new Drift.Pair(
                            firings("f" + f, 0, random, 1),
                            firings("f" + f, POSITIONS, random, factor)));
        }
        return new Problem(pairs, points(shift));
    }

    private static Firings firings(String key, int start, Random random, double factor) {
        int[] positions =
                IntStream.range(start, start + POSITIONS)
                        .filter(p -> random.nextDouble() < 0.5)
                        .toArray();
        return firings(
                key,
                positions,
                IntStream.of(positions)
                        .mapToDouble(p -> factor * Math.exp(random.nextGaussian()))
                        .toArray());
    }

    private static Firings firings(String key, int[] positions, double[] activations) {
        return Firings.of(key, positions, activations, null).orElseThrow();
    }

    private static PointTable points(double shift) {
        Random random = new Random(4);
        float[] values = new float[2 * POSITIONS * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    (float)
                            (random.nextGaussian()
                                    + (i % 3 == 0 && i / 3 >= POSITIONS ? shift : 0));
        }
        return new PointTable(3, values);
    }

    private static List<Drift> measure(Problem problem, int concurrency) {
        return measure(problem.pairs(), problem.points(), concurrency);
    }

    private static List<Drift> measure(List<Drift.Pair> pairs, PointTable points, int concurrency) {
        return new Drift.Measure(
                        new Geometry(points, GroundCost.EUCLIDEAN, 1),
                        new SupportBuilder(SupportMethod.QUANTIZED, 16, 0),
                        PROMPT,
                        19,
                        1)
                .of(pairs, concurrency, Monitor.NONE);
    }
}
