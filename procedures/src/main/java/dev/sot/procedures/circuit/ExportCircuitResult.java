package dev.sot.procedures.circuit;

import org.neo4j.procedure.Description;

/** One written circuit file. */
public final class ExportCircuitResult {

    @Description("The circuit's name.")
    public final String slug;

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("Nodes written.")
    public final long nodes;

    @Description("Links written.")
    public final long links;

    @Description("Supernodes written into qParams; 0 without a compression.")
    public final long supernodes;

    @Description("Size of the file in bytes.")
    public final long bytes;

    ExportCircuitResult(
            String slug, String file, long nodes, long links, long supernodes, long bytes) {
        this.slug = slug;
        this.file = file;
        this.nodes = nodes;
        this.links = links;
        this.supernodes = supernodes;
        this.bytes = bytes;
    }
}
