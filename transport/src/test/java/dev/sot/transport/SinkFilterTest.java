package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SinkFilterTest {

    @Test
    void positionsFarLongerThanTheMedianAreSinks() {
        double[] norms = {900, 8, 12, 10, 9, 101, 100};
        // The median is 12.
        assertThat(SinkFilter.sinks(norms, 8).stream()).containsExactly(0, 5, 6);
        assertThat(SinkFilter.sinks(norms, SinkFilter.DEFAULT_FACTOR).stream()).containsExactly(0);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(SinkFilter.sinks(new double[] {1, 3, 1, 7}, 3).stream()).containsExactly(3);
        assertThat(SinkFilter.sinks(new double[] {1, 3, 1, 7}, 3.5).stream()).isEmpty();
    }

    @Test
    void noPositionsHaveNoSinks() {
        assertThat(SinkFilter.sinks(new double[0], 10).isEmpty()).isTrue();
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> SinkFilter.sinks(new double[] {1, Double.NaN}, 10))
                .hasMessageContaining("position 1")
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> SinkFilter.sinks(new double[] {1}, 1))
                .hasMessageContaining("greater than 1");
    }
}
