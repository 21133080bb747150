package dev.sot.procedures.intervention;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Compressions tried on the model that their circuits are of. */
public final class InterventionProcedures extends SotProcedures {

    @Procedure(name = "sot.export.interventions", mode = Mode.READ)
    @Description(
            "Writes the interventions that tell how faithful compressions are, for the model to be"
                    + " run with.")
    public Stream<ExportInterventionsResult> exportInterventions(
            @Name(
                            value = "compressions",
                            description =
                                    "Id of a compression, a :Compression node, or a list of them;"
                                            + " '' for the only one.")
                    Object compressions,
            @Name(
                            value = "file",
                            description =
                                    "File to write, relative to the server's import directory.")
                    String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "kinds, others, overwrite.")
                    Map<String, Object> configuration) {
        return new InterventionsExport(session(), ExportInterventionsConfig.of(configuration))
                .run(compressions, file).stream();
    }

    @Procedure(name = "sot.import.interventions", mode = Mode.WRITE)
    @Description("Stores what a model did under the interventions of compressions.")
    public Stream<ImportInterventionsResult> importInterventions(
            @Name(
                            value = "file",
                            description =
                                    "File of results, relative to the server's import directory.")
                    String file) {
        return new InterventionsImport(session())
                .run(session().importDirectory().file(file), file).stream();
    }
}
