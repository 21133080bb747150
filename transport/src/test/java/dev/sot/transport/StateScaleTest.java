package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StateScaleTest {

    private static final int STATES = 500;
    private static final int DIMENSION = 7;

    private static float[] states(double centre, double spread) {
        Random random = new Random(3);
        float[] states = new float[STATES * DIMENSION];
        for (int i = 0; i < states.length; i++) {
            states[i] = (float) (centre + spread * random.nextGaussian());
        }
        return states;
    }

    private static StateScale fitted(float[] states) {
        StateScale.Fitter fitter = new StateScale.Fitter(DIMENSION);
        for (int i = 0; i < STATES; i++) {
            fitter.add(states, i * DIMENSION);
        }
        return fitter.fit();
    }

    @Test
    void scaledStatesAreCentredAndOfRootMeanSquareLengthOne() {
        float[] states = states(3, 5);
        StateScale scale = fitted(states);
        float[] scaled = new float[2 + states.length];
        for (int i = 0; i < STATES; i++) {
            scale.apply(states, i * DIMENSION, scaled, 2 + i * DIMENSION);
        }
        double squares = 0;
        double[] sums = new double[DIMENSION];
        for (int i = 0; i < states.length; i++) {
            squares += (double) scaled[2 + i] * scaled[2 + i];
            sums[i % DIMENSION] += scaled[2 + i];
        }
        assertThat(squares / STATES).isCloseTo(1, within(1e-6));
        for (double sum : sums) {
            assertThat(sum / STATES).isCloseTo(0, within(1e-6));
        }
        assertThat(scale.dimension()).isEqualTo(DIMENSION);
    }

    @Test
    void aLargeMeanCostsNoDigits() {
        assertThat(fitted(states(4096, 1)).length())
                .isCloseTo(fitted(states(0, 1)).length(), within(1e-3));
    }

    @Test
    void statesWithoutAScaleAreRefused() {
        StateScale.Fitter equal = new StateScale.Fitter(2);
        equal.add(new float[] {1, 2}, 0);
        equal.add(new float[] {1, 2}, 0);
        assertThatThrownBy(equal::fit).hasMessageContaining("all 2 hidden states are equal");
        assertThatThrownBy(() -> equal.add(new float[] {1, Float.NaN}, 0))
                .hasMessageContaining("state 2 coordinate 1 is NaN");
    }
}
