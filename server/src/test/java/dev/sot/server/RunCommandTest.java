package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir static Path directory;

    private final ByteArrayOutputStream results = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    @BeforeAll
    static void checkOut() throws IOException {
        Installation installation = Checkout.create(directory.resolve("checkout"));
        System.setProperty(Installation.ROOT_PROPERTY, installation.root().toString());
    }

    @AfterAll
    static void forget() {
        System.clearProperty(Installation.ROOT_PROPERTY);
    }

    private int run(String script, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("script.cypher"), script);
        List<String> arguments = new ArrayList<>(List.of("run", file.toString()));
        arguments.addAll(List.of(options));
        return Main.execute(
                new Console(
                        new PrintStream(results, true, StandardCharsets.UTF_8),
                        new PrintStream(messages, true, StandardCharsets.UTF_8)),
                arguments.toArray(String[]::new));
    }

    private List<String> results() {
        return results.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void jsonlIsOneObjectPerRowAndNothingElse() throws IOException {
        int code =
                run(
                        """
                        // people
                        CREATE (:Person {name: 'Ada', scores: [1, 2]})-[:KNOWS {since: 1840}]->(:Person);
                        MATCH path = (a:Person)-[knows:KNOWS]->(b)
                        RETURN a, knows, path, a.scores AS scores, $limit AS limit;
                        UNWIND [1, 2] AS i RETURN i, i / 0.0 AS infinite, date('2026-01-02') AS date,
                          duration('P1DT2H') AS duration, point({x: 1, y: 2}) AS point,
                          {k: [null, true]} AS map;
                        """,
                        "--format",
                        "jsonl",
                        "--param",
                        "limit={\"n\": 3}");

        assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(results()).hasSize(3);
        JsonNode row = JSON.readTree(results().get(0));
        assertThat(row.at("/a/labels/0").asText()).isEqualTo("Person");
        assertThat(row.at("/a/properties"))
                .isEqualTo(JSON.readTree("{\"name\": \"Ada\", \"scores\": [1, 2]}"));
        assertThat(row.at("/knows/type").asText()).isEqualTo("KNOWS");
        assertThat(row.at("/knows/startNodeElementId")).isEqualTo(row.at("/a/elementId"));
        assertThat(row.at("/path/nodes")).hasSize(2);
        assertThat(row.at("/path/relationships/0")).isEqualTo(row.at("/knows"));
        assertThat(row.get("scores")).isEqualTo(JSON.readTree("[1, 2]"));
        assertThat(row.get("limit")).isEqualTo(JSON.readTree("{\"n\": 3}"));
        assertThat(results().get(2))
                .isEqualTo(
                        "{\"i\":2,\"infinite\":\"Infinity\",\"date\":\"2026-01-02\",\"duration\":\"P1DT2H\",\"point\":{\"crs\":\"cartesian\",\"coordinates\":[1.0,2.0]},\"map\":{\"k\":[null,true]}}");
    }

    @Test
    void aFailingStatementEndsTheRunAndIsNamedByItsLine() throws IOException {
        Path data = directory.resolve("kept");
        int code =
                run(
                        "CREATE (:Kept);\n\n"
                                + "RETURN 1 AS one;\n"
                                + "MATCH (n)\n"
                                + "RETRUN n;\n"
                                + "CREATE (:Never)",
                        "--data",
                        data.toString());

        assertThat(code).isEqualTo(Main.FAILED);
        assertThat(messages.toString(StandardCharsets.UTF_8))
                .contains("script.cypher:5: ")
                .contains("line 5, column 1")
                .doesNotContain("\tat ");
        assertThat(results()).contains("one", "---", "  1", "1 row");

        results.reset();
        int again = run("MATCH (n) RETURN labels(n) AS labels", "--data", data.toString());

        assertThat(again).isZero();
        assertThat(results()).contains("[\"Kept\"]").doesNotContain("[\"Never\"]");
    }

    @Test
    void whatIsWrongWithTheArgumentsIsSaidInOneLine() throws IOException {
        assertThat(run("RETURN 1", "--format", "xml")).isEqualTo(Main.USAGE);
        assertThat(run("RETURN 1", "--param", "=1")).isEqualTo(Main.USAGE);
        assertThat(
                        Main.execute(
                                new Console(
                                        new PrintStream(results, true, StandardCharsets.UTF_8),
                                        new PrintStream(messages, true, StandardCharsets.UTF_8)),
                                "run",
                                "nowhere.cypher"))
                .isEqualTo(Main.USAGE);

        assertThat(messages.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("sot: "));
        assertThat(results()).isEmpty();
    }
}
