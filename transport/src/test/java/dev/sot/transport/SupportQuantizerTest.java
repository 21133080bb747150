package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupportQuantizerTest {

    private static final int[] ROWS = IntStream.range(0, 700).toArray();

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 1", "3, 16", "16, 64", "64, 64", "7, 699"})
    void theErrorIsTheExactDistanceFromAllFirings(int dimension, int support) {
        PointTable points = topics(new Random(dimension), dimension);
        Firings firings = firings("f", new Random(support));
        Support kept = quantize(firings, points, support);
        assertThat(kept.method()).isEqualTo(SupportMethod.QUANTIZED);
        assertThat(kept.firings()).isEqualTo(700);
        assertThat(kept.distribution().size()).isLessThanOrEqualTo(support);
        assertThat(Arrays.stream(kept.distribution().weights()).sum()).isCloseTo(1, within(1e-14));
        for (int order = 1; order <= 2; order++) {
            double exact = distance(firings.distribution(), kept.distribution(), points, order);
            assertThat(kept.error().orElseThrow().of(order)).isCloseTo(exact, within(1e-6 * exact));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SupportMethod.class,
            names = {"SAMPLED", "QUANTIZED"})
    void errorsBracketTheDistanceOfFullDistributions(SupportMethod method) {
        Random random = new Random(3);
        PointTable points = topics(random, 5);
        for (int support : new int[] {1, 6, 40}) {
            List<Firings> pair = List.of(firings("f", random), firings("g", random));
            List<Support> kept =
                    new SupportBuilder(method, support, 1).build(pair, points, 1, Monitor.NONE);
            for (int order = 1; order <= 2; order++) {
                double full =
                        distance(
                                pair.get(0).distribution(),
                                pair.get(1).distribution(),
                                points,
                                order);
                double between =
                        distance(
                                kept.get(0).distribution(),
                                kept.get(1).distribution(),
                                points,
                                order);
                double error =
                        kept.get(0).error().orElseThrow().of(order)
                                + kept.get(1).error().orElseThrow().of(order);
                assertThat(error).isPositive();
                assertThat(full).isBetween(between - error - 1e-9, between + error + 1e-9);
            }
        }
    }

    @Test
    void everyAtomIsTheNearestOfItsFirings() {
        PointTable points = topics(new Random(4), 4);
        Firings firings = firings("f", new Random(5));
        Distribution kept = quantize(firings, points, 20).distribution();
        double[] mass = new double[kept.size()];
        for (int i = 0; i < firings.size(); i++) {
            int nearest = 0;
            for (int c = 1; c < kept.size(); c++) {
                if (points.squaredDistance(ROWS[i], kept.positions()[c])
                        < points.squaredDistance(ROWS[i], kept.positions()[nearest])) {
                    nearest = c;
                }
            }
            mass[nearest] += firings.distribution().weights()[i];
        }
        assertThat(kept.weights()).containsExactly(mass, within(1e-12));
    }

    @Test
    void itIsNearerToAllFiringsThanASample() {
        for (int dimension : new int[] {2, 16, 64}) {
            PointTable points = topics(new Random(dimension), dimension);
            Firings firings = firings("f", new Random(6));
            double sampled =
                    distance(
                            firings.distribution(),
                            new SupportSampler(32, 1).sample(firings).distribution(),
                            points,
                            1);
            assertThat(quantize(firings, points, 32).error().orElseThrow().order1())
                    .isLessThan(sampled);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {3.7, 1e-8, 1e12, 1.0 / 3, 1e-300, 1e300})
    void rescalingActivationsChangesNothing(double factor) {
        // A grid, where many firings are equally far from two atoms.
        PointTable points = grid();
        double[] activations = activations(new Random(7));
        double[] scaled = Arrays.stream(activations).map(a -> a * factor).toArray();
        Support before = quantize(firings("f", activations), points, 30);
        Support after = quantize(firings("f", scaled), points, 30);
        assertThat(after.distribution().positions()).isEqualTo(before.distribution().positions());
        assertThat(after.distribution().weights())
                .containsExactly(before.distribution().weights(), within(1e-15));
        assertThat(after.error().orElseThrow().order1())
                .isCloseTo(before.error().orElseThrow().order1(), within(1e-13));
    }

    @Test
    void equalFiringsHaveEqualSupportsWhateverTheFeature() {
        PointTable points = topics(new Random(8), 6);
        double[] activations = activations(new Random(9));
        assertThat(quantize(firings("f", activations), points, 30))
                .isEqualTo(quantize(firings("g", activations), points, 30));
    }

    @ParameterizedTest
    @EnumSource(
            value = SupportMethod.class,
            names = {"SAMPLED", "QUANTIZED"})
    void supportsDoNotDependOnConcurrencyOrOrder(SupportMethod method) {
        PointTable points = topics(new Random(10), 6);
        Random random = new Random(11);
        List<Firings> features = new ArrayList<>();
        for (int f = 0; f < 9; f++) {
            features.add(firings("f" + f, random));
        }
        SupportBuilder builder = new SupportBuilder(method, 24, 5);
        List<Support> alone = builder.build(features, points, 1, Monitor.NONE);
        assertThat(builder.build(features, points, 4, Monitor.NONE)).isEqualTo(alone);
        List<Support> subset =
                builder.build(List.of(features.get(7), features.get(2)), points, 2, Monitor.NONE);
        assertThat(subset).containsExactly(alone.get(7), alone.get(2));
    }

    @Test
    void fewFiringsAreKeptAsTheyAre() {
        Firings firings =
                Firings.of("f", new int[] {2, 5, 9}, new double[] {1, 2, 5}, null).orElseThrow();
        Support kept = quantize(firings, topics(new Random(1), 3), 3);
        assertThat(kept.distribution())
                .isEqualTo(new Distribution(new int[] {2, 5, 9}, new double[] {.125, .25, .625}));
        assertThat(kept.method()).isEqualTo(SupportMethod.ALL);
        assertThat(kept.error()).contains(SupportError.NONE);
        assertThat(kept.effectiveSampleSize()).isCloseTo(64.0 / 30, within(1e-14));
    }

    @Test
    void excludedFiringsCarryNoMass() {
        BitSet excluded = new BitSet();
        excluded.set(0, 300);
        Firings firings =
                Firings.of("f", ROWS, activations(new Random(12)), excluded).orElseThrow();
        Support kept = quantize(firings, topics(new Random(13), 3), 10);
        assertThat(kept.excludedFirings()).isEqualTo(300);
        assertThat(kept.firings()).isEqualTo(400);
        assertThat(kept.distribution().positions()[0]).isGreaterThanOrEqualTo(300);
    }

    @Test
    void pointsThatRepeatAreMergedWithoutError() {
        float[] values = new float[700 * 3];
        for (int i = 0; i < 700; i++) {
            values[3 * i] = i % 5;
            values[3 * i + 1] = 1e6f + i % 2;
            values[3 * i + 2] = 7;
        }
        PointTable points = new PointTable(3, values);
        Firings firings = firings("f", new Random(14));
        Support kept = quantize(firings, points, 64);
        assertThat(kept.distribution().size()).isEqualTo(10);
        assertThat(kept.error()).contains(SupportError.NONE);
        assertThat(distance(firings.distribution(), kept.distribution(), points, 1))
                .isCloseTo(0, within(1e-12));
    }

    @Test
    void oneRepeatedPointIsOneAtom() {
        PointTable points = new PointTable(2, new double[2 * 700]);
        Support kept = quantize(firings("f", new Random(15)), points, 64);
        assertThat(kept.distribution())
                .isEqualTo(new Distribution(new int[] {0}, kept.distribution().weights()));
        assertThat(kept.distribution().weights()).containsExactly(new double[] {1}, within(1e-14));
    }

    @Test
    void pointsOfAnySizeAreDivided() {
        Firings firings = firings("f", new Random(16));
        double[] values = new Random(17).doubles(700 * 3, -1, 1).toArray();
        Support unit = quantize(firings, new PointTable(3, values), 40);
        for (double scale : new double[] {0x1p-500, 0x1p500}) {
            double[] scaled = Arrays.stream(values).map(v -> v * scale).toArray();
            Support kept = quantize(firings, new PointTable(3, scaled), 40);
            assertThat(kept.distribution()).isEqualTo(unit.distribution());
            assertThat(kept.error().orElseThrow().order1())
                    .isEqualTo(unit.error().orElseThrow().order1() * scale);
        }
    }

    @Test
    void extremeSharesDoNotDisturbTheDivision() {
        double[] activations = activations(new Random(18));
        Arrays.fill(activations, 100, 400, 1e-60);
        PointTable points = topics(new Random(19), 4);
        Support kept = quantize(firings("f", activations), points, 500);
        assertThat(kept.distribution().size()).isBetween(300, 500);
        assertThat(kept.error().orElseThrow().order1()).isLessThan(0.2);
    }

    @Test
    void itStopsWhenAsked() {
        Monitor stop =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        throw new CancellationException("stop");
                    }
                };
        Firings firings = firings("f", new Random(20));
        PointTable points = topics(new Random(21), 4);
        assertThatThrownBy(() -> new SupportQuantizer(8).quantize(firings, points, stop))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> new SupportQuantizer(0)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new SupportBuilder(SupportMethod.ALL, 64, 0))
                .hasMessageContaining("sampled or quantized");
        assertThatThrownBy(
                        () ->
                                quantize(
                                        firings("x/3/7", new Random(22)),
                                        new PointTable(1, new float[] {1, 2}),
                                        2))
                .hasMessageContaining("feature x/3/7")
                .hasMessageContaining("position 699 lies outside the table of 2 points");
    }

    private static Support quantize(Firings firings, PointTable points, int support) {
        return new SupportQuantizer(support).quantize(firings, points, Monitor.NONE);
    }

    private static double distance(Distribution f, Distribution g, PointTable points, int order) {
        Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, order);
        return new Wasserstein(geometry).distance(geometry.cloud(f), geometry.cloud(g));
    }

    private static Firings firings(String feature, Random random) {
        return firings(feature, activations(random));
    }

    private static Firings firings(String feature, double[] activations) {
        return Firings.of(feature, ROWS, activations, null).orElseThrow();
    }

    private static double[] activations(Random random) {
        return random.doubles(700).map(u -> Math.exp(3 * u)).toArray();
    }

    /** Points about a few centres. */
    private static PointTable topics(Random random, int dimension) {
        double[][] centres = new double[9][];
        Arrays.setAll(centres, c -> random.doubles(dimension, -3, 3).toArray());
        float[] values = new float[700 * dimension];
        for (int i = 0; i < 700; i++) {
            double[] centre = centres[random.nextInt(9)];
            for (int k = 0; k < dimension; k++) {
                values[i * dimension + k] = (float) (centre[k] + random.nextGaussian() / 2);
            }
        }
        return new PointTable(dimension, values);
    }

    private static PointTable grid() {
        float[] values = new float[700 * 2];
        for (int i = 0; i < 700; i++) {
            values[2 * i] = i % 28;
            values[2 * i + 1] = i / 28;
        }
        return new PointTable(2, values);
    }
}
