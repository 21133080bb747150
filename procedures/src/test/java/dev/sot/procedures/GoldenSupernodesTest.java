package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two published partitions of a real circuit, and what the field's frontends draw of them. */
class GoldenSupernodesTest {

    private static final String SUPEREDGES =
            "MATCH ({id: $id})<-[:IN_COMPRESSION]-(a:Supernode)-[e:SUPER_ATTRIBUTES_TO]->(b) RETURN"
                    + " a.supernodeId AS source, b.supernodeId AS target, properties(e) AS values"
                    + " ORDER BY source, target";

    @RegisterExtension static final Database database = Database.withSchema();

    @AfterEach
    void clear() {
        database.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dallas_plt_human_v0.json", "dallas_plt_human_v1.json"})
    void aPartitionMadeByHandHasTheSuperedgesAndScoresOfTheFrontends(String name) {
        Path golden = SharedData.path("data/supernodes/golden/" + name);
        if (!database.importDirectory().resolve("dallas_ea.json").toFile().exists()) {
            database.copy(SharedData.path("data/graphs/dallas_ea.json"), "dallas_ea.json");
        }
        database.copy(SharedData.path("data/supernodes/" + name), name);
        JsonNode expected = CircuitJson.read(golden);
        String slug =
                database.value("CALL sot.import.circuit('dallas_ea.json') YIELD slug RETURN slug");

        Map<String, Object> imported =
                database.row(
                        "CALL sot.import.supernodes($slug, $file, {id: 'hand'})",
                        "slug",
                        slug,
                        "file",
                        name);

        assertThat(imported)
                .containsEntry("supernodes", (long) expected.get("nodes").size())
                .containsEntry("superedges", (long) expected.get("superedges").size())
                .containsEntry("unmatchedMembers", 0L);
        assertSuperedges(expected.get("superedges"));
        assertScores(
                database.row("CALL sot.score($slug, {compression: 'hand'})", "slug", slug),
                expected.get("scores").get("pinned"));
        assertScores(
                database.row("CALL sot.score($slug)", "slug", slug),
                expected.get("scores").get("full"));
        assertExportsAsImported(slug);
    }

    /** Both files that carry the partition give the same superedges again. */
    private static void assertExportsAsImported(String slug) {
        List<Map<String, Object>> superedges = database.rows(SUPEREDGES, "id", "hand");
        database.row(
                "CALL sot.export.subgraph('hand', 'body.json', {modelId: 'm', overwrite: true})");
        database.row(
                "CALL sot.export.circuit($slug, 'whole.json', {compression: 'hand', overwrite:"
                        + " true})",
                "slug",
                slug);
        for (String file : List.of("body.json", "whole.json")) {
            database.row(
                    "CALL sot.import.supernodes($slug, $file, {id: 'again'})",
                    "slug",
                    slug,
                    "file",
                    file);
            assertThat(database.rows(SUPEREDGES, "id", "again")).isEqualTo(superedges);
        }
    }

    private static void assertSuperedges(JsonNode expected) {
        Map<List<Object>, Map<String, Object>> stored = new HashMap<>();
        database.rows(
                        "MATCH (a:Supernode)-[e:SUPER_ATTRIBUTES_TO]->(b) RETURN a.supernodeId AS"
                                + " source, b.supernodeId AS target, e.normalizedWeight AS"
                                + " normalizedWeight, e.weight AS weight, e.links AS links")
                .forEach(e -> stored.put(List.of(e.get("source"), e.get("target")), e));
        assertThat(stored).hasSize(expected.size());
        for (JsonNode superedge : expected) {
            List<Object> ends =
                    List.of(superedge.get("source").asText(), superedge.get("target").asText());
            assertThat(stored).containsKey(ends);
            Map<String, Object> actual = stored.get(ends);
            assertThat((Double) actual.get("normalizedWeight"))
                    .as("normalised weight of " + ends)
                    .isCloseTo(superedge.get("weight").asDouble(), within(1e-9));
            assertThat((Double) actual.get("weight"))
                    .as("weight of " + ends)
                    .isCloseTo(superedge.get("rawSum").asDouble(), within(1e-9));
            assertThat(((Number) actual.get("links")).longValue())
                    .as("links of " + ends)
                    .isEqualTo(superedge.get("memberLinks").asLong());
        }
    }

    private static void assertScores(Map<String, Object> actual, JsonNode expected) {
        assertThat((Double) actual.get("replacementScore"))
                .isCloseTo(expected.get("replacement").asDouble(), within(1e-9));
        assertThat((Double) actual.get("completenessScore"))
                .isCloseTo(expected.get("completeness").asDouble(), within(1e-9));
    }
}
