package dev.sot.formats;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that the nodes of one circuit go by where people keep partitions.
 *
 * <ul>
 *   <li>{@code node_id}: circuit-tracer's and Neuronpedia's frontends pin nodes by it.
 *   <li>{@code jsNodeId}: Anthropic's frontend pins by it, and pins all nodes that carry it. Files
 *       of circuit-tracer give one to all positions of a feature.
 *   <li>{@code layer_feature_position} with the file's own number of the feature: Neuronpedia keeps
 *       labels by it. In files of schema version 1 the number is the Cantor number; in older ones
 *       the layer's digits and five digits of index.
 * </ul>
 */
public final class NodeNames {
    private final Set<String> nodeIds = new HashSet<>();
    private final Map<String, List<String>> byJsNodeId = new HashMap<>();
    private final Map<String, String> byLabelId = new HashMap<>();

    /** Names of the nodes given. O(nodes). */
    public NodeNames(Collection<CircuitNodeRecord> nodes) {
        Map<String, List<String>> errors = new HashMap<>();
        for (CircuitNodeRecord node : nodes) {
            nodeIds.add(node.nodeId());
            jsNodeId(node)
                    .ifPresent(
                            id ->
                                    (node.kind() == CircuitNodeKind.ERROR ? errors : byJsNodeId)
                                            .computeIfAbsent(id, i -> new ArrayList<>())
                                            .add(node.nodeId()));
            if (node.kind() != CircuitNodeKind.ERROR) {
                byLabelId.putIfAbsent(labelId(node), node.nodeId());
            }
        }
        // An error's name has the shape of a feature's; where both exist, it means the feature.
        errors.forEach(byJsNodeId::putIfAbsent);
    }

    /** Ids of the nodes that a pin or a supernode's member means; none when it means no node. */
    public List<String> nodes(String name) {
        return nodeIds.contains(name) ? List.of(name) : byJsNodeId.getOrDefault(name, List.of());
    }

    /** Id of the node whose label stands under a name. */
    public Optional<String> labelled(String name) {
        if (nodeIds.contains(name)) {
            return Optional.of(name);
        }
        String node = byLabelId.get(name);
        String old = withoutLayerDigits(name);
        return node != null
                ? Optional.of(node)
                : nodeIds.contains(old) ? Optional.of(old) : Optional.empty();
    }

    /** The name under which Neuronpedia looks for a node's label. */
    public static String labelId(CircuitNodeRecord node) {
        Long feature = CanonicalNode.feature(node);
        String number = written(node, "feature").orElse(feature == null ? "null" : "" + feature);
        return CanonicalNode.layer(node) + "_" + number + "_" + node.position();
    }

    private static Optional<String> jsNodeId(CircuitNodeRecord node) {
        try {
            if (node.extra() != null
                    && Json.texts(Json.members(node.extra()).get("absent")).contains("jsNodeId")) {
                return Optional.empty();
            }
            Optional<String> written = written(node, "jsNodeId");
            return written.isPresent()
                    ? Optional.ofNullable(Json.tree(written.get()).textValue())
                    : Optional.of(CanonicalNode.jsNodeId(node));
        } catch (IOException e) {
            throw notJson(node, e);
        }
    }

    /** A field's value as JSON text where the file deviates from what circuit-tracer writes. */
    private static Optional<String> written(CircuitNodeRecord node, String field) {
        if (node.extra() == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    Json.members(Json.members(node.extra()).get("set")).get(field));
        } catch (IOException e) {
            throw notJson(node, e);
        }
    }

    private static IllegalArgumentException notJson(CircuitNodeRecord node, IOException e) {
        return new IllegalArgumentException(
                "extra fields of node " + node.nodeId() + " are not a JSON object", e);
    }

    /** The node id behind an id whose middle field is the layer's digits and five of index. */
    private static String withoutLayerDigits(String id) {
        String[] parts = id.split("_", -1);
        if (parts.length != 3
                || parts[1].length() != parts[0].length() + 5
                || !parts[1].startsWith(parts[0])) {
            return id;
        }
        String index = parts[1].substring(parts[0].length()).replaceFirst("^0+(?=.)", "");
        return parts[0] + "_" + index + "_" + parts[2];
    }
}
