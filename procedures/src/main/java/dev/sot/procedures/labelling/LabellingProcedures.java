package dev.sot.procedures.labelling;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Supernodes labelled by language models or people outside the database. */
public final class LabellingProcedures extends SotProcedures {

    @Procedure(name = "sot.export.labelling", mode = Mode.READ)
    @Description(
            "Writes a prompt for each supernode of features, with what the database knows of it,"
                    + " for any language model to label.")
    public Stream<ExportLabellingResult> exportLabelling(
            @Name(
                            value = "compression",
                            description = "Id of the compression; '' for the only one.")
                    String compression,
            @Name(
                            value = "file",
                            description =
                                    "File to write, relative to the server's import directory.")
                    String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "features, contexts, links, overwrite.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new LabellingExport(session(), ExportLabellingConfig.of(configuration))
                        .run(compression, file));
    }

    @Procedure(name = "sot.import.labelling", mode = Mode.WRITE)
    @Description("Gives supernodes the labels that came back, and keeps the former ones.")
    public Stream<ImportLabellingResult> importLabelling(
            @Name(
                            value = "file",
                            description =
                                    "File of labels, relative to the server's import directory.")
                    String file,
            @Name(value = "configuration", defaultValue = "{}", description = "labeller.")
                    Map<String, Object> configuration) {
        return new LabellingImport(session(), configuration)
                .run(session().importDirectory().file(file), file).stream();
    }
}
