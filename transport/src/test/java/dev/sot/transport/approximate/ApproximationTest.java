package dev.sot.transport.approximate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every approximation. */
class ApproximationTest {

    private static final int[] DIMENSIONS = {1, 2, 5, 40};

    private static final List<GroundCost> COSTS =
            List.of(GroundCost.EUCLIDEAN, GroundCost.SQUARED_EUCLIDEAN, GroundCost.COSINE);

    /** A geometry with the clouds to compare in it. */
    private record Case(Clouds kind, Geometry geometry, List<Cloud> clouds) {}

    private static Stream<Case> cases() {
        return Arrays.stream(Clouds.values())
                .flatMap(
                        kind ->
                                COSTS.stream()
                                        .flatMap(
                                                cost ->
                                                        Stream.of(1, 2)
                                                                .flatMap(
                                                                        order ->
                                                                                cases(
                                                                                        kind, cost,
                                                                                        order))));
    }

    private static Stream<Case> cases(Clouds kind, GroundCost cost, int order) {
        return Arrays.stream(DIMENSIONS)
                .mapToObj(
                        dimension -> {
                            Geometry geometry = kind.geometry(7, dimension, cost, order);
                            return new Case(kind, geometry, Clouds.clouds(geometry, 11));
                        });
    }

    @ParameterizedTest
    @EnumSource
    void boundsHoldTheExactDistanceOfClouds(Estimator estimator) {
        cases().forEach(each -> boundsHold(estimator, each, approximation(estimator, each)));
    }

    private static Approximation<?> approximation(Estimator estimator, Case each) {
        // Mass that has to pass between stacks of points does so at a rate of exp(-cost / epsilon).
        return estimator == Estimator.SINKHORN && each.kind() == Clouds.DUPLICATE
                ? new SinkhornDivergence(each.geometry(), .05, Monitor.NONE)
                : estimator.over(each.geometry(), 3, Monitor.NONE);
    }

    private static <S> void boundsHold(
            Estimator estimator, Case each, Approximation<S> approximation) {
        Wasserstein exact = new Wasserstein(each.geometry());
        List<S> sketches = each.clouds().stream().map(approximation::sketch).toList();
        for (int f = 0; f < sketches.size(); f++) {
            for (int g = 0; g < sketches.size(); g++) {
                double distance = exact.distance(each.clouds().get(f), each.clouds().get(g));
                Estimate estimate = approximation.estimate(sketches.get(f), sketches.get(g));
                assertThat(distance)
                        .as(
                                "%s of %s, %s, order %s, dimension %s, pair %s %s",
                                estimator,
                                each.kind(),
                                each.geometry().cost(),
                                each.geometry().order(),
                                each.geometry().points().dimension(),
                                f,
                                g)
                        .isBetween(estimate.lower(), estimate.upper());
                assertThat(estimate.value()).isNotNegative().isFinite();
                assertThat(estimate.lower()).isNotNegative();
                if (f == g) {
                    assertThat(estimate.value()).isZero();
                }
                Estimate back = approximation.estimate(sketches.get(g), sketches.get(f));
                assertThat(back.value())
                        .isCloseTo(estimate.value(), within(1e-12 * (1 + estimate.value())));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void estimatesScaleWithThePointsAndIgnoreTheirOrigin(Estimator estimator) {
        Random random = new Random(12);
        int dimension = 6;
        double[] values = random.doubles(Clouds.TABLE * (long) dimension).toArray();
        double[] moved = values.clone();
        for (int i = 0; i < values.length; i++) {
            moved[i] = 0x1p10 * values[i] + (i % dimension) * 0x1p12;
        }
        List<Distribution> distributions = Clouds.distributions(random);
        for (int order : new int[] {1, 2}) {
            List<Estimate> plain =
                    estimates(estimator, new PointTable(dimension, values), order, distributions);
            List<Estimate> scaled =
                    estimates(estimator, new PointTable(dimension, moved), order, distributions);
            for (int i = 0; i < plain.size(); i++) {
                double value = plain.get(i).value();
                assertThat(scaled.get(i).value() / 0x1p10).isCloseTo(value, within(1e-9 * value));
                assertThat(scaled.get(i).lower() / 0x1p10)
                        .isCloseTo(plain.get(i).lower(), within(1e-9 * value));
            }
        }
    }

    private static List<Estimate> estimates(
            Estimator estimator, PointTable points, int order, List<Distribution> distributions) {
        Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, order);
        Approximation<?> approximation = estimator.over(geometry, 5, Monitor.NONE);
        Cloud first = geometry.cloud(distributions.get(4));
        return distributions.stream()
                .map(distribution -> approximation.compare(first, geometry.cloud(distribution)))
                .toList();
    }

    /** One point against one point, and a cloud against its translate, have no shape to miss. */
    @ParameterizedTest
    @EnumSource
    void translatesAreAsFarApartAsTheTranslation(Estimator estimator) {
        Random random = new Random(13);
        int dimension = 4;
        int n = 20;
        double[] values = random.doubles(2L * n * dimension).toArray();
        for (int i = 0; i < n * dimension; i++) {
            values[n * dimension + i] = values[i] + (i % dimension == 2 ? 3 : 0);
        }
        double[] weights = random.doubles(n).toArray();
        Geometry geometry =
                new Geometry(new PointTable(dimension, values), GroundCost.EUCLIDEAN, 2);
        int[] here = new int[n];
        int[] there = new int[n];
        Arrays.setAll(here, i -> i);
        Arrays.setAll(there, i -> n + i);
        Cloud f = geometry.cloud(new Distribution(here, weights));
        Cloud g = geometry.cloud(new Distribution(there, weights));
        Cloud x = geometry.cloud(new Distribution(new int[] {4}, new double[] {1}));
        Cloud y = geometry.cloud(new Distribution(new int[] {n + 4}, new double[] {1}));
        Approximation<?> approximation = estimator.over(geometry, 5, Monitor.NONE);
        assertThat(approximation.compare(x, y).value()).isCloseTo(3, within(1e-12));
        if (estimator != Estimator.RELAXED) {
            assertThat(approximation.compare(f, g).value()).isCloseTo(3, within(1e-3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void boundsHoldWhereARowFarAwayCostsTheOthersDigits(Estimator estimator) {
        double[] values = {1e12, .1, .3, .7, 1.9, 2.3, 3.1};
        PointTable points = new PointTable(1, values);
        for (GroundCost cost : List.of(GroundCost.EUCLIDEAN, GroundCost.SQUARED_EUCLIDEAN)) {
            for (int order = 1; order <= 2; order++) {
                Geometry geometry = new Geometry(points, cost, order);
                Wasserstein exact = new Wasserstein(geometry);
                Approximation<?> approximation = estimator.over(geometry, 5, Monitor.NONE);
                for (int i = 2; i < values.length; i++) {
                    Cloud f = geometry.cloud(new Distribution(new int[] {1}, new double[] {1}));
                    Cloud g = geometry.cloud(new Distribution(new int[] {i}, new double[] {1}));
                    Estimate estimate = approximation.compare(f, g);
                    assertThat(exact.distance(f, g)).isBetween(estimate.lower(), estimate.upper());
                }
            }
        }
    }

    @Test
    void boundsAreOrderedAsProved() {
        cases().forEach(
                        each -> {
                            Geometry geometry = each.geometry();
                            Centroids centroids = new Centroids(geometry);
                            CoordinateTransport coordinates = new CoordinateTransport(geometry);
                            Cloud f = each.clouds().get(4);
                            for (Cloud g : each.clouds()) {
                                assertThat(coordinates.compare(f, g).value())
                                        .isGreaterThanOrEqualTo(
                                                centroids.compare(f, g).value() * (1 - 1e-12)
                                                        - 1e-12);
                            }
                        });
    }

    @Test
    void inOneDimensionCoordinatesAreExact() {
        for (int order : new int[] {1, 2}) {
            Geometry geometry = Clouds.RANDOM.geometry(3, 1, GroundCost.EUCLIDEAN, order);
            List<Cloud> clouds = Clouds.clouds(geometry, 4);
            Wasserstein exact = new Wasserstein(geometry);
            for (Cloud g : clouds) {
                assertThat(new CoordinateTransport(geometry).compare(clouds.get(4), g).value())
                        .isCloseTo(exact.distance(clouds.get(4), g), within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void cloudsOfAnotherGeometryAndTheZeroOneCostAreRefused(Estimator estimator) {
        Geometry geometry = Clouds.RANDOM.geometry(3, 2, GroundCost.EUCLIDEAN, 1);
        Geometry other = Clouds.RANDOM.geometry(3, 2, GroundCost.EUCLIDEAN, 2);
        Cloud stranger = Clouds.clouds(other, 1).get(0);
        Approximation<?> approximation = estimator.over(geometry, 1, Monitor.NONE);
        assertThatThrownBy(() -> approximation.sketch(stranger))
                .hasMessage("the cloud belongs to another geometry");
        Geometry zeroOne = Clouds.RANDOM.geometry(3, 2, GroundCost.ZERO_ONE, 1);
        assertThatThrownBy(() -> estimator.over(zeroOne, 1, Monitor.NONE))
                .hasMessageContaining("closed form");
    }
}
