package dev.sot.procedures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A bundle with states and vectors at two layers, whose activations are what the dictionary makes
 * of the states: the two largest of its features. Behind both layers are the same concepts, two at
 * a position, in directions of the layer's own; feature j of layer l stands for concept {@code (j +
 * 5 l) % WIDTH}.
 */
final class DictionaryBundle {

    static final String DICTIONARY = "concepts";
    static final int PROMPTS = 60;
    static final int TOKENS = 12;
    static final int WIDTH = 12;
    static final int HIDDEN = 16;
    static final int SHIFT = 5;
    static final double BIAS = -0.05;
    private static final int POSITIONS = PROMPTS * TOKENS;

    private DictionaryBundle() {}

    /** The feature of layer 1 that stands for the same concept as one of layer 0. */
    static int partner(int feature) {
        return (feature - SHIFT + WIDTH) % WIDTH;
    }

    /** Writes it; a third of the prompts is held out. */
    static void write(Path directory) {
        Map<String, byte[]> files = new TreeMap<>();
        StringBuilder positions = new StringBuilder();
        StringBuilder prompts = new StringBuilder();
        for (int i = 0; i < POSITIONS; i++) {
            positions.append(
                    "{\"prompt\":%d,\"position\":%d,\"id\":%d,\"token\":\"t%d\"}%n"
                            .formatted(i / TOKENS, i % TOKENS, i % 7, i % 7));
        }
        for (int i = 0; i < PROMPTS; i++) {
            prompts.append(
                    "{\"prompt\":%d,\"text\":\"prompt %d\",\"split\":\"%s\"}%n"
                            .formatted(i, i, i % 3 == 2 ? "heldout" : "fit"));
        }
        files.put("positions.jsonl", positions.toString().getBytes(StandardCharsets.UTF_8));
        files.put("prompts.jsonl", prompts.toString().getBytes(StandardCharsets.UTF_8));
        Random random = new Random(3);
        double[][] strength = new double[POSITIONS][WIDTH];
        for (double[] concepts : strength) {
            for (int k = 0; k < 2; k++) {
                concepts[random.nextInt(WIDTH)] += 1 + 2 * random.nextDouble();
            }
        }
        StringBuilder states = new StringBuilder();
        StringBuilder layers = new StringBuilder();
        for (int layer = 0; layer < 2; layer++) {
            files.putAll(layer(layer, strength, random));
            states.append(layer == 0 ? "" : ",")
                    .append(
                            "{\"layer\":%d,\"hook\":\"resid\",\"file\":\"states_%d.safetensors\"}"
                                    .formatted(layer, layer));
            layers.append(layer == 0 ? "" : ",")
                    .append(
                            "{\"layer\":%d,\"width\":%d,\"hiddenSize\":%d,\"vectors\":\"vectors_%d.safetensors\",\"activations\":\"activations_%d.safetensors\"}"
                                    .formatted(layer, WIDTH, HIDDEN, layer, layer));
        }
        List<String> hashes = new ArrayList<>();
        files.forEach(
                (name, bytes) ->
                        hashes.add("\"" + name + "\":\"" + SmallBundle.sha256(bytes) + "\""));
        String manifest =
                ("{\"format\":\"sot-bundle/1\",\"model\":{\"name\":\"concepts\",\"layers\":2},"
                     + "\"positions\":%d,\"prompts\":%d,\"positionsFile\":\"positions.jsonl\","
                     + "\"promptsFile\":\"prompts.jsonl\",\"firstTokenIsSink\":true,\"states\":[%s],"
                     + "\"dictionaries\":[{\"name\":\"%s\",\"kind\":\"sae\",\"hook\":\"resid\","
                     + "\"activation\":\"topk\",\"layers\":[%s]}],\"sha256\":{%s}}")
                        .formatted(
                                POSITIONS,
                                PROMPTS,
                                states,
                                DICTIONARY,
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

    private static Map<String, byte[]> layer(int layer, double[][] strength, Random random) {
        float[][] direction = new float[WIDTH][HIDDEN];
        float[] mean = new float[HIDDEN];
        for (int k = 0; k < HIDDEN; k++) {
            mean[k] = (float) (3 * random.nextGaussian());
            for (int c = 0; c < WIDTH; c++) {
                direction[c][k] = (float) (random.nextGaussian() / Math.sqrt(HIDDEN));
            }
        }
        float[][] states = new float[POSITIONS][HIDDEN];
        for (int i = 0; i < POSITIONS; i++) {
            for (int k = 0; k < HIDDEN; k++) {
                double value = mean[k] + 0.05 * random.nextGaussian();
                for (int c = 0; c < WIDTH; c++) {
                    value += strength[i][c] * direction[c][k];
                }
                states[i][k] = (float) value;
            }
        }
        float[][] vectors = new float[WIDTH][];
        for (int j = 0; j < WIDTH; j++) {
            vectors[j] = direction[(j + SHIFT * layer) % WIDTH];
        }
        return Map.of(
                "states_" + layer + ".safetensors",
                tensors(new String[] {"states"}, new float[][][] {states}),
                "vectors_" + layer + ".safetensors",
                tensors(
                        new String[] {"W_enc", "W_dec", "b_enc", "b_dec", "b_pre"},
                        new float[][][] {
                            vectors, vectors, {biases()}, {new float[HIDDEN]}, {mean}
                        }),
                "activations_" + layer + ".safetensors",
                activations(states, vectors, mean));
    }

    private static float[] biases() {
        float[] biases = new float[WIDTH];
        Arrays.fill(biases, (float) BIAS);
        return biases;
    }

    private static byte[] activations(float[][] states, float[][] vectors, float[] mean) {
        double[][] fired = new double[WIDTH][POSITIONS];
        for (int i = 0; i < POSITIONS; i++) {
            double[] z = new double[WIDTH];
            for (int j = 0; j < WIDTH; j++) {
                z[j] = (float) BIAS;
                for (int k = 0; k < HIDDEN; k++) {
                    z[j] += vectors[j][k] * ((double) states[i][k] - mean[k]);
                }
            }
            int position = i;
            IntStream.range(0, WIDTH)
                    .boxed()
                    .sorted(Comparator.comparingDouble(j -> -z[j]))
                    .limit(2)
                    .forEach(j -> fired[j][position] = Math.max(0, z[j]));
        }
        return activations(fired);
    }

    /** A file of activations, features x positions. */
    static byte[] activations(double[][] fired) {
        List<int[]> firings = new ArrayList<>();
        for (int j = 0; j < fired.length; j++) {
            for (int i = 0; i < fired[j].length; i++) {
                if (fired[j][i] > 0) {
                    firings.add(new int[] {j, i});
                }
            }
        }
        int count = firings.size();
        ByteBuffer data = SmallBundle.little(16 * count);
        firings.forEach(f -> data.putInt(f[0]));
        firings.forEach(f -> data.putInt(f[1]));
        firings.forEach(f -> data.putDouble(fired[f[0]][f[1]]));
        return SmallBundle.safetensors(
                "{"
                        + String.join(
                                ",",
                                SmallBundle.entry("feature", "I32", "" + count, 0, 4L * count),
                                SmallBundle.entry(
                                        "position", "I32", "" + count, 4L * count, 8L * count),
                                SmallBundle.entry(
                                        "value", "F64", "" + count, 8L * count, 16L * count))
                        + "}",
                data);
    }

    /** Matrices, or vectors where there is one row of a bias. */
    static byte[] tensors(String[] names, float[][][] values) {
        List<String> entries = new ArrayList<>();
        int bytes = Arrays.stream(values).mapToInt(v -> 4 * v.length * v[0].length).sum();
        ByteBuffer data = SmallBundle.little(bytes);
        for (int t = 0; t < names.length; t++) {
            int begin = data.position();
            for (float[] row : values[t]) {
                for (float value : row) {
                    data.putFloat(value);
                }
            }
            String shape =
                    (names[t].startsWith("b_") ? "" : values[t].length + ",") + values[t][0].length;
            entries.add(SmallBundle.entry(names[t], "F32", shape, begin, data.position()));
        }
        return SmallBundle.safetensors("{" + String.join(",", entries) + "}", data);
    }
}
