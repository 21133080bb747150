package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MixedDistancesTest {

    private static double[] mix(double[] partial, int[] known, double[] full, double weight) {
        int n = (int) Math.round((1 + Math.sqrt(1 + 8.0 * full.length)) / 2);
        return MixedDistances.mix(partial, known, full.clone(), n, weight, Monitor.NONE);
    }

    private static double lowerMedian(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }

    @Test
    void bothAreMeasuredInTheirMediansAndWeighted() {
        int n = 9;
        double[] full = Distances.random(n, 1);
        int[] known = {1, 2, 4, 5, 7};
        double[] partial = Distances.random(known.length, 2);
        double[] mixed = mix(partial, known, full, 0.3);
        double partialUnit = lowerMedian(partial);
        double fullUnit = lowerMedian(full);
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double structure = Distances.get(full, n, i, j) / fullUnit;
                int a = Arrays.binarySearch(known, i);
                int b = Arrays.binarySearch(known, j);
                double expected =
                        a < 0 || b < 0
                                ? structure
                                : 0.7 * Distances.get(partial, known.length, a, b) / partialUnit
                                        + 0.3 * structure;
                assertThat(Distances.get(mixed, n, i, j)).isCloseTo(expected, within(1e-15));
            }
        }
    }

    @Test
    void atTheEndsOnlyOneOfTheTwoCounts() {
        int[] all = {0, 1, 2, 3, 4};
        double[] partial = Distances.random(5, 3);
        double[] full = Distances.random(5, 4);
        double[] first = mix(partial, all, full, 0);
        double[] second = mix(partial, all, full, 1);
        for (int k = 0; k < full.length; k++) {
            assertThat(first[k]).isEqualTo(partial[k] / lowerMedian(partial));
            assertThat(second[k]).isEqualTo(full[k] / lowerMedian(full));
        }
    }

    @Test
    void unitsDoNotMatter() {
        int[] known = {0, 2, 3};
        double[] partial = Distances.random(3, 5);
        double[] full = Distances.random(4, 6);
        double[] larger = Arrays.stream(partial).map(d -> d * 0x1p40).toArray();
        assertThat(mix(larger, known, full, 0.5)).isEqualTo(mix(partial, known, full, 0.5));
    }

    @Test
    void whereMostPairsAreAtZeroTheMeanIsTheUnit() {
        double[] full = {0, 0, 0, 0, 3, 3};
        assertThat(mix(new double[0], new int[0], full, 0)).containsExactly(0, 0, 0, 0, 3, 3);
        assertThat(mix(new double[6], new int[] {0, 1, 2, 3}, new double[6], 0.5)).containsOnly(0);
    }

    @Test
    void withNothingKnownOnlyTheFullOneIsLeft() {
        assertThat(mix(new double[0], new int[0], new double[] {1, 2, 4}, 0.2))
                .containsExactly(0.5, 1, 2);
        assertThat(mix(new double[0], new int[] {1}, new double[] {1, 2, 4}, 0.2))
                .as("one item known, so no pair")
                .containsExactly(0.5, 1, 2);
    }

    @Test
    void theCallerCanStopIt() {
        for (int stopAt : new int[] {1, 10, 15, 20}) {
            assertThatThrownBy(
                            () ->
                                    MixedDistances.mix(
                                            Distances.random(5, 7),
                                            new int[] {0, 1, 2, 3, 4},
                                            Distances.random(5, 8),
                                            5,
                                            0.5,
                                            new Stop(stopAt)))
                    .isInstanceOf(Stop.Stopped.class);
        }
    }

    @Test
    void distancesOfAnotherNumberOfItemsAreRefused() {
        assertThatThrownBy(() -> mix(new double[2], new int[] {0, 1}, new double[3], 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 items has 1 entries");
    }
}
