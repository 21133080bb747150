package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonMapTest {

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", "text \"quoted\" \u00e9");
        map.put("a", List.of(List.of("x", "y"), List.of()));
        map.put("seed", 1L << 40);
        map.put("size", 3);
        map.put("ratio", 0.1);
        map.put("flag", true);
        map.put("inner", Map.of("k", 1.5));
        assertThat(JsonMap.read(JsonMap.write(map))).isEqualTo(map);
        assertThat(JsonMap.write(map)).startsWith("{\"b\":").contains("\"ratio\":0.1");
    }

    @Test
    void valuesOfOtherTypesAreTexts() {
        assertThat(JsonMap.write(Map.of("day", LocalDate.of(2026, 1, 2))))
                .isEqualTo("{\"day\":\"2026-01-02\"}");
    }

    @Test
    void whatIsNoMapIsRefused() {
        assertThatThrownBy(() -> JsonMap.read("[1]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a map in JSON: [1]");
    }
}
