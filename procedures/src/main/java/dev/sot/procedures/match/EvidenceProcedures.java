package dev.sot.procedures.match;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Why two features match. */
public final class EvidenceProcedures extends SotProcedures {

    @Procedure(name = "sot.match.evidence", mode = Mode.READ)
    @Description(
            "What a match rests on: the heaviest flows of the transport plan between two features,"
                    + " with the contexts on both sides.")
    public Stream<EvidenceRow> evidence(
            @Name(value = "source", description = "A :Feature node or its key.") Object source,
            @Name(value = "target", description = "Another.") Object target,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "flows, window, space, order, groundCost, exponent, support.")
                    Map<String, Object> configuration) {
        return Evidence.of(session(), source, target, EvidenceConfig.of(configuration));
    }
}
