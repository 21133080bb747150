package dev.sot.procedures.compression;

import dev.sot.formats.ResolvedPartition;
import org.neo4j.procedure.Description;

/** One imported partition. */
public final class ImportSupernodesResult {

    @Description("Id of the compression.")
    public final String id;

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Supernodes, with those of single pinned nodes.")
    public final long supernodes;

    @Description("Nodes of the circuit in a supernode.")
    public final long members;

    @Description("Superedges between supernodes.")
    public final long superedges;

    @Description("Members in the file that are no node of the circuit.")
    public final long unmatchedMembers;

    @Description("Members in the file that are not pinned, and so not drawn.")
    public final long unpinnedMembers;

    @Description("Pins in the file that are no node of the circuit.")
    public final long unmatchedPins;

    @Description(
            "Pinned nodes beyond the first 200, which the field's frontends do not draw and which"
                    + " were left out.")
    public final long droppedPins;

    @Description("Supernodes in the file that are left without a member.")
    public final long vanishedSupernodes;

    @Description("Labels of single members, kept as `label` of their MEMBER_OF.")
    public final long memberLabels;

    @Description("Labels in the file of what is no member.")
    public final long unmatchedLabels;

    ImportSupernodesResult(
            String id,
            String circuit,
            ResolvedPartition partition,
            long superedges,
            long memberLabels,
            long unmatchedLabels) {
        this.id = id;
        this.circuit = circuit;
        this.supernodes = partition.groups().size();
        this.members = partition.groups().stream().mapToLong(g -> g.nodeIds().size()).sum();
        this.superedges = superedges;
        this.unmatchedMembers = partition.unmatchedMembers();
        this.unpinnedMembers = partition.unpinnedMembers();
        this.unmatchedPins = partition.unmatchedPins();
        this.droppedPins = partition.droppedPins();
        this.vanishedSupernodes = partition.vanishedSupernodes();
        this.memberLabels = memberLabels;
        this.unmatchedLabels = unmatchedLabels;
    }
}
