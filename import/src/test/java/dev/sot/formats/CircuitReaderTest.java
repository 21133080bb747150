package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CircuitReaderTest {
    private static final String FEATURE = Circuits.feature(1, 2, 1);

    @TempDir Path directory;

    // --- what a circuit holds

    @Test
    void nodesOfEveryKindAreRead() {
        CircuitDocument circuit =
                read(
                        Circuits.circuit(
                                String.join(
                                        ",",
                                        Circuits.feature(25, 160_000, 1),
                                        Circuits.error(3, 2),
                                        Circuits.EMBEDDING,
                                        Circuits.LOGIT),
                                ""));
        assertThat(circuit.nodes())
                .containsExactly(
                        new CircuitNodeRecord(
                                "25_160000_1",
                                CircuitNodeKind.FEATURE,
                                "cross layer transcoder",
                                25,
                                1,
                                160_000L,
                                1.5,
                                0.5,
                                0,
                                false,
                                "",
                                null,
                                null),
                        new CircuitNodeRecord(
                                "0_3_2",
                                CircuitNodeKind.ERROR,
                                "mlp reconstruction error",
                                3,
                                2,
                                null,
                                null,
                                0.75,
                                0,
                                false,
                                "",
                                null,
                                null),
                        new CircuitNodeRecord(
                                "E_17_1",
                                CircuitNodeKind.EMBEDDING,
                                "embedding",
                                -1,
                                1,
                                17L,
                                null,
                                0.25,
                                0,
                                false,
                                "",
                                null,
                                null),
                        new CircuitNodeRecord(
                                "4_42_2",
                                CircuitNodeKind.LOGIT,
                                "logit",
                                4,
                                2,
                                42L,
                                null,
                                null,
                                0.875,
                                true,
                                "Output \"x\" (p=0.875)",
                                null,
                                null));
    }

    @Test
    void theHeaderNamesPromptAndDictionary() {
        CircuitHeader header = read(Circuits.circuit(Circuits.LOGIT, "")).header();
        assertThat(header.slug()).isEqualTo("tiny");
        assertThat(header.promptTokens()).containsExactly("<bos>", "a", "b");
        assertThat(header.dictionary()).isEqualTo("model/dictionary");
        assertThat(header.dictionarySource()).isEqualTo("scan");
        assertThat(header.extraJson()).isNull();
    }

    @Test
    void theDictionaryComesFromTheMostSpecificSource() throws IOException {
        String both =
                withMetadata(
                        "\"feature_details\":{\"neuronpedia_source_set\":\"set\"},\"info\":{\"transcoder_set\":\"author/set\"}");
        String details = withMetadata("\"feature_details\":{\"neuronpedia_source_set\":\"set\"}");
        assertThat(read(both).header())
                .extracting(CircuitHeader::dictionary, CircuitHeader::dictionarySource)
                .containsExactly("author/set", "info.transcoder_set");
        assertThat(read(details).header())
                .extracting(CircuitHeader::dictionary, CircuitHeader::dictionarySource)
                .containsExactly("model/dictionary/set", "feature_details");
        Path file = Files.writeString(directory.resolve("c.json"), both);
        assertThat(
                        CircuitReader.read(
                                        file,
                                        "c.json",
                                        new CircuitReadOptions(Optional.of("mine")),
                                        ReadListener.NONE)
                                .header())
                .extracting(CircuitHeader::dictionary, CircuitHeader::dictionarySource)
                .containsExactly("mine", "config");
        refuse(
                Circuits.circuit(
                        Circuits.METADATA.replace("\"model/dictionary\"", "null"),
                        Circuits.LOGIT,
                        ""),
                "metadata.scan",
                "dictionary: '...'");
    }

    @Test
    void theDialectIsRecognised() {
        assertThat(read(Circuits.circuit(Circuits.LOGIT, "")).dialect())
                .isEqualTo(CircuitDialect.CIRCUIT_TRACER);
        assertThat(read(withMetadata("\"pruning_settings\":{}")).dialect())
                .isEqualTo(CircuitDialect.NEURONPEDIA);
    }

    @Test
    void theContentHashIsTheSha256OfTheBytes() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("c.json"),
                        Circuits.circuit(Circuits.LOGIT, "") + "\n \n");
        byte[] digest = HashingInput.sha256().digest(Files.readAllBytes(file));
        assertThat(Circuits.read(file).contentHash())
                .isEqualTo(java.util.HexFormat.of().formatHex(digest));
    }

    // --- indices

    @Test
    void cantorNumbersAreExactIn64Bits() {
        assertThat(Cantor.encode(25, 163_793)).isEqualTo(13_418_414_264L);
        for (long layer : new long[] {0, 1, 25, 99_999, Integer.MAX_VALUE}) {
            for (long index : new long[] {0, 1, 163_839, 94_906_266, Integer.MAX_VALUE}) {
                long number = Cantor.encode(layer, index);
                assertThat(Cantor.layer(number)).isEqualTo(layer);
                assertThat(Cantor.index(number)).isEqualTo(index);
            }
        }
        assertThat(Cantor.layer(Long.MAX_VALUE) + Cantor.index(Long.MAX_VALUE))
                .isEqualTo(4_294_967_295L);
    }

    @Test
    void olderSchemasWriteTheIndexInOtherWays() {
        String old = Circuits.METADATA.replace("\"schema_version\":1", "\"schema_version\":0");
        assertThat(indices(old, node("23_12237_1", 2_312_237, 23))).containsExactly(12_237L);
        assertThat(indices(old, node("23_2312237_1", 2_312_237, 23), node("0_7_1", 7, 0)))
                .containsExactly(12_237L, 7L);
        assertThat(indices(old, node("23_2312237_1", 12_237, 23))).containsExactly(12_237L);
        assertThat(indices(old, node("1_112345_1", 112_345, 1), node("2_7_1", 7, 2)))
                .as("the second node shows that indices are bare")
                .containsExactly(112_345L, 7L);
        assertThat(indices(old, Circuits.feature(3, 5, 1))).containsExactly(5L);
    }

    @Test
    void anIndexThatContradictsItsIdIsRefused() {
        refuse(
                Circuits.circuit(node("3_5_1", 42, 3), ""),
                "nodes[0].feature",
                "42",
                "index 5",
                "41");
        refuse(
                Circuits.circuit(node("3_5_1", 41, 4), ""),
                "nodes[0].node_id",
                "names layer 3",
                "4");
        refuse(Circuits.circuit(node("3_5_1", 5, 3), ""), "nodes[0].feature", "schema_version");
        refuse(
                Circuits.circuit(node("five", 5, 3), ""),
                "nodes[0].node_id",
                "five",
                "layer_index_position");
    }

    // --- links

    @Test
    void linksAreCountedByWhatBecomesOfThem() {
        CircuitDocument circuit =
                read(
                        Circuits.circuit(
                                String.join(
                                        ",", FEATURE, Circuits.feature(2, 3, 1), Circuits.LOGIT),
                                String.join(
                                        ",",
                                        Circuits.link("1_2_1", "2_3_1", 0.0),
                                        Circuits.link("1_2_1", "1_2_1", 0.5),
                                        Circuits.link("1_2_1", "nowhere", 1),
                                        Circuits.link("1_2_1", "4_42_2", 1),
                                        Circuits.link("2_3_1", "4_42_2", 2),
                                        Circuits.link("1_2_1", "4_42_2", 3))));
        assertThat(circuit.links()).isEqualTo(new LinkCounts(6, 4, 1, 1, 1, 1, 0));
        assertThat(Circuits.links(circuit))
                .containsExactly(
                        new LinkRecord("1_2_1", "2_3_1", 0, null),
                        new LinkRecord("1_2_1", "1_2_1", 0.5, null),
                        new LinkRecord("2_3_1", "4_42_2", 2, null),
                        new LinkRecord("1_2_1", "4_42_2", 3, null));
        assertThat(Circuits.links(circuit)).as("a second reading").hasSize(4);
    }

    @Test
    void aFeatureAndAnErrorMayShareAnId() {
        // Nodes: 0 the feature 1 of layer 0, 1 the error of layer 1, 2 in layer 1, 3 in layer 2, 4
        // the logit, 5 the embedding.
        String nodes =
                String.join(
                        ",",
                        Circuits.feature(0, 1, 1),
                        Circuits.error(1, 1),
                        Circuits.feature(1, 9, 1),
                        Circuits.feature(2, 9, 1),
                        Circuits.LOGIT,
                        Circuits.EMBEDDING);
        String links =
                String.join(
                        ",",
                        Circuits.link("E_17_1", "0_1_1", 1),
                        Circuits.link("0_1_1", "1_9_1", 2),
                        Circuits.link("0_1_1", "2_9_1", 3),
                        Circuits.link("0_1_1", "4_42_2", 4),
                        Circuits.link("0_1_1", "4_42_2", 5));
        CircuitDocument circuit = read(Circuits.circuit(nodes, links));
        List<String> stored = new ArrayList<>();
        circuit.forEachLink((s, t, w, e) -> stored.add(s + ">" + t + ":" + w));
        assertThat(stored).containsExactly("5>0:1.0", "0>2:2.0", "0>3:3.0", "0>4:4.0", "1>4:5.0");
        assertThat(circuit.links()).isEqualTo(new LinkCounts(5, 5, 0, 0, 0, 0, 5));
    }

    @Test
    void threeParallelLinksOfASharedIdAreTheFeatures() {
        String three =
                String.join(
                        ",",
                        Circuits.link("0_1_1", "4_42_2", 1),
                        Circuits.link("0_1_1", "4_42_2", 2),
                        Circuits.link("0_1_1", "4_42_2", 3));
        CircuitDocument circuit =
                read(
                        Circuits.circuit(
                                Circuits.error(1, 1)
                                        + ","
                                        + Circuits.feature(0, 1, 1)
                                        + ","
                                        + Circuits.LOGIT,
                                three));
        List<String> stored = new ArrayList<>();
        circuit.forEachLink((s, t, w, e) -> stored.add(s + ">" + t + ":" + w));
        assertThat(stored).containsExactly("1>2:3.0");
        assertThat(circuit.links()).isEqualTo(new LinkCounts(3, 1, 0, 0, 0, 2, 3));
    }

    @Test
    void linksArePassedOnWhileTheFileIsRead() throws IOException {
        Path file = directory.resolve("long.json");
        int size = 300;
        List<String> nodes = new ArrayList<>();
        List<String> links = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            nodes.add(Circuits.feature(1, i, 1));
            for (int j = 0; j < size; j++) {
                links.add(Circuits.link("1_" + i + "_1", "1_" + j + "_1", j));
            }
        }
        Files.writeString(file, Circuits.circuit(String.join(",", nodes), String.join(",", links)));
        long[] bytesRead = {0};
        CircuitDocument circuit =
                CircuitReader.read(
                        file,
                        "long.json",
                        CircuitReadOptions.DEFAULT,
                        (done, total) -> bytesRead[0] = done);
        assertThat(circuit.links().stored()).isEqualTo(links.size());

        long[] passedOn = {0, 0};
        bytesRead[0] = 0;
        circuit.forEachLink(
                (source, target, weight, extra) -> {
                    if (passedOn[0]++ == 0) {
                        passedOn[1] = bytesRead[0];
                    }
                });
        assertThat(passedOn[0]).isEqualTo(links.size());
        assertThat(passedOn[1]).as("bytes read before the first link").isLessThan(1 << 20);
        assertThat(Files.size(file)).isGreaterThan(3 << 20);
    }

    @Test
    void topLevelKeysMayComeInAnyOrder() {
        String json =
                "{\"links\":["
                        + Circuits.link("1_2_1", "4_42_2", 0.1)
                        + "],\"nodes\":["
                        + FEATURE
                        + ","
                        + Circuits.LOGIT
                        + "],\"metadata\":"
                        + Circuits.METADATA
                        + ",\"qParams\":{}}";
        CircuitDocument circuit = read(json);
        assertThat(circuit.links().stored()).isEqualTo(1);
        assertThat(Circuits.links(circuit))
                .containsExactly(new LinkRecord("1_2_1", "4_42_2", 0.1, null));
    }

    // --- bad input

    @Test
    void unsoundNodesAreRefused() {
        refuseNode("\"node_id\":\"1_2_1\",", "", "nodes[0].node_id", "missing");
        refuseNode("\"node_id\":\"1_2_1\"", "\"node_id\":\"\"", "nodes[0].node_id", "empty");
        refuseNode("\"node_id\":\"1_2_1\"", "\"node_id\":7", "nodes[0].node_id", "found 7");
        refuseNode("\"layer\":\"1\"", "\"layer\":\"one\"", "nodes[0].layer", "one");
        refuseNode("\"layer\":\"1\"", "\"layer\":1.5", "nodes[0].layer", "1.5");
        refuseNode("\"layer\":\"1\"", "\"layer\":null", "nodes[0].layer", "null");
        refuseNode("\"layer\":\"1\"", "\"layer\":\"E\"", "nodes[0].layer", "layers from 0");
        refuseNode("\"ctx_idx\":1", "\"ctx_idx\":-1", "nodes[0].ctx_idx", "-1");
        refuseNode("\"ctx_idx\":1", "\"ctx_idx\":\"1\"", "nodes[0].ctx_idx", "the text \"1\"");
        refuseNode(
                "\"ctx_idx\":1",
                "\"ctx_idx\":99999999999999999999",
                "nodes[0].ctx_idx",
                "99999999999999999999");
        refuseNode("\"feature\":8", "\"feature\":\"8\"", "nodes[0].feature", "the text");
        refuseNode("\"activation\":1.5", "\"activation\":NaN", "nodes[0].activation", "NaN");
        refuseNode("\"activation\":1.5", "\"activation\":1e999", "nodes[0].activation", "1e999");
        refuseNode("\"influence\":0.5", "\"influence\":[0.5]", "nodes[0].influence", "a list");
        refuseNode(
                "\"token_prob\":0.0",
                "\"token_prob\":-Infinity",
                "nodes[0].token_prob",
                "-Infinity");
        refuseNode(
                "\"is_target_logit\":false",
                "\"is_target_logit\":0",
                "nodes[0].is_target_logit",
                "true or false");
        refuseNode("\"run_idx\":0", "\"run_idx\":0,\"run_idx\":0", "nodes[0].run_idx", "twice");
        refuseNode("\"run_idx\":0", "\"x\":0,\"x\":0", "nodes[0].x", "twice");
        refuseNode("\"run_idx\":0", "\"x\":{\"y\":NaN}", "NaN", "not a JSON number");
        refuseNode("\"clerp\":\"\"", "\"clerp\":\"\\ud800\"", "ud800", "surrogate");
        refuse(Circuits.circuit("7", ""), "nodes[0]", "found 7 where an object belongs");
    }

    @Test
    void nodesWithTheSameIdAreRefused() {
        refuse(
                Circuits.circuit(FEATURE + "," + FEATURE, ""),
                "nodes[1].node_id",
                "1_2_1",
                "nodes[0]");
        String twin = Circuits.feature(0, 1, 1) + "," + Circuits.error(1, 1);
        refuse(
                Circuits.circuit(twin + "," + Circuits.error(1, 1), ""),
                "nodes[2].node_id",
                "0_1_1");
    }

    @Test
    void otherDialectsAreNamed() {
        String sublayer = FEATURE.replace("cross layer transcoder", "sublayer");
        refuse(
                Circuits.circuit(
                        String.join(
                                ",",
                                sublayer,
                                sublayer,
                                FEATURE.replace("cross layer transcoder", "head")),
                        ""),
                "nodes",
                "\"sublayer\" (2 nodes)",
                "\"head\" (1 node)",
                "not supported");
    }

    @Test
    void unsoundLinksAreRefused() {
        for (String weight :
                List.of("NaN", "Infinity", "1e999", "\"0.1\"", "null", "[1]", "true")) {
            refuse(
                    Circuits.circuit(
                            FEATURE, good() + "," + Circuits.link("1_2_1", "1_2_1", weight)),
                    "links[1].weight",
                    "a finite number");
        }
        refuse(
                Circuits.circuit(FEATURE, good().replace("\"source\":\"1_2_1\"", "\"source\":3")),
                "links[0].source",
                "found 3");
        refuse(
                Circuits.circuit(FEATURE, good().replace("\"source\":\"1_2_1\",", "")),
                "links[0].source",
                "missing");
        refuse(
                Circuits.circuit(
                        FEATURE, good().replace("\"weight\":1", "\"weight\":1,\"weight\":2")),
                "links[0].weight",
                "twice");
        refuse(Circuits.circuit(FEATURE, "[]"), "links[0]", "a list");
    }

    @Test
    void unsoundTopLevelsAreRefused() {
        String json = Circuits.circuit(FEATURE, good());
        refuse("", "end of the file");
        refuse("[]", "a list where the object of a circuit belongs");
        refuse(json + "{}", "end", "after the end");
        for (String key : List.of("metadata", "qParams", "nodes", "links")) {
            refuse(json.replace("\"" + key + "\":", "\"other\":"), key, "missing");
        }
        refuse(json.substring(0, json.length() - 1) + ",\"nodes\":[]}", "nodes", "twice");
        refuse(json.replace("\"slug\":\"tiny\"", "\"slug\":\"\""), "metadata.slug", "empty");
        refuse(json.replace("\"slug\":\"tiny\"", "\"slug\":5"), "metadata.slug", "found 5");
        refuse(
                json.replace("\"slug\":\"tiny\"", "\"slug\":\"a\",\"slug\":\"b\""),
                "Duplicate field 'slug'");
        refuse(
                json.replace("[\"<bos>\",\"a\",\"b\"]", "[\"a\",5]"),
                "metadata.prompt_tokens[1]",
                "found 5");
        refuse(
                json.replace("\"schema_version\":1", "\"schema_version\":7"),
                "metadata.schema_version",
                "7");
        refuse(
                json.replace("\"links\":[", "\"links\":{"),
                "links",
                "an object where a list belongs");
    }

    @Test
    void invalidUtf8IsRefusedWithItsPlace() throws IOException {
        byte[] bytes = Circuits.circuit(FEATURE, good()).getBytes(StandardCharsets.UTF_8);
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf("1_2_1")] = (byte) 0xff;
        Path file = Files.write(directory.resolve("c.json"), bytes);
        assertThatThrownBy(() -> Circuits.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageMatching(
                        "c.json: line 1, column \\d+: Invalid UTF-8 .*; save the file as UTF-8");
    }

    @Test
    void aHugeLabelIsRefusedBeforeItIsRead() throws IOException {
        Path file = directory.resolve("huge.json");
        String json = Circuits.circuit(FEATURE, good());
        int at = json.indexOf("\"clerp\":\"") + "\"clerp\":\"".length();
        byte[] block = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(json.substring(0, at).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 64; i++) {
                out.write(block);
            }
            out.write(json.substring(at).getBytes(StandardCharsets.UTF_8));
        }
        long[] read = {0};
        assertThatThrownBy(
                        () ->
                                CircuitReader.read(
                                        file,
                                        "huge.json",
                                        CircuitReadOptions.DEFAULT,
                                        (done, total) -> read[0] = done))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("huge.json: line 1")
                .hasMessageContaining("longer than 1000000 characters");
        assertThat(read[0]).isLessThan(8 << 20);
    }

    @Test
    void deepNestingAndLongNamesAreRefused() {
        String json = Circuits.circuit(FEATURE, good());
        refuse(
                json.replace("\"run_idx\":0", "\"x\":" + "[".repeat(200) + "]".repeat(200)),
                "depth");
        refuse(json.replace("\"run_idx\"", "\"" + "n".repeat(20_000) + "\""), "Name length");
        refuse(
                json.replace("\"weight\":1", "\"weight\":" + "1".repeat(2_000)),
                "Number value length");
    }

    @Test
    void missingFilesAndDirectoriesAreNamed() {
        assertThatThrownBy(() -> Circuits.read(directory.resolve("none.json")))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("none.json: file: there is no such file; ");
        assertThatThrownBy(() -> Circuits.read(directory))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void aFileThatChangesBetweenTheReadingsIsRefused() throws IOException {
        Path file =
                Files.writeString(directory.resolve("c.json"), Circuits.circuit(FEATURE, good()));
        var modified = Files.getLastModifiedTime(file);
        CircuitDocument circuit = Circuits.read(file);
        Files.writeString(file, Circuits.circuit(FEATURE, good().replace(":1}", ":2}")));
        Files.setLastModifiedTime(file, modified);
        assertThatThrownBy(() -> circuit.forEachLink((s, t, w, e) -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("changed while it was being read");
        Files.writeString(file, Circuits.circuit(FEATURE, ""));
        assertThatThrownBy(() -> circuit.forEachLink((s, t, w, e) -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("changed while it was being read");
    }

    @Test
    void aListenerCanStopTheReading() throws IOException {
        Path file =
                Files.writeString(directory.resolve("c.json"), Circuits.circuit(FEATURE, good()));
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(
                        () ->
                                CircuitReader.read(
                                        file,
                                        "c.json",
                                        CircuitReadOptions.DEFAULT,
                                        (done, total) -> {
                                            throw new CancellationException();
                                        }));
    }

    @Test
    void anyCutOrFlippedByteIsAFormatExceptionOrAResult() throws IOException {
        byte[] sound =
                Circuits.circuit(
                                String.join(
                                        ",",
                                        Circuits.feature(0, 1, 1),
                                        Circuits.error(1, 1),
                                        FEATURE,
                                        Circuits.EMBEDDING,
                                        Circuits.LOGIT),
                                Circuits.link("0_1_1", "4_42_2", -0.125)
                                        + ","
                                        + Circuits.link("1_2_1", "4_42_2", "1e-3"))
                        .replace("tiny", "t\u00ef\ud83d\ude00ny")
                        .getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve("fuzz.json");
        for (int length = 0; length < sound.length; length++) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertThatExceptionOfType(FormatException.class)
                    .as("cut to %d bytes", length)
                    .isThrownBy(() -> Circuits.read(file));
        }
        for (byte[] flipped : Flips.of(sound, 5)) {
            Files.write(file, flipped);
            Flips.tolerate(
                    () -> {
                        CircuitDocument circuit = Circuits.read(file);
                        return Circuits.read(
                                Circuits.write(circuit, directory.resolve("again.json")));
                    });
        }
    }

    private CircuitDocument read(String json) {
        return Circuits.read(directory, json);
    }

    private void refuse(String json, String... parts) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("circuit.json: ")
                .hasMessageContainingAll(parts);
    }

    private void refuseNode(String from, String to, String... parts) {
        assertThat(FEATURE).contains(from);
        refuse(Circuits.circuit(FEATURE.replace(from, to), ""), parts);
    }

    private static String good() {
        return Circuits.link("1_2_1", "1_2_1", 1);
    }

    private static String withMetadata(String more) {
        return Circuits.circuit(
                Circuits.METADATA.replace("\"schema_version\":1", "\"schema_version\":1," + more),
                Circuits.LOGIT,
                "");
    }

    private static String node(String id, long feature, int layer) {
        return Circuits.node(
                id,
                Long.toString(feature),
                "\"" + layer + "\"",
                1,
                "cross layer transcoder",
                "x",
                "",
                "0.5",
                "1.5");
    }

    private List<Long> indices(String metadata, String... nodes) {
        return read(Circuits.circuit(metadata, String.join(",", nodes), "")).nodes().stream()
                .map(CircuitNodeRecord::featureIndex)
                .toList();
    }
}
