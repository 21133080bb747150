package dev.sot.procedures.circuit;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Circuits in and out of the database, and their scores. */
public final class CircuitProcedures extends SotProcedures {

    @Procedure(name = "sot.import.circuit", mode = Mode.WRITE)
    @Description(
            "Imports an attribution circuit from a JSON file of circuit-tracer, Neuronpedia or"
                    + " another tool in the import directory.")
    public Stream<ImportCircuitResult> importCircuit(
            @Name(
                            value = "file",
                            description = "File name, relative to the server's import directory.")
                    String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "dictionary, model, replace.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new CircuitImport(
                                session(),
                                ImportCircuitConfig.of("sot.import.circuit", configuration))
                        .run(session().importDirectory().file(file), file));
    }

    @Procedure(name = "sot.import.circuits", mode = Mode.WRITE)
    @Description(
            "Imports every circuit of a directory in the import directory. All files are checked"
                    + " before the first is written; each is then committed by itself.")
    public Stream<ImportCircuitResult> importCircuits(
            @Name(
                            value = "directory",
                            description =
                                    "Directory name, relative to the server's import directory.")
                    String directory,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "dictionary, model, replace.")
                    Map<String, Object> configuration) {
        return new CircuitsImport(
                        session(), ImportCircuitConfig.of("sot.import.circuits", configuration))
                .run(session().importDirectory().directory(directory), directory).stream();
    }

    @Procedure(name = "sot.export.circuit", mode = Mode.READ)
    @Description(
            "Writes a circuit as circuit-tracer JSON into the import directory, with the supernodes"
                    + " of a compression in its qParams.")
    public Stream<ExportCircuitResult> exportCircuit(
            @Name(value = "circuit", description = "Slug of the circuit.") String circuit,
            @Name(
                            value = "file",
                            description =
                                    "File to write, relative to the server's import directory.")
                    String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "compression, overwrite.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new CircuitExport(session(), ExportCircuitConfig.of(configuration))
                        .run(circuit, file));
    }

    @Procedure(name = "sot.score", mode = Mode.READ)
    @Description(
            "Replacement and completeness score of a circuit, or of the subgraph that a compression"
                    + " pins.")
    public Stream<ScoreResult> score(
            @Name(
                            value = "circuit",
                            defaultValue = "",
                            description = "Slug of the circuit; by default the only one.")
                    String circuit,
            @Name(value = "configuration", defaultValue = "{}", description = "compression.")
                    Map<String, Object> configuration) {
        return Stream.of(new CircuitScore(session()).run(circuit, configuration));
    }

    @Procedure(name = "sot.drop.circuit", mode = Mode.WRITE)
    @Description("Deletes a circuit with its nodes, links and compressions. Features stay.")
    public Stream<DropCircuitResult> dropCircuit(
            @Name(value = "circuit", description = "Slug of the circuit.") String circuit) {
        return Stream.of(new DropCircuit(session()).run(circuit));
    }
}
