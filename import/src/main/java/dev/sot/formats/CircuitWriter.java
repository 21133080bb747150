package dev.sot.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Writes attribution circuits in the shape of circuit-tracer, which Neuronpedia reads too: UTF-8
 * without line breaks, numbers with the fewest digits that give the same double. Writing what
 * {@link CircuitReader} read gives the same JSON values again, except for links that it did not
 * store.
 */
public final class CircuitWriter {
    private CircuitWriter() {}

    /**
     * Writes a circuit as a stream, beside the target first, and moves it there in one step: the
     * target is the old file or the whole new one.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @param header metadata, display state and further top-level keys
     * @param nodes the nodes, in the order to write
     * @param links the links, in the order to write
     * @throws FormatException when the file cannot be written
     * @throws IllegalArgumentException when a number is not finite or a text in the records is not
     *     JSON
     */
    public static void write(
            Path target,
            CircuitHeader header,
            Iterator<CircuitNodeRecord> nodes,
            Iterator<LinkRecord> links) {
        AtomicFile.write(target, "the circuit", json -> write(json, header, nodes, links));
    }

    private static void write(
            JsonGenerator json,
            CircuitHeader header,
            Iterator<CircuitNodeRecord> nodes,
            Iterator<LinkRecord> links)
            throws IOException {
        json.writeStartObject();
        json.writeFieldName("metadata");
        Json.copy(header.metadataJson(), json);
        json.writeFieldName("qParams");
        Json.copy(header.qParamsJson(), json);
        json.writeArrayFieldStart("nodes");
        while (nodes.hasNext()) {
            writeNode(json, nodes.next());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("links");
        while (links.hasNext()) {
            writeLink(json, links.next());
        }
        json.writeEndArray();
        for (Map.Entry<String, String> other : Json.members(header.extraJson()).entrySet()) {
            json.writeFieldName(other.getKey());
            Json.copy(other.getValue(), json);
        }
        json.writeEndObject();
    }

    private static void writeNode(JsonGenerator json, CircuitNodeRecord node) throws IOException {
        Map<String, String> extra = Json.members(node.extra());
        Map<String, String> set = Json.members(extra.get("set"));
        Set<String> absent = Json.texts(extra.get("absent"));
        Fields fields = new Fields(json, set, absent);
        json.writeStartObject();
        json.writeStringField("node_id", node.nodeId());
        if (fields.canonical("feature")) {
            Long feature = CanonicalNode.feature(node);
            if (feature == null) {
                json.writeNull();
            } else {
                json.writeNumber(feature);
            }
        }
        if (fields.canonical("layer")) {
            json.writeString(CanonicalNode.layer(node));
        }
        json.writeNumberField("ctx_idx", node.position());
        json.writeStringField("feature_type", node.featureType());
        if (fields.canonical("token_prob")) {
            json.writeNumber(finite(node.tokenProbability(), node));
        }
        if (fields.canonical("is_target_logit")) {
            json.writeBoolean(node.targetLogit());
        }
        if (fields.canonical("run_idx")) {
            json.writeNumber(0);
        }
        if (fields.canonical("reverse_ctx_idx")) {
            json.writeNumber(0);
        }
        if (fields.canonical("jsNodeId")) {
            json.writeString(CanonicalNode.jsNodeId(node));
        }
        if (fields.canonical("clerp")) {
            json.writeString(node.label());
        }
        if (fields.canonical("influence")) {
            writeNumber(json, node.cumulativeInfluence(), node);
        }
        if (fields.canonical("activation")) {
            writeNumber(json, node.activation(), node);
        }
        for (Map.Entry<String, String> other : set.entrySet()) {
            json.writeFieldName(other.getKey());
            Json.copy(other.getValue(), json);
        }
        json.writeEndObject();
    }

    /**
     * The fields of one node: writes a field's name and tells whether its canonical value belongs
     * there.
     */
    private record Fields(JsonGenerator json, Map<String, String> set, Set<String> absent) {
        boolean canonical(String name) throws IOException {
            if (absent.contains(name)) {
                return false;
            }
            json.writeFieldName(name);
            String value = set.remove(name);
            if (value != null) {
                Json.copy(value, json);
            }
            return value == null;
        }
    }

    private static void writeNumber(JsonGenerator json, Double value, CircuitNodeRecord node)
            throws IOException {
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(finite(value, node));
        }
    }

    private static double finite(double value, CircuitNodeRecord node) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("node " + node.nodeId() + " holds " + value);
        }
        return value;
    }

    private static void writeLink(JsonGenerator json, LinkRecord link) throws IOException {
        if (!Double.isFinite(link.weight())) {
            throw new IllegalArgumentException(
                    "the link from "
                            + link.source()
                            + " to "
                            + link.target()
                            + " has weight "
                            + link.weight());
        }
        json.writeStartObject();
        json.writeStringField("source", link.source());
        json.writeStringField("target", link.target());
        json.writeNumberField("weight", link.weight());
        for (Map.Entry<String, String> other : Json.members(link.extra()).entrySet()) {
            json.writeFieldName(other.getKey());
            Json.copy(other.getValue(), json);
        }
        json.writeEndObject();
    }
}
