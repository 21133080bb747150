package dev.sot.server.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * A drawn activation bundle of two layers of a dictionary, of which every feature of the first has
 * a partner in the second, the feature of the same index. Positions belong to topics, around which
 * their states lie; a feature fires on those positions of two topics that lie in its direction, its
 * partner in nearly the same one.
 */
final class MatchBundle {

    static final String DICTIONARY = "drawn";

    private static final int TOKENS = 32;
    private static final int POSITIONS_PER_TOPIC = 64;
    private static final int FEATURES_PER_TOPIC = 16;
    private static final int TOPICS_PER_FEATURE = 2;

    /** How far a partner's direction is from the feature's. */
    private static final double TURN = 0.3;

    private final int features;
    private final int dimension;
    private final int topics;
    private final int positions;
    private final float[] states;
    private final int[] topic;
    private final double[][] centres;
    private final int[][] members;

    private MatchBundle(int features, int dimension, SplittableRandom random) {
        this.features = features;
        this.dimension = dimension;
        this.topics = Math.max(TOPICS_PER_FEATURE, features / FEATURES_PER_TOPIC);
        this.positions = topics * POSITIONS_PER_TOPIC / TOKENS * TOKENS;
        this.states = new float[Math.multiplyExact(positions, dimension)];
        this.topic = random.ints(positions, 0, topics).toArray();
        this.centres = new double[topics][];
        for (int t = 0; t < topics; t++) {
            centres[t] = gaussian(dimension, random);
        }
        for (int p = 0; p < positions; p++) {
            for (int k = 0; k < dimension; k++) {
                states[p * dimension + k] =
                        (float) (centres[topic[p]][k] + 0.5 * random.nextGaussian());
            }
        }
        List<List<Integer>> found = new ArrayList<>();
        for (int t = 0; t < topics; t++) {
            found.add(new ArrayList<>());
        }
        for (int p = 0; p < positions; p++) {
            found.get(topic[p]).add(p);
        }
        this.members =
                found.stream()
                        .map(m -> m.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new);
    }

    /** Writes a bundle of so many features a layer. */
    static void write(Path directory, int features, int dimension, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        new MatchBundle(features, dimension, random).write(directory, random);
    }

    private static double[] gaussian(int dimension, SplittableRandom random) {
        double[] vector = new double[dimension];
        for (int k = 0; k < dimension; k++) {
            vector[k] = random.nextGaussian();
        }
        return vector;
    }

    private void write(Path directory, SplittableRandom random) throws IOException {
        double[][] directions = new double[features][];
        double[][] turned = new double[features][dimension];
        int[][] topicsOf = new int[features][];
        for (int f = 0; f < features; f++) {
            directions[f] = gaussian(dimension, random);
            for (int k = 0; k < dimension; k++) {
                turned[f][k] = directions[f][k] + TURN * random.nextGaussian();
            }
            topicsOf[f] = random.ints(TOPICS_PER_FEATURE, 0, topics).distinct().toArray();
        }
        Map<String, byte[]> files = new TreeMap<>();
        StringBuilder tokens = new StringBuilder();
        StringBuilder prompts = new StringBuilder();
        for (int p = 0; p < positions; p++) {
            tokens.append(
                    "{\"prompt\":%d,\"position\":%d,\"id\":%d,\"token\":\"t%d\"}%n"
                            .formatted(p / TOKENS, p % TOKENS, topic[p], topic[p]));
        }
        for (int p = 0; p < positions / TOKENS; p++) {
            prompts.append("{\"prompt\":%d,\"text\":\"prompt %d\"}%n".formatted(p, p));
        }
        files.put("positions.jsonl", tokens.toString().getBytes(StandardCharsets.UTF_8));
        files.put("prompts.jsonl", prompts.toString().getBytes(StandardCharsets.UTF_8));
        ByteBuffer values = little(4 * states.length);
        values.asFloatBuffer().put(states);
        files.put(
                "states.safetensors",
                safetensors(
                        "{"
                                + entry(
                                        "states",
                                        "F32",
                                        positions + "," + dimension,
                                        0,
                                        4L * states.length)
                                + "}",
                        values));
        files.put("activations_0.safetensors", activations(directions, topicsOf));
        files.put("activations_1.safetensors", activations(turned, topicsOf));
        files.put("manifest.json", manifest(files).getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private String manifest(Map<String, byte[]> files) {
        List<String> layers = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            layers.add(
                    "{\"layer\":%d,\"width\":%d,\"hiddenSize\":%d,\"activations\":\"activations_%d.safetensors\"}"
                            .formatted(layer, features, dimension, layer));
        }
        List<String> hashes = new ArrayList<>();
        files.forEach((name, bytes) -> hashes.add("\"" + name + "\":\"" + sha256(bytes) + "\""));
        return ("{\"format\":\"sot-bundle/1\",\"model\":{\"name\":\"drawn model\",\"layers\":2},"
                    + "\"positions\":%d,\"prompts\":%d,\"positionsFile\":\"positions.jsonl\","
                    + "\"promptsFile\":\"prompts.jsonl\",\"firstTokenIsSink\":false,"
                    + "\"states\":[{\"layer\":1,\"hook\":\"resid\",\"file\":\"states.safetensors\"}],"
                    + "\"dictionaries\":[{\"name\":\"%s\",\"kind\":\"sae\",\"hook\":\"resid\","
                    + "\"activation\":\"relu\",\"layers\":[%s]}],\"sha256\":{%s}}")
                .formatted(
                        positions,
                        positions / TOKENS,
                        DICTIONARY,
                        String.join(",", layers),
                        String.join(",", hashes));
    }

    private byte[] activations(double[][] directions, int[][] topicsOf) {
        List<int[]> firings = new ArrayList<>();
        List<Float> strengths = new ArrayList<>();
        for (int f = 0; f < features; f++) {
            int[] candidates =
                    Arrays.stream(topicsOf[f])
                            .flatMap(t -> Arrays.stream(members[t]))
                            .sorted()
                            .toArray();
            for (int p : candidates) {
                double along = 0;
                for (int k = 0; k < dimension; k++) {
                    along += directions[f][k] * (states[p * dimension + k] - centres[topic[p]][k]);
                }
                firings.add(new int[] {f, p});
                strengths.add((float) Math.exp(along / Math.sqrt(dimension)));
            }
        }
        int count = firings.size();
        ByteBuffer data = little(12 * count);
        firings.forEach(f -> data.putInt(f[0]));
        firings.forEach(f -> data.putInt(f[1]));
        strengths.forEach(data::putFloat);
        return safetensors(
                "{"
                        + String.join(
                                ",",
                                entry("feature", "I32", "" + count, 0, 4L * count),
                                entry("position", "I32", "" + count, 4L * count, 8L * count),
                                entry("value", "F32", "" + count, 8L * count, 12L * count))
                        + "}",
                data);
    }

    private static String entry(String name, String type, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, begin, end);
    }

    private static byte[] safetensors(String header, ByteBuffer data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(little(8).putLong(json.length).array());
        out.writeBytes(json);
        out.writeBytes(data.array());
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
