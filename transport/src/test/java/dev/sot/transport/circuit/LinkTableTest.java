package dev.sot.transport.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkTableTest {

    @Test
    void itIsAMap() {
        Random random = new Random(11);
        for (int trial = 0; trial < 50; trial++) {
            LinkTable table = new LinkTable();
            Map<Integer, Integer> map = new HashMap<>();
            int range = 1 + random.nextInt(200);
            for (int step = 0; step < 2000; step++) {
                int key = random.nextInt(range) * (trial % 2 == 0 ? 1 : 1 << 16);
                if (random.nextInt(5) < 3) {
                    table.put(key, step);
                    map.put(key, step);
                } else {
                    table.remove(key);
                    map.remove(key);
                }
                assertThat(table.get(key)).isEqualTo(map.getOrDefault(key, -1));
                assertThat(table.size()).isEqualTo(map.size());
            }
            Map<Integer, Integer> listed = new HashMap<>();
            for (int slot = 0; slot < table.capacity(); slot++) {
                if (table.key(slot) >= 0) {
                    listed.put(table.key(slot), table.value(slot));
                }
            }
            assertThat(listed).isEqualTo(map);
        }
    }
}
