package dev.sot.server.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A drawn activation bundle of any size, in shards as an exporter writes them; one shard is held at
 * a time. At every position equally many features fire, some features much more often than others.
 *
 * @param positions token positions
 * @param features of the only layer of the only dictionary
 * @param firings over all positions
 * @param dimension coordinates of a state
 */
record ImportBundle(int positions, int features, long firings, int dimension, long seed) {

    static final String MODEL = "drawn model";
    static final String DICTIONARY = "drawn";

    private static final int TOKENS = 128;
    private static final int SHARD_POSITIONS = 8_192;
    private static final int VOCABULARY = 5_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private int prompts() {
        return (positions + TOKENS - 1) / TOKENS;
    }

    /** Writes it to a directory. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.createDirectories(directory.resolve("states"));
        Files.createDirectories(directory.resolve("activations"));
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> hashes = new TreeMap<>();
        try (Output out = new Output(directory, "positions.jsonl", hashes)) {
            for (int p = 0; p < positions; p++) {
                int token = random.nextInt(VOCABULARY);
                out.text(
                        "{\"prompt\":"
                                + p / TOKENS
                                + ",\"position\":"
                                + p % TOKENS
                                + ",\"id\":"
                                + token
                                + ",\"token\":\" t"
                                + token
                                + "\"}\n");
            }
        }
        try (Output out = new Output(directory, "prompts.jsonl", hashes)) {
            for (int p = 0; p < prompts(); p++) {
                out.text("{\"prompt\":" + p + ",\"text\":\"prompt " + p + "\"}\n");
            }
        }
        List<String> states = new ArrayList<>();
        List<String> activations = new ArrayList<>();
        for (int start = 0; start < positions; start += SHARD_POSITIONS) {
            int end = Math.min(positions, start + SHARD_POSITIONS);
            String name = "/%05d.safetensors".formatted(start / SHARD_POSITIONS);
            states.add("states" + name);
            activations.add("activations" + name);
            try (Output out = new Output(directory, "states" + name, hashes)) {
                writeStates(out, start, end, random.split());
            }
            try (Output out = new Output(directory, "activations" + name, hashes)) {
                writeFirings(out, start, end, random.split());
            }
        }
        Map<String, Object> layer =
                Map.of(
                        "layer", 0,
                        "width", features,
                        "hiddenSize", dimension,
                        "activations", activations);
        Map<String, Object> manifest = new TreeMap<>();
        manifest.put("format", "sot-bundle/1");
        manifest.put("model", Map.of("name", MODEL, "layers", 1));
        manifest.put("positions", positions);
        manifest.put("prompts", prompts());
        manifest.put("positionsFile", "positions.jsonl");
        manifest.put("promptsFile", "prompts.jsonl");
        manifest.put("firstTokenIsSink", true);
        manifest.put("states", List.of(Map.of("layer", 0, "file", states)));
        manifest.put(
                "dictionaries",
                List.of(Map.of("name", DICTIONARY, "kind", "sae", "layers", List.of(layer))));
        manifest.put("sha256", hashes);
        JSON.writeValue(directory.resolve("manifest.json").toFile(), manifest);
    }

    private void writeStates(Output out, int start, int end, SplittableRandom random)
            throws IOException {
        long bytes = 2L * (end - start) * dimension;
        out.header(
                entry("range", "I64", "2", 0, 16),
                entry("states", "BF16", (end - start) + "," + dimension, 16, 16 + bytes));
        out.range(start, end);
        ByteBuffer row = little(2 * dimension);
        for (int p = start; p < end; p++) {
            row.clear();
            for (int k = 0; k < dimension; k++) {
                // The upper half of an F32.
                row.putShort((short) (Float.floatToIntBits(gaussian(random)) >>> 16));
            }
            out.write(row.array());
        }
    }

    private static float gaussian(SplittableRandom random) {
        return (float) random.nextGaussian();
    }

    private void writeFirings(Output out, int start, int end, SplittableRandom random)
            throws IOException {
        int count = Math.toIntExact(before(end) - before(start));
        long[] pairs = new long[count];
        int[] firedAt = new int[features];
        Arrays.fill(firedAt, -1);
        int size = 0;
        for (int p = start; p < end; p++) {
            for (long k = before(p + 1) - before(p); k > 0; k--) {
                int feature;
                do {
                    double u = random.nextDouble();
                    feature = (int) (features * u * u);
                } while (firedAt[feature] == p);
                firedAt[feature] = p;
                pairs[size++] = (long) feature << 32 | p;
            }
        }
        Arrays.sort(pairs);
        out.header(
                entry("range", "I64", "2", 0, 16),
                entry("feature", "I32", "" + count, 16, 16 + 4L * count),
                entry("position", "I32", "" + count, 16 + 4L * count, 16 + 8L * count),
                entry("value", "F32", "" + count, 16 + 8L * count, 16 + 12L * count));
        out.range(start, end);
        ByteBuffer values = little(4 * count);
        for (long pair : pairs) {
            values.putInt((int) (pair >>> 32));
        }
        out.write(values.array());
        values.clear();
        for (long pair : pairs) {
            values.putInt((int) pair);
        }
        out.write(values.array());
        values.clear();
        for (int i = 0; i < count; i++) {
            values.putFloat((float) (0.1 - Math.log(1 - random.nextDouble())));
        }
        out.write(values.array());
    }

    /** How many firings lie at positions before this one. */
    private long before(int position) {
        return firings * position / positions;
    }

    private static String entry(String name, String type, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, begin, end);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A file that is hashed while it is written. */
    private static final class Output implements AutoCloseable {
        private final String name;
        private final Map<String, String> hashes;
        private final MessageDigest digest;
        private final OutputStream out;

        Output(Path directory, String name, Map<String, String> hashes) throws IOException {
            this.name = name;
            this.hashes = hashes;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
            this.out =
                    new BufferedOutputStream(
                            new DigestOutputStream(
                                    Files.newOutputStream(directory.resolve(name)), digest),
                            1 << 16);
        }

        void text(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        /** The header of a safetensors file. */
        void header(String... entries) throws IOException {
            byte[] json = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
            write(little(8).putLong(json.length).array());
            write(json);
        }

        void range(long start, long end) throws IOException {
            write(little(16).putLong(start).putLong(end).array());
        }

        @Override
        public void close() throws IOException {
            out.close();
            hashes.put(name, HexFormat.of().formatHex(digest.digest()));
        }
    }
}
