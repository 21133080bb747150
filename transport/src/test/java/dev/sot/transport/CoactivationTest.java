package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

class CoactivationTest {

    @Test
    void equalsThePearsonCorrelationOfTheDenseActivations() {
        Random random = new Random(3);
        int count = 500;
        double[][] dense = new double[3][count];
        List<int[]> positions = new java.util.ArrayList<>();
        List<double[]> values = new java.util.ArrayList<>();
        for (int f = 0; f < 3; f++) {
            int[] fires = random.ints(0, count).distinct().limit(60).sorted().toArray();
            double[] activations = random.doubles(60, 0.1, 5).toArray();
            for (int k = 0; k < 60; k++) {
                dense[f][fires[k]] = activations[k];
            }
            positions.add(fires);
            values.add(activations);
        }
        double[] correlations = Coactivation.correlations(positions, values, count, Monitor.NONE);
        PearsonsCorrelation oracle = new PearsonsCorrelation();
        assertThat(correlations[0])
                .isCloseTo(oracle.correlation(dense[0], dense[1]), within(1e-12));
        assertThat(correlations[1])
                .isCloseTo(oracle.correlation(dense[0], dense[2]), within(1e-12));
        assertThat(correlations[2])
                .isCloseTo(oracle.correlation(dense[1], dense[2]), within(1e-12));
    }

    @Test
    void aFeatureCorrelatesFullyWithAMultipleOfItself() {
        int[] fires = {1, 4, 9};
        double[] correlations =
                Coactivation.correlations(
                        List.of(fires, fires),
                        List.of(new double[] {1, 2, 3}, new double[] {2, 4, 6}),
                        20,
                        Monitor.NONE);
        assertThat(correlations[0]).isCloseTo(1, within(1e-12));
    }

    @Test
    void aFeatureThatNeverVariesHasNoCorrelation() {
        double[] correlations =
                Coactivation.correlations(
                        List.of(new int[] {0, 1}, new int[] {0}),
                        List.of(new double[] {1, 1}, new double[] {1}),
                        2,
                        Monitor.NONE);
        assertThat(correlations[0]).isNaN();
    }
}
