package dev.sot.procedures.compare;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Compressions beside one another, and circuits by the supernodes that they share. */
public final class CompareProcedures extends SotProcedures {

    private static final String LEFT = "Id of a compression.";
    private static final String RIGHT = "Id of another.";
    private static final String JOINT =
            "Id of a compression of several circuits; by default the only compression.";
    private static final String CONFIGURATION = "nodes: 'feature' or 'all'.";

    @Procedure(name = "sot.compare", mode = Mode.READ)
    @Description(
            "How far two compressions agree, beside what is expected by chance of groups of these"
                    + " sizes.")
    public Stream<AgreementRow> compare(
            @Name(value = "left", description = LEFT) String left,
            @Name(value = "right", description = RIGHT) String right,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(comparison("sot.compare", left, right, configuration).agreement());
    }

    @Procedure(name = "sot.compare.groups", mode = Mode.READ)
    @Description("The crosstable of two compressions: what each pair of supernodes has in common.")
    public Stream<GroupRow> groups(
            @Name(value = "left", description = LEFT) String left,
            @Name(value = "right", description = RIGHT) String right,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return comparison("sot.compare.groups", left, right, configuration).groups();
    }

    @Procedure(name = "sot.compare.nodes", mode = Mode.READ)
    @Description("The difference of two compressions: nodes that they group differently.")
    public Stream<MovedRow> nodes(
            @Name(value = "left", description = LEFT) String left,
            @Name(value = "right", description = RIGHT) String right,
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return comparison("sot.compare.nodes", left, right, configuration).moved();
    }

    private Compare comparison(
            String procedure, String left, String right, Map<String, Object> configuration) {
        return new Compare(
                session(), procedure, left, right, CompareConfig.of(procedure, configuration));
    }

    @Procedure(name = "sot.compare.circuits", mode = Mode.READ)
    @Description("How alike circuits that were compressed together are, by their supernodes.")
    public Stream<CircuitPairRow> circuits(
            @Name(value = "compression", defaultValue = "", description = JOINT)
                    String compression) {
        return new CompareCircuits(session(), compression).pairs();
    }

    @Procedure(name = "sot.compare.circuits.stream", mode = Mode.READ)
    @Description("Each supernode of circuits that were compressed together, in each of them.")
    public Stream<CircuitSupernodeRow> circuitsStream(
            @Name(value = "compression", defaultValue = "", description = JOINT)
                    String compression) {
        return new CompareCircuits(session(), compression).rows();
    }
}
