package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderStatisticTest {

    @Test
    void everyRankIsThatOfTheSortedValues() {
        Random random = new Random(4);
        double[] values = new double[300];
        for (int k = 0; k < values.length; k++) {
            // Many equal ones, and all magnitudes that there are.
            values[k] =
                    k % 3 == 0
                            ? random.nextInt(4)
                            : Math.scalb(random.nextDouble(), random.nextInt(2000) - 1000);
        }
        values[7] = -0.0;
        values[8] = Double.MIN_VALUE;
        values[9] = Double.MAX_VALUE;
        for (int count : new int[] {1, 2, 150, 300}) {
            double[] sorted = Arrays.copyOf(values, count);
            Arrays.sort(sorted);
            for (int rank = 0; rank < count; rank++) {
                assertThat(OrderStatistic.of(values, count, rank, Monitor.NONE))
                        .isEqualTo(sorted[rank] + 0.0);
            }
        }
    }

    @Test
    void theCallerCanStopIt() {
        assertThatThrownBy(() -> OrderStatistic.of(new double[9], 9, 4, new Stop(3)))
                .isInstanceOf(Stop.Stopped.class);
    }
}
