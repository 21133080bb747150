package dev.sot.procedures;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small activation bundle for the dictionary of {@link CircuitJson}: 12 prompts of 6 tokens,
 * three layers of 8 features. Feature 0 of layer 0 never fires and feature 1 only on first tokens.
 */
final class SmallBundle {

    static final String DICTIONARY = "model/dictionary";
    static final int PROMPTS = 12;
    static final int TOKENS = 6;
    static final int LAYERS = 3;
    static final int WIDTH = 8;
    static final int HIDDEN = 6;
    static final int POSITIONS = PROMPTS * TOKENS;

    private SmallBundle() {}

    /** How strongly a feature fires at a position; not at all where that is not positive. */
    @FunctionalInterface
    interface Activation {
        double at(int layer, int feature, int position);
    }

    /** Writes the bundle, with every activation multiplied by a constant, as 64-bit values. */
    static void write(Path directory, double scale) {
        writeScaled(directory, (layer, feature) -> scale);
    }

    /** A factor of each feature's activations. */
    @FunctionalInterface
    interface Scale {
        double of(int layer, int feature);
    }

    /** Writes the bundle, with the activations of each feature in a unit of their own. */
    static void writeScaled(Path directory, Scale scale) {
        Random random = new Random(8);
        write(
                directory,
                (layer, feature, position) -> {
                    boolean chosen = random.nextDouble() < 0.4;
                    double value = Math.exp(random.nextGaussian());
                    boolean first = position % TOKENS == 0;
                    return (layer == 0 && feature < 2 ? feature == 1 && first : chosen)
                            ? scale.of(layer, feature) * value
                            : 0;
                });
    }

    /** Writes the bundle with activations of one's own. */
    static void write(Path directory, Activation activation) {
        write(directory, activation, USUAL);
    }

    /** Writes the bundle with states at all layers, each of another length and mean. */
    static void writeLayered(Path directory) {
        writeLayered(directory, (layer, feature, position) -> (layer + feature + position) % 3);
    }

    /** Writes the bundle with states at all layers and activations of one's own. */
    static void writeLayered(Path directory, Activation activation) {
        write(directory, activation, new Kind("model", 0, 0, 0, false, false));
    }

    /**
     * Writes the bundle with states at all layers that are the same but for length and mean.
     * Feature f of layer l fires where feature f + 1 of layer l - 1 does.
     */
    static void writeRelated(Path directory) {
        write(
                directory,
                (layer, feature, position) -> (layer + feature + position) % 5 % 3,
                new Kind("model", 0, 0, 0, true, false));
    }

    /**
     * Writes the usual bundle with an unembedding of four tokens: plus and minus the first
     * coordinate, plus and minus the second, which the normalisation multiplies by 3.
     */
    static void writeUnembedded(Path directory) {
        write(
                directory,
                (layer, feature, position) -> (layer + feature + position) % 3,
                new Kind("model", 0, LAYERS - 1, 0, false, true));
    }

    private static byte[] unembedding() {
        ByteBuffer values = little(4 * 5 * HIDDEN);
        for (int token = 0; token < 4; token++) {
            for (int k = 0; k < HIDDEN; k++) {
                values.putFloat(k == token / 2 ? token % 2 * 2 - 1 : 0);
            }
        }
        for (int k = 0; k < HIDDEN; k++) {
            values.putFloat(k == 1 ? 3 : 1);
        }
        return safetensors(
                "{"
                        + entry("W_U", "F32", "4," + HIDDEN, 0, 16L * HIDDEN)
                        + ","
                        + entry("norm_weight", "F32", "" + HIDDEN, 16L * HIDDEN, 20L * HIDDEN)
                        + "}",
                values);
    }

    /**
     * Writes a bundle of another model, with a dictionary of its own and without states, two of
     * whose seven tokens are others.
     */
    static void writeTokens(Path directory, String model) {
        Random random = new Random(10);
        write(
                directory,
                (layer, feature, position) ->
                        random.nextDouble() < 0.4 ? Math.exp(random.nextGaussian()) : 0,
                new Kind(model, 2, LAYERS, 0, false, false));
    }

    /**
     * Clusters of the planted bundle: feature i of each layer belongs to cluster i modulo these.
     */
    static final int CLUSTERS = 4;

    /**
     * Writes a bundle whose features fire, by clusters, on positions with states of their own: each
     * in the direction of one cluster, with a little noise.
     */
    static void writePlanted(Path directory) {
        Random random = new Random(9);
        writePlanted(
                directory,
                (layer, feature, position) ->
                        random.nextDouble() < 0.6 && position % CLUSTERS == feature % CLUSTERS
                                ? Math.exp(random.nextGaussian())
                                : 0);
    }

    /** Writes a bundle with states in the directions of clusters and activations of one's own. */
    static void writePlanted(Path directory, Activation activation) {
        write(directory, activation, new Kind("model", 0, LAYERS - 1, 100, false, false));
    }

    /**
     * What bundles differ in.
     *
     * @param model name of the model, whose dictionary is {@code model/dictionary}
     * @param firstToken number of the token of the first position
     * @param firstLayer first layer with states
     * @param direction how far states reach in the direction of their position's cluster
     * @param related whether states at all layers are the same but for length and mean
     * @param unembedded whether the bundle holds the model's unembedding
     */
    private record Kind(
            String model,
            int firstToken,
            int firstLayer,
            double direction,
            boolean related,
            boolean unembedded) {}

    private static final String UNEMBEDDING =
            "\"unembedding\":{\"normalisation\":\"rms\",\"epsilon\":0.5,\"file\":\"unembedding.safetensors\"},";

    private static final Kind USUAL = new Kind("model", 0, LAYERS - 1, 0, false, false);

    private static void write(Path directory, Activation activation, Kind kind) {
        Map<String, byte[]> files = new TreeMap<>();
        StringBuilder positions = new StringBuilder();
        StringBuilder prompts = new StringBuilder();
        for (int i = 0; i < POSITIONS; i++) {
            positions.append(
                    "{\"prompt\":%d,\"position\":%d,\"id\":%d,\"token\":\"t%d\"}%n"
                            .formatted(i / TOKENS, i % TOKENS, i % 7, kind.firstToken() + i % 7));
        }
        for (int i = 0; i < PROMPTS; i++) {
            prompts.append("{\"prompt\":%d,\"text\":\"prompt %d\"}%n".formatted(i, i));
        }
        files.put("positions.jsonl", positions.toString().getBytes(StandardCharsets.UTF_8));
        files.put("prompts.jsonl", prompts.toString().getBytes(StandardCharsets.UTF_8));
        List<String> states = new ArrayList<>();
        for (int layer = kind.firstLayer(); layer < LAYERS; layer++) {
            String file = "states_" + layer + ".safetensors";
            files.put(file, states(layer, kind));
            states.add("{\"layer\":%d,\"hook\":\"resid\",\"file\":\"%s\"}".formatted(layer, file));
        }
        if (kind.unembedded()) {
            files.put("unembedding.safetensors", unembedding());
        }
        StringBuilder layers = new StringBuilder();
        for (int layer = 0; layer < LAYERS; layer++) {
            files.put("activations_" + layer + ".safetensors", activations(layer, activation));
            layers.append(layer == 0 ? "" : ",")
                    .append(
                            "{\"layer\":%d,\"width\":%d,\"hiddenSize\":%d,\"activations\":\"activations_%d.safetensors\"}"
                                    .formatted(layer, WIDTH, HIDDEN, layer));
        }
        List<String> hashes = new ArrayList<>();
        files.forEach((name, bytes) -> hashes.add("\"" + name + "\":\"" + sha256(bytes) + "\""));
        String manifest =
                ("{\"format\":\"sot-bundle/1\",\"model\":{\"name\":\"%s\",\"layers\":3},"
                     + "\"positions\":%d,\"prompts\":%d,\"positionsFile\":\"positions.jsonl\","
                     + "\"promptsFile\":\"prompts.jsonl\",\"firstTokenIsSink\":true,"
                     + "\"states\":[%s],%s"
                     + "\"dictionaries\":[{\"name\":\"%s\",\"kind\":\"transcoder\",\"hook\":\"mlp\","
                     + "\"activation\":\"topk\",\"layers\":[%s]}],\"sha256\":{%s}}")
                        .formatted(
                                kind.model(),
                                POSITIONS,
                                PROMPTS,
                                String.join(",", states),
                                kind.unembedded() ? UNEMBEDDING : "",
                                kind.model() + "/dictionary",
                                layers,
                                String.join(",", hashes));
        files.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(directory.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last layer's states are standard normal, those of others longer, about another mean. */
    private static byte[] states(int layer, Kind kind) {
        int below = LAYERS - 1 - layer;
        Random random = new Random(kind.related() ? 7 : 7 + below);
        ByteBuffer states = little(4 * POSITIONS * HIDDEN);
        for (int i = 0; i < POSITIONS * HIDDEN; i++) {
            boolean along = i % HIDDEN == i / HIDDEN % CLUSTERS;
            double value = random.nextGaussian() + (along ? kind.direction() : 0);
            states.putFloat((float) (below + Math.pow(10, below) * value));
        }
        return safetensors(
                "{"
                        + entry(
                                "states",
                                "F32",
                                POSITIONS + "," + HIDDEN,
                                0,
                                4L * POSITIONS * HIDDEN)
                        + "}",
                states);
    }

    private static byte[] activations(int layer, Activation activation) {
        List<int[]> firings = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int feature = 0; feature < WIDTH; feature++) {
            for (int position = 0; position < POSITIONS; position++) {
                double value = activation.at(layer, feature, position);
                if (value > 0) {
                    firings.add(new int[] {feature, position});
                    values.add(value);
                }
            }
        }
        int count = firings.size();
        ByteBuffer data = little(16 * count);
        firings.forEach(f -> data.putInt(f[0]));
        firings.forEach(f -> data.putInt(f[1]));
        values.forEach(data::putDouble);
        return safetensors(
                "{"
                        + String.join(
                                ",",
                                entry("feature", "I32", "" + count, 0, 4L * count),
                                entry("position", "I32", "" + count, 4L * count, 8L * count),
                                entry("value", "F64", "" + count, 8L * count, 16L * count))
                        + "}",
                data);
    }

    static String entry(String name, String type, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, begin, end);
    }

    static byte[] safetensors(String header, ByteBuffer data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(little(8).putLong(json.length).array());
        out.writeBytes(json);
        out.writeBytes(data.array());
        return out.toByteArray();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
