package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselinesTest {

    @Test
    void aRandomPartitionKeepsSizesAndOutsiders() {
        int[] group = {7, 7, 7, -1, 2, 2, 5, -1};
        int[] random = Baselines.randomSameSizes(group, 42);
        assertThat(sorted(random)).isEqualTo(sorted(group));
        assertThat(random[3]).isEqualTo(-1);
        assertThat(random[7]).isEqualTo(-1);
        assertThat(group).containsExactly(7, 7, 7, -1, 2, 2, 5, -1);
        assertThat(Baselines.randomSameSizes(group, 42)).isEqualTo(random);
    }

    @Test
    void randomPartitionsAreUniform() {
        int[] group = {0, 0, 1, 1};
        int[] together = new int[4];
        for (int seed = 0; seed < 6000; seed++) {
            int[] random = Baselines.randomSameSizes(group, seed * 7919L);
            for (int j = 1; j < 4; j++) {
                together[j] += random[0] == random[j] ? 1 : 0;
            }
        }
        for (int j = 1; j < 4; j++) {
            assertThat(together[j]).isBetween(1850, 2150);
        }
    }

    @Test
    void itemsWithEqualKeysShareAGroup() {
        Object[] keys = {List.of(3, 1), List.of(2, 1), List.of(3, 1), List.of(3, 2)};
        assertThat(Baselines.byKey(keys)).containsExactly(0, 1, 0, 2);
    }

    private static int[] sorted(int[] values) {
        return IntStream.of(values).sorted().toArray();
    }
}
