package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files that are no circuits: one clear error each, and a database that is as it was. */
class BadCircuitFilesTest {

    @RegisterExtension static final Database database = Database.withSchema();

    private List<Map<String, Object>> before;

    @BeforeEach
    void importAnother() {
        database.write("other.json", CircuitJson.small("other").toString());
        database.row("CALL sot.import.circuit('other.json')");
        before = database.contents();
    }

    @AfterEach
    void nothingChanged() {
        assertThat(database.contents()).isEqualTo(before);
        database.clear();
    }

    private static AbstractStringAssert<?> failure(String file) {
        return database.failure("CALL sot.import.circuit($file)", "file", file);
    }

    private static AbstractStringAssert<?> failureOf(Object circuit) {
        database.write("bad.json", circuit.toString());
        return failure("bad.json").contains("bad.json");
    }

    @Test
    void cutOffInTheMiddle() {
        String whole = CircuitJson.small("tiny").toString();
        for (int length : List.of(1, whole.length() / 4, whole.length() / 2, whole.length() - 1)) {
            failureOf(whole.substring(0, length)).contains("line 1, column").contains("cut off");
        }
        failureOf("").contains("bad.json");
    }

    @Test
    void notJsonAtAll() {
        failureOf("nodes,links\n1,2\n").contains("line 1, column").contains("not valid JSON");
        failureOf("[1, 2]").contains("object of a circuit");
    }

    @Test
    void weightsThatAreNoFiniteNumbers() {
        CircuitJson circuit = CircuitJson.small("tiny");
        String text = circuit.toString();
        for (String weight : List.of("NaN", "Infinity", "-Infinity", "1e999", "\"1\"", "null")) {
            failureOf(text.replace("\"weight\":0.25", "\"weight\":" + weight))
                    .contains("line 1, column");
        }
        failureOf(text.replace("\"weight\":0.25", "\"weight\":1e999")).contains("links[3].weight");
        failureOf(text.replace("\"weight\":0.25", "\"weight\":null")).contains("links[3].weight");
    }

    @Test
    void valuesOfWrongTypes() {
        assertWrong("ctx_idx", "\"one\"", "nodes[2].ctx_idx");
        assertWrong("node_id", "7", "nodes[2].node_id");
        assertWrong("feature_type", "null", "nodes[2].feature_type");
        assertWrong("activation", "\"high\"", "nodes[2].activation");
        assertWrong("layer", "[0]", "nodes[2].layer");
        assertWrong("influence", "true", "nodes[2].influence");
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.root.put("links", 5);
        failureOf(circuit).contains("links").contains("a list");
        CircuitJson tokens = CircuitJson.small("tiny");
        tokens.metadata.putArray("prompt_tokens").add(1);
        failureOf(tokens).contains("metadata.prompt_tokens[0]");
    }

    private static void assertWrong(String key, String value, String place) {
        CircuitJson circuit = CircuitJson.small("tiny");
        ((ObjectNode) circuit.nodes.get(2)).set(key, CircuitJson.parse(value));
        failureOf(circuit).contains(place);
    }

    @Test
    void missingKeys() {
        for (String key : List.of("metadata", "qParams", "nodes", "links")) {
            CircuitJson circuit = CircuitJson.small("tiny");
            circuit.root.remove(key);
            failureOf(circuit).contains(key + ": the key is missing");
        }
        CircuitJson circuit = CircuitJson.small("tiny");
        ((ObjectNode) circuit.links.get(4)).remove("target");
        failureOf(circuit).contains("links[4].target");
        CircuitJson nameless = CircuitJson.small("");
        failureOf(nameless).contains("metadata.slug");
    }

    @Test
    void idsThatOccurTwice() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.feature(1, 6, 2);
        failureOf(circuit).contains("nodes[8].node_id").contains("1_6_2").contains("nodes[3]");
    }

    @Test
    void nodesOfAnotherDialect() {
        CircuitJson circuit = CircuitJson.small("tiny");
        ((ObjectNode) circuit.nodes.get(2)).put("feature_type", "sublayer");
        failureOf(circuit).contains("sublayer").contains("dialect");
    }

    @Test
    void aFeatureNumberThatContradictsItsId() {
        CircuitJson circuit = CircuitJson.small("tiny");
        ((ObjectNode) circuit.nodes.get(3)).put("feature", 999);
        failureOf(circuit).contains("nodes[3]").contains("999");
    }

    @Test
    void aHugeLabel() throws IOException {
        String whole = CircuitJson.small("tiny").toString();
        int label = whole.indexOf("\"clerp\":\"") + "\"clerp\":\"".length();
        Path file = database.importDirectory().resolve("huge.json");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(whole.substring(0, label));
            for (int i = 0; i < 20; i++) {
                writer.write("x".repeat(1_000_000));
            }
            writer.write(whole.substring(label));
        }
        failure("huge.json")
                .contains("huge.json")
                .contains("line 1, column")
                .contains("longer than")
                .hasSizeLessThan(1_000);
        Files.delete(file);
    }

    @Test
    void bytesThatAreNotUtf8() throws IOException {
        String whole = CircuitJson.small("tiny").toString();
        byte[] latin1 =
                whole.replace("\"clerp\":\"\"", "\"clerp\":\"\u00fc\"")
                        .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(database.importDirectory().resolve("latin1.json"), latin1);
        failure("latin1.json").contains("latin1.json").contains("UTF-8").contains("line 1, column");
    }

    @Test
    void aDeeplyNestedFile() {
        failureOf("{\"metadata\":" + "[".repeat(100_000)).contains("line 1, column");
    }

    @Test
    void filesThatAreNotThere() {
        failure("missing.json").contains("missing.json").contains("import directory");
        failure("").contains("file name");
        database.failure("CALL sot.import.circuit(null)").contains("file name");
        database.write("directory/file.json", "{}");
        failure("directory").contains("directory").contains("not a regular file");
        database.failure("CALL sot.import.circuits('other.json')")
                .contains("other.json")
                .contains("not a directory");
        database.failure("CALL sot.import.circuits('none')").contains("none");
    }

    @Test
    void pathsThatLeadOutOfTheImportDirectory() throws IOException {
        Path outside = Files.createTempDirectory("sot-outside");
        Path secret = Files.writeString(outside.resolve("secret.json"), "the secret");
        Path link = database.importDirectory().resolve("link.json");
        Path directoryLink = database.importDirectory().resolve("linked");
        Files.createSymbolicLink(link, secret);
        Files.createSymbolicLink(directoryLink, outside);
        try {
            String relative = database.importDirectory().relativize(secret.toRealPath()).toString();
            for (String name :
                    List.of(
                            relative,
                            "../" + database.importDirectory().getFileName() + "-other/x.json",
                            "link.json",
                            "linked/secret.json")) {
                failure(name).contains(name).contains("leads out").doesNotContain("the secret");
            }
            failure(secret.toString()).contains("absolute");
            failure("file:///" + secret).contains("URL");
            failure("https://example.org/a.json").contains("URL");
            database.failure("CALL sot.export.circuit('other', 'linked/out.json')")
                    .contains("leads out");
            database.failure("CALL sot.export.circuit('other', '../out.json')")
                    .contains("leads out");
            database.failure("CALL sot.export.circuit('other', 'link.json', {overwrite: true})")
                    .contains("link.json");
            assertThat(secret).hasContent("the secret");
            assertThat(outside.resolve("out.json")).doesNotExist();
        } finally {
            Files.delete(link);
            Files.delete(directoryLink);
            Files.delete(secret);
            Files.delete(outside);
        }
    }
}
