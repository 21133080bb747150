package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.management.ManagementFactory;
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
        Geometry geometry = new Geometry(POINTS, cost, order);
        Wasserstein wasserstein = new Wasserstein(geometry);
        for (int trial = 0; trial < 30; trial++) {
            Cloud f = geometry.cloud(random(random));
            Cloud g = geometry.cloud(random(random));
            assertThat(wasserstein.distance(f, g))
                    .isEqualTo(wasserstein.distance(g, f))
                    .isPositive();
            TransportPlan forth = wasserstein.plan(f, g);
            TransportPlan back = wasserstein.plan(g, f);
            TransportPlans.assertOptimal(forth, f, g);
            TransportPlans.assertOptimal(back, g, f);
            assertThat(forth.dualityGap()).isLessThan(1e-11).isEqualTo(back.dualityGap());
        }
    }

    @Test
    void theZeroOnePlanCostsTheTotalVariationHoweverFarThePointsAre() {
        Random random = new Random(29);
        double[] line = IntStream.range(0, 200).mapToDouble(i -> i % 100).toArray();
        Geometry geometry = new Geometry(new PointTable(1, line), GroundCost.ZERO_ONE, 1);
        Wasserstein wasserstein = new Wasserstein(geometry);
        for (int trial = 0; trial < 20; trial++) {
            Cloud f = geometry.cloud(onRows(random, 0));
            Cloud g = geometry.cloud(onRows(random, 100));
            TransportPlan plan = wasserstein.plan(f, g);
            assertThat(plan.cost()).isCloseTo(wasserstein.distance(f, g), within(1e-14));
            TransportPlans.assertOptimal(plan, f, g);
        }
    }

    private static Distribution onRows(Random random, int first) {
        int[] positions = random.ints(first, first + 100).distinct().limit(60).sorted().toArray();
        return new Distribution(positions, random.doubles(60).toArray());
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aDistributionHasNoDistanceToItself(GroundCost cost, int order) {
        Random random = new Random(22);
        Geometry geometry = new Geometry(POINTS, cost, order);
        Wasserstein wasserstein = new Wasserstein(geometry);
        Distribution distribution = random(random);
        Cloud f = geometry.cloud(distribution);
        assertThat(wasserstein.distance(f, f)).isZero();
        Cloud thirds =
                geometry.cloud(
                        new Distribution(
                                distribution.positions(),
                                Arrays.stream(distribution.weights()).map(w -> w / 3).toArray()));
        assertThat(wasserstein.distance(f, thirds)).isZero();
        TransportPlans.assertOptimal(wasserstein.plan(f, thirds), f, f);
        Cloud padded = geometry.cloud(withAPositionOfNoMass(distribution));
        assertThat(padded.size()).isEqualTo(f.size());
        assertThat(wasserstein.distance(padded, f)).isZero();
    }

    @Test
    void orderTwoIsAtLeastOrderOneAndOrderOneAtLeastTheDistanceOfMeans() {
        Random random = new Random(24);
        for (int trial = 0; trial < 30; trial++) {
            Distribution f = random(random);
            Distribution g = random(random);
            double first = distance(POINTS, GroundCost.EUCLIDEAN, 1, f, g);
            assertThat(distance(POINTS, GroundCost.EUCLIDEAN, 2, f, g))
                    .isGreaterThanOrEqualTo(first);
            double squared = 0;
            for (int k = 0; k < POINTS.dimension(); k++) {
                squared += Math.pow(mean(f, k) - mean(g, k), 2);
            }
            assertThat(first).isGreaterThanOrEqualTo(Math.sqrt(squared));
        }
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
                double plain = distance(POINTS, GroundCost.EUCLIDEAN, order, f, g);
                assertThat(distance(POINTS, GroundCost.EUCLIDEAN, order, same, g))
                        .isCloseTo(plain, within(1e-12 * plain));
                assertThat(distance(POINTS, GroundCost.EUCLIDEAN, order, same, f)).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void theLowerBoundIsSymmetricAndNeverAboveTheDistance(GroundCost cost, int order) {
        Random random = new Random(29);
        Geometry geometry = new Geometry(POINTS, cost, order);
        Wasserstein wasserstein = new Wasserstein(geometry);
        double shares = 0;
        for (int trial = 0; trial < 100; trial++) {
            Cloud f = geometry.cloud(random(random));
            Cloud g = geometry.cloud(random(random));
            double bound = wasserstein.lowerBound(f, g);
            double distance = wasserstein.distance(f, g);
            assertThat(bound).isEqualTo(wasserstein.lowerBound(g, f)).isLessThanOrEqualTo(distance);
            shares += bound / distance / 100;
        }
        assertThat(shares).isGreaterThan(.65);
        Cloud f = geometry.cloud(random(random));
        assertThat(wasserstein.lowerBound(f, f)).isZero();
    }

    static Stream<Kernel> kernels() {
        return Stream.of(new ScalarKernel(), Kernels.best());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void distancesAllocateNothing(Kernel kernel) {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Geometry geometry = new Geometry(POINTS, GroundCost.EUCLIDEAN, 1);
        Random random = new Random(30);
        Cloud f = geometry.cloud(TransportPlans.distribution(random, 300, 50));
        Cloud g = geometry.cloud(TransportPlans.distribution(random, 300, 45));
        Cloud h = geometry.cloud(TransportPlans.distribution(random, 300, 20));
        Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE, kernel);
        long thread = Thread.currentThread().getId();
        long start = System.nanoTime();
        long allocated;
        // Until the optimising compiler has seen them all, vectors are objects.
        do {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int k = 0; k < 100; k++) {
                wasserstein.distance(f, g);
                wasserstein.distance(h, f);
            }
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        } while (allocated >= 300 && System.nanoTime() - start < 60_000_000_000L);
        assertThat(allocated).isLessThan(300);
    }

    @Test
    void equalMeasuresInDifferentRowsHaveNoDistance() {
        PointTable points = new PointTable(2, new double[] {0, -0.0, 3, 4, 0, 0, 3, 4, 3, 4});
        Distribution f = new Distribution(new int[] {0, 1}, new double[] {.3, .7});
        Distribution g = new Distribution(new int[] {2, 3, 4}, new double[] {.3, .3, .4});
        for (GroundCost cost : List.of(GroundCost.EUCLIDEAN, GroundCost.ZERO_ONE)) {
            assertThat(distance(points, cost, 2, f, g)).isZero();
        }
    }

    @Test
    void zeroOneCostIsTheTotalVariation() {
        PointTable line = new PointTable(1, new double[] {0, 1, 2, 1});
        Distribution f = new Distribution(new int[] {0, 1}, new double[] {.25, .75});
        Distribution g = new Distribution(new int[] {1, 2, 3}, new double[] {.25, .5, .25});
        assertThat(distance(line, GroundCost.ZERO_ONE, 1, f, g)).isEqualTo(.5);
        assertThat(distance(line, GroundCost.ZERO_ONE, 2, f, g)).isEqualTo(Math.sqrt(.5));
    }

    @Test
    void theZeroOnePlanLeavesMassWhereItMay() {
        // The shortest plan moves every point by one, the best in this cost only one of them. The
        // last two differ by less than the root of the smallest number.
        PointTable line = new PointTable(1, new double[] {0, 1, 2, 3, 4, 1, 2, 3, 0, 1e-200});
        Distribution f = new Distribution(new int[] {0, 1, 2, 3}, new double[] {1, 1, 1, 1});
        Distribution g = new Distribution(new int[] {4, 5, 6, 7}, new double[] {1, 1, 1, 1});
        Distribution h = new Distribution(new int[] {5, 6, 7, 9}, new double[] {1, 1, 1, 1});
        for (int order = 1; order <= 2; order++) {
            Geometry geometry = new Geometry(line, GroundCost.ZERO_ONE, order);
            for (Distribution other : List.of(g, h)) {
                TransportPlan plan =
                        new Wasserstein(geometry).plan(geometry.cloud(f), geometry.cloud(other));
                assertThat(plan.cost()).isEqualTo(.25);
                assertThat(plan.dualityGap()).isZero();
            }
        }
    }

    @Test
    void aPlanBetweenEqualMeasuresMovesMassAmongEqualPoints() {
        PointTable points = new PointTable(1, new double[] {5, 5});
        Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, 1);
        TransportPlan plan =
                new Wasserstein(geometry)
                        .plan(
                                geometry.cloud(
                                        new Distribution(new int[] {0, 1}, new double[] {1, 3})),
                                geometry.cloud(
                                        new Distribution(new int[] {0, 1}, new double[] {3, 1})));
        assertThat(plan.cost()).isZero();
        assertThat(plan.source()).containsExactly(0, 1, 1);
        assertThat(plan.target()).containsExactly(0, 0, 1);
        assertThat(plan.mass()).containsExactly(.25, .5, .25);
    }

    @Test
    void pointsInDoublePrecisionLoseNoDigits() {
        PointTable points = new PointTable(2, new double[] {.1, .2, .4, .6});
        Distribution f = new Distribution(new int[] {0}, new double[] {1});
        Distribution g = new Distribution(new int[] {1}, new double[] {1});
        assertThat(distance(points, GroundCost.EUCLIDEAN, 1, f, g)).isCloseTo(.5, within(1e-15));
    }

    @Test
    void badInputIsNamed() {
        Distribution f = new Distribution(new int[] {0}, new double[] {1});
        Distribution outside = new Distribution(new int[] {2, 300}, new double[] {.5, .5});
        assertThatThrownBy(() -> distance(POINTS, GroundCost.EUCLIDEAN, 1, f, outside))
                .hasMessageContaining("position 300")
                .hasMessageContaining("300 points");
        PointTable withZero = new PointTable(2, new float[] {0, 0, 1, 1});
        assertThatThrownBy(
                        () ->
                                distance(
                                        withZero,
                                        GroundCost.COSINE,
                                        1,
                                        f,
                                        new Distribution(new int[] {1}, new double[] {1})))
                .hasMessageContaining("position 0 is the zero vector");
        assertThatThrownBy(() -> new Geometry(POINTS, GroundCost.EUCLIDEAN, 3))
                .hasMessage("order must be 1 or 2, got 3");
        Geometry geometry = new Geometry(POINTS, GroundCost.EUCLIDEAN, 1);
        Cloud other = new Geometry(POINTS, GroundCost.EUCLIDEAN, 2).cloud(f);
        assertThatThrownBy(() -> new Wasserstein(geometry).distance(geometry.cloud(f), other))
                .hasMessage("the cloud belongs to another geometry");
    }

    @Test
    void pointTablesRefuseWhatIsNoPoint() {
        assertThatThrownBy(() -> new PointTable(2, new float[] {1, 2, 3}))
                .hasMessageContaining("3 values do not fill points of dimension 2");
        assertThatThrownBy(() -> new PointTable(2, new float[] {1, 2, 3, Float.NaN}))
                .hasMessageContaining("point 1 coordinate 1 is NaN");
        assertThat(List.of(POINTS.size(), POINTS.dimension())).containsExactly(300, 7);
    }

    private static double distance(
            PointTable points, GroundCost cost, int order, Distribution f, Distribution g) {
        Geometry geometry = new Geometry(points, cost, order);
        return new Wasserstein(geometry).distance(geometry.cloud(f), geometry.cloud(g));
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
            sum += f.weights()[i] * POINTS.coordinate(f.positions()[i], coordinate);
        }
        return sum;
    }
}
