package dev.sot.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Small circuits for tests, and what tests do with circuits. */
final class Circuits {
    static final String METADATA =
            "{\"slug\":\"tiny\",\"scan\":\"model/dictionary\",\"transcoder_list\":[],"
                    + "\"prompt_tokens\":[\"<bos>\",\"a\",\"b\"],\"prompt\":\"<bos>ab\","
                    + "\"node_threshold\":0.8,\"schema_version\":1}";
    static final String Q_PARAMS =
            "{\"pinnedIds\":[],\"supernodes\":[],\"linkType\":\"both\",\"clickedId\":\"\",\"sg_pos\":\"\"}";
    static final String EMBEDDING =
            node("E_17_1", "1", "\"E\"", 1, "embedding", "E_17-1", "", "0.25", "null");
    static final String LOGIT =
            "{\"node_id\":\"4_42_2\",\"feature\":42,\"layer\":\"4\",\"ctx_idx\":2,\"feature_type\":\"logit\","
                + "\"token_prob\":0.875,\"is_target_logit\":true,\"run_idx\":0,\"reverse_ctx_idx\":0,\"jsNodeId\":\"L_42-2\",\"clerp\":\"Output"
                + " \\\"x\\\" (p=0.875)\",\"influence\":null,\"activation\":null}";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Circuits() {}

    static String feature(int layer, long index, int position) {
        return node(
                layer + "_" + index + "_" + position,
                Long.toString(Cantor.encode(layer, index)),
                "\"" + layer + "\"",
                position,
                "cross layer transcoder",
                layer + "_" + index + "-0",
                "",
                "0.5",
                "1.5");
    }

    static String error(int layer, int position) {
        return node(
                "0_" + layer + "_" + position,
                "-1",
                "\"" + layer + "\"",
                position,
                "mlp reconstruction error",
                layer + "_" + position + "-0",
                "",
                "0.75",
                "null");
    }

    static String node(
            String id,
            String feature,
            String layer,
            int position,
            String type,
            String jsNodeId,
            String clerp,
            String influence,
            String activation) {
        return "{\"node_id\":\""
                + id
                + "\",\"feature\":"
                + feature
                + ",\"layer\":"
                + layer
                + ",\"ctx_idx\":"
                + position
                + ",\"feature_type\":\""
                + type
                + "\",\"token_prob\":0.0,\"is_target_logit\":false,\"run_idx\":0,\"reverse_ctx_idx\":0,\"jsNodeId\":\""
                + jsNodeId
                + "\",\"clerp\":\""
                + clerp
                + "\",\"influence\":"
                + influence
                + ",\"activation\":"
                + activation
                + "}";
    }

    static String link(String source, String target, Object weight) {
        return "{\"source\":\""
                + source
                + "\",\"target\":\""
                + target
                + "\",\"weight\":"
                + weight
                + "}";
    }

    static String circuit(String nodes, String links) {
        return circuit(METADATA, nodes, links);
    }

    static String circuit(String metadata, String nodes, String links) {
        return "{\"metadata\":"
                + metadata
                + ",\"qParams\":"
                + Q_PARAMS
                + ",\"nodes\":["
                + nodes
                + "],\"links\":["
                + links
                + "]}";
    }

    static CircuitDocument read(Path file) {
        return CircuitReader.read(
                file, file.getFileName().toString(), CircuitReadOptions.DEFAULT, ReadListener.NONE);
    }

    static CircuitDocument read(Path directory, String json) {
        try {
            return read(Files.writeString(directory.resolve("circuit.json"), json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<LinkRecord> links(CircuitDocument circuit) {
        List<LinkRecord> links = new ArrayList<>();
        circuit.forEachLink(
                (source, target, weight, extra) ->
                        links.add(
                                new LinkRecord(
                                        circuit.nodes().get(source).nodeId(),
                                        circuit.nodes().get(target).nodeId(),
                                        weight,
                                        extra)));
        return links;
    }

    static Path write(CircuitDocument circuit, Path target) {
        CircuitWriter.write(
                target, circuit.header(), circuit.nodes().iterator(), links(circuit).iterator());
        return target;
    }

    static JsonNode tree(Path file) throws IOException {
        return plain(MAPPER.readTree(file.toFile()));
    }

    /** The tree with every number as a double, keys sorted: JSON knows no other difference. */
    private static JsonNode plain(JsonNode node) {
        if (node.isNumber()) {
            return MAPPER.getNodeFactory().numberNode(node.doubleValue());
        }
        if (node.isArray()) {
            var list = MAPPER.createArrayNode();
            node.forEach(item -> list.add(plain(item)));
            return list;
        }
        if (node.isObject()) {
            Map<String, JsonNode> members = new TreeMap<>();
            node.properties()
                    .forEach(member -> members.put(member.getKey(), plain(member.getValue())));
            var object = MAPPER.createObjectNode();
            members.forEach(object::set);
            return object;
        }
        return node;
    }
}
