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
 * @param clerps labels that the user gave to nodes, by a name of the node, see {@link NodeNames}
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
     * first {@code maxPins} pinned nodes take part, a node in several supernodes belongs to the
     * last one, supernodes without a pinned member vanish, and a pinned node in no supernode stands
     * alone.
     *
     * @param names names of the circuit's nodes
     * @param maxPins how many pinned nodes take part; the frontends draw {@value #MAX_PINS}
     */
    public ResolvedPartition resolve(NodeNames names, int maxPins) {
        Set<String> distinctPins = new LinkedHashSet<>(pinnedIds);
        Set<String> drawn = new LinkedHashSet<>();
        int unmatchedPins = 0;
        int droppedPins = 0;
        for (String pin : distinctPins) {
            List<String> nodes = names.nodes(pin);
            unmatchedPins += nodes.isEmpty() ? 1 : 0;
            for (String node : nodes) {
                if (drawn.size() < maxPins) {
                    drawn.add(node);
                } else if (!drawn.contains(node)) {
                    droppedPins++;
                }
            }
        }

        Map<String, Integer> supernodeOf = new HashMap<>();
        Set<String> unmatched = new HashSet<>();
        Set<String> unpinned = new HashSet<>();
        for (int i = 0; i < supernodes.size(); i++) {
            for (String member : supernodes.get(i).nodeIds()) {
                List<String> nodes = names.nodes(member);
                if (nodes.isEmpty()) {
                    unmatched.add(member);
                }
                for (String node : nodes) {
                    if (drawn.contains(node)) {
                        supernodeOf.put(node, i);
                    } else {
                        unpinned.add(node);
                    }
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
            for (String member : supernodes.get(i).nodeIds()) {
                for (String node : names.nodes(member)) {
                    if (Objects.equals(supernodeOf.get(node), i)) {
                        members.add(node);
                    }
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
     * The user's labels by the node ids of a circuit, whatever form of id the file uses; without
     * those of nodes that the circuit does not have.
     */
    public Map<String, String> labels(NodeNames names) {
        Map<String, String> labels = new LinkedHashMap<>();
        clerps.forEach(
                (name, label) -> names.labelled(name).ifPresent(node -> labels.put(node, label)));
        return labels;
    }
}
