package dev.sot.procedures.intervention;

import dev.sot.formats.InterventionList.Partition;
import org.neo4j.procedure.Description;

/** One compression in a written list of interventions. */
public final class ExportInterventionsResult {

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("Id of the compression.")
    public final String compression;

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Supernodes with features.")
    public final long supernodes;

    @Description("Features, each at a position, in these supernodes.")
    public final long members;

    @Description("Hash of the partition, which results have to name.")
    public final String partition;

    ExportInterventionsResult(String file, Partition partition) {
        this.file = file;
        this.compression = partition.compression();
        this.circuit = partition.circuit();
        this.supernodes = partition.groups().size();
        this.members = partition.groups().stream().mapToLong(g -> g.members().size()).sum();
        this.partition = partition.hash();
    }
}
