package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two features of three values, saved by every library. */
class DictionaryWeightsTest {

    private static final byte[] ROWS = TensorFiles.floats(1, 2, 3, 4, 5, 6);
    private static final byte[] COLUMNS = TensorFiles.floats(1, 4, 2, 5, 3, 6);
    private static final byte[] DECODER = TensorFiles.floats(1, 0, 0, 0, 2, 0);
    private static final byte[] BIAS = TensorFiles.floats(0.5f, -1);
    private static final byte[] OUTPUT_BIAS = TensorFiles.floats(1, 0, 1);
    private static final byte[] THRESHOLD = TensorFiles.floats(0.25f, 0.75f);

    @TempDir Path directory;

    static byte[] file(String encoder, String encoderShape, byte[] weights, String suffix) {
        return TensorFiles.safetensors(
                "{"
                        + String.join(
                                ",",
                                TensorFiles.entry(encoder + suffix, "F32", encoderShape, 0, 24),
                                TensorFiles.entry("W_dec" + suffix, "F32", "[2,3]", 24, 48),
                                TensorFiles.entry(
                                        (encoder.startsWith("encoder") ? "encoder.bias" : "b_enc")
                                                + suffix,
                                        "F32",
                                        "[2]",
                                        48,
                                        56),
                                TensorFiles.entry("b_dec" + suffix, "F32", "[3]", 56, 68))
                        + "}",
                weights,
                DECODER,
                BIAS,
                OUTPUT_BIAS);
    }

    static byte[] npz(boolean compressed, String first) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, compressed, first, "(3, 2)", COLUMNS);
            put(zip, compressed, "W_dec.npy", "(2, 3)", DECODER);
            put(zip, compressed, "b_enc.npy", "(2,)", BIAS);
            put(zip, compressed, "b_dec.npy", "(3,)", OUTPUT_BIAS);
            put(zip, compressed, "threshold.npy", "(2,)", THRESHOLD);
        }
        return bytes.toByteArray();
    }

    private static void put(
            ZipOutputStream zip, boolean compressed, String name, String shape, byte[] data)
            throws IOException {
        byte[] npy =
                TensorFiles.npy(
                        1,
                        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }\n",
                        data);
        ZipEntry entry = new ZipEntry(name);
        if (!compressed) {
            CRC32 crc = new CRC32();
            crc.update(npy);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(npy.length);
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(npy);
        zip.closeEntry();
    }

    private static List<String> read(DictionaryWeights weights) {
        List<String> features = new ArrayList<>();
        weights.read(
                (layer, index, encoder, decoder, bias, threshold) ->
                        features.add(
                                layer
                                        + "/"
                                        + index
                                        + " "
                                        + List.of(encoder[0], encoder[1], encoder[2])
                                        + " "
                                        + List.of(decoder[0], decoder[1], decoder[2])
                                        + " "
                                        + bias
                                        + " "
                                        + threshold),
                ReadListener.NONE);
        return features;
    }

    private DictionaryWeights open(Integer layer) {
        return DictionaryWeights.open(directory, "weights", Optional.ofNullable(layer));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(directory.resolve(name), bytes);
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saeLens() throws IOException {
        write("sae_weights.safetensors", file("W_enc", "[3,2]", COLUMNS, ""));
        write("cfg.json", "{\"hook_name\": \"blocks.7.hook_resid_pre\", \"hook_layer\": 7}");
        assertThat(read(open(null)))
                .containsExactly(
                        "7/0 [1.0, 2.0, 3.0] [1.0, 0.0, 0.0] -3.5 null",
                        "7/1 [4.0, 5.0, 6.0] [0.0, 2.0, 0.0] -11.0 null");
        write(
                "cfg.json",
                "{\"hook_layer\": 7, \"normalize_activations\": \"layer_norm\","
                        + " \"apply_b_dec_to_input\": false}");
        assertThat(read(open(null)).get(0)).endsWith("null null");
    }

    @Test
    void sparsify() throws IOException {
        write("sae.safetensors", file("encoder.weight", "[2,3]", ROWS, ""));
        write("cfg.json", "{\"transcode\": true, \"hookpoint\": \"layers.4.mlp\"}");
        DictionaryWeights weights = open(null);
        assertThat(weights.kind()).isEqualTo("transcoder");
        assertThat(read(weights).get(1)).isEqualTo("4/1 [4.0, 5.0, 6.0] [0.0, 2.0, 0.0] -1.0 null");
    }

    @Test
    void circuitTracersTranscoders() throws IOException {
        write("layer_0.safetensors", file("W_enc", "[2,3]", ROWS, ""));
        write("layer_11.safetensors", file("W_enc", "[2,3]", ROWS, ""));
        write("config.yaml", "model_name: \"m\"\nscan: 'author/set'\ntranscoders:\n- a\n");
        DictionaryWeights weights = open(null);
        assertThat(weights.scan()).contains("author/set");
        assertThat(weights.layers())
                .extracting(DictionaryWeights.Layer::layer)
                .containsExactly(0, 11);
        assertThat(read(weights)).hasSize(4).last().asString().startsWith("11/1 [4.0");
    }

    @Test
    void theDecoderOfACrossLayerTranscoderIsSummed() throws IOException {
        write(
                "W_enc_0.safetensors",
                TensorFiles.safetensors(
                        "{"
                                + String.join(
                                        ",",
                                        TensorFiles.entry("W_enc_0", "F32", "[2,3]", 0, 24),
                                        TensorFiles.entry("b_enc_0", "F32", "[2]", 24, 32),
                                        TensorFiles.entry("b_dec_0", "F32", "[3]", 32, 44),
                                        TensorFiles.entry("threshold_0", "F32", "[2]", 44, 52))
                                + "}",
                        ROWS,
                        BIAS,
                        OUTPUT_BIAS,
                        THRESHOLD));
        write(
                "W_dec_0.safetensors",
                TensorFiles.safetensors(
                        "{" + TensorFiles.entry("W_dec_0", "F32", "[2,2,3]", 0, 48) + "}",
                        DECODER,
                        ROWS));
        DictionaryWeights weights = open(null);
        assertThat(weights.kind()).isEqualTo("clt");
        assertThat(read(weights))
                .containsExactly(
                        "0/0 [1.0, 2.0, 3.0] [1.0, 2.0, 0.0] 0.5 0.25",
                        "0/1 [4.0, 5.0, 6.0] [5.0, 7.0, 9.0] -1.0 0.75");
    }

    @Test
    void gemmaScope() throws IOException {
        write("params.npz", npz(false, "W_enc.npy"));
        assertThat(read(open(12)))
                .containsExactly(
                        "12/0 [1.0, 2.0, 3.0] [1.0, 0.0, 0.0] 0.5 0.25",
                        "12/1 [4.0, 5.0, 6.0] [0.0, 2.0, 0.0] -1.0 0.75");
        assertThatThrownBy(() -> open(null)).hasMessageContainingAll("layer", "layer: ...");
        write("params.npz", npz(true, "W_enc.npy"));
        assertThatThrownBy(() -> open(12)).hasMessageContainingAll("params.npz", "compressed");
        write("params.npz", npz(false, "../../W_enc.npy"));
        assertThatThrownBy(() -> open(12)).hasMessageContainingAll("params.npz", "not the name");
    }

    @Test
    void shapesThatContradictTheBiasesAreRefused() throws IOException {
        write("layer_0.safetensors", file("W_enc", "[3,2]", ROWS, ""));
        assertThatThrownBy(() -> open(null))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(
                        "weights/layer_0.safetensors", "W_enc", "[3, 2]", "[2, 3]");
    }
}
