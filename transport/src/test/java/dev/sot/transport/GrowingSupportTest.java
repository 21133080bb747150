package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Supports and sums that are given firings in batches, beside those of all firings at once. */
class GrowingSupportTest {

    private static final int BATCHES = 7;

    /** What has been given so far. */
    private record State(Support support, RunningSums sums) {}

    @ParameterizedTest
    @CsvSource({"1, 4, 300", "2, 16, 500", "5, 1, 200", "16, 32, 600", "16, 64, 900"})
    void theCertificateIsNeverBelowTheDistanceFromAllFirings(int dimension, int size, int firings) {
        for (int seed = 0; seed < 2; seed++) {
            Random random = new Random(seed);
            PointTable points = points(random, firings, dimension);
            double[] activations = activations(random, firings);
            Firings all = firings(activations, IntStream.range(0, firings).toArray());
            State grown = grown(batches(random, activations), points, size);
            Support built = new SupportQuantizer(size).quantize(all, points, Monitor.NONE);
            assertThat(grown.support().method()).isEqualTo(SupportMethod.QUANTIZED);
            assertThat(grown.support().distribution().size()).isLessThanOrEqualTo(size);
            assertThat(grown.support().firings()).isEqualTo(built.firings());
            assertThat(grown.support().effectiveSampleSize())
                    .isCloseTo(
                            built.effectiveSampleSize(),
                            within(1e-12 * built.effectiveSampleSize()));
            for (int order = 1; order <= 2; order++) {
                double certificate = grown.support().error().orElseThrow().of(order);
                assertThat(
                                distance(
                                        all.distribution(),
                                        grown.support().distribution(),
                                        points,
                                        order))
                        .isPositive()
                        .isLessThanOrEqualTo(certificate * (1 + 1e-6));
                assertThat(
                                distance(
                                        built.distribution(),
                                        grown.support().distribution(),
                                        points,
                                        order))
                        .isLessThanOrEqualTo(
                                (certificate + built.error().orElseThrow().of(order)) * (1 + 1e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-200, 1e200})
    void sumsAreThoseOfOneBuildInAnyOrder(double unit) {
        Random random = new Random(5);
        PointTable points = points(random, 700, 6);
        double[] activations = Arrays.stream(activations(random, 700)).map(a -> a * unit).toArray();
        RunningSums once =
                RunningSums.of(firings(activations, IntStream.range(0, 700).toArray()), points);
        List<Firings> batches = batches(random, activations);
        for (int order = 0; order < 5; order++) {
            Collections.shuffle(batches, random);
            RunningSums sums = grown(batches, points, 8).sums();
            assertThat(sums.mass()).isCloseTo(once.mass(), within(1e-14 * once.mass()));
            assertThat(sums.firstMoments())
                    .containsExactly(once.firstMoments(), within(1e-14 * once.mass()));
            for (int k = 0; k < 6; k++) {
                assertThat(sums.secondMoments()[k])
                        .isCloseTo(
                                once.secondMoments()[k], within(1e-14 * once.secondMoments()[k]));
            }
        }
    }

    @Test
    void sumsThatCancelKeepTheirDigits() {
        // The first moment is 3, among terms of 1e16.
        PointTable points = new PointTable(1, new double[] {1e16, 1, -1e16, 2});
        Firings[] each =
                IntStream.range(0, 4)
                        .mapToObj(p -> firings(new double[] {1, 1, 1, 1}, p))
                        .toArray(Firings[]::new);
        RunningSums sums = RunningSums.of(each[0], points);
        for (int i = 1; i < 4; i++) {
            sums =
                    new RunningSums(
                                    sums.mass(),
                                    sums.firstMoments(),
                                    sums.secondMoments(),
                                    sums.roundings())
                            .plus(RunningSums.of(each[i], points));
        }
        assertThat(sums.firstMoments()).containsExactly(3);
    }

    @Test
    void allFiringsAreKeptAsLongAsTheyFit() {
        Random random = new Random(6);
        PointTable points = points(random, 60, 3);
        double[] activations = activations(random, 60);
        Support grown = grown(batches(random, activations), points, 60).support();
        assertThat(grown.method()).isEqualTo(SupportMethod.ALL);
        assertThat(grown.error()).contains(SupportError.NONE);
        Distribution all = firings(activations, IntStream.range(0, 60).toArray()).distribution();
        assertThat(grown.distribution().positions()).isEqualTo(all.positions());
        assertThat(grown.distribution().weights()).containsExactly(all.weights(), within(1e-15));
    }

    @Test
    void mergedPointsStayExactInAnyOrder() {
        Random random = new Random(7);
        PointTable tokens =
                new PointTable(1, random.ints(400, 0, 30).mapToDouble(t -> t).toArray());
        double[] activations = activations(random, 400);
        Support built =
                SupportMerger.merge(
                        firings(activations, IntStream.range(0, 400).toArray()), tokens);
        List<Firings> batches = batches(random, activations);
        Collections.shuffle(batches, random);
        Support grown = SupportMerger.merge(batches.get(0), tokens);
        double mass = batches.get(0).mass();
        for (Firings batch : batches.subList(1, BATCHES)) {
            GrowingSupport growing = new GrowingSupport(grown, mass, batch);
            grown = growing.grown(SupportMerger.merge(growing.union(), tokens));
            mass += batch.mass();
        }
        assertThat(grown.method()).isEqualTo(SupportMethod.MERGED);
        assertThat(grown.error()).contains(SupportError.NONE);
        Geometry geometry = new Geometry(tokens, GroundCost.ZERO_ONE, 1);
        assertThat(
                        new Wasserstein(geometry, Monitor.NONE)
                                .distance(
                                        geometry.cloud(grown.distribution()),
                                        geometry.cloud(built.distribution())))
                .isLessThan(1e-14);
    }

    @Test
    void activationsWithoutAFiniteSumAreRefused() {
        Firings large = firings(new double[] {Double.MAX_VALUE}, 0);
        assertThatThrownBy(() -> new GrowingSupport(large.all(), Double.MAX_VALUE, large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feature f")
                .hasMessageContaining("finite");
    }

    private static State grown(List<Firings> batches, PointTable points, int size) {
        SupportQuantizer quantizer = new SupportQuantizer(size);
        Firings first = batches.get(0);
        State state =
                new State(
                        quantizer.quantize(first, points, Monitor.NONE),
                        RunningSums.of(first, points));
        for (Firings batch : batches.subList(1, batches.size())) {
            GrowingSupport growing =
                    new GrowingSupport(state.support(), state.sums().mass(), batch);
            state =
                    new State(
                            growing.grown(
                                    quantizer.quantize(growing.union(), points, Monitor.NONE)),
                            state.sums().plus(RunningSums.of(batch, points)));
        }
        return state;
    }

    private static List<Firings> batches(Random random, double[] activations) {
        int[] batch = random.ints(activations.length, 0, BATCHES).toArray();
        List<Firings> batches = new ArrayList<>();
        for (int b = 0; b < BATCHES; b++) {
            int number = b;
            batches.add(
                    firings(
                            activations,
                            IntStream.range(0, activations.length)
                                    .filter(i -> batch[i] == number)
                                    .toArray()));
        }
        return batches;
    }

    private static Firings firings(double[] activations, int... positions) {
        return Firings.of(
                        "f",
                        positions,
                        IntStream.of(positions).mapToDouble(p -> activations[p]).toArray(),
                        null)
                .orElseThrow();
    }

    private static double[] activations(Random random, int count) {
        return random.doubles(count).map(u -> Math.exp(3 * u)).toArray();
    }

    /** Clusters, so that supports have something to find. */
    private static PointTable points(Random random, int count, int dimension) {
        float[] values = new float[count * dimension];
        for (int i = 0; i < count; i++) {
            int topic = random.nextInt(10);
            for (int k = 0; k < dimension; k++) {
                values[i * dimension + k] =
                        (float) ((topic * 31 + k * 17) % 7 + random.nextGaussian() / 2);
            }
        }
        return new PointTable(dimension, values);
    }

    private static double distance(Distribution a, Distribution b, PointTable points, int order) {
        Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, order);
        return new Wasserstein(geometry, Monitor.NONE)
                .distance(geometry.cloud(a), geometry.cloud(b));
    }
}
