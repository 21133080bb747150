package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PostStratificationTest {

    @Test
    void aFiringStandsForItsStratum() {
        PostStratification.Result result =
                PostStratification.byHistogram(
                        new double[] {3, 0.9, 1.1},
                        new double[] {1, 2, 3},
                        new double[] {80, 0, 5});
        assertThat(result.weights()).containsExactly(5, 40, 40);
        assertThat(result.covered()).isEqualTo(1);
    }

    @Test
    void adjacentStrataAreCollapsed() {
        PostStratification.Result result =
                PostStratification.byHistogram(
                        new double[] {1, 3},
                        new double[] {1, 2, 3, 4},
                        new double[] {60, 20, 10, 10});
        assertThat(result.weights()).containsExactly(60, 40);
        assertThat(result.covered()).isCloseTo(0.7, within(1e-12));
        // A stratum that should be empty joins the next.
        assertThat(
                        PostStratification.byHistogram(
                                        new double[] {1, 2},
                                        new double[] {1, 2},
                                        new double[] {0, 6})
                                .weights())
                .containsExactly(3, 3);
    }

    @Test
    void withoutMassThereAreNoWeights() {
        assertThat(
                        PostStratification.byHistogram(
                                        new double[] {1}, new double[] {1}, new double[] {0})
                                .weights())
                .isNull();
        assertThat(
                        PostStratification.byStrata(new double[] {1}, new double[0], new double[0])
                                .weights())
                .isNull();
    }

    /** A sample that is tilted to strong firings recovers the mean of all of them. */
    @Test
    void theMeanOfTheCorpusIsRecovered() {
        Random random = new Random(7);
        double[] population = new double[100_000];
        Arrays.setAll(population, i -> -Math.log(1 - random.nextDouble()));
        double[] centres = new double[50];
        double[] heights = new double[50];
        double step = Arrays.stream(population).max().orElseThrow() / 50;
        Arrays.setAll(centres, b -> (b + 0.5) * step);
        for (double value : population) {
            heights[Math.min(49, (int) (value / step))]++;
        }
        double[] sample =
                Arrays.stream(population)
                        .filter(v -> random.nextDouble() < 0.01 + 0.02 * v * v)
                        .toArray();
        double[] weights = PostStratification.byHistogram(sample, centres, heights).weights();
        double total = 0;
        double sum = 0;
        for (int i = 0; i < sample.length; i++) {
            total += weights[i];
            sum += weights[i] * sample[i];
        }
        double truth = Arrays.stream(population).average().orElseThrow();
        assertThat(total).isCloseTo(population.length, within(1e-6));
        assertThat(sum / total).isCloseTo(truth, within(0.03));
        assertThat(Arrays.stream(sample).average().orElseThrow()).isGreaterThan(1.5 * truth);
    }
}
