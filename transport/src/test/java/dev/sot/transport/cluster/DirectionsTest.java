package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import org.junit.jupiter.api.Test;

class DirectionsTest {

    @Test
    void cosineDistancesDependOnDirectionOnly() {
        float[][] vectors = {
            {1, 0, 0, 0, 0}, {0, 0, 0, 0, 2}, {-3, 0, 0, 0, 0}, {1, 0, 0, 0, 1}, {0, 0, 0, 0, 0}
        };
        double[] d = Directions.distances(vectors, Monitor.NONE);
        assertThat(d)
                .containsExactly(
                        new double[] {
                            1,
                            2,
                            1 - Math.sqrt(0.5),
                            1,
                            1,
                            1 - Math.sqrt(0.5),
                            1,
                            1 + Math.sqrt(0.5),
                            1,
                            1
                        },
                        within(1e-15));
    }

    @Test
    void vectorsThatDoNotCompareAreRefused() {
        assertThatThrownBy(() -> Directions.distances(new float[][] {{1}, {1, 2}}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vector 1 has dimension 2, the first has 1");
        assertThatThrownBy(
                        () -> Directions.distances(new float[][] {{1}, {Float.NaN}}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vector 1 has an entry that is not finite");
    }
}
