package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.UserFunction;

/** Distances in expressions. */
public final class DistanceFunctions extends SotProcedures {

    @UserFunction("sot.distance")
    @Description(
            "Exact Wasserstein distance between the distributions of two features, each a :Feature"
                    + " node or its key.")
    public double distance(
            @Name(value = "f", description = "A feature.") Object f,
            @Name(value = "g", description = "Another.") Object g,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "space, order, groundCost.")
                    Map<String, Object> configuration) {
        return PairOfFeatures.of(session(), "sot.distance", f, g, configuration).distance();
    }
}
