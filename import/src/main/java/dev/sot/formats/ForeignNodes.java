package dev.sot.formats;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Nodes of files that are not laid out as circuit-tracer's, as nodes that it would write. */
final class ForeignNodes {
    private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9+_-]{1,40}");
    private static final List<String> COMPONENTS = List.of("embed", "attn", "mlp", "resid", "y");

    private ForeignNodes() {}

    /**
     * A node of ADAG: an MLP neuron at a position, the embedding of a token (layer -1, {@code
     * neuron_idx} is the token) or, in the highest layer, an output, which {@link #outputs} tells
     * once all nodes are read. A neuron's activations over several prompts become their mean.
     */
    static CircuitNodeRecord adag(JsonPass pass, int number) throws IOException {
        JsonFields fields = JsonFields.read(pass, "nodes[" + number + "]");
        int layer = (int) fields.whole("layer", -1, 999_999_999);
        int position = (int) fields.whole("position", 0, 999_999_999);
        long neuron = fields.whole("neuron_idx", 0, Integer.MAX_VALUE);
        if (!fields.text("id").equals(layer + "_" + position + "_" + neuron)) {
            throw fields.failure(
                    "id",
                    "the id "
                            + Json.shorten(fields.text("id"))
                            + " is not that of layer "
                            + layer
                            + ", position "
                            + position
                            + ", neuron "
                            + neuron,
                    "correct the one that is wrong");
        }
        String polarity = fields.has("polarity") ? fields.text("polarity") : "N.A.";
        String label = fields.has("label") ? fields.text("label") : "";
        return record(
                CircuitShape.adagId(layer, neuron, position),
                layer < 0 ? CircuitNodeKind.EMBEDDING : CircuitNodeKind.FEATURE,
                layer,
                position,
                neuron,
                mean(fields, "activations"),
                0,
                label.equals("N.A.") ? "" : label,
                layer < 0 || polarity.equals("N.A.") ? null : component(fields, polarity),
                fields.further("id", "layer", "position", "neuron_idx", "label", "component"));
    }

    /** A neuron of ADAG's highest layer, which is the layer of outputs. */
    static CircuitNodeRecord output(CircuitNodeRecord node) {
        return new CircuitNodeRecord(
                node.nodeId(),
                CircuitNodeKind.LOGIT,
                "logit",
                node.layer(),
                node.position(),
                node.featureIndex(),
                node.activation(),
                node.cumulativeInfluence(),
                node.tokenProbability(),
                node.targetLogit(),
                node.label(),
                null,
                node.extra());
    }

    /**
     * A node of a sparse feature circuit: a feature of one component's dictionary, what that
     * dictionary leaves unexplained ({@code feature} is null), or the metric y. Nodes that are
     * summed over positions stand at position 0.
     */
    static CircuitNodeRecord featureCircuit(JsonPass pass, int number) throws IOException {
        JsonFields fields = JsonFields.read(pass, "nodes[" + number + "]");
        String id = fields.text("id");
        if (id.isEmpty()) {
            throw fields.failure("id", "the id is empty", "give each node an id of its own");
        }
        String component = fields.text("component");
        if (!COMPONENTS.contains(component)) {
            throw fields.wrong("component", "one of " + COMPONENTS);
        }
        boolean target = component.equals("y");
        boolean embedding = component.equals("embed");
        int layer =
                embedding || target && !fields.has("layer")
                        ? 0
                        : (int) fields.whole("layer", 0, 999_999_999);
        int position = fields.has("position") ? (int) fields.whole("position", 0, 999_999_999) : 0;
        Long feature =
                !target && fields.has("feature")
                        ? (Long) fields.whole("feature", 0, Integer.MAX_VALUE)
                        : null;
        return record(
                id,
                target
                        ? CircuitNodeKind.LOGIT
                        : feature == null ? CircuitNodeKind.ERROR : CircuitNodeKind.FEATURE,
                layer,
                position,
                feature,
                fields.has("activation") ? (Double) fields.finite("activation") : null,
                target ? 1 : 0,
                fields.has("label") ? fields.text("label") : "",
                target ? null : component,
                fields.further(
                        "id", "layer", "position", "feature", "activation", "label", "component"));
    }

    /** The component of a name, which becomes part of a dictionary's. */
    static String component(JsonFields fields, String name) {
        if (!COMPONENT.matcher(name).matches()) {
            throw fields.failure(
                    "polarity",
                    "found " + Json.shorten(name),
                    "write at most 40 letters, digits, +, - and _");
        }
        return name;
    }

    static boolean isComponent(String name) {
        return COMPONENT.matcher(name).matches();
    }

    private static Double mean(JsonFields fields, String key) {
        if (!fields.has(key)) {
            return null;
        }
        JsonNode list = fields.get(key);
        double sum = 0;
        for (JsonNode value : list) {
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw fields.wrong(key, "a list of finite numbers");
            }
            sum += value.doubleValue();
        }
        if (!list.isArray()) {
            throw fields.wrong(key, "a list of finite numbers");
        }
        return list.isEmpty() ? null : (Double) (sum / list.size());
    }

    private static CircuitNodeRecord record(
            String id,
            CircuitNodeKind kind,
            int layer,
            int position,
            Long index,
            Double activation,
            double probability,
            String label,
            String component,
            Map<String, String> further) {
        Map<String, String> set = new LinkedHashMap<>(further);
        if (component != null) {
            set.put("component", Json.quote(component));
        }
        String type =
                switch (kind) {
                    case FEATURE -> "cross layer transcoder";
                    case ERROR -> "mlp reconstruction error";
                    case EMBEDDING -> "embedding";
                    case LOGIT -> "logit";
                };
        return new CircuitNodeRecord(
                id,
                kind,
                type,
                layer,
                position,
                index,
                activation,
                null,
                probability,
                false,
                label,
                kind == CircuitNodeKind.FEATURE ? component : null,
                set.isEmpty() ? null : "{\"set\":" + Json.object(set) + "}");
    }
}
