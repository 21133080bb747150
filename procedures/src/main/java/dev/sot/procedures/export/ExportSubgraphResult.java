package dev.sot.procedures.export;

import dev.sot.formats.Subgraph;
import dev.sot.formats.SupernodePartition;
import org.neo4j.procedure.Description;

/** One written subgraph. */
public final class ExportSubgraphResult {

    @Description("Id of the compression.")
    public final String compression;

    @Description("The model under which the subgraph is to be saved.")
    public final String modelId;

    @Description("The graph of which it is to be saved.")
    public final String slug;

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("Supernodes written.")
    public final long supernodes;

    @Description("Pinned nodes written.")
    public final long pins;

    @Description("Pinned nodes beyond the first 200, which the frontend does not draw.")
    public final long undrawnPins;

    @Description("Labels of nodes written.")
    public final long labels;

    @Description("Size of the file in bytes.")
    public final long bytes;

    ExportSubgraphResult(String compression, Subgraph subgraph, String file, long bytes) {
        this.compression = compression;
        this.modelId = subgraph.modelId();
        this.slug = subgraph.slug();
        this.file = file;
        this.supernodes = subgraph.supernodes().size();
        this.pins = subgraph.pinnedIds().size();
        this.undrawnPins = Math.max(0, pins - SupernodePartition.MAX_PINS);
        this.labels = subgraph.clerps().size();
        this.bytes = bytes;
    }
}
