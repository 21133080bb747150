package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WassersteinTest {

    private static final PointTable POINTS = TransportPlans.points(new Random(20), 300, 7);

    static Stream<Arguments> metrics() {
        return Stream.of(
                arguments(GroundCost.EUCLIDEAN, 1),
                arguments(GroundCost.EUCLIDEAN, 2),
                arguments(GroundCost.COSINE, 1),
                arguments(GroundCost.COSINE, 2),
                arguments(GroundCost.SQUARED_EUCLIDEAN, 1));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void distancesAreSymmetricBitForBit(GroundCost cost, int order) {
        Random random = new Random(21);
        Wasserstein wasserstein = new Wasserstein(POINTS, cost, order);
        for (int trial = 0; trial < 30; trial++) {
            Distribution f = random(random);
            Distribution g = random(random);
            assertThat(wasserstein.distance(f, g))
                    .isEqualTo(wasserstein.distance(g, f))
                    .isPositive();
            TransportPlan forth = wasserstein.plan(f, g);
            TransportPlan back = wasserstein.plan(g, f);
            TransportPlans.assertOptimal(forth, f.weights(), g.weights());
            TransportPlans.assertOptimal(back, g.weights(), f.weights());
            assertThat(forth.dualityGap()).isLessThan(1e-11).isEqualTo(back.dualityGap());
        }
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aDistributionHasNoDistanceToItself(GroundCost cost, int order) {
        Random random = new Random(22);
        Wasserstein wasserstein = new Wasserstein(POINTS, cost, order);
        Distribution f = random(random);
        assertThat(wasserstein.distance(f, f)).isZero();
        Distribution thirds =
                new Distribution(
                        f.positions(), Arrays.stream(f.weights()).map(w -> w / 3).toArray());
        assertThat(wasserstein.distance(f, thirds)).isZero();
        TransportPlans.assertOptimal(wasserstein.plan(f, thirds), f.weights(), f.weights());
        Distribution padded = withAPositionOfNoMass(f);
        assertThat(wasserstein.distance(padded, f)).isZero();
        TransportPlans.assertOptimal(wasserstein.plan(padded, f), padded.weights(), f.weights());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theTriangleInequalityHolds(int order) {
        Random random = new Random(23);
        Wasserstein wasserstein = new Wasserstein(POINTS, GroundCost.EUCLIDEAN, order);
        for (int trial = 0; trial < 100; trial++) {
            Distribution f = random(random);
            Distribution g = random(random);
            Distribution h = random(random);
            assertThat(wasserstein.distance(f, h))
                    .isLessThanOrEqualTo(
                            wasserstein.distance(f, g) + wasserstein.distance(g, h) + 1e-12);
        }
    }

    @Test
    void orderTwoIsAtLeastOrderOneAndOrderOneAtLeastTheDistanceOfMeans() {
        Random random = new Random(24);
        Wasserstein first = new Wasserstein(POINTS, GroundCost.EUCLIDEAN, 1);
        Wasserstein second = new Wasserstein(POINTS, GroundCost.EUCLIDEAN, 2);
        for (int trial = 0; trial < 30; trial++) {
            Distribution f = random(random);
            Distribution g = random(random);
            assertThat(second.distance(f, g)).isGreaterThanOrEqualTo(first.distance(f, g));
            double squared = 0;
            for (int k = 0; k < POINTS.dimension(); k++) {
                squared += Math.pow(mean(f, k) - mean(g, k), 2);
            }
            assertThat(first.distance(f, g)).isGreaterThanOrEqualTo(Math.sqrt(squared));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aTranslatedDistributionIsAsFarAsTheTranslation(int order) {
        int n = 40;
        int dimension = 5;
        Random random = new Random(25);
        float[] values = new float[2 * n * dimension];
        for (int i = 0; i < n * dimension; i++) {
            // Multiples of 1/64 keep the translated point exact in single precision.
            values[i] = Math.round(64 * random.nextGaussian()) / 64f;
            values[n * dimension + i] =
                    values[i] + (i % dimension == 0 ? 3 : i % dimension == 1 ? 4 : 0);
        }
        double[] weights = TransportPlans.distribution(random, n, n).weights();
        Distribution f = new Distribution(IntStream.range(0, n).toArray(), weights);
        Distribution g = new Distribution(IntStream.range(n, 2 * n).toArray(), weights);
        assertThat(
                        new Wasserstein(
                                        new PointTable(dimension, values),
                                        GroundCost.EUCLIDEAN,
                                        order)
                                .distance(f, g))
                .isCloseTo(5, within(1e-13));
    }

    @ParameterizedTest
    @ValueSource(floats = {0x1p-40f, 0x1p-3f, 0x1p40f})
    void distancesScaleWithThePoints(float factor) {
        Random random = new Random(26);
        float[] scaled = POINTS.values().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        Distribution f = random(random);
        Distribution g = random(random);
        for (int order : new int[] {1, 2}) {
            double plain = new Wasserstein(POINTS, GroundCost.EUCLIDEAN, order).distance(f, g);
            double far =
                    new Wasserstein(new PointTable(7, scaled), GroundCost.EUCLIDEAN, order)
                            .distance(f, g);
            assertThat(far / factor).isCloseTo(plain, within(1e-13 * plain));
        }
        double cosine = new Wasserstein(POINTS, GroundCost.COSINE, 1).distance(f, g);
        assertThat(new Wasserstein(new PointTable(7, scaled), GroundCost.COSINE, 1).distance(f, g))
                .isCloseTo(cosine, within(1e-13));
    }

    @ParameterizedTest
    @ValueSource(doubles = {3.7, 1e-8, 1e12, 1.0 / 3})
    void rescalingTheActivationsOfAFeatureChangesNoDistance(double factor) {
        Random random = new Random(27);
        SupportSampler sampler = new SupportSampler(32, 5);
        for (int firings : new int[] {1, 20, 32, 33, 200}) {
            int[] of = random.ints(0, 300).distinct().limit(firings).sorted().toArray();
            double[] activations =
                    DoubleStream.generate(random::nextDouble).limit(firings).toArray();
            double[] scaled = Arrays.stream(activations).map(a -> a * factor).toArray();
            Distribution f =
                    sampler.sample("f", of, activations, null).orElseThrow().distribution();
            Distribution same = sampler.sample("f", of, scaled, null).orElseThrow().distribution();
            Distribution g = random(random);
            for (int order : new int[] {1, 2}) {
                Wasserstein wasserstein = new Wasserstein(POINTS, GroundCost.EUCLIDEAN, order);
                double plain = wasserstein.distance(f, g);
                assertThat(wasserstein.distance(same, g)).isCloseTo(plain, within(1e-12 * plain));
                assertThat(wasserstein.distance(same, f)).isZero();
            }
        }
    }

    @Test
    void onALineTheSortedCouplingIsOptimal() {
        Random random = new Random(28);
        float[] values = new float[60];
        for (int i = 0; i < 60; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Arrays.sort(values, 0, 30);
        Arrays.sort(values, 30, 60);
        double[] uniform = DoubleStream.generate(() -> 1).limit(30).toArray();
        double expected =
                IntStream.range(0, 30)
                                .mapToDouble(i -> Math.abs((double) values[i] - values[30 + i]))
                                .sum()
                        / 30;
        assertThat(
                        new Wasserstein(new PointTable(1, values), GroundCost.EUCLIDEAN, 1)
                                .distance(
                                        new Distribution(IntStream.range(0, 30).toArray(), uniform),
                                        new Distribution(
                                                IntStream.range(30, 60).toArray(), uniform)))
                .isCloseTo(expected, within(1e-14));
    }

    @Test
    void onePointSupportsAreTheDistanceOfThePoints() {
        Distribution f = new Distribution(new int[] {3}, new double[] {1});
        Distribution g = new Distribution(new int[] {8}, new double[] {1});
        double expected = Math.sqrt(POINTS.squaredDistance(3, 8));
        for (int order : new int[] {1, 2}) {
            assertThat(new Wasserstein(POINTS, GroundCost.EUCLIDEAN, order).distance(f, g))
                    .isCloseTo(expected, within(1e-15 * expected * 10));
        }
    }

    @Test
    void badInputIsNamed() {
        Distribution f = new Distribution(new int[] {0}, new double[] {1});
        Distribution outside = new Distribution(new int[] {2, 300}, new double[] {.5, .5});
        assertThatThrownBy(
                        () -> new Wasserstein(POINTS, GroundCost.EUCLIDEAN, 1).distance(f, outside))
                .hasMessageContaining("position 300")
                .hasMessageContaining("300 points");
        PointTable withZero = new PointTable(2, new float[] {0, 0, 1, 1});
        assertThatThrownBy(
                        () ->
                                new Wasserstein(withZero, GroundCost.COSINE, 1)
                                        .distance(
                                                f,
                                                new Distribution(new int[] {1}, new double[] {1})))
                .hasMessageContaining("position 0 is the zero vector");
        assertThatThrownBy(() -> new Wasserstein(POINTS, GroundCost.EUCLIDEAN, 3))
                .hasMessage("order must be 1 or 2, got 3");
    }

    @Test
    void pointTablesRefuseWhatIsNoPoint() {
        assertThatThrownBy(() -> new PointTable(2, new float[] {1, 2, 3}))
                .hasMessageContaining("3 values do not fill points of dimension 2");
        assertThatThrownBy(() -> new PointTable(2, new float[] {1, 2, 3, Float.NaN}))
                .hasMessageContaining("point 1 coordinate 1 is NaN");
        assertThat(List.of(POINTS.size(), POINTS.dimension())).containsExactly(300, 7);
    }

    private static Distribution random(Random random) {
        return TransportPlans.distribution(random, 300, 1 + random.nextInt(50));
    }

    private static Distribution withAPositionOfNoMass(Distribution f) {
        int[] positions =
                IntStream.concat(IntStream.of(f.positions()), IntStream.of(299))
                        .distinct()
                        .toArray();
        return new Distribution(positions, Arrays.copyOf(f.weights(), positions.length));
    }

    private static double mean(Distribution f, int coordinate) {
        double sum = 0;
        for (int i = 0; i < f.size(); i++) {
            sum += f.weights()[i] * POINTS.values()[f.positions()[i] * 7 + coordinate];
        }
        return sum;
    }
}
