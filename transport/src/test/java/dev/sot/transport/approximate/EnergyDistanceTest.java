package dev.sot.transport.approximate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnergyDistanceTest {

    @ParameterizedTest
    @EnumSource
    void agreesWithTheDefinition(Clouds kind) {
        PointTable points = kind.table(new Random(90), 5);
        List<Distribution> distributions = Clouds.distributions(new Random(91));
        DistanceMatrix matrix = EnergyDistance.matrix(points, distributions, 2, Monitor.NONE);
        for (int f = 0; f < distributions.size(); f++) {
            for (int g = 0; g < distributions.size(); g++) {
                double expected =
                        2 * mean(points, distributions.get(f), distributions.get(g))
                                - mean(points, distributions.get(f), distributions.get(f))
                                - mean(points, distributions.get(g), distributions.get(g));
                assertThat(matrix.get(f, g) * matrix.get(f, g)).isCloseTo(expected, within(1e-12));
                assertThat(
                                EnergyDistance.distance(
                                        points, distributions.get(f), distributions.get(g)))
                        .isCloseTo(matrix.get(f, g), within(1e-6));
            }
        }
    }

    @Test
    void theHandCalculation() {
        PointTable line = new PointTable(1, new double[] {0, 1, 3});
        // 2 (2 * 1/2 + 3 * 1/2) - 2 * 1/4 - 0.
        assertThat(
                        EnergyDistance.distance(
                                line,
                                new Distribution(new int[] {0, 1}, new double[] {1, 1}),
                                new Distribution(new int[] {2}, new double[] {7})))
                .isEqualTo(Math.sqrt(5 - .5));
    }

    @Test
    void isAMetricBelowTwiceTheWassersteinDistance() {
        PointTable points = Clouds.CLUSTERED.table(new Random(92), 4);
        List<Distribution> distributions = Clouds.distributions(new Random(93));
        DistanceMatrix matrix = EnergyDistance.matrix(points, distributions, 1, Monitor.NONE);
        Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, 1);
        Wasserstein wasserstein = new Wasserstein(geometry);
        int size = distributions.size();
        for (int f = 0; f < size; f++) {
            for (int g = 0; g < size; g++) {
                double exact =
                        wasserstein.distance(
                                geometry.cloud(distributions.get(f)),
                                geometry.cloud(distributions.get(g)));
                assertThat(Math.pow(matrix.get(f, g), 2)).isLessThanOrEqualTo(2 * exact + 1e-12);
                for (int h = 0; h < size; h++) {
                    assertThat(matrix.get(f, h))
                            .isLessThanOrEqualTo(matrix.get(f, g) + matrix.get(g, h) + 1e-6);
                }
            }
        }
    }

    @Test
    void equalDistributionsHaveNoDistance() {
        PointTable points = Clouds.CLUSTERED.table(new Random(94), 4);
        Distribution f = Clouds.distributions(new Random(95)).get(6);
        Distribution thirds =
                new Distribution(
                        f.positions(), Arrays.stream(f.weights()).map(w -> w / 3).toArray());
        int[] padded = Arrays.copyOf(f.positions(), f.size() + 1);
        padded[f.size()] = Clouds.TABLE - 1;
        assertThat(EnergyDistance.distance(points, f, f)).isZero();
        assertThat(EnergyDistance.distance(points, f, thirds)).isZero();
        if (f.positions()[f.size() - 1] < Clouds.TABLE - 1) {
            Distribution withNothing =
                    new Distribution(padded, Arrays.copyOf(f.weights(), padded.length));
            assertThat(EnergyDistance.distance(points, f, withNothing)).isZero();
        }
    }

    /** More points than a tile holds, and more features than fit a slab with them. */
    @Test
    void neitherConcurrencyNorTilesShow() {
        Random random = new Random(96);
        int size = 700;
        PointTable points = new PointTable(3, random.doubles(size * 3L).toArray());
        List<Distribution> distributions = new ArrayList<>();
        for (int f = 0; f < 5000; f++) {
            int[] positions = random.ints(0, size).distinct().limit(3).sorted().toArray();
            distributions.add(new Distribution(positions, random.doubles(3).toArray()));
        }
        DistanceMatrix one = EnergyDistance.matrix(points, distributions, 1, Monitor.NONE);
        DistanceMatrix three = EnergyDistance.matrix(points, distributions, 3, Monitor.NONE);
        assertThat(three.condensed()).isEqualTo(one.condensed());
        for (int trial = 0; trial < 50; trial++) {
            int f = random.nextInt(5000);
            int g = random.nextInt(5000);
            assertThat(one.get(f, g))
                    .isCloseTo(
                            EnergyDistance.distance(
                                    points, distributions.get(f), distributions.get(g)),
                            within(1e-7));
        }
    }

    @Test
    void badInputIsNamed() {
        PointTable points = new PointTable(1, new double[] {0, 1});
        Distribution inside = new Distribution(new int[] {0}, new double[] {1});
        Distribution outside = new Distribution(new int[] {2}, new double[] {1});
        assertThatThrownBy(() -> EnergyDistance.distance(points, inside, outside))
                .hasMessage("distribution 1: position 2 lies outside the table of 2 points");
        assertThat(EnergyDistance.matrix(points, List.of(), 1, Monitor.NONE).size()).isZero();
        assertThat(EnergyDistance.matrix(points, List.of(inside), 1, Monitor.NONE).size())
                .isEqualTo(1);
    }

    private static double mean(PointTable points, Distribution f, Distribution g) {
        double totals = Arrays.stream(f.weights()).sum() * Arrays.stream(g.weights()).sum();
        double sum = 0;
        for (int i = 0; i < f.size(); i++) {
            for (int j = 0; j < g.size(); j++) {
                sum +=
                        f.weights()[i]
                                * g.weights()[j]
                                * Math.sqrt(
                                        points.squaredDistance(f.positions()[i], g.positions()[j]));
            }
        }
        return sum / totals;
    }
}
