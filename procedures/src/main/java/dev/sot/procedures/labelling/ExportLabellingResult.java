package dev.sot.procedures.labelling;

import org.neo4j.procedure.Description;

/** One written file of prompts. */
public final class ExportLabellingResult {

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("Id of the compression.")
    public final String compression;

    @Description("Prompts written, one for each supernode with features.")
    public final long prompts;

    @Description("Features described in them.")
    public final long features;

    @Description("Features that are only counted in them, being beyond `features`.")
    public final long furtherFeatures;

    ExportLabellingResult(
            String file, String compression, long prompts, long features, long furtherFeatures) {
        this.file = file;
        this.compression = compression;
        this.prompts = prompts;
        this.features = features;
        this.furtherFeatures = furtherFeatures;
    }
}
