package dev.sot.transport.circuit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A circuit file of the shared data, as little of it as the arithmetic needs. */
record CircuitFile(CircuitGraph graph, Map<String, Integer> nodes, int[] layer, int[] position) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The directory of shared data; skips the calling test where it is absent. */
    static Path shared() {
        Path shared =
                Path.of(System.getProperty("sot.shared", "../../shared"))
                        .toAbsolutePath()
                        .normalize();
        Assumptions.assumeTrue(
                Files.isDirectory(shared), "skipped: shared data not present at " + shared);
        return shared;
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CircuitFile read(String name) {
        JsonNode file = json(shared().resolve("data/graphs").resolve(name));
        int n = file.get("nodes").size();
        NodeKind[] kinds = new NodeKind[n];
        double[] probability = new double[n];
        int[] layer = new int[n];
        int[] position = new int[n];
        Map<String, Integer> nodes = new HashMap<>();
        for (int v = 0; v < n; v++) {
            JsonNode node = file.get("nodes").get(v);
            nodes.put(node.get("node_id").asText(), v);
            position[v] = node.get("ctx_idx").asInt();
            switch (node.get("feature_type").asText()) {
                case "cross layer transcoder" -> kinds[v] = NodeKind.FEATURE;
                case "mlp reconstruction error" -> kinds[v] = NodeKind.ERROR;
                case "embedding" -> kinds[v] = NodeKind.EMBEDDING;
                case "logit" -> kinds[v] = NodeKind.LOGIT;
                default -> throw new IllegalStateException(node.toString());
            }
            if (kinds[v] != NodeKind.EMBEDDING) {
                layer[v] = Integer.parseInt(node.get("layer").asText());
            }
            if (kinds[v] == NodeKind.LOGIT) {
                probability[v] = node.get("token_prob").asDouble();
            }
        }
        Map<Long, Double> links = new LinkedHashMap<>();
        for (JsonNode link : file.get("links")) {
            long source = nodes.get(link.get("source").asText());
            long target = nodes.get(link.get("target").asText());
            links.put(source << 32 | target, link.get("weight").asDouble());
        }
        int[] source = links.keySet().stream().mapToInt(k -> (int) (k >> 32)).toArray();
        int[] target = links.keySet().stream().mapToInt(Long::intValue).toArray();
        double[] weight = links.values().stream().mapToDouble(w -> w).toArray();
        return new CircuitFile(
                new CircuitGraph(kinds, probability, source, target, weight),
                nodes,
                layer,
                position);
    }
}
