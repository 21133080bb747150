package dev.sot.procedures.transport;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.UserFunction;

/** Optimal transport of measures that are given in Cypher. */
public final class TransportFunctions extends SotProcedures {

    private static final String MEASURE =
            "{points: [[x, y, ...], ...], weights: [...]}; without weights all points weigh the"
                    + " same.";

    @UserFunction("sot.transport")
    @Description(
            "Optimal transport between two weighted sets of points: {distance, lower, upper, gap},"
                    + " and on request the plan.")
    public Map<String, Object> transport(
            @Name(value = "source", description = MEASURE) Map<String, Object> source,
            @Name(value = "target", description = MEASURE) Map<String, Object> target,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "order, cost, solver, plan.")
                    Map<String, Object> configuration) {
        TransportConfig config = TransportConfig.of("sot.transport", configuration);
        return new TransportProblem(
                        session(),
                        Measure.of("sot.transport", "source", source),
                        Measure.of("sot.transport", "target", target),
                        config)
                .solve();
    }
}
