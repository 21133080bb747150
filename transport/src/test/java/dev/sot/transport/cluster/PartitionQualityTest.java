package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import org.junit.jupiter.api.Test;

class PartitionQualityTest {

    private static final double[] POINTS = Distances.ofPoints(0, 1, 10, 13, 20);

    @Test
    void meansAndSilhouetteAreThoseWorkedOutByHand() {
        PartitionQuality quality =
                PartitionQuality.of(POINTS, 5, new int[] {3, 3, 8, 8, 1}, Monitor.NONE);
        assertThat(quality.within()).isCloseTo((1 + 3) / 2.0, within(1e-15));
        assertThat(quality.between())
                .isCloseTo((10 + 13 + 20 + 9 + 12 + 19 + 10 + 7) / 8.0, within(1e-14));
        // The single point 20 counts 0.
        double silhouette = (1 - 1 / 11.5) + (1 - 1 / 10.5) + (1 - 3 / 9.5) + (1 - 3 / 7.0) + 0;
        assertThat(quality.silhouette()).isCloseTo(silhouette / 5, within(1e-15));
    }

    @Test
    void itemsWithoutAGroupDoNotCount() {
        PartitionQuality quality =
                PartitionQuality.of(POINTS, 5, new int[] {0, 0, 1, 1, -1}, Monitor.NONE);
        assertThat(quality)
                .isEqualTo(
                        PartitionQuality.of(
                                Distances.ofPoints(0, 1, 10, 13),
                                4,
                                new int[] {0, 0, 1, 1},
                                Monitor.NONE));
    }

    @Test
    void whatHasNoPairsIsUndefined() {
        PartitionQuality together = PartitionQuality.of(POINTS, 5, new int[5], Monitor.NONE);
        assertThat(together.within()).isCloseTo(10.4, within(1e-14));
        assertThat(together.between()).isNaN();
        assertThat(together.silhouette()).isNaN();
        PartitionQuality alone =
                PartitionQuality.of(POINTS, 5, new int[] {0, 1, 2, 3, 4}, Monitor.NONE);
        assertThat(alone.within()).isNaN();
        assertThat(alone.between()).isCloseTo(10.4, within(1e-14));
        assertThat(alone.silhouette()).isZero();
    }

    @Test
    void itemsAllAtOnePlaceHaveSilhouetteZero() {
        assertThat(PartitionQuality.of(new double[6], 4, new int[] {0, 0, 1, 1}, Monitor.NONE))
                .isEqualTo(new PartitionQuality(0, 0, 0));
    }

    @Test
    void pairsOfOneKindCanBeLeftOut() {
        int[] group = {0, 0, 0, -1, -1};
        assertThat(
                        PartitionQuality.within(
                                POINTS, 5, group, new int[] {7, 7, 2, 0, 1}, Monitor.NONE))
                .isCloseTo((10 + 9) / 2.0, within(1e-15));
        assertThat(
                        PartitionQuality.within(
                                POINTS, 5, group, new int[] {0, 1, 2, 3, 4}, Monitor.NONE))
                .isEqualTo(PartitionQuality.of(POINTS, 5, group, Monitor.NONE).within());
        assertThat(PartitionQuality.within(POINTS, 5, group, new int[5], Monitor.NONE)).isNaN();
        assertThatThrownBy(
                        () -> PartitionQuality.within(POINTS, 5, group, new int[4], Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group and kind have 5 and 4 entries for 5 items");
    }

    @Test
    void aGroupPerItemIsRequired() {
        assertThatThrownBy(() -> PartitionQuality.of(POINTS, 5, new int[4], Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group has 4 entries for 5 items");
    }

    @Test
    void theCallerCanStopIt() {
        double[] distances = Distances.random(40, 1);
        // The distances are checked row by row first.
        for (int stopAt : new int[] {1, 41, 44}) {
            assertThatThrownBy(
                            () -> PartitionQuality.of(distances, 40, new int[40], new Stop(stopAt)))
                    .isInstanceOf(Stop.Stopped.class);
        }
    }
}
