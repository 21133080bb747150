package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Equal numbers of equal masses, which start from an assignment. */
class AssignmentTest {

    private static final int[] SIZES = {1, 2, 3, 4, 7, 15, 16, 17, 32, 48, 65, 128, 150};

    private enum Kind {
        GENERIC,
        /** Integer points: costs are tied, and points repeated. */
        LATTICE,
        /** Half of the points of one side are also on the other. */
        SHARED,
        /** All points of a side but one are the same. */
        DUPLICATES,
        /** One point of each side is a million times as far away as the others. */
        OUTLIER
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void areAsFarApartAsWithAPointSplitInTwo(Kind kind) {
        Random random = new Random(60 + kind.ordinal());
        GroundCost[] costs = {
            GroundCost.EUCLIDEAN, GroundCost.SQUARED_EUCLIDEAN, GroundCost.COSINE
        };
        for (int n : SIZES) {
            for (int trial = 0; trial < (n < 50 ? 12 : 3); trial++) {
                Geometry geometry =
                        new Geometry(
                                points(random, kind, n, 2 + random.nextInt(5)),
                                costs[random.nextInt(3)],
                                1 + random.nextInt(2));
                Cloud f = cloud(geometry, 0, n);
                Cloud g = cloud(geometry, n, 2 * n);
                // The numbers of points differ, so this is none of equal masses.
                int[] rows = IntStream.rangeClosed(n, 2 * n).toArray();
                double[] weights = ones(n + 1);
                weights[n - 1] = .5;
                weights[n] = .5;
                Cloud split = geometry.cloud(new Distribution(rows, weights));
                double expected = new Wasserstein(geometry).distance(f, split);
                for (Kernel kernel : new Kernel[] {new ScalarKernel(), Kernels.best()}) {
                    Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE, kernel);
                    String problem = kind + " " + trial + ", " + n;
                    double distance = wasserstein.distance(f, g);
                    assertThat(wasserstein.dualityGap()).as(problem).isLessThan(1e-9);
                    assertThat(distance)
                            .as(problem)
                            .isCloseTo(expected, within(1e-12 * expected))
                            .isEqualTo(wasserstein.distance(g, f));
                    TransportPlans.assertOptimal(wasserstein.plan(f, g), f, g);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isTheCheapestPermutation(Kind kind) {
        Random random = new Random(70 + kind.ordinal());
        ExactTransport transport = new ExactTransport();
        for (int trial = 0; trial < 200; trial++) {
            int n = 1 + random.nextInt(6);
            PointTable points = points(random, kind, n, 2);
            double[] cost = new double[n * n];
            for (int at = 0; at < n * n; at++) {
                // Some costs are negative.
                cost[at] = points.squaredDistance(at / n, n + at % n) - 1;
            }
            TransportPlan plan = transport.solve(cost, ones(n), ones(n));
            double expected = cheapest(cost, n, 0, 0) / n;
            double largest = Arrays.stream(cost).map(Math::abs).max().orElseThrow();
            assertThat(plan.cost()).isCloseTo(expected, within(1e-14 * largest));
            assertThat(plan.dualityGap()).isLessThan(1e-12);
        }
    }

    private static double cheapest(double[] cost, int n, int row, int taken) {
        double least = row == n ? 0 : Double.POSITIVE_INFINITY;
        for (int j = 0; j < n && row < n; j++) {
            if ((taken >> j & 1) == 0) {
                least =
                        Math.min(
                                least,
                                cost[row * n + j] + cheapest(cost, n, row + 1, taken | 1 << j));
            }
        }
        return least;
    }

    private static Cloud cloud(Geometry geometry, int from, int to) {
        return geometry.cloud(
                new Distribution(IntStream.range(from, to).toArray(), ones(to - from)));
    }

    private static double[] ones(int size) {
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Two sides of n points, and the last point once more. */
    private static PointTable points(Random random, Kind kind, int n, int dimension) {
        double[][] points = new double[2 * n + 1][dimension];
        for (int i = 0; i < 2 * n; i++) {
            for (int k = 0; k < dimension; k++) {
                points[i][k] = kind == Kind.LATTICE ? 1 + random.nextInt(3) : random.nextGaussian();
            }
            if (kind == Kind.SHARED && i >= n && i % 2 == 0) {
                points[i] = points[i - n];
            } else if (kind == Kind.DUPLICATES && i % n > 1) {
                points[i] = points[i - 1];
            }
        }
        if (kind == Kind.OUTLIER) {
            points[0][0] += 1e6;
            points[2 * n - 1][0] -= 1e6;
        }
        points[2 * n] = points[2 * n - 1];
        return new PointTable(
                dimension, Arrays.stream(points).flatMapToDouble(Arrays::stream).toArray());
    }
}
