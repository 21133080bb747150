package dev.sot.tests;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A circuit file of any size in the JSON of circuit-tracer, written as a stream: embeddings, then
 * layer by layer features and one error per token position, then logits. Links run from lower
 * layers to higher ones, no two between the same nodes, with normally distributed weights.
 *
 * @param slug the circuit's name
 * @param layers layers of features
 * @param featuresPerLayer features of each layer
 * @param links number of links
 */
record SyntheticCircuit(String slug, int layers, int featuresPerLayer, int links) {
    private static final int POSITIONS = 10;
    private static final int LOGITS = 15;
    private static final long SEED = 7;

    /** Number of nodes. */
    int nodes() {
        return POSITIONS + layers * (featuresPerLayer + POSITIONS) + LOGITS;
    }

    /** Writes the file. */
    void write(Path file) throws IOException {
        try (BufferedWriter json = Files.newBufferedWriter(file)) {
            json.write("{\"metadata\": {\"slug\": \"" + slug + "\", \"scan\": \"synthetic\",");
            json.write(" \"prompt\": \"0123456789\", \"prompt_tokens\": [");
            for (int position = 0; position < POSITIONS; position++) {
                json.write((position == 0 ? "\"" : ", \"") + position + "\"");
            }
            json.write("], \"schema_version\": 1},\n\"qParams\": {},\n\"nodes\": [");
            List<String> ids = writeNodes(json);
            json.write("],\n\"links\": [");
            writeLinks(json, ids);
            json.write("]}\n");
        }
    }

    private List<String> writeNodes(BufferedWriter json) throws IOException {
        List<String> ids = new ArrayList<>(nodes());
        for (int position = 0; position < POSITIONS; position++) {
            node(json, ids, "E", position, position, "embedding", 0);
        }
        for (int layer = 0; layer < layers; layer++) {
            for (int feature = 0; feature < featuresPerLayer; feature++) {
                int position = feature % POSITIONS;
                node(
                        json,
                        ids,
                        Integer.toString(layer),
                        feature,
                        position,
                        "cross layer transcoder",
                        0);
            }
            for (int position = 0; position < POSITIONS; position++) {
                node(
                        json,
                        ids,
                        Integer.toString(layer),
                        0,
                        position,
                        "mlp reconstruction error",
                        0);
            }
        }
        for (int logit = 0; logit < LOGITS; logit++) {
            node(
                    json,
                    ids,
                    Integer.toString(layers + 1),
                    logit,
                    POSITIONS - 1,
                    "logit",
                    0.9 / LOGITS);
        }
        return ids;
    }

    private static void node(
            BufferedWriter json,
            List<String> ids,
            String layer,
            int index,
            int position,
            String type,
            double probability)
            throws IOException {
        boolean feature = type.equals("cross layer transcoder");
        boolean error = type.equals("mlp reconstruction error");
        // Errors have the id of feature 0 in the dialect; a negative one here keeps them apart.
        String id = layer + "_" + (error ? "-1" : Integer.toString(index)) + "_" + position;
        long code = feature ? cantor(Integer.parseInt(layer), index) : index;
        json.write(ids.isEmpty() ? "\n" : ",\n");
        json.write(
                String.format(
                        Locale.ROOT,
                        "{\"node_id\": \"%s\", \"feature\": %d, \"layer\": \"%s\", \"ctx_idx\": %d,"
                                + " \"feature_type\": \"%s\", \"token_prob\": %s,"
                                + " \"is_target_logit\": %b, \"activation\": %s,"
                                + " \"clerp\": \"\"}",
                        id,
                        error ? -1 : code,
                        layer,
                        position,
                        type,
                        probability,
                        type.equals("logit") && index == 0,
                        feature ? "1.0" : "null"));
        ids.add(id);
    }

    private static long cantor(long layer, long feature) {
        return (layer + feature) * (layer + feature + 1) / 2 + feature;
    }

    private void writeLinks(BufferedWriter json, List<String> ids) throws IOException {
        Random random = new Random(SEED);
        int remaining = links;
        int remainingTargets = layers * featuresPerLayer + LOGITS;
        for (int target = POSITIONS; target < ids.size(); target++) {
            int within = (target - POSITIONS) % (featuresPerLayer + POSITIONS);
            boolean logit = target >= ids.size() - LOGITS;
            if (!logit && within >= featuresPerLayer) {
                continue;
            }
            int below = logit ? ids.size() - LOGITS : target - within;
            int count = Math.min(below, (remaining + remainingTargets - 1) / remainingTargets);
            int first = random.nextInt(below);
            for (int i = 0; i < count; i++) {
                int source = (int) ((first + (long) i * (below / count)) % below);
                json.write(remaining == links ? "\n" : ",\n");
                json.write("{\"source\": \"" + ids.get(source) + "\", \"target\": \"");
                json.write(ids.get(target) + "\", \"weight\": " + (float) random.nextGaussian());
                json.write("}");
                remaining--;
            }
            remainingTargets--;
        }
        if (remaining != 0) {
            throw new IllegalArgumentException(remaining + " links too many for these nodes");
        }
    }
}
