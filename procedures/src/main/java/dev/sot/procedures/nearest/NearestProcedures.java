package dev.sot.procedures.nearest;

import dev.sot.procedures.runtime.SotProcedures;
import dev.sot.procedures.store.FeatureSelection;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Nearest neighbours of features by Wasserstein distance. */
public final class NearestProcedures extends SotProcedures {

    private static final String CONFIGURATION =
            "space, order, groundCost, "
                    + FeatureSelection.KEYS
                    + ", targets, k, maxDistance, budget, concurrency.";

    @Procedure(name = "sot.nearest.stream", mode = Mode.READ)
    @Description(
            "The nearest neighbours of each source among the targets, found and proved without"
                    + " comparing all pairs exactly.")
    public Stream<NearestRow> stream(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return new Nearest(session(), NearestConfig.of("sot.nearest.stream", configuration))
                .stream();
    }

    @Procedure(name = "sot.nearest.stats", mode = Mode.READ)
    @Description("What a search for nearest neighbours finds, and what it takes.")
    public Stream<NearestStats> stats(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                new Nearest(session(), NearestConfig.of("sot.nearest.stats", configuration))
                        .stats());
    }

    @Procedure(name = "sot.nearest.estimate", mode = Mode.READ)
    @Description("The heap that a search for nearest neighbours would take.")
    public Stream<NearestEstimate> estimate(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                NearestEstimate.of(
                        session(), NearestConfig.of("sot.nearest.estimate", configuration)));
    }

    @Procedure(name = "sot.nearest.write", mode = Mode.WRITE)
    @Description("Stores the nearest neighbours of each source as NEAREST relationships.")
    public Stream<NearestWriteResult> write(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                new Nearest(session(), NearestConfig.of("sot.nearest.write", configuration))
                        .write());
    }
}
