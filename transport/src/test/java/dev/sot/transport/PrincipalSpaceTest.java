package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.Moments;
import java.util.Random;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalSpaceTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e4})
    void findsTheDirectionsOfLargestVariance(double offset) {
        int rows = 1000;
        int dimension = 6;
        float[][] states = states(rows, dimension, offset);
        PrincipalSpace space = fit(states, dimension, false);
        assertThat(space.dimension()).isEqualTo(dimension);
        assertThat(space.explainedVariance()).isCloseTo(1, within(1e-12));

        double[][] widened = new double[rows][dimension];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < dimension; k++) {
                widened[i][k] = states[i][k];
            }
        }
        double[][] covariance = new Covariance(widened).getCovarianceMatrix().getData();
        for (int r = 0; r < dimension; r++) {
            for (int i = 0; i < dimension; i++) {
                double product = 0;
                for (int j = 0; j < dimension; j++) {
                    product += covariance[i][j] * space.components()[r * dimension + j];
                }
                assertThat(product)
                        .isCloseTo(
                                space.eigenvalues()[r] * space.components()[r * dimension + i],
                                within(1e-9 * space.eigenvalues()[0]));
            }
            if (r > 0) {
                assertThat(space.eigenvalues()[r]).isLessThanOrEqualTo(space.eigenvalues()[r - 1]);
            }
        }
    }

    @Test
    void componentsAreOrthonormalWithTheirLargestEntryPositive() {
        int dimension = 10;
        PrincipalSpace space = fit(states(500, dimension, 3), 4, true);
        for (int r = 0; r < 4; r++) {
            double largest = 0;
            for (int s = 0; s < 4; s++) {
                double product = 0;
                for (int k = 0; k < dimension; k++) {
                    product +=
                            space.components()[r * dimension + k]
                                    * space.components()[s * dimension + k];
                }
                assertThat(product).isCloseTo(r == s ? 1 : 0, within(1e-12));
            }
            for (int k = 0; k < dimension; k++) {
                double entry = space.components()[r * dimension + k];
                largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
            }
            assertThat(largest).isPositive();
        }
        assertThat(space.explainedVariance()).isBetween(0.4, 1.0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void projectionsAreCentredUncorrelatedAndWhitenedOnRequest(boolean whitened) {
        int rows = 777;
        int inputDimension = 9;
        float[][] states = states(rows, inputDimension, 50);
        PrincipalSpace space = fit(states, 5, whitened);
        double[][] projected = new double[rows][5];
        float[] points = project(space, states);
        assertThat(points).hasSize(rows * 5);
        for (int i = 0; i < rows; i++) {
            for (int r = 0; r < 5; r++) {
                projected[i][r] = points[i * 5 + r];
            }
        }
        double[][] covariance = new Covariance(projected).getCovarianceMatrix().getData();
        for (int r = 0; r < 5; r++) {
            double mean = 0;
            for (double[] point : projected) {
                mean += point[r] / rows;
            }
            assertThat(mean).isCloseTo(0, within(1e-5));
            for (int s = 0; s < 5; s++) {
                double expected = r != s ? 0 : whitened ? 1 : space.eigenvalues()[r];
                assertThat(covariance[r][s])
                        .isCloseTo(expected, within(1e-5 * Math.max(1, space.eigenvalues()[0])));
            }
        }
    }

    @Test
    void dimensionsWithoutVarianceAreDropped() {
        Random random = new Random(41);
        Moments moments = moments(5);
        for (int i = 0; i < 200; i++) {
            float x = (float) random.nextGaussian();
            float y = (float) random.nextGaussian();
            moments.add(new float[] {x, y, 2 * x, 7, -y}, 0);
        }
        PrincipalSpace space = space(moments, 4, true);
        assertThat(space.dimension()).isEqualTo(2);
        assertThat(space.inputDimension()).isEqualTo(5);
        assertThat(space.mean()[3]).isEqualTo(7);
        assertThat(space.explainedVariance()).isCloseTo(1, within(1e-12));
    }

    @Test
    void moreDimensionsThanTheStatesHaveAreNotMadeUp() {
        assertThat(fit(states(100, 3, 0), 64, true).dimension()).isEqualTo(3);
        assertThat(fit(states(3, 20, 0), 64, true).dimension()).isEqualTo(2);
    }

    @Test
    void aSpaceIsRestoredFromItsParts() {
        float[][] states = states(100, 4, 0);
        PrincipalSpace space = fit(states, 2, true);
        PrincipalSpace restored =
                new PrincipalSpace(
                        space.mean(),
                        space.components(),
                        space.eigenvalues(),
                        space.explainedVariance(),
                        space.whitened());
        assertThat(project(restored, states[5], states[7]))
                .hasSize(4)
                .isEqualTo(project(space, states[5], states[7]));
        assertThatThrownBy(
                        () ->
                                new PrincipalSpace(
                                        new double[3], new double[5], new double[] {1}, 1, true))
                .hasMessageContaining("1 x 3");
    }

    @Test
    void fittingMayGoOnAfterASpaceWasTaken() {
        float[][] states = states(150, 4, 1);
        Moments moments = moments(4);
        for (int i = 0; i < 150; i++) {
            moments.add(states[i], 0);
            if (i == 70) {
                space(moments, 2, false);
            }
        }
        assertThat(moments.count()).isEqualTo(150);
        assertThat(space(moments, 4, false).eigenvalues())
                .containsExactly(fit(states, 4, false).eigenvalues(), within(1e-12));
    }

    @Test
    void badInputIsNamed() {
        Moments moments = moments(2);
        assertThatThrownBy(() -> space(moments, 1, true)).hasMessageContaining("got 0");
        moments.add(new float[] {1, 2}, 0);
        assertThatThrownBy(() -> space(moments, 1, true)).hasMessageContaining("got 1");
        moments.add(new float[] {1, 2}, 0);
        assertThatThrownBy(() -> space(moments, 1, true))
                .hasMessageContaining("2 hidden states are equal");
        assertThatThrownBy(() -> moments.add(new float[] {1, Float.NaN}, 0))
                .hasMessage("hidden states must be finite, row 2 coordinate 1 is NaN");
        assertThat(moments.count()).isEqualTo(2);
    }

    private static Moments moments(int inputDimension) {
        return new Moments(inputDimension, Backends.java(), 2, Monitor.NONE);
    }

    private static PrincipalSpace space(Moments moments, int dimension, boolean whitened) {
        return PrincipalSpace.of(moments, dimension, whitened, Backends.java(), 2, Monitor.NONE);
    }

    private static float[] project(PrincipalSpace space, float[]... states) {
        float[] rows = new float[states.length * space.inputDimension()];
        for (int i = 0; i < states.length; i++) {
            System.arraycopy(
                    states[i], 0, rows, i * space.inputDimension(), space.inputDimension());
        }
        return space.project(rows, states.length, Backends.java(), 2, Monitor.NONE);
    }

    private static PrincipalSpace fit(float[][] states, int dimension, boolean whitened) {
        Moments moments = moments(states[0].length);
        for (float[] state : states) {
            moments.add(state, 0);
        }
        return space(moments, dimension, whitened);
    }

    /** Correlated states around a mean. */
    private static float[][] states(int rows, int dimension, double offset) {
        Random random = new Random(40);
        double[][] mixing = new double[dimension][dimension];
        for (double[] row : mixing) {
            for (int k = 0; k < dimension; k++) {
                row[k] = random.nextGaussian();
            }
        }
        float[][] states = new float[rows][dimension];
        for (float[] state : states) {
            double[] latent = random.doubles(dimension, -1, 1).toArray();
            for (int i = 0; i < dimension; i++) {
                double value = offset * (i + 1);
                for (int k = 0; k < dimension; k++) {
                    value += mixing[i][k] * latent[k];
                }
                state[i] = (float) value;
            }
        }
        return states;
    }
}
