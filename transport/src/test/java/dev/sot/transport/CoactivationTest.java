package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

class CoactivationTest {

    @Test
    void equalsThePearsonCorrelationOfTheDenseActivations() {
        Random random = new Random(3);
        int count = 500;
        double[][] dense = new double[3][count];
        List<int[]> positions = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
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

    @Test
    void anActivationThatIsAlwaysTheSameDoesNotVaryBecauseOfRounding() {
        int[] all = IntStream.range(0, 300).toArray();
        double[] constant = new double[300];
        Arrays.fill(constant, 0.1);
        double[] varying = new Random(1).doubles(300).toArray();
        List<int[]> positions = List.of(all, all);
        List<double[]> values = List.of(constant, varying);
        assertThat(Coactivation.correlations(positions, values, 300, Monitor.NONE)[0]).isNaN();
        assertThat(Coactivation.distances(positions, values, 300, Monitor.NONE)).containsExactly(1);
    }

    @Test
    void activationsThatHardlyVaryStillCorrelate() {
        Random random = new Random(2);
        double[] a = random.doubles(200, 1e6, 1e6 + 1).toArray();
        double[] b = Arrays.stream(a).map(x -> 3 - 2 * (x - 1e6)).toArray();
        int[] all = IntStream.range(0, 200).toArray();
        assertThat(
                        Coactivation.correlations(
                                List.of(all, all), List.of(a, b), 200, Monitor.NONE)[0])
                .isCloseTo(-1, within(1e-9));
    }

    @Test
    void distancesAreOneMinusTheCorrelation() {
        List<int[]> positions = List.of(new int[] {0, 2}, new int[] {1, 3}, new int[] {0, 2});
        List<double[]> values =
                List.of(new double[] {1, 1}, new double[] {2, 2}, new double[] {5, 5});
        assertThat(Coactivation.distances(positions, values, 4, Monitor.NONE))
                .containsExactly(new double[] {2, 0, 2}, within(1e-15));
    }
}
