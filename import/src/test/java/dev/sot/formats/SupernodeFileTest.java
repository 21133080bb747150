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
import java.util.Set;
import java.util.stream.Collectors;
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
            Set<String> ids =
                    Circuits.read(SharedData.path("data/graphs/dallas_ea.json")).nodes().stream()
                            .map(CircuitNodeRecord::nodeId)
                            .collect(Collectors.toSet());
            ResolvedPartition resolved = partition.resolve(ids);
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
        ResolvedPartition resolved = partition.resolve(Set.of("a", "b", "c", "unpinned"));
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
        ResolvedPartition resolved =
                new SupernodePartition(
                                List.of(new SupernodePartition.Group("last", List.of("n204"))),
                                pins,
                                Map.of())
                        .resolve(Set.copyOf(pins));
        assertThat(resolved.groups()).hasSize(200);
        assertThat(resolved.droppedPins()).isEqualTo(5);
        assertThat(resolved.unpinnedMembers()).isEqualTo(1);
        assertThat(resolved.vanishedSupernodes()).isEqualTo(1);
    }

    @Test
    void labelsOfTheOldIdsFindTheirNodes() {
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
                                "9_9_9",
                                "lost"));
        assertThat(partition.labels(Set.of("23_12237_10", "0_7_1", "4_5_6")))
                .containsOnly(
                        Map.entry("23_12237_10", "old"),
                        Map.entry("0_7_1", "zero"),
                        Map.entry("4_5_6", "new"));
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
