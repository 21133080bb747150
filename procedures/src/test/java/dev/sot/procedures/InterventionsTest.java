package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/** What a model is to be run with, and what it did, out of the database and back. */
class InterventionsTest {

    private static final String STORED =
            "MATCH (i:Intervention)-[:OF_COMPRESSION]->(c) OPTIONAL MATCH"
                    + " (i)-[:ON_SUPERNODE]->(s) RETURN c.id AS compression, s.key AS supernode,"
                    + " i.kind AS kind, i.measure AS measure, i.value AS value, i.prompts AS"
                    + " prompts, i.model AS model, i.others AS others ORDER BY kind, measure";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeEach
    void compress() {
        database.write("circuit.json", CircuitJson.small("tiny").toString());
        database.row("CALL sot.import.circuit('circuit.json')");
        group("hand", "\"0_5_1\",\"1_6_2\"");
    }

    @AfterEach
    void clear() throws IOException {
        database.clear();
        Files.deleteIfExists(database.importDirectory().resolve("list.jsonl"));
    }

    /** A compression with one supernode of several nodes. */
    private static void group(String id, String members) {
        database.write(
                "hand.json",
                "{\"supernodes\":[[\"group\",%s]],\"pinnedIds\":[\"0_5_1\",\"1_6_2\",\"2_7_2\",\"4_42_2\"]}"
                        .formatted(members));
        database.row("CALL sot.import.supernodes('tiny', 'hand.json', {id: $id})", "id", id);
    }

    private static List<String> export(String compressions, String configuration)
            throws IOException {
        database.rows(
                "CALL sot.export.interventions(%s, 'list.jsonl', %s)"
                        .formatted(compressions, configuration));
        return Files.readAllLines(database.importDirectory().resolve("list.jsonl"));
    }

    private static String results(String partition, int count, String... lines) {
        return "{\"format\":\"sot-intervention-results/1\",\"model\":\"m\",\"prompts\":20,\"promptSet\":\"unseen\",\"others\":\"mean\",\"results\":%d}%n"
                        .formatted(count)
                + String.join("\n", lines).replace("HASH", partition);
    }

    private static final String AVERAGE =
            "{\"compression\":\"hand\",\"partition\":\"HASH\",\"kind\":\"average\",\"measures\":{\"digitAccuracy\":0.75,\"faithfulness\":0.5}}";
    private static final String ABLATE =
            "{\"compression\":\"hand\",\"partition\":\"HASH\",\"kind\":\"ablate\",\"supernode\":\"%s\",\"measures\":{\"digitAccuracyChange\":-0.25}}";

    private static String partition() {
        return database.value(
                "CALL sot.export.interventions('hand', 'list.jsonl', {overwrite: true}) YIELD"
                        + " partition");
    }

    private static String supernode() {
        return database.value("MATCH (s:Supernode {label: 'group'}) RETURN s.key AS key");
    }

    @Test
    void aListHasTheFeaturesOfEveryCompressionAndWhereTheCircuitPredicts() throws IOException {
        group("other", "\"1_6_2\",\"2_7_2\"");
        List<String> lines = export("['hand', 'other']", "{kinds: ['average'], others: 'actual'}");
        assertThat(lines).hasSize(3);
        JsonNode header = CircuitJson.parse(lines.get(0));
        assertThat(header.get("format").asText()).isEqualTo("sot-interventions/1");
        assertThat(header.get("kinds").toString()).isEqualTo("[\"average\"]");
        assertThat(header.get("others").asText()).isEqualTo("actual");
        JsonNode first = CircuitJson.parse(lines.get(1));
        assertThat(first.get("compression").asText()).isEqualTo("hand");
        assertThat(first.get("dictionary").asText()).isEqualTo("model/dictionary");
        assertThat(first.get("readout").toString()).isEqualTo("[2]");
        assertThat(first.get("supernodes"))
                .as("the pinned logit is no feature")
                .hasSize(2)
                .anySatisfy(
                        group ->
                                assertThat(group.get("members").toString())
                                        .isEqualTo("[[0,5,1],[1,6,2]]"))
                .anySatisfy(
                        group ->
                                assertThat(group.get("members").toString()).isEqualTo("[[2,7,2]]"));
        assertThat(CircuitJson.parse(lines.get(2)).get("partition").asText())
                .isNotEqualTo(first.get("partition").asText());
    }

    @Test
    void resultsBecomeInterventionsOnceHoweverOftenTheyAreImported() {
        String file =
                database.write(
                        "results.jsonl",
                        results(partition(), 2, AVERAGE, ABLATE.formatted(supernode())));
        Map<String, Object> imported =
                database.row("CALL sot.import.interventions($file)", "file", file);
        assertThat(imported)
                .containsEntry("compression", "hand")
                .containsEntry("circuit", "tiny")
                .containsEntry("created", 3L)
                .containsEntry("unchanged", 0L)
                .containsEntry("faithfulness", 0.5);
        List<Map<String, Object>> stored = database.rows(STORED);
        assertThat(stored)
                .extracting(r -> r.get("kind") + " " + r.get("measure") + " " + r.get("value"))
                .containsExactly(
                        "ablate digitAccuracyChange -0.25",
                        "average digitAccuracy 0.75",
                        "average faithfulness 0.5");
        assertThat(stored.get(0)).containsEntry("supernode", supernode());
        assertThat(stored.get(1))
                .containsEntry("supernode", null)
                .containsEntry("prompts", 20L)
                .containsEntry("model", "m")
                .containsEntry("others", "mean");
        List<Map<String, Object>> contents = database.contents();

        assertThat(database.row("CALL sot.import.interventions($file)", "file", file))
                .containsEntry("created", 0L)
                .containsEntry("unchanged", 3L);
        assertThat(database.contents()).isEqualTo(contents);

        database.write("results.jsonl", results(partition(), 1, AVERAGE.replace("0.75", "0.5")));
        assertThat(database.row("CALL sot.import.interventions($file)", "file", file))
                .containsEntry("replaced", 1L)
                .containsEntry("unchanged", 1L);
        assertThat(database.contents()).isEqualTo(contents);
    }

    @Test
    void resultsOfAnotherPartitionOrAnotherCompressionAreRefused() {
        String before = partition();
        group("hand", "\"1_6_2\",\"2_7_2\"");
        List<Map<String, Object>> contents = database.contents();
        database.write("results.jsonl", results(before, 1, AVERAGE));
        database.failure("CALL sot.import.interventions('results.jsonl')")
                .contains("results.jsonl")
                .contains("those of another partition of circuit 'tiny'")
                .contains("run them anew");
        database.write("results.jsonl", results(partition(), 2, AVERAGE, ABLATE.formatted("no")));
        database.failure("CALL sot.import.interventions('results.jsonl')")
                .contains("has no supernode 'no'");
        database.rows("CALL sot.compress.drop('hand')");
        database.failure("CALL sot.import.interventions('results.jsonl')")
                .contains("results of compression 'hand', which the database does not hold");
        group("hand", "\"1_6_2\",\"2_7_2\"");
        assertThat(database.contents()).isEqualTo(contents);
    }

    @Test
    void interventionsGoWithTheirCompression() {
        database.write("results.jsonl", results(partition(), 1, AVERAGE));
        database.row("CALL sot.import.interventions('results.jsonl')");
        database.row("CALL sot.compress.drop('hand')");
        assertThat(database.rows("MATCH (i:Intervention) RETURN i.key")).isEmpty();
    }

    @Test
    void whatCannotBeExportedIsSaid() throws IOException {
        database.failure("CALL sot.export.interventions('none', 'list.jsonl')")
                .contains("there is no compression 'none'");
        database.failure("CALL sot.export.interventions(['hand', 'hand'], 'list.jsonl')")
                .contains("named twice");
        database.failure("CALL sot.export.interventions([], 'list.jsonl')").contains("empty list");
        database.failure("CALL sot.export.interventions(1, 'list.jsonl')")
                .contains("must be the id of a compression");
        database.failure("CALL sot.export.interventions('hand', 'list.jsonl', {kinds: ['steer']})")
                .contains("`kinds` must be one or both of [average, ablate]");
        database.failure("CALL sot.export.interventions('hand', '../list.jsonl')").contains("..");
        export("'hand'", "{}");
        database.failure("CALL sot.export.interventions('hand', 'list.jsonl')")
                .contains("overwrite: true");
        try (Transaction tx = database.service().beginTx()) {
            Node compression = tx.findNodes(() -> "Compression").next();
            assertThat(
                            tx.execute(
                                            "CALL sot.export.interventions($c, 'list.jsonl',"
                                                    + " {overwrite: true}) YIELD members RETURN"
                                                    + " members",
                                            Map.of("c", compression))
                                    .next())
                    .containsEntry("members", 3L);
        }
    }

    /** An untrained model of the demonstration's shape: what it predicts says nothing. */
    private static final String UNTRAINED =
            """
            import sys
            from pathlib import Path
            import torch
            from sot_lab.dictionaries import Transcoder
            from sot_lab.interventions import run_interventions
            from sot_lab.model import AdditionModel
            generator = torch.Generator().manual_seed(3)
            def normal(*shape):
                return torch.randn(shape, generator=generator)
            model = AdditionModel(seed=1).eval().requires_grad_(False)
            size = model.size
            transcoders = [
                Transcoder(normal(512, size), normal(512), normal(512, size), normal(size), active=100)
                for _ in range(model.layers)
            ]
            run_interventions(Path(sys.argv[1]), Path(sys.argv[2]), model, transcoders, 20, 0)
            """;

    @Test
    void theLabRunsWhatIsExportedAndWritesWhatIsImported() throws Exception {
        assumeTrue(
                python("-c", "import numpy, torch").waitFor() == 0,
                "skipped: Python with torch and numpy is not installed");
        database.copy(
                Path.of("../import/demo/circuits/add-457-368-hundreds.json"), "addition.json");
        String slug =
                database.value("CALL sot.import.circuit('addition.json') YIELD slug RETURN slug");
        List<Object> features =
                database
                        .rows(
                                "MATCH (n:FeatureNode)-[:IN_CIRCUIT]->(:Circuit {slug: $slug})"
                                        + " RETURN n.nodeId AS id ORDER BY n.ordinal",
                                "slug",
                                slug)
                        .stream()
                        .map(r -> r.get("id"))
                        .toList();
        String ids = features.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
        database.write(
                "hand.json",
                "{\"supernodes\":[[\"all\",%s]],\"pinnedIds\":[%s]}".formatted(ids, ids));
        database.row("CALL sot.import.supernodes($slug, 'hand.json', {id: 'all'})", "slug", slug);
        export("'all'", "{}");

        Process run =
                python(
                        "-c",
                        UNTRAINED,
                        database.importDirectory().resolve("list.jsonl").toString(),
                        database.importDirectory().resolve("results.jsonl").toString());
        String messages = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(messages).isZero();

        assertThat(database.row("CALL sot.import.interventions('results.jsonl')"))
                .containsEntry("compression", "all")
                .containsEntry("unchanged", 0L);
        assertThat(
                        database.rows(
                                "MATCH (i:Intervention) RETURN i.kind AS kind, count(*) AS"
                                        + " measures, count{(i)-[:ON_SUPERNODE]->()} AS on ORDER"
                                        + " BY kind"))
                .extracting(r -> r.get("kind"))
                .contains("ablate", "allMeans", "average", "uncompressed");
    }

    private static Process python(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3"));
        if (Files.isExecutable(Path.of("/usr/bin/python3"))) {
            command.set(0, "/usr/bin/python3");
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(Path.of("../import/python").toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            return builder.start();
        } catch (IOException e) {
            return abort("skipped: there is no Python: " + e.getMessage());
        }
    }
}
