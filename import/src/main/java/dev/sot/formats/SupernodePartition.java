package dev.sot.formats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A partition of a circuit into supernodes as people make it in the field's frontends, as it stands
 * in its file: members may be missing from the circuit, not pinned, or in two supernodes.
 *
 * @param supernodes the supernodes, with distinct labels
 * @param pinnedIds ids of the pinned nodes, in the order of the file
 * @param clerps labels that the user gave to nodes, by node id as the file writes it
 */
public record SupernodePartition(
        List<Group> supernodes, List<String> pinnedIds, Map<String, String> clerps) {
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

    /** The partition as the frontends draw it on a circuit with these node ids. */
    public ResolvedPartition resolve(java.util.Set<String> nodeIds) {
        throw new UnsupportedOperationException("not built yet");
    }
}
