package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    private static List<String> lines(TextTable table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void textStandsLeftAndNumbersRight() {
        TextTable table = new TextTable(List.of("name", "n"));
        table.add(Arrays.asList("a", 5L));
        table.add(Arrays.asList("longer", 12.5));
        table.add(Arrays.asList(null, null));

        assertThat(lines(table))
                .containsExactly(
                        "name       n",
                        "------  ----",
                        "a          5",
                        "longer  12.5",
                        "null    null");
    }

    @Test
    void longCellsAreCutAndLineBreaksBecomeBlanks() {
        TextTable table = new TextTable(List.of("text"));
        table.add(List.of("x".repeat(100)));
        table.add(List.of("a\nb"));

        assertThat(lines(table)).contains("x".repeat(47) + "…", "a b");
    }
}
