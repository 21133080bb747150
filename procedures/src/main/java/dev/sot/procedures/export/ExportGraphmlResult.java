package dev.sot.procedures.export;

import org.neo4j.procedure.Description;

/** One written GraphML file. */
public final class ExportGraphmlResult {

    @Description("The circuit's name, or that of what the compression is of.")
    public final String circuit;

    @Description("Id of the compression; null for a circuit alone.")
    public final String compression;

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("Nodes written.")
    public final long nodes;

    @Description("Edges written.")
    public final long edges;

    @Description("Size of the file in bytes.")
    public final long bytes;

    ExportGraphmlResult(
            String circuit, String compression, String file, long nodes, long edges, long bytes) {
        this.circuit = circuit;
        this.compression = compression;
        this.file = file;
        this.nodes = nodes;
        this.edges = edges;
        this.bytes = bytes;
    }
}
