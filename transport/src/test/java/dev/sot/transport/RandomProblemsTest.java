package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten thousand problems of mixed shapes, many of them degenerate, solved by either kernel. */
class RandomProblemsTest {

    private static final int PROBLEMS = 10_000;

    /** What makes a problem hard. */
    private enum Kind {
        /** Nothing. */
        GENERIC,
        /** Integer points and equal weights: costs and partial sums are tied. */
        LATTICE,
        /** Points that both sides share, with weights that hardly differ. */
        SHARED,
        /** Weights over twelve orders of magnitude. */
        SKEWED,
        /** One point of each cloud is a million times as far away as the others. */
        OUTLIER,
        /** A cluster far from the origin, in points a millionth apart. */
        TIGHT
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void areSolvedToARelativeGapOfOneInABillionAlikeByBothKernels(Kind kind) {
        Random random = new Random(50 + kind.ordinal());
        GroundCost[] costs = {
            GroundCost.EUCLIDEAN, GroundCost.SQUARED_EUCLIDEAN, GroundCost.COSINE
        };
        double worst = 0;
        for (int trial = 0; trial < PROBLEMS / Kind.values().length + 1; trial++) {
            int n = 1 + random.nextInt(20);
            int m = random.nextInt(3) == 0 ? n : 1 + random.nextInt(40);
            int dimension = 1 + random.nextInt(6);
            PointTable points = points(random, kind, n + m, dimension);
            Geometry geometry =
                    new Geometry(points, costs[random.nextInt(3)], 1 + random.nextInt(2));
            int[] first = IntStream.range(0, n).toArray();
            int[] second = kind == Kind.SHARED ? IntStream.range(0, m).toArray() : range(n, n + m);
            double[] a = weights(random, kind, n);
            double[] b =
                    kind == Kind.SHARED && n == m ? nearly(random, a) : weights(random, kind, m);
            Cloud f = geometry.cloud(new Distribution(first, a));
            Cloud g = geometry.cloud(new Distribution(second, b));

            Wasserstein plain = new Wasserstein(geometry, Monitor.NONE, new ScalarKernel());
            Wasserstein vector = new Wasserstein(geometry, Monitor.NONE, Kernels.best());
            double distance = plain.distance(f, g);
            worst = Math.max(worst, Math.max(plain.dualityGap(), gap(vector, f, g)));
            String problem = kind + " " + trial + ", " + n + " x " + m;
            assertThat(vector.distance(f, g))
                    .as(problem)
                    .isCloseTo(distance, within(1e-12 * distance));
            assertThat(plain.distance(g, f)).as(problem).isEqualTo(distance);
            assertThat(plain.lowerBound(f, g)).as(problem).isLessThanOrEqualTo(distance);
            assertThat(vector.lowerBound(f, g)).as(problem).isLessThanOrEqualTo(distance);
        }
        assertThat(worst).isLessThan(1e-9);
    }

    private static double gap(Wasserstein wasserstein, Cloud f, Cloud g) {
        wasserstein.distance(f, g);
        return wasserstein.dualityGap();
    }

    private static PointTable points(Random random, Kind kind, int size, int dimension) {
        double[] values = new double[size * dimension];
        for (int at = 0; at < values.length; at++) {
            values[at] =
                    switch (kind) {
                        case LATTICE -> 1 + random.nextInt(3);
                        case TIGHT -> 1 + 1e-6 * random.nextInt(5);
                        default -> random.nextGaussian();
                    };
        }
        if (kind == Kind.OUTLIER) {
            values[0] += 1e6;
            values[values.length - 1] -= 1e6;
        }
        return new PointTable(dimension, values);
    }

    private static double[] weights(Random random, Kind kind, int size) {
        return switch (kind) {
            case LATTICE -> filled(size);
            case SKEWED -> random.doubles(size).map(w -> Math.pow(10, -12 * w)).toArray();
            default -> random.doubles(size).map(w -> Math.exp(3 * w)).toArray();
        };
    }

    private static double[] filled(int size) {
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] nearly(Random random, double[] weights) {
        return Arrays.stream(weights).map(w -> w * (1 + 1e-5 * random.nextGaussian())).toArray();
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }
}
