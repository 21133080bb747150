package dev.sot.formats;

import java.util.List;
import java.util.Objects;

/**
 * A partition as the frontends draw it: every pinned node of the circuit in exactly one group.
 *
 * @param groups first the pinned nodes outside all supernodes, one group each in the order of the
 *     pins, then the supernodes in the order of the file
 * @param unmatchedPins pinned ids that are no node of the circuit
 * @param droppedPins pinned nodes beyond those that take part
 * @param unmatchedMembers members of supernodes that are no node of the circuit
 * @param unpinnedMembers members of supernodes that are nodes but not among the drawn pins
 * @param vanishedSupernodes supernodes left without a member
 */
public record ResolvedPartition(
        List<Group> groups,
        int unmatchedPins,
        int droppedPins,
        int unmatchedMembers,
        int unpinnedMembers,
        int vanishedSupernodes) {
    /**
     * One node of the drawn subgraph.
     *
     * @param id the node's id for a single node; for a supernode its label, or {@code
     *     supernode-<place in the file>} where that id is taken
     * @param label the supernode's label, null for a single node
     * @param nodeIds the members
     */
    public record Group(String id, String label, List<String> nodeIds) {
        public Group {
            Objects.requireNonNull(id, "id");
            nodeIds = List.copyOf(nodeIds);
        }
    }

    public ResolvedPartition {
        groups = List.copyOf(groups);
    }
}
