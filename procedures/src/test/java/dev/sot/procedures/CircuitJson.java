package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A circuit in circuit-tracer's JSON, built up by a test. */
final class CircuitJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    final ObjectNode root = MAPPER.createObjectNode();
    final ObjectNode metadata = root.putObject("metadata");
    final ObjectNode qParams = root.putObject("qParams");
    final ArrayNode nodes = root.putArray("nodes");
    final ArrayNode links = root.putArray("links");

    CircuitJson(String slug) {
        metadata.put("slug", slug).put("scan", "model/dictionary");
        metadata.putArray("transcoder_list");
        metadata.putArray("prompt_tokens").add("<bos>").add("a").add("b");
        metadata.put("prompt", "<bos>ab").put("node_threshold", 0.8).put("schema_version", 1);
        qParams.putArray("pinnedIds");
        qParams.putArray("supernodes");
        qParams.put("linkType", "both").put("clickedId", "").put("sg_pos", "");
    }

    /** Two embeddings, three features, an error and two logits: all kinds, no traps. */
    static CircuitJson small(String slug) {
        CircuitJson circuit = new CircuitJson(slug);
        circuit.embedding(17, 1);
        circuit.embedding(18, 2);
        circuit.feature(0, 5, 1);
        circuit.feature(1, 6, 2);
        circuit.feature(2, 7, 2);
        circuit.error(1, 2);
        circuit.logit(42, 2, 0.75);
        circuit.logit(43, 2, 0.125);
        circuit.link("E_17_1", "0_5_1", 2);
        circuit.link("E_18_2", "1_6_2", 1.5);
        circuit.link("0_5_1", "1_6_2", -0.5);
        circuit.link("0_5_1", "2_7_2", 0.25);
        circuit.link("1_6_2", "2_7_2", 1);
        circuit.link("0_1_2", "2_7_2", 0.125);
        circuit.link("2_7_2", "4_42_2", 3);
        circuit.link("1_6_2", "4_43_2", -1);
        circuit.link("0_1_2", "4_42_2", 0.5);
        return circuit;
    }

    ObjectNode feature(int layer, long index, int position) {
        long sum = layer + index;
        ObjectNode node =
                node(layer + "_" + index + "_" + position, "cross layer transcoder", position);
        return node.put("feature", sum * (sum + 1) / 2 + index)
                .put("layer", Integer.toString(layer))
                .put("jsNodeId", layer + "_" + index + "-0")
                .put("influence", 0.5)
                .put("activation", 1.5);
    }

    ObjectNode error(int layer, int position) {
        return node("0_" + layer + "_" + position, "mlp reconstruction error", position)
                .put("feature", -1)
                .put("layer", Integer.toString(layer))
                .put("jsNodeId", layer + "_" + position + "-0")
                .put("influence", 0.75);
    }

    ObjectNode embedding(int token, int position) {
        return node("E_" + token + "_" + position, "embedding", position)
                .put("feature", position)
                .put("layer", "E")
                .put("jsNodeId", "E_" + token + "-" + position)
                .put("influence", 0.25);
    }

    ObjectNode logit(int token, int position, double probability) {
        return node("4_" + token + "_" + position, "logit", position)
                .put("feature", token)
                .put("layer", "4")
                .put("jsNodeId", "L_" + token + "-" + position)
                .put("clerp", "Output \"x\" (p=" + probability + ")")
                .put("token_prob", probability)
                .put("is_target_logit", probability > 0.5);
    }

    private ObjectNode node(String id, String type, int position) {
        ObjectNode node =
                nodes.addObject()
                        .put("node_id", id)
                        .put("feature", 0)
                        .put("layer", "")
                        .put("ctx_idx", position)
                        .put("feature_type", type)
                        .put("token_prob", 0.0)
                        .put("is_target_logit", false)
                        .put("run_idx", 0)
                        .put("reverse_ctx_idx", 0)
                        .put("jsNodeId", "")
                        .put("clerp", "");
        node.putNull("influence");
        node.putNull("activation");
        return node;
    }

    ObjectNode link(String source, String target, double weight) {
        return links.addObject().put("source", source).put("target", target).put("weight", weight);
    }

    @Override
    public String toString() {
        return root.toString();
    }

    /** The same circuit under another slug with its nodes and links in another order. */
    static JsonNode shuffled(JsonNode circuit, String slug, long seed) {
        ObjectNode copy = circuit.deepCopy();
        ((ObjectNode) copy.get("metadata")).put("slug", slug);
        for (String list : List.of("nodes", "links")) {
            List<JsonNode> items = new ArrayList<>();
            copy.get(list).forEach(items::add);
            Collections.shuffle(items, new Random(seed));
            copy.putArray(list).addAll(items);
        }
        return copy;
    }

    static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Both files say the same: equal but for the order of links and of keys, and for how a number
     * is written.
     */
    static void assertSame(Path actual, Path expected) {
        ObjectNode written = (ObjectNode) plain(read(actual));
        ObjectNode original = (ObjectNode) plain(read(expected));
        List<String> actualLinks = sorted(written.remove("links"));
        List<String> expectedLinks = sorted(original.remove("links"));
        assertThat(actualLinks).as("links of " + expected).isEqualTo(expectedLinks);
        assertThat(written).as(expected.toString()).isEqualTo(original);
    }

    private static List<String> sorted(JsonNode links) {
        List<String> texts = new ArrayList<>();
        links.forEach(link -> texts.add(link.toString()));
        Collections.sort(texts);
        return texts;
    }

    /** Every number as a plain decimal of its exact double, every object's keys sorted. */
    private static JsonNode plain(JsonNode node) {
        if (node.isNumber()) {
            return MAPPER.getNodeFactory()
                    .numberNode(new BigDecimal(node.doubleValue()).stripTrailingZeros());
        }
        if (node.isArray()) {
            ArrayNode list = MAPPER.createArrayNode();
            node.forEach(item -> list.add(plain(item)));
            return list;
        }
        if (node.isObject()) {
            Map<String, JsonNode> members = new TreeMap<>();
            node.properties().forEach(m -> members.put(m.getKey(), plain(m.getValue())));
            ObjectNode object = MAPPER.createObjectNode();
            members.forEach(object::set);
            return object;
        }
        return node;
    }
}
