package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CircuitRoundTripTest {
    @TempDir Path directory;

    @Test
    void realCircuitsComeBackValueForValue() throws IOException {
        for (Path file : SharedData.graphs()) {
            assertRoundTrip(file);
        }
        for (Path file : SharedData.labCircuits()) {
            assertRoundTrip(file);
        }
    }

    @Test
    void realCircuitsNeedNoExtraFields() throws IOException {
        for (Path file : SharedData.graphs()) {
            assertThat(Circuits.read(file).nodes()).as("%s", file).allMatch(n -> n.extra() == null);
        }
    }

    @Test
    void realCircuitsHaveTheExpectedCounts() throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(SharedData.path("data/graphs/expected.json").toFile());
        Map<String, JsonNode> byFile = new HashMap<>();
        expected.forEach(entry -> byFile.put(entry.get("file").asText(), entry));
        for (Path file : SharedData.graphs()) {
            JsonNode entry = byFile.get(file.getFileName().toString());
            CircuitDocument circuit = Circuits.read(file);
            assertThat(circuit.nodes()).as("%s", file).hasSize(entry.get("nodes").asInt());
            assertThat(circuit.links().total())
                    .as("%s", file)
                    .isEqualTo(entry.get("links").asLong());
            assertThat(circuit.header().scan()).isEqualTo(entry.get("scan").asText());
            assertThat(circuit.header().prompt()).isEqualTo(entry.get("prompt").asText());
        }
    }

    @Test
    void everyOddityOfTheDialectsComesBack() throws IOException {
        String odd =
                String.join(
                        ",",
                        Circuits.feature(0, 1, 1),
                        Circuits.error(1, 1),
                        Circuits.feature(3, 5_000_000, 2),
                        // Layer as a number, no clerp, explicit nulls, unknown fields.
                        "{\"node_id\":\"2_7_1\",\"feature\":null,\"layer\":2,\"ctx_idx\":1,\"feature_type\":\"unexplored"
                            + " node\",\"token_prob\":null,\"is_target_logit\":null,"
                            + "\"jsNodeId\":null,\"activation\":1e-300,"
                            + "\"qk_tracing_results\":{\"pair_wise_contributors\":[[\"a\",\"b\",0.1]]}}",
                        "{\"node_id\":\"2_8_1\",\"layer\":\"02\",\"ctx_idx\":1,\"feature_type\":\"cross"
                            + " layer transcoder\","
                            + "\"feature\":-1,\"run_idx\":3,\"reverse_ctx_idx\":1.5,\"jsNodeId\":\"2_8-1\",\"clerp\":null}",
                        "{\"node_id\":\"E_9_0\",\"feature\":null,\"layer\":-1,\"ctx_idx\":0,\"feature_type\":\"embedding\",\"clerp\":\"Emb:"
                            + " \\u2028\"}",
                        "{\"node_id\":\"start\",\"layer\":\"E\",\"ctx_idx\":0,\"feature_type\":\"embedding\"}",
                        "{\"node_id\":\"target\",\"feature\":512,\"layer\":\"-1\",\"ctx_idx\":2,\"feature_type\":\"logit\",\"token_prob\":1}",
                        Circuits.LOGIT);
        String links =
                String.join(
                        ",",
                        Circuits.link("0_1_1", "4_42_2", "0.1"),
                        Circuits.link("0_1_1", "4_42_2", "-2e-5"),
                        Circuits.link("0_1_1", "0_1_1", "3"),
                        "{\"weight\":-0.0,\"target\":\"4_42_2\",\"source\":\"3_5000000_2\",\"order\":[1,{\"a\":null}]}");
        String json =
                "{\"links\":["
                        + links
                        + "],\"qk_only_nodes\":{\"x\":[1.10]},\"nodes\":["
                        + odd
                        + "],\"qParams\":{\"pinnedIds\":\"a,b\",\"supernodes\":[[\"x\",\"0_1_1\"]]},\"metadata\":"
                        + Circuits.METADATA.replace(
                                "\"schema_version\":1",
                                "\"info\":null,\"n\":123456789012345678901234567890")
                        + "}";
        assertRoundTrip(Files.writeString(directory.resolve("odd.json"), json));
    }

    @Test
    void theWrittenFileIsReadAsTheSameCircuit() throws IOException {
        CircuitDocument circuit =
                Circuits.read(
                        directory,
                        Circuits.circuit(
                                Circuits.feature(1, 2, 1) + "," + Circuits.LOGIT,
                                Circuits.link("1_2_1", "4_42_2", 0.1)));
        CircuitDocument again =
                Circuits.read(Circuits.write(circuit, directory.resolve("again.json")));
        assertThat(again.nodes()).isEqualTo(circuit.nodes());
        assertThat(again.header()).isEqualTo(circuit.header());
        assertThat(Circuits.links(again)).isEqualTo(Circuits.links(circuit));
    }

    @Test
    void qParamsCanBeReplaced() throws IOException {
        CircuitDocument circuit = Circuits.read(directory, Circuits.circuit(Circuits.LOGIT, ""));
        Path target = directory.resolve("pinned.json");
        CircuitWriter.write(
                target,
                circuit.header().withQParams("{\"pinnedIds\":[\"4_42_2\"]}"),
                circuit.nodes().iterator(),
                Circuits.links(circuit).iterator());
        assertThat(Circuits.tree(target).at("/qParams/pinnedIds/0").asText()).isEqualTo("4_42_2");
    }

    @Test
    void qParamsThatAreNotJsonAreRefused() {
        CircuitHeader header =
                Circuits.read(directory, Circuits.circuit(Circuits.LOGIT, "")).header();
        for (String broken : new String[] {"{", "{} {}", "NaN", "{\"a\":1,}"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    CircuitWriter.write(
                                            directory.resolve("out.json"),
                                            header.withQParams(broken),
                                            Collections.emptyIterator(),
                                            Collections.emptyIterator()));
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path target = Files.writeString(directory.resolve("target.json"), "old");
        CircuitDocument circuit = Circuits.read(directory, Circuits.circuit(Circuits.LOGIT, ""));
        Files.delete(directory.resolve("circuit.json"));
        assertThat(
                        catchThrowable(
                                () ->
                                        CircuitWriter.write(
                                                target,
                                                circuit.header(),
                                                circuit.nodes().iterator(),
                                                Set.of(new LinkRecord("a", "b", Double.NaN, null))
                                                        .iterator())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a to b");
        assertThat(Files.readString(target)).isEqualTo("old");
        try (var files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString()).collect(Collectors.toSet()))
                    .containsExactly("target.json");
        }
    }

    private void assertRoundTrip(Path file) throws IOException {
        Path written = Circuits.write(Circuits.read(file), directory.resolve("written.json"));
        JsonNode before = Circuits.tree(file);
        JsonNode after = Circuits.tree(written);
        assertThat(after.properties().stream().map(Map.Entry::getKey).toList())
                .isEqualTo(before.properties().stream().map(Map.Entry::getKey).toList());
        for (Map.Entry<String, JsonNode> part : before.properties()) {
            JsonNode other = after.get(part.getKey());
            if (part.getValue().isArray() && !part.getKey().equals("links")) {
                assertThat(other.size()).isEqualTo(part.getValue().size());
                for (int i = 0; i < other.size(); i++) {
                    assertThat(other.get(i))
                            .as("%s %s %d", file, part.getKey(), i)
                            .isEqualTo(part.getValue().get(i));
                }
            } else {
                assertThat(other).as("%s %s", file, part.getKey()).isEqualTo(part.getValue());
            }
        }
    }
}
