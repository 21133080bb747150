package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KMeansTest {

    private static double[][] points(int n, int dimension, long seed) {
        Random random = new Random(seed);
        double[][] points = new double[n][dimension];
        for (double[] point : points) {
            Arrays.setAll(point, d -> random.nextGaussian());
        }
        return points;
    }

    /** The sum of the squares of the distances within groups, over twice their size. */
    private static double squares(double[][] points, int[] group) {
        double sum = 0;
        for (int g = 0; g <= Arrays.stream(group).max().getAsInt(); g++) {
            double pairs = 0;
            int size = 0;
            for (int i = 0; i < points.length; i++) {
                for (int j = 0; j < points.length; j++) {
                    if (group[i] == g && group[j] == g) {
                        for (int d = 0; d < points[i].length; d++) {
                            pairs += Math.pow(points[i][d] - points[j][d], 2);
                        }
                    }
                }
                size += group[i] == g ? 1 : 0;
            }
            sum += size > 0 ? pairs / 2 / size : 0;
        }
        return sum;
    }

    @Test
    void nineOfTenSmallProblemsAreSolvedToTheOptimum() {
        int optimal = 0;
        for (int trial = 0; trial < 50; trial++) {
            int k = 2 + trial % 3;
            double[][] points = points(8, 2, trial);
            double[] best = {Double.POSITIVE_INFINITY};
            Partitions.all(
                    8,
                    group -> {
                        if (Arrays.stream(group).max().getAsInt() < k) {
                            best[0] = Math.min(best[0], squares(points, group));
                        }
                    });
            KMeans found = KMeans.cluster(points, k, 10, trial, Monitor.NONE);
            assertThat(found.squares()).isGreaterThanOrEqualTo(best[0] - 1e-12);
            assertThat(found.squares()).isCloseTo(squares(points, found.group()), within(1e-12));
            optimal += found.squares() < best[0] + 1e-12 ? 1 : 0;
        }
        assertThat(optimal).isGreaterThanOrEqualTo(45);
    }

    @Test
    void everyPointIsInTheGroupOfTheNearestMean() {
        for (int trial = 0; trial < 20; trial++) {
            int k = 1 + trial % 7;
            double[][] points = points(60, 3, trial);
            int[] group = KMeans.cluster(points, k, 2, 5, Monitor.NONE).group();
            assertThat(group).isEqualTo(Labels.inOrder(group));
            assertThat(Arrays.stream(group).max().getAsInt()).isEqualTo(k - 1);
            double[][] mean = new double[k][3];
            int[] size = Labels.sizes(group, k);
            for (int i = 0; i < 60; i++) {
                for (int d = 0; d < 3; d++) {
                    mean[group[i]][d] += points[i][d] / size[group[i]];
                }
            }
            for (int i = 0; i < 60; i++) {
                double own = squaredDistance(points[i], mean[group[i]]);
                for (double[] other : mean) {
                    assertThat(own).isLessThanOrEqualTo(squaredDistance(points[i], other) + 1e-12);
                }
            }
        }
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        }
        return sum;
    }

    @Test
    void moreRunsAreNeverWorse() {
        double[][] points = points(100, 2, 9);
        double before = Double.POSITIVE_INFINITY;
        for (int runs = 1; runs < 20; runs++) {
            double now = KMeans.cluster(points, 12, runs, 3, Monitor.NONE).squares();
            assertThat(now).isLessThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void plantedGroupsAreFound() {
        int[] planted = Planted.groups(200, 10, 4);
        double[][] points = points(200, 5, 4);
        double[][] centre = points(10, 5, 99);
        for (int i = 0; i < 200; i++) {
            for (int d = 0; d < 5; d++) {
                points[i][d] = 20 * centre[planted[i]][d] + points[i][d];
            }
        }
        KMeans found = KMeans.cluster(points, 10, 10, 42, Monitor.NONE);
        assertThat(Agreement.of(found.group(), planted).adjustedRand()).isEqualTo(1);
        assertThat(KMeans.cluster(points, 10, 10, 42, Monitor.NONE).group())
                .isEqualTo(found.group());
    }

    @Test
    void thereAreAlwaysAsManyGroupsAsAskedFor() {
        double[][] same = new double[6][2];
        assertThat(KMeans.cluster(same, 6, 3, 1, Monitor.NONE).group())
                .containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(Labels.distinct(KMeans.cluster(same, 4, 3, 1, Monitor.NONE).group())).hasSize(4);
        double[][] two = {{0}, {0}, {0}, {1}, {1}};
        KMeans found = KMeans.cluster(two, 3, 5, 1, Monitor.NONE);
        assertThat(Labels.distinct(found.group())).hasSize(3);
        assertThat(found.squares()).isZero();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> KMeans.cluster(new double[3][1], 4, 1, 0, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot make 4 groups of 3 points; 1 to 3 can be made");
        assertThatThrownBy(() -> KMeans.cluster(new double[3][1], 2, 0, 0, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("runs is 0; at least one is needed");
        assertThatThrownBy(() -> KMeans.cluster(points(50, 2, 1), 5, 5, 0, new Stop(60)))
                .isInstanceOf(Stop.Stopped.class);
    }
}
