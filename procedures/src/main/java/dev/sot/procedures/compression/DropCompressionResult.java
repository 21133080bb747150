package dev.sot.procedures.compression;

import dev.sot.procedures.store.CompressionStore;
import org.neo4j.procedure.Description;

/** What was deleted with a compression. */
public final class DropCompressionResult {

    @Description("Id of the compression.")
    public final String id;

    @Description("Supernodes deleted.")
    public final long supernodes;

    @Description("Superedges deleted.")
    public final long superedges;

    DropCompressionResult(String id, CompressionStore.Removed removed) {
        this.id = id;
        this.supernodes = removed.supernodes();
        this.superedges = removed.superedges();
    }
}
