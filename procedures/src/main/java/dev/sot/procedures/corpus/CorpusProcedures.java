package dev.sot.procedures.corpus;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Activations in and out of the database. */
public final class CorpusProcedures extends SotProcedures {

    @Procedure(name = "sot.import.activations", mode = Mode.WRITE)
    @Description(
            "Imports an activation bundle (sot-bundle/1): token positions, hidden states,"
                    + " dictionaries, activations, vectors and labels.")
    public Stream<ImportActivationsResult> importActivations(
            @Name(
                            value = "directory",
                            description =
                                    "The bundle's directory, relative to the server's import"
                                            + " directory.")
                    String directory,
            @Name(value = "configuration", defaultValue = "{}", description = "corpus.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new ActivationImport(session(), ImportActivationsConfig.of(configuration))
                        .run(session().importDirectory().directory(directory), directory));
    }

    @Procedure(name = "sot.drop.corpus", mode = Mode.WRITE)
    @Description(
            "Deletes a corpus with its positions, hidden states and activations. Features, their"
                    + " labels and vectors stay.")
    public Stream<DropCorpusResult> dropCorpus(
            @Name(value = "corpus", description = "Name of the corpus.") String corpus) {
        return Stream.of(new DropCorpus(session()).run(corpus));
    }
}
