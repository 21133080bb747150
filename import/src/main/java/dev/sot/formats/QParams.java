package dev.sot.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The display state of a circuit file, {@code qParams}: what the frontends pin and how they group
 * it.
 */
public final class QParams {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private QParams() {}

    /**
     * The same display state with other pins and supernodes.
     *
     * @param json the circuit's {@code qParams} as JSON text
     * @param pinnedIds node ids; the frontends draw the first 200
     * @param supernodes labels and members, written as {@code [label, id, ...]}
     * @return JSON text
     */
    public static String withSupernodes(
            String json, List<String> pinnedIds, List<SupernodePartition.Group> supernodes) {
        try {
            JsonNode parsed = MAPPER.readTree(json);
            ObjectNode qParams =
                    parsed instanceof ObjectNode object ? object : MAPPER.createObjectNode();
            ArrayNode pins = qParams.putArray("pinnedIds");
            pinnedIds.forEach(pins::add);
            ArrayNode groups = qParams.putArray("supernodes");
            for (SupernodePartition.Group supernode : supernodes) {
                ArrayNode group = groups.addArray().add(supernode.label());
                supernode.nodeIds().forEach(group::add);
            }
            return MAPPER.writeValueAsString(qParams);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("qParams is not JSON: " + json, e);
        }
    }
}
