package dev.sot.transport.approximate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Wasserstein;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlicedWassersteinTest {

    private static final int SEEDS = 60;

    @ParameterizedTest
    @EnumSource(
            value = GroundCost.class,
            names = {"EUCLIDEAN", "SQUARED_EUCLIDEAN", "COSINE"})
    void theStandardErrorCoversTheSpreadOverSeeds(GroundCost cost) {
        for (int directions : new int[] {6, 40}) {
            Geometry geometry = Clouds.CLUSTERED.geometry(70, 8, cost, 1);
            List<Cloud> clouds = Clouds.clouds(geometry, 71);
            double[] values = new double[SEEDS];
            double claimed = 0;
            for (int seed = 0; seed < SEEDS; seed++) {
                SlicedWasserstein slices = new SlicedWasserstein(geometry, directions, seed);
                SlicedWasserstein.Sliced sliced =
                        slices.sliced(slices.sketch(clouds.get(4)), slices.sketch(clouds.get(6)));
                values[seed] = sliced.estimate().value();
                claimed += sliced.standardError() / SEEDS;
            }
            double mean = Arrays.stream(values).average().orElseThrow();
            double spread =
                    Math.sqrt(
                            Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
                                    / (SEEDS - 1));
            assertThat(claimed).isBetween(spread * .9, spread * 20);
        }
    }

    @Test
    void completeFramesNeverExceedTheDistance() {
        Geometry geometry = Clouds.RANDOM.geometry(72, 8, GroundCost.EUCLIDEAN, 2);
        List<Cloud> clouds = Clouds.clouds(geometry, 73);
        for (int seed = 0; seed < 20; seed++) {
            SlicedWasserstein slices = new SlicedWasserstein(geometry, 16, seed);
            Estimate estimate = slices.compare(clouds.get(4), clouds.get(6));
            assertThat(estimate.value())
                    .isLessThan(new Wasserstein(geometry).distance(clouds.get(4), clouds.get(6)))
                    .isLessThan(estimate.lower() * 1.5);
        }
    }

    @Test
    void theSeedDecides() {
        Geometry geometry = Clouds.RANDOM.geometry(74, 8, GroundCost.EUCLIDEAN, 1);
        List<Cloud> clouds = Clouds.clouds(geometry, 75);
        Estimate once = new SlicedWasserstein(geometry, 8, 1).compare(clouds.get(4), clouds.get(5));
        assertThat(new SlicedWasserstein(geometry, 8, 1).compare(clouds.get(4), clouds.get(5)))
                .isEqualTo(once);
        assertThat(new SlicedWasserstein(geometry, 8, 2).compare(clouds.get(4), clouds.get(5)))
                .isNotEqualTo(once);
        assertThatThrownBy(() -> new SlicedWasserstein(geometry, 1, 1))
                .hasMessage("directions must be at least 2, got 1");
    }
}
