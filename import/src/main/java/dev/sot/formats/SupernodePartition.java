package dev.sot.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A partition of a circuit into supernodes as people make it in the field's frontends, as it stands
 * in its file: members may be missing from the circuit, not pinned, or in two supernodes.
 *
 * @param supernodes the supernodes, with distinct labels
 * @param pinnedIds ids of the pinned nodes, in the order of the file
 * @param clerps labels that the user gave to nodes, by node id as the file writes it: often the old
 *     form whose middle field is the layer's digits and five digits of index
 */
public record SupernodePartition(
        List<Group> supernodes, List<String> pinnedIds, Map<String, String> clerps) {
    /** How many pinned nodes the frontends draw. */
    public static final int MAX_PINS = 200;

    /** One supernode: its label and the ids of its members. */
    public record Group(String label, List<String> nodeIds) {
        public Group {
            Objects.requireNonNull(label, "label");
            nodeIds = List.copyOf(nodeIds);
        }
    }

    public SupernodePartition {
        supernodes = List.copyOf(supernodes);
        pinnedIds = List.copyOf(pinnedIds);
        clerps = Collections.unmodifiableMap(new LinkedHashMap<>(clerps));
    }

    /**
     * The partition as the frontends of Anthropic, circuit-tracer and Neuronpedia draw it: only the
     * first {@value #MAX_PINS} pinned nodes take part, a node in several supernodes belongs to the
     * last one, supernodes without a pinned member vanish, and a pinned node in no supernode stands
     * alone.
     *
     * @param nodeIds ids of the circuit's nodes
     */
    public ResolvedPartition resolve(Set<String> nodeIds) {
        Set<String> distinctPins = new LinkedHashSet<>(pinnedIds);
        Set<String> drawn = new LinkedHashSet<>();
        int unmatchedPins = 0;
        int droppedPins = 0;
        for (String pin : distinctPins) {
            if (!nodeIds.contains(pin)) {
                unmatchedPins++;
            } else if (drawn.size() == MAX_PINS) {
                droppedPins++;
            } else {
                drawn.add(pin);
            }
        }

        Map<String, Integer> supernodeOf = new HashMap<>();
        Set<String> unmatched = new HashSet<>();
        Set<String> unpinned = new HashSet<>();
        for (int i = 0; i < supernodes.size(); i++) {
            for (String id : supernodes.get(i).nodeIds()) {
                if (drawn.contains(id)) {
                    supernodeOf.put(id, i);
                } else if (nodeIds.contains(id)) {
                    unpinned.add(id);
                } else {
                    unmatched.add(id);
                }
            }
        }

        List<ResolvedPartition.Group> groups = new ArrayList<>();
        for (String pin : drawn) {
            if (!supernodeOf.containsKey(pin)) {
                groups.add(new ResolvedPartition.Group(pin, null, List.of(pin)));
            }
        }
        Set<String> taken = new HashSet<>(drawn);
        int vanished = 0;
        for (int i = 0; i < supernodes.size(); i++) {
            Set<String> members = new LinkedHashSet<>();
            for (String id : supernodes.get(i).nodeIds()) {
                if (Objects.equals(supernodeOf.get(id), i)) {
                    members.add(id);
                }
            }
            if (members.isEmpty()) {
                vanished++;
                continue;
            }
            String label = supernodes.get(i).label();
            String id = taken.contains(label) ? "supernode-" + i : label;
            while (!taken.add(id)) {
                id += "'";
            }
            groups.add(new ResolvedPartition.Group(id, label, List.copyOf(members)));
        }
        return new ResolvedPartition(
                groups, unmatchedPins, droppedPins, unmatched.size(), unpinned.size(), vanished);
    }

    /**
     * The user's labels by the node ids of a circuit. An id in the old form (the layer's digits and
     * five digits of index in the middle) is taken for the node with the index itself when no node
     * has the id as it stands; labels of other nodes are left out.
     *
     * @param nodeIds ids of the circuit's nodes
     */
    public Map<String, String> labels(Set<String> nodeIds) {
        Map<String, String> labels = new LinkedHashMap<>();
        clerps.forEach(
                (id, label) -> {
                    String current = nodeIds.contains(id) ? id : withoutLayerDigits(id);
                    if (nodeIds.contains(current)) {
                        labels.put(current, label);
                    }
                });
        return labels;
    }

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
