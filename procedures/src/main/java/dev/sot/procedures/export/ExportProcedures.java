package dev.sot.procedures.export;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Circuits and compressions as files for other tools. */
public final class ExportProcedures extends SotProcedures {

    private static final String FILE = "File to write, relative to the server's import directory.";

    @Procedure(name = "sot.export.subgraph", mode = Mode.READ)
    @Description(
            "Writes a compression as the body with which Neuronpedia's API saves a subgraph: pins,"
                    + " supernodes and labels.")
    public Stream<ExportSubgraphResult> exportSubgraph(
            @Name(value = "compression", description = "Id of the compression.") String compression,
            @Name(value = "file", description = FILE) String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "circuit, modelId, slug, displayName, pruningThreshold,"
                                            + " densityThreshold, overwriteId, overwrite.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new SubgraphExport(session(), ExportSubgraphConfig.of(configuration))
                        .run(compression, file));
    }

    @Procedure(name = "sot.export.graphml", mode = Mode.READ)
    @Description(
            "Writes a circuit as GraphML, which NetworkX, Gephi and yEd read, with the supernodes"
                    + " of a compression; or the compressed circuit.")
    public Stream<ExportGraphmlResult> exportGraphml(
            @Name(
                            value = "graph",
                            description = "Slug of a circuit or id of a compression, or its node.")
                    Object graph,
            @Name(value = "file", description = FILE) String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "compressed, overwrite.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new GraphmlExport(session(), ExportGraphmlConfig.of(configuration))
                        .run(graph, file));
    }
}
