package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Circuits collapsed into supernodes. */
public final class CompressionProcedures extends SotProcedures {

    private static final String CIRCUIT =
            "Slug of a circuit or a :Circuit node; a list of these, compressed together; the name"
                    + " of a graph of your own that the configuration describes. By default every"
                    + " circuit by itself.";
    private static final String CONFIGURATION =
            "How to compare, group and constrain, and how many supernodes to make.";

    @Procedure(name = "sot.compress", mode = Mode.WRITE)
    @Description(
            "Collapses a circuit into supernodes of features with similar distributions and stores"
                    + " them on top of it.")
    public Stream<CompressResult> compress(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Compress.of(
                        session(),
                        CompressConfig.of(session(), "sot.compress", configuration),
                        circuit)
                .map(Compress::write);
    }

    @Procedure(name = "sot.compress.stream", mode = Mode.READ)
    @Description("The supernodes that sot.compress would store.")
    public Stream<SupernodeRow> stream(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Compress.of(
                        session(),
                        CompressConfig.of(session(), "sot.compress.stream", configuration),
                        circuit)
                .flatMap(Compress::stream);
    }

    @Procedure(name = "sot.compress.stats", mode = Mode.READ)
    @Description("The summary that sot.compress would return, without storing anything.")
    public Stream<CompressResult> stats(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Compress.of(
                        session(),
                        CompressConfig.of(session(), "sot.compress.stats", configuration),
                        circuit)
                .map(Compress::stats);
    }

    @Procedure(name = "sot.compress.estimate", mode = Mode.READ)
    @Description("The heap that sot.compress would take, without computing anything.")
    public Stream<CompressEstimate> estimate(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Compress.estimate(
                session(),
                CompressConfig.ofAllCuts(session(), "sot.compress.estimate", configuration),
                circuit);
    }

    @Procedure(name = "sot.compress.sizes", mode = Mode.READ)
    @Description(
            "Every number of supernodes that the hierarchy of a circuit can be cut into, with what"
                    + " becomes of distances and links.")
    public Stream<SizeRow> sizes(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Compress.sizes(
                session(),
                CompressConfig.ofAllCuts(session(), "sot.compress.sizes", configuration),
                circuit);
    }

    @Procedure(name = "sot.compress.dendrogram", mode = Mode.READ)
    @Description("The merges of the hierarchy that a compression is cut from.")
    public Stream<MergeRow> dendrogram(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Compress.dendrogram(
                session(),
                CompressConfig.ofAllCuts(session(), "sot.compress.dendrogram", configuration),
                circuit);
    }

    @Procedure(name = "sot.compress.stability", mode = Mode.READ)
    @Description(
            "How far the supernodes depend on seeds, supports, the space, their number, weak nodes"
                    + " and links, and the prompts in the corpus.")
    public Stream<StabilityRow> stability(
            @Name(value = "circuit", defaultValue = "null", description = CIRCUIT) Object circuit,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "factors, resamples, resampleSeed, and all keys of"
                                            + " sot.compress.")
                    Map<String, Object> configuration) {
        return Stability.of(session(), StabilityConfig.of(configuration), circuit);
    }

    @Procedure(name = "sot.compress.drop", mode = Mode.WRITE)
    @Description("Deletes a compression; the circuit stays as it was.")
    public Stream<DropCompressionResult> drop(
            @Name(value = "compression", description = "Id of the compression.")
                    String compression) {
        return Stream.of(new DropCompression(session()).run(compression));
    }

    @Procedure(name = "sot.import.supernodes", mode = Mode.WRITE)
    @Description(
            "Imports a partition made by hand, from a frontend's URL state, qParams or a saved"
                    + " subgraph, as a compression of a circuit.")
    public Stream<ImportSupernodesResult> importSupernodes(
            @Name(value = "circuit", description = "Slug of the circuit.") String circuit,
            @Name(
                            value = "file",
                            description = "File name, relative to the server's import directory.")
                    String file,
            @Name(value = "configuration", defaultValue = "{}", description = "id, allPins.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new SupernodesImport(session(), configuration)
                        .run(circuit, session().importDirectory().file(file), file));
    }

    @Procedure(name = "sot.expand", mode = Mode.READ)
    @Description("The members of a supernode, with their features and the links among them.")
    public Stream<MemberRow> expand(
            @Name(value = "supernode", description = "A :Supernode node or its key.")
                    Object supernode) {
        return new Expand(session()).run(supernode);
    }

    @Procedure(name = "sot.evaluate", mode = Mode.READ)
    @Description(
            "Every quality of a compression beside baselines with as many groups of the same"
                    + " features: random, layer x position, decoder cosine, activation"
                    + " correlation, edge profiles, roles and several views.")
    public Stream<EvaluationRow> evaluate(
            @Name(
                            value = "compression",
                            defaultValue = "",
                            description = "Id of the compression; by default the only one.")
                    String compression,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "reference, referenceProperty, draws, seed, concurrency; to"
                                            + " measure by another distance also distance, level,"
                                            + " space, order, groundCost, supportSize,"
                                            + " structureWeight, missing.")
                    Map<String, Object> configuration) {
        return Evaluation.run(session(), EvaluationConfig.of(configuration), compression).stream();
    }
}
