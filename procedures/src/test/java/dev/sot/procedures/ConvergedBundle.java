package dev.sot.procedures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A bundle whose dictionary is at an optimum of {@code 1/2 |x - b - Dz|^2 + lambda sum z}: one
 * feature a position, and residuals {@code lambda d} and something at right angles to d that
 * cancels between pairs of positions. Layer 1 is the same with one perturbed atom. The last feature
 * never fires.
 */
final class ConvergedBundle {

    static final String DICTIONARY = "converged";
    static final double LAMBDA = 0.3;
    static final int PERTURBED = 3;
    static final int WIDTH = 25;
    static final int PROMPTS = 16;
    static final int TOKENS = 12;
    private static final int POSITIONS = PROMPTS * TOKENS;
    private static final int HIDDEN = 16;

    private ConvergedBundle() {}

    /** Writes it. */
    static void write(Path directory) {
        Random random = new Random(5);
        float[][] atoms = new float[WIDTH][HIDDEN];
        float[] bias = new float[HIDDEN];
        for (int k = 0; k < HIDDEN; k++) {
            bias[k] = (float) random.nextGaussian();
            for (float[] atom : atoms) {
                atom[k] = (float) random.nextGaussian();
            }
        }
        double[][] fired = new double[WIDTH][POSITIONS];
        float[][] states = new float[POSITIONS][HIDDEN];
        for (int pair = 0; pair < POSITIONS / 2; pair++) {
            int feature = pair % (WIDTH - 1);
            float[] atom = atoms[feature];
            double norm = Math.sqrt(product(atom, atom));
            float[] noise = new float[HIDDEN];
            for (int k = 0; k < HIDDEN; k++) {
                noise[k] = (float) random.nextGaussian();
            }
            double along = product(noise, atom) / (norm * norm);
            double activation = 1 + random.nextDouble();
            for (int side = 0; side < 2; side++) {
                int position = pair + side * POSITIONS / 2;
                fired[feature][position] = activation;
                for (int k = 0; k < HIDDEN; k++) {
                    double across = noise[k] - along * atom[k];
                    states[position][k] =
                            (float)
                                    (bias[k]
                                            + (activation + LAMBDA / norm) * atom[k]
                                            + (side == 0 ? across : -across));
                }
            }
        }
        write(directory, atoms, bias, fired, states);
    }

    private static double product(float[] x, float[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += (double) x[k] * y[k];
        }
        return sum;
    }

    private static void write(
            Path directory, float[][] atoms, float[] bias, double[][] fired, float[][] states) {
        Map<String, byte[]> files = new TreeMap<>();
        StringBuilder positions = new StringBuilder();
        StringBuilder prompts = new StringBuilder();
        for (int i = 0; i < POSITIONS; i++) {
            positions.append(
                    "{\"prompt\":%d,\"position\":%d,\"id\":%d,\"token\":\"t%d\"}%n"
                            .formatted(i / TOKENS, i % TOKENS, i % TOKENS, i % TOKENS));
        }
        for (int i = 0; i < PROMPTS; i++) {
            prompts.append("{\"prompt\":%d,\"text\":\"prompt %d\"}%n".formatted(i, i));
        }
        files.put("positions.jsonl", positions.toString().getBytes(StandardCharsets.UTF_8));
        files.put("prompts.jsonl", prompts.toString().getBytes(StandardCharsets.UTF_8));
        float[][] perturbed = Arrays.stream(atoms).map(float[]::clone).toArray(float[][]::new);
        perturbed[PERTURBED][0] += 1;
        List<String> ofStates = new ArrayList<>();
        List<String> layers = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            float[][] decoder = layer == 0 ? atoms : perturbed;
            files.put(
                    "states_" + layer,
                    DictionaryBundle.tensors(new String[] {"states"}, new float[][][] {states}));
            files.put(
                    "vectors_" + layer,
                    DictionaryBundle.tensors(
                            new String[] {"W_enc", "W_dec", "b_enc", "b_dec"},
                            new float[][][] {decoder, decoder, {new float[WIDTH]}, {bias}}));
            files.put("activations_" + layer, DictionaryBundle.activations(fired));
            ofStates.add(
                    "{\"layer\":%d,\"hook\":\"blocks.%d.resid\",\"file\":\"states_%d\"}"
                            .formatted(layer, layer, layer));
            layers.add(
                    "{\"layer\":%d,\"width\":%d,\"hiddenSize\":%d,\"vectors\":\"vectors_%d\",\"activations\":\"activations_%d\"}"
                            .formatted(layer, WIDTH, HIDDEN, layer, layer));
        }
        List<String> hashes = new ArrayList<>();
        files.forEach(
                (name, bytes) ->
                        hashes.add("\"" + name + "\":\"" + SmallBundle.sha256(bytes) + "\""));
        String manifest =
                ("{\"format\":\"sot-bundle/1\",\"model\":{\"name\":\"converged\",\"layers\":2},"
                     + "\"positions\":%d,\"prompts\":%d,\"positionsFile\":\"positions.jsonl\","
                     + "\"promptsFile\":\"prompts.jsonl\",\"firstTokenIsSink\":false,\"states\":[%s],"
                     + "\"dictionaries\":[{\"name\":\"%s\",\"kind\":\"sae\",\"hook\":\"resid\","
                     + "\"layers\":[%s]}],\"sha256\":{%s}}")
                        .formatted(
                                POSITIONS,
                                PROMPTS,
                                String.join(",", ofStates),
                                DICTIONARY,
                                String.join(",", layers),
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
}
