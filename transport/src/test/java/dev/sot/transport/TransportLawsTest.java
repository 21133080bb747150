package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sot.transport.LineTransport.Measure;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every optimal transport, by either kernel. */
class TransportLawsTest {

    private static final double ROUNDING = 1e-13;

    private static Stream<Kernel> kernels() {
        return Stream.of(new ScalarKernel(), Kernels.best());
    }

    /** Of each kernel, all costs and orders that are solved by the simplex. */
    static Stream<Arguments> problems() {
        return kernels()
                .flatMap(
                        kernel ->
                                Stream.of(
                                                GroundCost.EUCLIDEAN,
                                                GroundCost.SQUARED_EUCLIDEAN,
                                                GroundCost.COSINE)
                                        .flatMap(
                                                cost ->
                                                        Stream.of(
                                                                arguments(kernel, cost, 1),
                                                                arguments(kernel, cost, 2))));
    }

    static Stream<Arguments> kernelsAndOrders() {
        return kernels().flatMap(k -> Stream.of(arguments(k, 1), arguments(k, 2)));
    }

    /** The clouds f and g of points that are one after the other in a table. */
    private record Problem(int dimension, double[] points, double[] a, double[] b) {

        static Problem random(Random random, int size) {
            int n = 1 + random.nextInt(size);
            int m = 1 + random.nextInt(size);
            int dimension = 1 + random.nextInt(6);
            return new Problem(
                    dimension,
                    gaussian(random, (n + m) * dimension),
                    weights(random, n),
                    weights(random, m));
        }

        double distance(Kernel kernel, GroundCost cost, int order) {
            Geometry geometry = new Geometry(new PointTable(dimension, points), cost, order);
            return new Wasserstein(geometry, Monitor.NONE, kernel)
                    .distance(geometry.cloud(rows(0, a)), geometry.cloud(rows(a.length, b)));
        }

        Problem moved(double factor, double[] by) {
            double[] moved = new double[points.length];
            for (int at = 0; at < moved.length; at++) {
                moved[at] = factor * points[at] + by[at % dimension];
            }
            return new Problem(dimension, moved, a, b);
        }
    }

    @ParameterizedTest
    @MethodSource("problems")
    void theOrderOfPointsChangesNothing(Kernel kernel, GroundCost cost, int order) {
        Random random = new Random(50);
        for (int trial = 0; trial < 30; trial++) {
            Problem problem = Problem.random(random, 40);
            int n = problem.a.length;
            int[] first = shuffled(random, n);
            int[] second = shuffled(random, problem.b.length);
            int d = problem.dimension;
            double[] points = new double[problem.points.length];
            for (int row = 0; row < points.length / d; row++) {
                int from = row < n ? first[row] : n + second[row - n];
                System.arraycopy(problem.points, from * d, points, row * d, d);
            }
            Problem same = new Problem(d, points, pick(problem.a, first), pick(problem.b, second));
            assertEqual(same.distance(kernel, cost, order), problem.distance(kernel, cost, order));
        }
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aPointSplitIntoDuplicatesChangesNothing(Kernel kernel, GroundCost cost, int order) {
        Random random = new Random(51);
        for (int trial = 0; trial < 30; trial++) {
            Problem problem = Problem.random(random, 25);
            int n = problem.a.length;
            int m = problem.b.length;
            int d = problem.dimension;
            int[] copies = random.ints(n + m, 1, 4).toArray();
            int[] origin =
                    IntStream.range(0, n + m)
                            .flatMap(i -> IntStream.generate(() -> i).limit(copies[i]))
                            .toArray();
            double[] points = new double[origin.length * d];
            for (int row = 0; row < origin.length; row++) {
                System.arraycopy(problem.points, origin[row] * d, points, row * d, d);
            }
            double[] split =
                    IntStream.of(origin)
                            .mapToDouble(i -> (i < n ? problem.a[i] : problem.b[i - n]) / copies[i])
                            .toArray();
            int left = IntStream.of(copies).limit(n).sum();
            Problem same =
                    new Problem(
                            d,
                            points,
                            Arrays.copyOf(split, left),
                            Arrays.copyOfRange(split, left, split.length));
            assertEqual(same.distance(kernel, cost, order), problem.distance(kernel, cost, order));
        }
    }

    @ParameterizedTest
    @MethodSource("problems")
    void distancesAreHomogeneousInThePointsAndNotMovedByTranslation(
            Kernel kernel, GroundCost cost, int order) {
        Random random = new Random(52);
        for (int trial = 0; trial < 30; trial++) {
            Problem problem = Problem.random(random, 30);
            double plain = problem.distance(kernel, cost, order);
            double[] nowhere = new double[problem.dimension];
            for (double factor : new double[] {1e-15, -3, 1e15}) {
                double expected =
                        switch (cost) {
                            case EUCLIDEAN -> Math.abs(factor) * plain;
                            case SQUARED_EUCLIDEAN -> factor * factor * plain;
                            default -> plain;
                        };
                assertEqual(problem.moved(factor, nowhere).distance(kernel, cost, order), expected);
            }
            if (cost != GroundCost.COSINE) {
                double[] by = gaussian(random, problem.dimension);
                assertEqual(problem.moved(1, by).distance(kernel, cost, order), plain);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndOrders")
    void aTranslatedMeasureIsAsFarAsItWasMovedHoweverFarFromTheOrigin(Kernel kernel, int order) {
        Random random = new Random(53);
        int d = 4;
        for (double offset : new double[] {0, 0x1p30}) {
            for (double length : new double[] {0x1p-20, 1, 0x1p20}) {
                double[] x =
                        Arrays.stream(gaussian(random, 40 * d))
                                // Multiples of 2^-20, so that moving them is exact.
                                .map(v -> Math.rint(v * 0x1p20) * 0x1p-20 + offset)
                                .toArray();
                double[] points = Arrays.copyOf(x, 2 * x.length);
                for (int at = 0; at < x.length; at++) {
                    points[x.length + at] =
                            x[at] + (at % d == 0 ? 3 : at % d == 1 ? 4 : 0) * length;
                }
                double[] weights = weights(random, 40);
                assertEqual(
                        new Problem(d, points, weights, weights)
                                .distance(kernel, GroundCost.EUCLIDEAN, order),
                        5 * length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndOrders")
    void distancesAreAMetric(Kernel kernel, int order) {
        Random random = new Random(54);
        // A lattice: many distances of zero, and triangles that are nearly or fully degenerate.
        double[] points = random.ints(3 * 60L, 0, 4).asDoubleStream().toArray();
        Geometry geometry = new Geometry(new PointTable(3, points), GroundCost.EUCLIDEAN, order);
        Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE, kernel);
        Cloud[] clouds =
                Stream.generate(
                                () ->
                                        TransportPlans.distribution(
                                                random, 60, 1 + random.nextInt(20)))
                        .limit(16)
                        .map(geometry::cloud)
                        .toArray(Cloud[]::new);
        double[][] distance = new double[16][16];
        for (int i = 0; i < 16; i++) {
            for (int j = 0; j < 16; j++) {
                distance[i][j] = wasserstein.distance(clouds[i], clouds[j]);
            }
        }
        for (int i = 0; i < 16; i++) {
            assertThat(distance[i][i]).isZero();
            for (int j = 0; j < 16; j++) {
                assertThat(distance[i][j]).isEqualTo(distance[j][i]);
                assertThat(distance[i][j] > 0).isEqualTo(i != j);
                for (int k = 0; k < 16; k++) {
                    assertThat(distance[i][k])
                            .isLessThanOrEqualTo(
                                    (distance[i][j] + distance[j][k]) * (1 + ROUNDING));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernelsAndOrders")
    void onALineTheMonotoneCouplingIsOptimal(Kernel kernel, int order) {
        Random random = new Random(55);
        for (int trial = 0; trial < 100; trial++) {
            int n = 1 + random.nextInt(100);
            int m = 1 + random.nextInt(100);
            double[] points = gaussian(random, n + m);
            if (trial % 2 == 0) {
                points = Arrays.stream(points).map(v -> Math.rint(4 * v)).toArray();
            }
            double[] a = weights(random, n);
            double[] b = weights(random, m);
            assertEqual(
                    new Problem(1, points, a, b).distance(kernel, GroundCost.EUCLIDEAN, order),
                    LineTransport.distance(
                            Measure.of(Arrays.copyOf(points, n), a),
                            Measure.of(Arrays.copyOfRange(points, n, n + m), b),
                            order));
        }
    }

    @ParameterizedTest
    @MethodSource("problems")
    void fromOnePointEverythingGoesWhereItMust(Kernel kernel, GroundCost cost, int order) {
        Random random = new Random(56);
        for (int m : new int[] {1, 2, 15, 16, 17, 200}) {
            int d = 3;
            double[] points = gaussian(random, (1 + m) * d);
            double[] b = weights(random, m);
            Geometry geometry = new Geometry(new PointTable(d, points), cost, order);
            double sum = 0;
            double mass = Arrays.stream(b).sum();
            for (int j = 0; j < m; j++) {
                sum += b[j] / mass * Math.pow(geometry.groundDistance(0, 1 + j), order);
            }
            Cloud f = geometry.cloud(rows(0, new double[] {7}));
            Cloud g = geometry.cloud(rows(1, b));
            Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE, kernel);
            assertEqual(wasserstein.distance(f, g), Math.pow(sum, 1.0 / order));
            assertThat(wasserstein.distance(g, f)).isEqualTo(wasserstein.distance(f, g));
            double distance = wasserstein.distance(f, g);
            assertThat(wasserstein.lowerBound(f, g)).isBetween(distance * (1 - 1e-4), distance);
        }
    }

    /** Clouds of a table whose rounded costs tell little or nothing. */
    private enum Adverse {
        LATTICE,
        DUPLICATES,
        FAR_FROM_THE_ORIGIN,
        /** One point of the table, in no cloud, fixes the scale for all. */
        BESIDE_A_FAR_POINT
    }

    static Stream<Arguments> adverse() {
        return kernels()
                .flatMap(
                        kernel ->
                                Arrays.stream(Adverse.values())
                                        .map(kind -> arguments(kernel, kind)));
    }

    @ParameterizedTest
    @MethodSource("adverse")
    void boundsNeverExceedDistancesAndDistancesAreThoseOfTheCostsThemselves(
            Kernel kernel, Adverse kind) {
        Random random = new Random(57);
        ExactTransport transport = new ExactTransport(Monitor.NONE, kernel);
        for (int trial = 0; trial < 120; trial++) {
            int n = 1 + random.nextInt(60);
            int m = 1 + random.nextInt(60);
            int d = 1 + random.nextInt(5);
            double[] points = gaussian(random, (n + m + 1) * d);
            Arrays.fill(points, (n + m) * d, points.length, 0);
            double size = Math.pow(10, 1 + trial % 12);
            for (int at = 0; at < points.length; at++) {
                switch (kind) {
                    case LATTICE -> points[at] = 1 + Math.rint(points[at]);
                    case DUPLICATES -> points[at] = points[at % (5 * d)] + 1e-7 * (at / (20 * d));
                    case FAR_FROM_THE_ORIGIN -> points[at] += size;
                    default -> points[at] += at / d == n + m ? size : 0;
                }
            }
            GroundCost cost =
                    kind == Adverse.LATTICE || trial % 3 > 0
                            ? GroundCost.EUCLIDEAN
                            : GroundCost.SQUARED_EUCLIDEAN;
            Geometry geometry =
                    new Geometry(new PointTable(d, points), cost, 1 + random.nextInt(2));
            Cloud f = geometry.cloud(rows(0, weights(random, n)));
            Cloud g = geometry.cloud(rows(n, weights(random, m)));
            String problem = kind + " " + trial + ", " + n + " x " + m + ", " + cost;
            double alone = new Wasserstein(geometry, Monitor.NONE, kernel).distance(f, g);
            Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE, kernel);
            assertThat(wasserstein.lowerBound(g, f))
                    .as(problem)
                    .isEqualTo(new Wasserstein(geometry, Monitor.NONE, kernel).lowerBound(f, g))
                    .isBetween(0.0, alone);
            // The costs that the bound left behind give the same bits.
            assertThat(wasserstein.distance(f, g)).as(problem).isEqualTo(alone);
            assertThat(wasserstein.dualityGap()).as(problem).isLessThan(1e-11);

            double[] costs = new double[n * m];
            for (int at = 0; at < costs.length; at++) {
                costs[at] = geometry.power(at / m, n + at % m);
            }
            double optimum = transport.solve(costs, f.weights(), g.weights()).cost();
            assertThat(alone)
                    .as(problem)
                    .isCloseTo(
                            geometry.distance(optimum), within(1e-11 * geometry.distance(optimum)));
        }
    }

    private static void assertEqual(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(ROUNDING * expected));
    }

    private static Distribution rows(int first, double[] weights) {
        return new Distribution(IntStream.range(first, first + weights.length).toArray(), weights);
    }

    private static double[] gaussian(Random random, int size) {
        return IntStream.range(0, size).mapToDouble(i -> random.nextGaussian()).toArray();
    }

    private static double[] weights(Random random, int size) {
        return IntStream.range(0, size)
                .mapToDouble(i -> Math.exp(1.5 * random.nextGaussian()))
                .toArray();
    }

    private static double[] pick(double[] values, int[] index) {
        return IntStream.of(index).mapToDouble(i -> values[i]).toArray();
    }

    private static int[] shuffled(Random random, int size) {
        List<Integer> order = IntStream.range(0, size).boxed().collect(Collectors.toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(i -> i).toArray();
    }
}
