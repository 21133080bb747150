package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupernodeFileTest {
    private static final String SUPERNODES =
            "[[\"Texas\",\"1_2_3\",\"4_5_6\"],[\"Texas\",\"7_8_9\"],[\"empty\"]]";

    @TempDir Path directory;

    @Test
    void theSamePartitionIsReadFromEveryForm() throws IOException {
        SupernodePartition expected =
                new SupernodePartition(
                        List.of(
                                new SupernodePartition.Group("Texas", List.of("1_2_3", "4_5_6")),
                                new SupernodePartition.Group("Texas (2)", List.of("7_8_9")),
                                new SupernodePartition.Group("empty", List.of())),
                        List.of("1_2_3", "7_8_9"),
                        Map.of("1_100002_3", "a & b"));
        String body =
                "{\"modelId\":\"m\",\"pinnedIds\":[\"1_2_3\",\"7_8_9\"],\"supernodes\":"
                        + SUPERNODES
                        + ",\"clerps\":[[\"1_100002_3\",\"a & b\"]],\"pruningThreshold\":null}";
        assertThat(read(body)).as("Neuronpedia's subgraph").isEqualTo(expected);
        assertThat(read(body.replace("[\"1_2_3\",\"7_8_9\"]", "\" 1_2_3,7_8_9\"")))
                .as("comma text")
                .isEqualTo(expected);
        assertThat(read("{\"nodes\":[{\"a\":1}],\"qParams\":" + body + "}"))
                .as("a circuit")
                .isEqualTo(expected);
        String query =
                "slug=dallas&pinnedIds=1_2_3%2C7_8_9&pruningThreshold=0.5&supernodes="
                        + encode(SUPERNODES)
                        + "&clerps="
                        + encode("[[\"1_100002_3\",\"a & b\"]]");
        assertThat(read("https://www.neuronpedia.org/m/graph?" + query + "#top\n"))
                .as("a URL")
                .isEqualTo(expected);
        assertThat(read(query)).as("a query string").isEqualTo(expected);
        assertThat(read("http://localhost:8041/index.html#" + query))
                .as("a fragment")
                .isEqualTo(expected);
    }

    private static String encode(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void thePublishedPartitionsResolveToTheGoldenGroups() throws IOException {
        for (String name : List.of("dallas_plt_human_v0.json", "dallas_plt_human_v1.json")) {
            SupernodePartition partition =
                    SupernodeFile.read(SharedData.path("data/supernodes/" + name), name);
            NodeNames names =
                    new NodeNames(
                            Circuits.read(SharedData.path("data/graphs/dallas_ea.json")).nodes());
            ResolvedPartition resolved = partition.resolve(names, SupernodePartition.MAX_PINS);
            JsonNode golden =
                    new ObjectMapper()
                            .readTree(SharedData.path("data/supernodes/golden/" + name).toFile())
                            .get("nodes");
            List<ResolvedPartition.Group> expected = new ArrayList<>();
            for (JsonNode node : golden) {
                List<String> members = new ArrayList<>();
                node.get("members").forEach(m -> members.add(m.asText()));
                expected.add(
                        new ResolvedPartition.Group(
                                node.get("id").asText(), node.get("label").textValue(), members));
            }
            assertThat(resolved.groups()).containsExactlyElementsOf(expected);
            assertThat(resolved.unmatchedMembers() + resolved.unmatchedPins()).isZero();
        }
    }

    @Test
    void resolvingFollowsTheFrontendsRules() {
        SupernodePartition partition =
                new SupernodePartition(
                        List.of(
                                new SupernodePartition.Group("first", List.of("a", "b", "missing")),
                                new SupernodePartition.Group("c", List.of("b", "unpinned")),
                                new SupernodePartition.Group("gone", List.of("unpinned"))),
                        List.of("c", "a", "b", "a", "nowhere"),
                        Map.of());
        ResolvedPartition resolved =
                partition.resolve(named("a", "b", "c", "unpinned"), SupernodePartition.MAX_PINS);
        assertThat(resolved)
                .isEqualTo(
                        new ResolvedPartition(
                                List.of(
                                        new ResolvedPartition.Group("c", null, List.of("c")),
                                        new ResolvedPartition.Group("first", "first", List.of("a")),
                                        new ResolvedPartition.Group(
                                                "supernode-1", "c", List.of("b"))),
                                1,
                                0,
                                1,
                                1,
                                1));
    }

    @Test
    void onlyTheFirst200PinsAreDrawn() {
        List<String> pins = IntStream.range(0, 205).mapToObj(i -> "n" + i).toList();
        NodeNames names = named(pins.toArray(String[]::new));
        SupernodePartition partition =
                new SupernodePartition(
                        List.of(new SupernodePartition.Group("last", List.of("n204"))),
                        pins,
                        Map.of());
        ResolvedPartition resolved = partition.resolve(names, SupernodePartition.MAX_PINS);
        assertThat(resolved.groups()).hasSize(200);
        assertThat(resolved.droppedPins()).isEqualTo(5);
        assertThat(resolved.unpinnedMembers()).isEqualTo(1);
        assertThat(resolved.vanishedSupernodes()).isEqualTo(1);
        ResolvedPartition whole = partition.resolve(names, Integer.MAX_VALUE);
        assertThat(whole.groups()).hasSize(205);
        assertThat(whole.droppedPins() + whole.vanishedSupernodes()).isZero();
    }

    /** Nodes of which nothing but the id is known. */
    private static NodeNames named(String... ids) {
        return new NodeNames(
                Arrays.stream(ids)
                        .map(
                                id ->
                                        node(
                                                id,
                                                CircuitNodeKind.FEATURE,
                                                0,
                                                0,
                                                0L,
                                                "{\"absent\":[\"jsNodeId\"]}"))
                        .toList());
    }

    private static CircuitNodeRecord node(
            String id, CircuitNodeKind kind, int layer, int position, Long index, String extra) {
        return new CircuitNodeRecord(
                id,
                kind,
                "cross layer transcoder",
                layer,
                position,
                index,
                null,
                null,
                0,
                false,
                "",
                null,
                extra);
    }

    @Test
    void aPinInAnthropicsFormMeansAllNodesThatCarryIt() {
        NodeNames names =
                new NodeNames(
                        List.of(
                                node("2_7_4", CircuitNodeKind.FEATURE, 2, 4, 7L, null),
                                node("2_7_5", CircuitNodeKind.FEATURE, 2, 5, 7L, null),
                                node("0_2_7", CircuitNodeKind.ERROR, 2, 7, null, null),
                                node("0_3_1", CircuitNodeKind.ERROR, 3, 1, null, null),
                                node(
                                        "2_9_5",
                                        CircuitNodeKind.FEATURE,
                                        2,
                                        5,
                                        9L,
                                        "{\"set\":{\"jsNodeId\":\"2_9-5\"}}")));
        assertThat(names.nodes("2_7-0")).containsExactly("2_7_4", "2_7_5");
        assertThat(names.nodes("3_1-0")).containsExactly("0_3_1");
        assertThat(names.nodes("2_9-5")).containsExactly("2_9_5");
        assertThat(names.nodes("2_9-0")).isEmpty();
        ResolvedPartition resolved =
                new SupernodePartition(
                                List.of(
                                        new SupernodePartition.Group(
                                                "seven", List.of("2_7-0", "2_9-0"))),
                                List.of("2_9-5", "2_7-0", "2_7_5"),
                                Map.of())
                        .resolve(names, SupernodePartition.MAX_PINS);
        assertThat(resolved)
                .isEqualTo(
                        new ResolvedPartition(
                                List.of(
                                        new ResolvedPartition.Group(
                                                "2_9_5", null, List.of("2_9_5")),
                                        new ResolvedPartition.Group(
                                                "seven", "seven", List.of("2_7_4", "2_7_5"))),
                                0,
                                0,
                                1,
                                0,
                                0));
    }

    @Test
    void labelsFindTheirNodesByAnyOfTheirNames() {
        SupernodePartition partition =
                new SupernodePartition(
                        List.of(),
                        List.of(),
                        Map.of(
                                "23_2312237_10",
                                "old",
                                "0_000007_1",
                                "zero",
                                "4_5_6",
                                "new",
                                "8_" + Cantor.encode(8, 3) + "_2",
                                "Cantor",
                                "9_9_9",
                                "lost"));
        NodeNames names =
                new NodeNames(
                        List.of(
                                node("23_12237_10", CircuitNodeKind.FEATURE, 23, 10, 12237L, null),
                                node("0_7_1", CircuitNodeKind.FEATURE, 0, 1, 7L, null),
                                node("4_5_6", CircuitNodeKind.FEATURE, 4, 6, 5L, null),
                                node("8_3_2", CircuitNodeKind.FEATURE, 8, 2, 3L, null)));
        assertThat(partition.labels(names))
                .containsOnly(
                        Map.entry("23_12237_10", "old"),
                        Map.entry("0_7_1", "zero"),
                        Map.entry("4_5_6", "new"),
                        Map.entry("8_3_2", "Cantor"));
    }

    @Test
    void aLabelsIdUsesTheNumberInTheFile() {
        assertThat(NodeNames.labelId(node("1_2_3", CircuitNodeKind.FEATURE, 1, 3, 2L, null)))
                .isEqualTo("1_8_3");
        assertThat(
                        NodeNames.labelId(
                                node(
                                        "1_2_3",
                                        CircuitNodeKind.FEATURE,
                                        1,
                                        3,
                                        2L,
                                        "{\"set\":{\"feature\":100002}}")))
                .isEqualTo("1_100002_3");
    }

    @Test
    void aWrittenSubgraphIsReadAsTheSamePartition() throws IOException {
        Subgraph subgraph =
                new Subgraph(
                        "gemma-2-2b",
                        "dallas",
                        "grüße \ud83d\ude00",
                        List.of("1_2_3", "7_8_9"),
                        List.of(new SupernodePartition.Group("a \"b\" <c>", List.of("1_2_3"))),
                        Map.of("1_8_3", "label"),
                        0.8,
                        null,
                        null);
        Path file = directory.resolve("subgraph.json");
        subgraph.write(file);
        assertThat(SupernodeFile.read(file, "subgraph.json"))
                .isEqualTo(
                        new SupernodePartition(
                                subgraph.supernodes(), subgraph.pinnedIds(), subgraph.clerps()));
        JsonNode body = new ObjectMapper().readTree(file.toFile());
        List<String> keys = new ArrayList<>();
        body.fieldNames().forEachRemaining(keys::add);
        // What the API's schema asks for; null thresholds are part of it.
        assertThat(keys)
                .containsExactly(
                        "modelId",
                        "slug",
                        "displayName",
                        "pinnedIds",
                        "supernodes",
                        "clerps",
                        "pruningThreshold",
                        "densityThreshold");
        assertThat(body.get("displayName").asText()).isEqualTo("grüße \ud83d\ude00");
        assertThat(body.get("pruningThreshold").asDouble()).isEqualTo(0.8);
        assertThat(body.get("densityThreshold").isNull()).isTrue();
        assertThat(Files.list(directory)).hasSize(1);
    }

    @Test
    void unsoundFilesAreRefused() {
        refuse("", "neither supernodes nor pinnedIds");
        refuse("{}", "neither supernodes nor pinnedIds");
        refuse("{\"supernodes\":[[]]}", "supernodes[0]: the list is empty");
        refuse("{\"supernodes\":[[\"a\",5]]}", "supernodes[0][1]: found 5");
        refuse("{\"supernodes\":\"a\"}", "supernodes: found \"a\"");
        refuse("{\"pinnedIds\":[null]}", "pinnedIds[0]: found null");
        refuse("{\"pinnedIds\":[],\"pinnedIds\":[]}", "pinnedIds", "twice");
        refuse("{\"pinnedIds\":[],\"clerps\":[[\"a\"]]}", "clerps[0]: the list has 1 texts");
        refuse("{\"pinnedIds\":[", "ends in the middle");
        refuse("?supernodes=%5B%5B", "supernodes: the value is not JSON");
        refuse("?supernodes=%ZZ", "supernodes: the percent encoding is broken");
        refuse("?pinnedIds=a\n?pinnedIds=b", "line 2");
    }

    @Test
    void anyCutOrFlippedByteIsAFormatExceptionOrAResult() throws IOException {
        for (String sound :
                List.of(
                        "{\"pinnedIds\":[\"1_2_3\"],\"supernodes\":" + SUPERNODES + "}",
                        "http://x/?pinnedIds=1,2&supernodes=" + encode(SUPERNODES))) {
            byte[] bytes = sound.getBytes(StandardCharsets.UTF_8);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                Flips.tolerate(() -> read(cut));
            }
            for (byte[] flipped : Flips.of(bytes, 1)) {
                Flips.tolerate(() -> read(flipped));
            }
        }
    }

    private SupernodePartition read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private SupernodePartition read(byte[] bytes) throws IOException {
        return SupernodeFile.read(
                Files.write(directory.resolve("supernodes"), bytes), "supernodes");
    }

    private void refuse(String text, String... parts) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(parts);
    }
}
