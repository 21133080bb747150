package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationBundleTest {
    @TempDir Path directory;

    private final Map<String, byte[]> files = new TreeMap<>();
    private String manifest;

    /**
     * Three positions of two prompts, states of layer 1 in two shards, a dictionary of two features
     * in layer 0.
     */
    @BeforeEach
    void describeBundle() {
        text(
                "positions-0.jsonl",
                "{\"prompt\":0,\"position\":0,\"id\":5,\"token\":\"<s>\"}\n"
                        + "{\"prompt\":0,\"position\":1,\"id\":6,\"token\":\"a\"}\n");
        text("positions-1.jsonl", "{\"prompt\":1,\"position\":0,\"id\":5,\"token\":\"<s>\"}\n");
        text(
                "prompts.jsonl",
                "{\"prompt\":0,\"text\":\"<s>a\",\"split\":\"fit\"}\n"
                        + "{\"prompt\":1,\"text\":\"<s>\"}\n");
        text(
                "labels.jsonl",
                "{\"layer\":0,\"index\":1,\"label\":\"digit\",\"concept\":\"carry\",\"r\":0.5}\n");
        files.put(
                "states-0.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + TensorFiles.entry("range", "I32", "[2]", 0, 8)
                                + ","
                                + TensorFiles.entry("states", "F32", "[2,2]", 8, 24)
                                + "}",
                        TensorFiles.ints(0, 2),
                        TensorFiles.floats(1, 2, 3, 4)));
        lastStates("BF16", 0x3f80, 0xbf80);
        activations(
                TensorFiles.ints(0, 0, 1),
                TensorFiles.ints(0, 2, 1),
                TensorFiles.floats(0.5f, 1, 2));
        files.put(
                "vectors.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + String.join(
                                        ",",
                                        TensorFiles.entry("W_enc", "F32", "[2,2]", 0, 16),
                                        TensorFiles.entry("W_dec", "F32", "[2,2]", 16, 32),
                                        TensorFiles.entry("b_enc", "F32", "[2]", 32, 40),
                                        TensorFiles.entry("b_dec", "F32", "[2]", 40, 48))
                                + "}",
                        TensorFiles.floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)));
        manifest =
                "{\"format\":\"sot-bundle/1\",\"model\":{\"name\":\"tiny\",\"layers\":2},\"positions\":3,\"prompts\":2,"
                    + "\"positionsFile\":[\"positions-0.jsonl\",\"positions-1.jsonl\"],\"promptsFile\":\"prompts.jsonl\",\"firstTokenIsSink\":true,"
                    + "\"states\":[{\"layer\":1,\"hook\":\"resid\",\"file\":[\"states-0.safetensors\",\"states-1.safetensors\"]}],"
                    + "\"dictionaries\":[{\"name\":\"d\",\"kind\":\"sae\",\"hook\":\"resid\",\"activation\":\"topk\",\"layers\":[{\"layer\":0,\"width\":2,"
                    + "\"hiddenSize\":2,\"vectors\":\"vectors.safetensors\",\"activations\":\"activations.safetensors\"}],\"labels\":\"labels.jsonl\"}],"
                    + "\"sha256\":{HASHES}}";
    }

    @Test
    void everythingInABundleIsRead() throws IOException {
        ActivationBundle bundle = open();
        assertThat(bundle.model()).isEqualTo("tiny");
        assertThat(List.of(bundle.layers(), bundle.positions(), bundle.prompts()))
                .containsExactly(2, 3, 2);
        assertThat(bundle.firstTokenIsSink()).isTrue();
        assertThat(bundle.states()).containsExactly(new ActivationBundle.States(1, "resid", 2));
        assertThat(bundle.dictionaries())
                .containsExactly(
                        new ActivationBundle.Dictionary(
                                "d",
                                "sae",
                                "resid",
                                "topk",
                                List.of(new ActivationBundle.DictionaryLayer(0, 2, 2, true, true)),
                                true));
        assertThat(lines(bundle))
                .containsExactly(
                        "0: 0/0 5 <s>",
                        "1: 0/1 6 a",
                        "2: 1/0 5 <s>",
                        "prompt 0 <s>a fit",
                        "prompt 1 <s> null",
                        "label 0/1 digit {concept=carry, r=0.5}",
                        "states 0: [1.0, 2.0, 3.0, 4.0]",
                        "states 2: [1.0, -1.0]",
                        "feature 0 [0, 2] [0.5, 1.0]",
                        "feature 1 [1] [2.0]",
                        "vectors 0 [1.0, 2.0] [5.0, 6.0]",
                        "vectors 1 [3.0, 4.0] [7.0, 8.0]",
                        "biases [9.0, 10.0] [11.0, 12.0] null null");
    }

    @Test
    void bundlesOfRealModelsAreRead() throws IOException {
        for (String name : List.of("add", "lm")) {
            ActivationBundle bundle =
                    ActivationBundle.open(
                            SharedData.path("lab/bundles/" + name), name, ReadListener.NONE);
            int[] counts = new int[6];
            bundle.forEachPosition((index, prompt, position, id, token) -> counts[0]++);
            bundle.forEachPrompt((index, text, split) -> counts[1]++);
            assertThat(counts[0]).isEqualTo(bundle.positions());
            assertThat(counts[1]).isEqualTo(bundle.prompts());
            assertThat(bundle.states()).hasSize(bundle.layers());
            for (ActivationBundle.States states : bundle.states()) {
                counts[2] = 0;
                bundle.readStates(
                        states.layer(),
                        1000,
                        (start, rows, dimension, values) -> counts[2] += rows);
                assertThat(counts[2]).isEqualTo(bundle.positions());
            }
            for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
                bundle.forEachLabel(
                        dictionary.name(), (layer, index, label, further) -> counts[3]++);
                for (ActivationBundle.DictionaryLayer layer : dictionary.layers()) {
                    counts[4] = 0;
                    bundle.readVectors(
                            dictionary.name(),
                            layer.layer(),
                            (feature, encoder, decoder) -> counts[4]++);
                    assertThat(counts[4]).isEqualTo(layer.width());
                    bundle.readActivations(
                            dictionary.name(),
                            layer.layer(),
                            (feature, positions, values) -> counts[5] += positions.length);
                    assertThat(bundle.readBiases(dictionary.name(), layer.layer()).decoder())
                            .hasSize(layer.hiddenSize());
                }
            }
            assertThat(counts[3]).isPositive();
            assertThat(counts[5]).isGreaterThan(bundle.positions());
        }
    }

    @Test
    void filesOutsideTheBundleAreNotTouched() throws IOException {
        Files.writeString(directory.resolve("secret"), "secret");
        refuse(
                () -> manifest = manifest.replace("\"prompts.jsonl\"", "\"../secret\""),
                "promptsFile",
                "sha256");
        refuseHash("../secret", "outside the bundle");
        refuseHash(directory.resolve("secret").toString(), "outside the bundle");
        refuseHash("a\\u0000b", "not a file name");
        refuseHash("missing", "is missing");
        write();
        Files.createSymbolicLink(bundle().resolve("link"), directory.resolve("secret"));
        refuseHash("link", "outside the bundle");
    }

    private void refuseHash(String name, String message) {
        String before = manifest;
        refuse(
                () -> manifest = manifest.replace("{HASHES}", "{\"" + name + "\":\"00\",HASHES}"),
                message);
        manifest = before;
    }

    @Test
    void damagedFilesAreNoticed() throws IOException {
        write();
        Files.write(bundle().resolve("vectors.safetensors"), new byte[] {1});
        assertThatThrownBy(() -> ActivationBundle.open(bundle(), "bundle", ReadListener.NONE))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("bundle/vectors.safetensors: file: its SHA-256 is ");
    }

    @Test
    void aFileThatChangesAfterTheCheckIsRefused() throws IOException {
        ActivationBundle bundle = open();
        Files.writeString(bundle().resolve("prompts.jsonl"), "{}");
        assertThatThrownBy(() -> bundle.forEachPrompt((index, text, split) -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("changed while");
    }

    /** Two shards, the first of which has the weights of the normalisation. */
    private void unembed(String normalisation, String shape) {
        files.put(
                "unembedding-0.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + TensorFiles.entry("W_U", "F32", shape, 0, 16)
                                + ","
                                + TensorFiles.entry("norm_weight", "F32", "[2]", 16, 24)
                                + "}",
                        TensorFiles.floats(1, 2, 3, 4, 10, 100)));
        files.put(
                "unembedding-1.safetensors",
                TensorFiles.safetensors(
                        "{" + TensorFiles.entry("W_U", "F32", "[1,2]", 0, 8) + "}",
                        TensorFiles.floats(5, 6)));
        manifest =
                manifest.replaceAll("\"unembedding\":[^}]*\\},", "")
                        .replace(
                                "\"dictionaries\"",
                                "\"unembedding\":{\"normalisation\":\""
                                        + normalisation
                                        + "\",\"epsilon\":1e-5,\"file\":[\"unembedding-0.safetensors\",\"unembedding-1.safetensors\"]},\"dictionaries\"");
    }

    @Test
    void anUnembeddingIsReadTimesTheWeightsOfTheNormalisation() throws IOException {
        assertThat(open().unembedding()).isEmpty();
        unembed("rms", "[2,2]");
        ActivationBundle bundle = open();
        assertThat(bundle.unembedding())
                .contains(new ActivationBundle.Unembedding("rms", 1e-5, 3, 2));
        List<Float> values = new ArrayList<>();
        bundle.readUnembedding(
                row -> {
                    for (float value : row) {
                        values.add(value);
                    }
                });
        assertThat(values).containsExactly(10f, 200f, 30f, 400f, 50f, 600f);
    }

    @Test
    void unsoundUnembeddingsAreRefused() {
        refuse(() -> unembed("batch", "[2,2]"), "unembedding.normalisation", "none, rms or layer");
        refuse(() -> unembed("rms", "[4]"), "unembedding-0", "W_U.shape", "hiddenSize");
        refuse(() -> unembed("rms", "[1,4]"), "unembedding-0", "norm_weight", "[4]");
    }

    @Test
    void unsoundManifestsAreRefused() {
        refuseManifest(
                "sot-bundle/1", "sot-bundle/9", "format", "sot-bundle/9", "reads \"sot-bundle/1\"");
        refuseManifest(
                "\"positions\":3", "\"positions\":4", "states[0].file", "3 rows", "4 positions");
        refuseManifest("\"positions\":3", "\"positions\":\"3\"", "positions: found \"3\"");
        refuseManifest("\"layer\":1,\"hook\"", "\"layer\":2,\"hook\"", "states[0].layer: found 2");
        refuseManifest(
                "\"kind\":\"sae\"", "\"kind\":\"lsa\"", "dictionaries[0].kind: found \"lsa\"");
        refuseManifest(
                "\"width\":2",
                "\"width\":3",
                "dictionaries[0].layers[0].vectors",
                "2 rows",
                "width is 3");
        refuseManifest("\"hiddenSize\":2", "\"hiddenSize\":3", "W_enc.shape", "[2, 2]");
        refuseManifest("\"firstTokenIsSink\":true,", "", "firstTokenIsSink: the key is missing");
        refuseManifest("\"prompts\":2", "\"prompts\":2,\"prompts\":2", "Duplicate field 'prompts'");
    }

    private void refuseManifest(String from, String to, String... parts) {
        String before = manifest;
        assertThat(before).contains(from);
        refuse(() -> manifest = before.replace(from, to), parts);
        manifest = before;
    }

    @Test
    void unsoundLinesAreRefusedWithTheirNumber() {
        refuseText(
                "positions-0.jsonl",
                "\"position\":1",
                "\"position\":0",
                "bundle/positions-0.jsonl: position (line 2",
                "sort the lines");
        refuseText(
                "positions-0.jsonl",
                "\"prompt\":0,\"position\":1",
                "\"prompt\":7,\"position\":1",
                "prompt (line 2",
                "found 7");
        refuseText("positions-0.jsonl", "\"id\":6,", "", "id (line 2", "missing");
        refuseText("positions-1.jsonl", "{", "{}{", "prompt (line 1", "missing");
        refuseText(
                "positions-1.jsonl",
                "{\"prompt\":1,\"position\":0,\"id\":5,\"token\":\"<s>\"}",
                "",
                "the file has 2");
        refuseText(
                "prompts.jsonl", "\"prompt\":1", "\"prompt\":2", "prompt (line 2", "not number 1");
        refuseText("prompts.jsonl", "\"text\":\"<s>\"", "\"text\":5", "text (line 2", "found 5");
        refuseText("labels.jsonl", "\"index\":1", "\"index\":2", "index (line 1", "from 0 to 1");
        refuseText("labels.jsonl", "\"layer\":0", "\"layer\":1", "has no layer 1");
    }

    private void refuseText(String file, String from, String to, String... parts) {
        byte[] before = files.get(file);
        String text = new String(before, StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        refuse(() -> text(file, text.replace(from, to)), parts);
        files.put(file, before);
    }

    @Test
    void unsoundActivationsAreRefused() {
        byte[] features = TensorFiles.ints(0, 0, 1);
        byte[] positions = TensorFiles.ints(0, 2, 1);
        byte[] values = TensorFiles.floats(0.5f, 1, 2);
        refuse(
                () -> activations(TensorFiles.ints(1, 0, 0), positions, values),
                "position[1]",
                "sort the firings");
        refuse(
                () -> activations(features, TensorFiles.ints(2, 2, 1), values),
                "position[1]",
                "sort the firings");
        refuse(
                () -> activations(TensorFiles.ints(0, 0, 2), positions, values),
                "feature[2]",
                "from 0 to 1");
        refuse(
                () -> activations(features, TensorFiles.ints(0, 3, 1), values),
                "position[1]",
                "from 0 to 2");
        for (float value : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            refuse(
                    () -> activations(features, positions, TensorFiles.floats(value, 1, 2)),
                    "value[0]",
                    "positive finite");
        }
    }

    @Test
    void shardsOfActivationsHoldRangesOfPositionsAndAreReadTogether() throws IOException {
        List<String> together = lines(open());
        shardActivations();
        assertThat(lines(open())).isEqualTo(together);
    }

    @Test
    void aShardThatIsDamagedCutOffMissingOrOutOfPlaceIsRefusedByName() throws IOException {
        shardActivations();
        for (String file : List.of("states-1.safetensors", "activations-1.safetensors")) {
            byte[] sound = files.get(file);
            byte[] flipped = sound.clone();
            flipped[flipped.length - 1] ^= 1;
            for (byte[] damaged : List.of(flipped, Arrays.copyOf(sound, sound.length - 4))) {
                write();
                Files.write(bundle().resolve(file), damaged);
                refuseToOpen("bundle/" + file + ": file: its SHA-256 is ");
            }
            write();
            Files.delete(bundle().resolve(file));
            refuseToOpen("the file " + file + " is missing");
            // Shards that changed places, their names included.
            String first = file.replace('1', '0');
            write();
            Files.write(bundle().resolve(file), files.get(first));
            Files.write(bundle().resolve(first), sound);
            refuseToOpen(": file: its SHA-256 is ");
            // The manifest lists them in another order, or leaves one out.
            String listed = "\"" + first + "\",\"" + file + "\"";
            refuseManifest(
                    listed,
                    "\"" + file + "\",\"" + first + "\"",
                    "bundle/" + file + ": range",
                    "list all shards, in their order");
            refuseManifest(listed, "\"" + file + "\"", "bundle/" + file + ": range");
        }
        refuseManifest(
                "\"activations-0.safetensors\",\"activations-1.safetensors\"",
                "\"activations-0.safetensors\"",
                "layers[0].activations",
                "end at position 2 of 3");
    }

    @Test
    void shardsSayWhichPositionsTheyHoldAndHoldNoOthers() {
        shardActivations();
        files.put(
                "activations-1.safetensors",
                firings(2, 3, new int[] {0}, new int[] {1}, new float[] {1}));
        refuse(
                () -> {},
                "bundle/activations-1.safetensors: position[0]: the value is 1",
                "from 2 to 2");
        files.put(
                "activations-1.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + String.join(
                                        ",",
                                        TensorFiles.entry("feature", "I32", "[0]", 0, 0),
                                        TensorFiles.entry("position", "I32", "[0]", 0, 0),
                                        TensorFiles.entry("value", "F32", "[0]", 0, 0))
                                + "}"));
        refuse(() -> {}, "bundle/activations-1.safetensors: range: there is no such tensor");
        files.put(
                "states-1.npy",
                TensorFiles.npy(
                        1,
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }",
                        TensorFiles.floats(1, 2)));
        refuseManifest(
                "states-1.safetensors", "states-1.npy", "bundle/states-1.npy", "safetensors");
    }

    private void shardActivations() {
        files.remove("activations.safetensors");
        files.put(
                "activations-0.safetensors",
                firings(0, 2, new int[] {0, 1}, new int[] {0, 1}, new float[] {0.5f, 2}));
        files.put(
                "activations-1.safetensors",
                firings(2, 3, new int[] {0}, new int[] {2}, new float[] {1}));
        manifest =
                manifest.replace(
                        "\"activations.safetensors\"",
                        "[\"activations-0.safetensors\",\"activations-1.safetensors\"]");
    }

    private void refuseToOpen(String message) {
        assertThatThrownBy(() -> ActivationBundle.open(bundle(), "bundle", ReadListener.NONE))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void statesThatOverflowedAreRefused() {
        lastStates("F16", 0x3c00, 0x7c00);
        refuse(
                () -> {},
                "bundle/states-1.safetensors: states[0, 1]: the value is Infinity",
                "BF16");
    }

    @Test
    void anyCutOrFlippedByteOfTheManifestIsAFormatExceptionOrAResult() throws IOException {
        write();
        Path file = bundle().resolve("manifest.json");
        byte[] sound = Files.readAllBytes(file);
        for (int length = 0; length < sound.length; length += 7) {
            Files.write(file, Arrays.copyOf(sound, length));
            Flips.tolerate(
                    () -> lines(ActivationBundle.open(bundle(), "bundle", ReadListener.NONE)));
        }
        for (byte[] flipped : Flips.of(sound, 11)) {
            Files.write(file, flipped);
            Flips.tolerate(
                    () -> lines(ActivationBundle.open(bundle(), "bundle", ReadListener.NONE)));
        }
    }

    private Path bundle() {
        return directory.resolve("bundle");
    }

    private void text(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void lastStates(String type, int... values) {
        files.put(
                "states-1.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + TensorFiles.entry("range", "I32", "[2]", 0, 8)
                                + ","
                                + TensorFiles.entry("states", type, "[1,2]", 8, 12)
                                + "}",
                        TensorFiles.ints(2, 3),
                        TensorFiles.shorts(values)));
    }

    /** Firings of the positions from {@code begin} to {@code end}, which are in a shard. */
    private static byte[] firings(
            int begin, int end, int[] features, int[] positions, float[] values) {
        int n = features.length;
        return TensorFiles.safetensors(
                "{"
                        + String.join(
                                ",",
                                TensorFiles.entry("range", "I32", "[2]", 0, 8),
                                TensorFiles.entry("feature", "I32", "[" + n + "]", 8, 8 + 4 * n),
                                TensorFiles.entry(
                                        "position", "I32", "[" + n + "]", 8 + 4 * n, 8 + 8 * n),
                                TensorFiles.entry(
                                        "value", "F32", "[" + n + "]", 8 + 8 * n, 8 + 12 * n))
                        + "}",
                TensorFiles.ints(begin, end),
                TensorFiles.ints(features),
                TensorFiles.ints(positions),
                TensorFiles.floats(values));
    }

    private void activations(byte[] features, byte[] positions, byte[] values) {
        files.put(
                "activations.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + String.join(
                                        ",",
                                        TensorFiles.entry("feature", "I32", "[3]", 0, 12),
                                        TensorFiles.entry("position", "I32", "[3]", 12, 24),
                                        TensorFiles.entry("value", "F32", "[3]", 24, 36))
                                + "}",
                        features,
                        positions,
                        values));
    }

    private void write() throws IOException {
        List<String> hashes = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            TensorFiles.write(bundle().resolve(file.getKey()), file.getValue());
            hashes.add(
                    "\""
                            + file.getKey()
                            + "\":\""
                            + HexFormat.of()
                                    .formatHex(HashingInput.sha256().digest(file.getValue()))
                            + "\"");
        }
        Files.writeString(
                bundle().resolve("manifest.json"),
                manifest.replace("HASHES", String.join(",", hashes)));
    }

    private ActivationBundle open() throws IOException {
        write();
        return ActivationBundle.open(bundle(), "bundle", ReadListener.NONE);
    }

    private void refuse(Runnable damage, String... parts) {
        damage.run();
        assertThatThrownBy(() -> lines(open()))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(parts);
    }

    /** Everything in a bundle, read and written down. */
    private static List<String> lines(ActivationBundle bundle) {
        List<String> lines = new ArrayList<>();
        bundle.forEachPosition(
                (index, prompt, position, id, token) ->
                        lines.add(index + ": " + prompt + "/" + position + " " + id + " " + token));
        bundle.forEachPrompt(
                (index, text, split) -> lines.add("prompt " + index + " " + text + " " + split));
        for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
            bundle.forEachLabel(
                    dictionary.name(),
                    (layer, index, label, further) ->
                            lines.add(
                                    "label " + layer + "/" + index + " " + label + " " + further));
        }
        for (ActivationBundle.States states : bundle.states()) {
            bundle.readStates(
                    states.layer(),
                    2,
                    (start, rows, dimension, values) ->
                            lines.add(
                                    "states "
                                            + start
                                            + ": "
                                            + Arrays.toString(
                                                    Arrays.copyOf(values, rows * dimension))));
        }
        for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
            for (ActivationBundle.DictionaryLayer layer : dictionary.layers()) {
                if (layer.hasActivations()) {
                    bundle.readActivations(
                            dictionary.name(),
                            layer.layer(),
                            (feature, positions, values) ->
                                    lines.add(
                                            "feature "
                                                    + feature
                                                    + " "
                                                    + Arrays.toString(positions)
                                                    + " "
                                                    + Arrays.toString(values)));
                }
                if (layer.hasVectors()) {
                    bundle.readVectors(
                            dictionary.name(),
                            layer.layer(),
                            (feature, encoder, decoder) ->
                                    lines.add(
                                            "vectors "
                                                    + feature
                                                    + " "
                                                    + Arrays.toString(encoder)
                                                    + " "
                                                    + Arrays.toString(decoder)));
                    ActivationBundle.Biases b = bundle.readBiases(dictionary.name(), layer.layer());
                    lines.add(
                            "biases "
                                    + Arrays.toString(b.encoder())
                                    + " "
                                    + Arrays.toString(b.decoder())
                                    + " "
                                    + Arrays.toString(b.threshold())
                                    + " "
                                    + Arrays.toString(b.preEncoder()));
                }
            }
        }
        return lines;
    }
}
