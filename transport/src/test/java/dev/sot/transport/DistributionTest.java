package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DistributionTest {

    @Test
    void equalsByContent() {
        Distribution one = new Distribution(new int[] {1, 4}, new double[] {.25, .75});
        Distribution same = new Distribution(new int[] {1, 4}, new double[] {.25, .75});
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
        assertThat(one.size()).isEqualTo(2);
    }

    @Test
    void badInputIsNamed() {
        assertRefused("one weight a position", new int[] {1}, new double[] {.5, .5});
        assertRefused("at least one position", new int[0], new double[0]);
        assertRefused("entry 1 is 3 after 3", new int[] {3, 3}, new double[] {.5, .5});
        assertRefused("entry 0 is -1", new int[] {-1}, new double[] {1});
        assertRefused(
                "weight of position 2 is NaN", new int[] {1, 2}, new double[] {1, Double.NaN});
        assertRefused("weight of position 1 is -0.5", new int[] {1}, new double[] {-.5});
        assertRefused(
                "weight of position 1 is Infinity",
                new int[] {1},
                new double[] {Double.POSITIVE_INFINITY});
        assertRefused("all weights", new int[] {1, 2}, new double[] {0, 0});
    }

    private static void assertRefused(String message, int[] positions, double[] weights) {
        assertThatThrownBy(() -> new Distribution(positions, weights))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
