package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Supernodes labelled outside the database. */
class LabellingTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeEach
    void compress() {
        database.write("circuit.json", CircuitJson.small("tiny").toString());
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.circuit('circuit.json')");
        database.rows("CALL sot.import.activations('bundle')");
        group("\"0_5_1\",\"1_6_2\"");
    }

    @AfterEach
    void clear() throws IOException {
        database.clear();
        Files.deleteIfExists(database.importDirectory().resolve("prompts.jsonl"));
    }

    private static void group(String members) {
        database.write(
                "hand.json",
                "{\"supernodes\":[[\"group\",%s]],\"pinnedIds\":[\"0_5_1\",\"1_6_2\",\"2_7_2\",\"4_42_2\"]}"
                        .formatted(members));
        database.row("CALL sot.import.supernodes('tiny', 'hand.json', {id: 'hand'})");
    }

    private static String supernode() {
        return database.value("MATCH (s:Supernode {label: 'group'}) RETURN s.key AS key");
    }

    private static List<Map<String, Object>> label(String lines, String configuration) {
        database.write("labels.jsonl", lines);
        return database.rows("CALL sot.import.labelling('labels.jsonl', " + configuration + ")");
    }

    private static void refused(String lines, String configuration, String... messages) {
        database.write("labels.jsonl", lines);
        List<Map<String, Object>> contents = database.contents();
        for (String message : messages) {
            database.failure("CALL sot.import.labelling('labels.jsonl', " + configuration + ")")
                    .contains(message);
        }
        assertThat(database.contents()).isEqualTo(contents);
    }

    private static String line(String supernode, String label) {
        return "{\"supernode\":\"%s\",\"label\":\"%s\"}%n".formatted(supernode, label);
    }

    @Test
    void everySupernodeOfFeaturesGetsAPromptWithWhatIsKnownOfIt() throws IOException {
        Map<String, Object> exported =
                database.row(
                        "CALL sot.export.labelling('hand', 'prompts.jsonl', {features: 1,"
                                + " contexts: 2})");
        assertThat(exported)
                .containsEntry("compression", "hand")
                .containsEntry("prompts", 2L)
                .containsEntry("features", 2L)
                .containsEntry("furtherFeatures", 1L);
        List<String> lines =
                Files.readAllLines(database.importDirectory().resolve("prompts.jsonl"));
        assertThat(lines).hasSize(2);
        JsonNode line =
                lines.stream()
                        .map(CircuitJson::parse)
                        .filter(l -> l.get("supernode").asText().equals(supernode()))
                        .findFirst()
                        .orElseThrow();
        String prompt = line.get("prompt").asText();
        JsonNode data =
                CircuitJson.parse(
                        prompt.substring(
                                prompt.lastIndexOf("<data>") + 6, prompt.lastIndexOf("</data>")));
        assertThat(data.get("explainedPrompt").asText()).isEqualTo("<bos>ab");
        assertThat(data.get("furtherFeatures").asInt()).isEqualTo(1);
        JsonNode feature = data.get("features").get(0);
        assertThat(feature.get("layer").asInt()).isEqualTo(1);
        assertThat(feature.get("token").asText()).isEqualTo("b");
        assertThat(feature.get("mostActiveIn"))
                .hasSize(2)
                .allSatisfy(
                        context -> assertThat(context.asText()).matches("(t\\d)+\\[t\\d](t\\d)*"));
        assertThat(data.get("drives")).isNotEmpty();
    }

    @Test
    void aLabelIsStoredWithWhoSaidItAndTheFormerOneIsKept() {
        String key = supernode();
        assertThat(label(line(key, "takes the carry"), "{labeller: 'model 1'}"))
                .singleElement()
                .satisfies(
                        r ->
                                assertThat(r)
                                        .containsEntry("supernode", key)
                                        .containsEntry("label", "takes the carry")
                                        .containsEntry("formerLabel", "group")
                                        .containsEntry("labeller", "model 1")
                                        .containsEntry("status", "labelled"));
        assertThat(label(line(key, "takes the carry"), "{labeller: 'model 1'}"))
                .extracting(r -> r.get("status"))
                .containsExactly("unchanged");
        assertThat(label("{\"supernode\":\"%s\",\"label\":null}".formatted(key), "{}"))
                .extracting(r -> r.get("status"))
                .containsExactly("noLabel");
        label(line(key, "carry").replace("}", ",\"labeller\":\"a person\"}"), "{labeller: 'no'}");
        assertThat(
                        database.row(
                                "MATCH (s:Supernode {key: $key}) RETURN s.label AS label,"
                                        + " s.labelSource AS source, s.labeller AS labeller,"
                                        + " s.formerLabel AS former",
                                "key",
                                key))
                .containsEntry("label", "carry")
                .containsEntry("source", "imported")
                .containsEntry("labeller", "a person")
                .containsEntry("former", "group");
        database.row(
                "CALL sot.export.circuit('tiny', 'out.json', {compression: 'hand', overwrite:"
                        + " true})");
        assertThat(
                        CircuitJson.read(database.importDirectory().resolve("out.json"))
                                .get("qParams")
                                .get("supernodes")
                                .toString())
                .contains("\"carry\"");
    }

    @Test
    void labelsThatFitNothingChangeNothing() {
        String key = supernode();
        refused(line("hand/99", "x"), "{labeller: 'm'}", "there is no supernode 'hand/99'");
        refused(line(key, "x") + line(key, "y"), "{labeller: 'm'}", "has a label already");
        refused(line(key, "x"), "{}", "does not say whose it is", "labeller");
        refused(line(key, "x\\u0007"), "{labeller: 'm'}", "U+0007");
        refused(line(key, "x") + line("no", "y"), "{labeller: 'm'}", "there is no supernode 'no'");
        refused(line(key, "x"), "{labeler: 'm'}", "did you mean `labeller`?");
    }

    @Test
    void labelsOfAnotherPartitionAreRefused() throws IOException {
        database.row("CALL sot.export.labelling('hand', 'prompts.jsonl')");
        String partition =
                CircuitJson.parse(
                                Files.readAllLines(
                                                database.importDirectory().resolve("prompts.jsonl"))
                                        .get(0))
                        .get("partition")
                        .asText();
        String answer =
                line(supernode(), "x").replace("}", ",\"partition\":\"" + partition + "\"}");
        assertThat(label(answer, "{labeller: 'm'}")).hasSize(1);
        group("\"1_6_2\",\"2_7_2\"");
        refused(answer, "{labeller: 'm'}", "another partition");
    }

    private static JsonNode data(JsonNode line) {
        String prompt = line.get("prompt").asText();
        return CircuitJson.parse(
                prompt.substring(prompt.lastIndexOf("<data>") + 6, prompt.lastIndexOf("</data>")));
    }

    private static List<JsonNode> prompts() throws IOException {
        return Files.readAllLines(database.importDirectory().resolve("prompts.jsonl")).stream()
                .map(CircuitJson::parse)
                .toList();
    }

    @Test
    void supernodesOfSeveralCircuitsAreLabelledWithAllTheirPrompts() throws IOException {
        CircuitJson twin = CircuitJson.small("twin");
        twin.metadata
                .put("prompt", "<bos>cd")
                .putArray("prompt_tokens")
                .add("<bos>")
                .add("c")
                .add("d");
        database.write("twin.json", twin.toString());
        database.row("CALL sot.import.circuit('twin.json')");
        database.row(
                "CALL sot.compress(['twin', 'tiny'], {id: 'pair', distance: 'edgeProfile',"
                        + " targetSize: 3})");
        assertThat(database.row("CALL sot.export.labelling('pair', 'prompts.jsonl')"))
                .containsEntry("prompts", 3L)
                .containsEntry("features", 6L);
        for (JsonNode line : prompts()) {
            JsonNode data = data(line);
            assertThat(data.has("explainedPrompt")).isFalse();
            assertThat(data.get("explainedPrompts").toString())
                    .isEqualTo("[\"<bos>ab\",\"<bos>cd\"]");
            for (JsonNode feature : data.get("features")) {
                String token = feature.get("token").asText();
                assertThat(feature.get("prompt").asInt() == 0 ? "ab" : "cd").contains(token);
                assertThat(feature.get("mostActiveIn")).isNotEmpty();
            }
        }
        JsonNode first = prompts().get(0);
        String answer =
                line(first.get("supernode").asText(), "both")
                        .replace(
                                "}", ",\"partition\":\"" + first.get("partition").asText() + "\"}");
        assertThat(label(answer, "{labeller: 'm'}"))
                .extracting(r -> r.get("status"))
                .containsExactly("labelled");
        database.row(
                "CALL sot.compress(['twin', 'tiny'], {id: 'pair', distance: 'edgeProfile',"
                        + " targetSize: 1})");
        refused(answer, "{labeller: 'm'}", "another partition");
    }

    @Test
    void supernodesOfAGraphOfTheUsersOwnAreLabelledByWhatIsKnown() throws IOException {
        database.rows(
                "CREATE (a:Unit {label: 'first'})-[:DRIVES {w: 1.0}]->(b:Unit),"
                        + " (a)-[:DRIVES {w: 2.0}]->(:Unit {label: 'third'})");
        database.row(
                "CALL sot.compress('mine', {id: 'own', nodeLabels: ['Unit'], relationshipTypes:"
                        + " ['DRIVES'], weightProperty: 'w', distance: 'edgeProfile', targetSize:"
                        + " 2})");
        assertThat(database.row("CALL sot.export.labelling('own', 'prompts.jsonl')"))
                .containsEntry("prompts", 2L)
                .containsEntry("features", 3L);
        for (JsonNode line : prompts()) {
            JsonNode data = data(line);
            assertThat(data.has("explainedPrompt")).isFalse();
            for (JsonNode feature : data.get("features")) {
                assertThat(feature.has("layer")).isFalse();
                assertThat(feature.has("position")).isFalse();
            }
        }
        assertThat(prompts().stream().map(l -> data(l).get("features").toString()))
                .anyMatch(f -> f.contains("first"))
                .anyMatch(f -> f.contains("third"));
    }
}
