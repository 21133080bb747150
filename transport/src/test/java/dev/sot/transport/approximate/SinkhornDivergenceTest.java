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
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkhornDivergenceTest {

    @Test
    void aPairOfTwoPointsHasTheClosedFormOfTheDivergence() {
        // Two points on either side, masses 1/2: by symmetry the plan is known but for one number.
        Geometry geometry =
                new Geometry(
                        new PointTable(1, new double[] {0, 1, 0.25, 1.25}),
                        GroundCost.SQUARED_EUCLIDEAN,
                        1);
        Cloud f = geometry.cloud(new Distribution(new int[] {0, 1}, new double[] {1, 1}));
        Cloud g = geometry.cloud(new Distribution(new int[] {2, 3}, new double[] {1, 1}));
        double product = (.0625 + 1.5625 + .5625 + .0625) / 4;
        double epsilon = .3;
        // A translation by h changes the cost by h^2 and a function of each side: S = h^2.
        assertThat(
                        new SinkhornDivergence(geometry, epsilon / product, Monitor.NONE)
                                .compare(f, g)
                                .value())
                .isCloseTo(.0625, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSmallerEpsilonComesNearerToTheExactDistance(int order) {
        Geometry geometry = Clouds.RANDOM.geometry(80, 6, GroundCost.EUCLIDEAN, order);
        List<Cloud> clouds = Clouds.clouds(geometry, 81);
        Cloud f = clouds.get(4);
        Cloud g = clouds.get(6);
        double exact = new Wasserstein(geometry).distance(f, g);
        double lastGap = Double.POSITIVE_INFINITY;
        double lastError = Double.POSITIVE_INFINITY;
        for (double epsilon : new double[] {.3, .05, .005}) {
            Estimate estimate =
                    new SinkhornDivergence(geometry, epsilon, Monitor.NONE).compare(f, g);
            double gap = estimate.upper() - estimate.lower();
            assertThat(gap).isLessThan(lastGap);
            lastGap = gap;
            double error = Math.abs(estimate.value() - exact);
            assertThat(error).isLessThan(lastError);
            lastError = error;
        }
        assertThat(lastGap).isLessThan(.05 * exact);
        assertThat(lastError).isLessThan(.02 * exact);
    }

    @Test
    void aPairIsSolvedTheSameWayRound() {
        Geometry geometry = Clouds.CLUSTERED.geometry(82, 6, GroundCost.EUCLIDEAN, 1);
        SinkhornDivergence sinkhorn = new SinkhornDivergence(geometry, .05, Monitor.NONE);
        List<Cloud> clouds = Clouds.clouds(geometry, 83);
        for (Cloud f : clouds) {
            assertThat(sinkhorn.compare(f, clouds.get(5)))
                    .isEqualTo(sinkhorn.compare(clouds.get(5), f));
        }
    }

    @Test
    void whatDoesNotConvergeIsAnError() {
        Geometry geometry = Clouds.RANDOM.geometry(84, 6, GroundCost.EUCLIDEAN, 1);
        List<Cloud> clouds = Clouds.clouds(geometry, 85);
        SinkhornDivergence sinkhorn = new SinkhornDivergence(geometry, 1e-7, Monitor.NONE);
        assertThatThrownBy(() -> sinkhorn.compare(clouds.get(4), clouds.get(6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("marginal error")
                .hasMessageContaining("choose a larger epsilon");
        assertThatThrownBy(() -> new SinkhornDivergence(geometry, 0, Monitor.NONE))
                .hasMessage("epsilon must be positive and finite, got 0.0");
    }

    @Test
    void theMonitorStopsIt() {
        Geometry geometry = Clouds.RANDOM.geometry(86, 6, GroundCost.EUCLIDEAN, 1);
        List<Cloud> clouds = Clouds.clouds(geometry, 87);
        Monitor stop =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        throw new CancellationException("stop");
                    }
                };
        SinkhornDivergence sinkhorn = new SinkhornDivergence(geometry, 1e-3, stop);
        assertThatThrownBy(() -> sinkhorn.compare(clouds.get(4), clouds.get(7))).hasMessage("stop");
    }
}
