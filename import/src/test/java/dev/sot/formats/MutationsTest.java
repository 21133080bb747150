package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 200 damaged copies of a file of each kind: every reader gives a result, or a message that names
 * the file and a place in it, soon and with little memory.
 */
class MutationsTest {

    private static final int MUTATIONS = 200;
    private static final long SEED = 20261121;
    private static final Pattern VALUE =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|-?\\d+(?:\\.\\d+)?|null|true|false");
    private static final String[] SWAPS = {
        "null",
        "true",
        "[]",
        "{}",
        "\"x\"",
        "-1",
        "1e999",
        "NaN",
        "9223372036854775807",
        "99999999999999999999",
        "2147483648",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[[[[[[[[[[[[]]]]]]]]]]]]",
        "0.5"
    };

    static final String DASHBOARD =
            "{\"model_id\":\"m\",\"layer\":3,\"sae_set\":\"s\",\"features\":["
                    + feature(0)
                    + ","
                    + feature(7)
                    + "]}";
    static final String ROWS =
            row(5, "[0.5,0,2]") + "\n" + row(5, "[0,0,1]") + "\n" + row(6, "[0,3,0]");
    static final String STATISTICS =
            "{\"modelId\":\"m\",\"layer\":\"3-s\",\"index\":\"5\",\"frac_nonzero\":0.01,\"maxActApprox\":3,"
                + "\"freq_hist_data_bar_values\":[1,2],\"freq_hist_data_bar_heights\":[9,1],\"vector\":[0.5]}";
    static final String PROBES =
            "{\"model\":\"m\",\"results\":[{\"probe_id\":\"p\",\"prompt\":\"ab\",\"tokens\":[\"a\",\"b\"],"
                + "\"counts\":[[0,1]],\"activations\":[{\"source\":\"0-hp\",\"index\":3,\"values\":[0,1.5],"
                + "\"sum_values\":1.5,\"max_value\":1.5,\"max_value_index\":1}]}]}";
    static final String ANNOTATIONS =
            "{\"Component\":\"resid\",\"Layer\":\"2\",\"Feature\":\"7\",\"Name\":\"resid_2/7\",\"Annotation\":\"plural\",\"notes\":\"n\"}\n"
                + "{\"Name\":\"embed/9\",\"Annotation\":\"\"}";
    static final String EXPLANATIONS =
            "{\"id\":\"x\",\"modelId\":\"m\",\"layer\":\"3-s\",\"index\":\"5\",\"description\":\"words\","
                + "\"explanationModelName\":\"g\",\"embedding\":[0.1]}";

    @TempDir Path directory;

    private static String feature(int index) {
        return "{\"feature_index\":"
                + index
                + ",\"frac_nonzero\":0.25,\"freq_hist_data_bar_values\":[0.5,1.5],"
                + "\"freq_hist_data_bar_heights\":[3,1],\"activations\":[{\"bin_min\":-1,\"bin_max\":2,"
                + "\"bin_contains\":-1,\"tokens\":[\"a\",\"b\"],\"values\":[0.5,0.0]},{\"bin_min\":0,"
                + "\"bin_max\":1,\"bin_contains\":0.75,\"tokens\":[\"c\",\"b\"],\"values\":[0,1.5]}]}";
    }

    private static String row(int index, String values) {
        return "{\"id\":\"x\",\"modelId\":\"m\",\"layer\":\"3-s\",\"index\":\""
                + index
                + "\",\"tokens\":[\"a\",\"b\",\"c\"],\"values\":"
                + values
                + ",\"binMin\":0,\"binMax\":1,\"binContains\":0.5,\"dfaValues\":[]}";
    }

    /** A kind of file and how it is read. */
    record Subject(String name, byte[] sound, boolean text, Reading reading) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Reading {
        void read(Path file) throws IOException;
    }

    private static Subject circuit(String name, String json) {
        return new Subject(
                name + ".json",
                json.getBytes(StandardCharsets.UTF_8),
                true,
                file ->
                        CircuitReader.read(
                                        file,
                                        name + ".json",
                                        new CircuitReadOptions(Optional.of("d")),
                                        ReadListener.NONE)
                                .forEachLink((source, target, weight, extra) -> {}));
    }

    private static void export(Path file, String name) {
        FeatureExport.Kind kind = FeatureExport.kind(file, name, ReadListener.NONE);
        if (kind.ordinal() >= FeatureExport.Kind.EXPLANATIONS.ordinal()) {
            return;
        }
        FeatureExport export =
                new FeatureExport(
                        feature -> {
                            ShownFirings.of(feature, 2);
                            ShownFirings.intervals(feature);
                        });
        export.read(file, name, kind, ReadListener.NONE);
        export.finish();
    }

    private static Subject export(String name, byte[] bytes, boolean text) {
        return new Subject(name, bytes, text, file -> export(file, name));
    }

    private static Subject labels(String name, String text) {
        return new Subject(
                name,
                text.getBytes(StandardCharsets.UTF_8),
                true,
                file -> LabelFile.read(file, name, ReadListener.NONE, label -> {}));
    }

    private static Subject weights(String name, byte[] bytes) {
        return new Subject(
                name,
                bytes,
                false,
                file ->
                        DictionaryWeights.open(file.getParent(), "dir", Optional.of(1))
                                .read(
                                        (layer, index, encoder, decoder, bias, threshold) -> {},
                                        ReadListener.NONE));
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    static Stream<Subject> subjects() throws IOException {
        return Stream.of(
                circuit("lorsa", CircuitDialectsTest.LORSA),
                circuit("eleutherai", CircuitDialectsTest.ELEUTHERAI),
                circuit("adag", CircuitDialectsTest.ADAG),
                circuit("feature-circuit", CircuitDialectsTest.FEATURE_CIRCUIT),
                circuit("anthropic", CircuitDialectsTest.ANTHROPIC),
                export("batch-0.json", DASHBOARD.getBytes(StandardCharsets.UTF_8), true),
                export("activations.jsonl", ROWS.getBytes(StandardCharsets.UTF_8), true),
                export("activations.jsonl.gz", gzip(ROWS), false),
                export("features.jsonl", STATISTICS.getBytes(StandardCharsets.UTF_8), true),
                export("dump.json", PROBES.getBytes(StandardCharsets.UTF_8), true),
                labels("annotations.jsonl", ANNOTATIONS),
                labels("explanations.jsonl", EXPLANATIONS),
                new Subject(
                        "url.txt",
                        "https://x/?slug=a&pinnedIds=1_2_1,4_42_2&supernodes=%5B%5B%22s%22%2C%221_2_1%22%5D%5D"
                                .getBytes(StandardCharsets.UTF_8),
                        false,
                        file -> SupernodeFile.read(file, "url.txt")),
                weights("params.npz", DictionaryWeightsTest.npz(false, "W_enc.npy")),
                weights(
                        "layer_1.safetensors",
                        DictionaryWeightsTest.file(
                                "W_enc", "[2,3]", TensorFiles.floats(1, 2, 3, 4, 5, 6), "")));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void damageIsAResultOrAMessage(Subject subject) throws IOException {
        Path file = directory.resolve(subject.name);
        Files.write(file, subject.sound);
        subject.reading.read(file);
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] damaged = damaged(subject, random, i);
            Files.write(file, damaged);
            try {
                assertTimeout(Duration.ofSeconds(5), () -> subject.reading.read(file));
            } catch (FormatException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(e.file() + ": ").contains(e.place());
                assertThat(e.place()).isNotBlank();
                assertThat(e.file()).matches("(?s)(?:dir|" + Pattern.quote(subject.name) + ").*");
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "mutation " + i + ": " + new String(damaged, StandardCharsets.UTF_8), e);
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 8);
    }

    private static byte[] damaged(Subject subject, Random random, int i) {
        byte[] copy = subject.sound.clone();
        int at = random.nextInt(copy.length);
        switch (i % 4) {
            case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy = Arrays.copyOf(copy, at);
            case 2 -> {
                return subject.text ? swapped(subject, random) : huge(copy, at);
            }
            default -> {
                int end = Math.min(copy.length, at + 1 + random.nextInt(40));
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(copy, 0, at);
                if (random.nextBoolean()) {
                    out.write(copy, at, end - at);
                    out.write(copy, at, end - at);
                }
                out.write(copy, end, copy.length - end);
                return out.toByteArray();
            }
        }
        return copy;
    }

    /** Another value in the place of one, or of a key. */
    private static byte[] swapped(Subject subject, Random random) {
        String json = new String(subject.sound, StandardCharsets.UTF_8);
        List<int[]> values = new ArrayList<>();
        Matcher matcher = VALUE.matcher(json);
        while (matcher.find()) {
            values.add(new int[] {matcher.start(), matcher.end()});
        }
        int[] value = values.get(random.nextInt(values.size()));
        return (json.substring(0, value[0])
                        + SWAPS[random.nextInt(SWAPS.length)]
                        + json.substring(value[1]))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A length or offset that is as large as can be. */
    private static byte[] huge(byte[] copy, int at) {
        for (int k = at; k < Math.min(copy.length, at + 4); k++) {
            copy[k] = (byte) (k == at + 3 ? 0x7f : 0xff);
        }
        return copy;
    }

    @Test
    void aGzipBombIsRefusedBeforeItIsRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            byte[] spaces = new byte[1 << 20];
            Arrays.fill(spaces, (byte) ' ');
            for (int i = 0; i < 64; i++) {
                out.write(spaces);
            }
        }
        Path file = Files.write(directory.resolve("bomb.jsonl.gz"), bytes.toByteArray());
        try {
            FeatureExport.kind(file, "bomb.jsonl.gz", ReadListener.NONE);
            throw new AssertionError("not refused");
        } catch (FormatException e) {
            assertThat(e).hasMessageContainingAll("bomb.jsonl.gz", "gzip", "300 times");
        }
    }

    @Test
    void theWindowsOfAFeatureFollowOneAnother() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("a.jsonl"), ROWS + "\n" + row(5, "[0,0,1]") + "\n");
        try {
            export(file, "a.jsonl");
            throw new AssertionError("not refused");
        } catch (FormatException e) {
            assertThat(e).hasMessageContainingAll("a.jsonl", "line 4", "feature 5", "occurs again");
        }
    }

    @Test
    void firingsAreShownOnceAndWindowsCut() throws IOException {
        List<ShownFirings> shown = new ArrayList<>();
        Path file = Files.writeString(directory.resolve("b.json"), DASHBOARD);
        new FeatureExport(feature -> shown.add(ShownFirings.of(feature, 0)))
                .read(file, "b.json", FeatureExport.Kind.SAE_DASHBOARD, ReadListener.NONE);
        assertThat(shown).hasSize(2);
        assertThat(shown.get(0).values()).containsExactly(0.5, 1.5);
        assertThat(shown.get(0).windows().get(1).first()).isEqualTo(1);
        assertThat(shown.get(0).windows().get(1).tokens()).containsExactly("b");
        assertThat(shown.get(0).shownTokens()).isEqualTo(4);
    }
}
