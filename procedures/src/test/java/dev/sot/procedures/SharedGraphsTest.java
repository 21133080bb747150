package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sixteen real circuits with known counts and scores. */
class SharedGraphsTest {

    private static final double MAX_SECONDS = 15;

    @RegisterExtension static final Database database = Database.withSchema();

    private final List<Expected> expected = new ArrayList<>();

    private record Expected(
            String file, long nodes, long links, double replacement, double completeness) {}

    @BeforeEach
    void findCircuits() {
        Path graphs = SharedData.path("data/graphs");
        for (JsonNode circuit : CircuitJson.read(graphs.resolve("expected.json"))) {
            String file = circuit.get("file").asText();
            expected.add(
                    new Expected(
                            file,
                            circuit.get("nodes").asLong(),
                            circuit.get("links").asLong(),
                            circuit.get("replacement").asDouble(),
                            circuit.get("completeness").asDouble()));
            Path copy = database.importDirectory().resolve(file);
            if (!copy.toFile().exists()) {
                database.copy(graphs.resolve(file), file);
            }
        }
        assertThat(expected).hasSize(16);
    }

    @AfterEach
    void clear() {
        database.clear();
    }

    @Test
    void importCountsNodesAndLinksAndGivesBothScores() {
        for (Expected circuit : expected) {
            Map<String, Object> imported = importCircuit(circuit);
            assertThat(imported)
                    .as(circuit.file())
                    .containsEntry("status", "imported")
                    .containsEntry("nodes", circuit.nodes())
                    .containsEntry("links", circuit.links())
                    .containsEntry("zeroLinks", zeroLinks(circuit));
            assertScores(imported, circuit);
            assertScores(
                    database.row("CALL sot.score($slug)", "slug", imported.get("slug")), circuit);
        }
    }

    private static long zeroLinks(Expected circuit) {
        long zero = 0;
        for (JsonNode link : CircuitJson.read(original(circuit)).get("links")) {
            zero += link.get("weight").asDouble() == 0 ? 1 : 0;
        }
        return zero;
    }

    private static void assertScores(Map<String, Object> row, Expected circuit) {
        assertThat((Double) row.get("replacementScore"))
                .as(circuit.file())
                .isCloseTo(circuit.replacement(), within(1e-9));
        assertThat((Double) row.get("completenessScore"))
                .as(circuit.file())
                .isCloseTo(circuit.completeness(), within(1e-9));
    }

    @Test
    void exportGivesBackEveryField() {
        for (Expected circuit : expected) {
            String slug = (String) importCircuit(circuit).get("slug");
            String exported = "exported-" + circuit.file();
            Map<String, Object> row =
                    database.row(
                            "CALL sot.export.circuit($slug, $file)",
                            "slug",
                            slug,
                            "file",
                            exported);
            assertThat(row).containsEntry("nodes", circuit.nodes());
            CircuitJson.assertSame(database.importDirectory().resolve(exported), original(circuit));
        }
    }

    @Test
    void importingTheSameFilesAgainChangesNothing() {
        expected.forEach(SharedGraphsTest::importCircuit);
        List<Map<String, Object>> before = database.contents();
        for (Expected circuit : expected) {
            assertThat(importCircuit(circuit))
                    .as(circuit.file())
                    .containsEntry("status", "unchanged")
                    .containsEntry("nodes", circuit.nodes())
                    .containsEntry("links", circuit.links());
        }
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void aWarmDatabaseImportsAllOfThemQuickly() {
        importCircuit(expected.get(0));
        database.clear();
        long start = System.nanoTime();
        expected.forEach(SharedGraphsTest::importCircuit);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("importing the 16 circuits took %.2f s%n", seconds);
        assertThat(seconds).isLessThan(MAX_SECONDS);
    }

    private static Path original(Expected circuit) {
        return database.importDirectory().resolve(circuit.file());
    }

    private static Map<String, Object> importCircuit(Expected circuit) {
        return database.row("CALL sot.import.circuit($file)", "file", circuit.file());
    }
}
