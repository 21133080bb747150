package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.SotProcedures;
import dev.sot.procedures.store.FeatureSelection;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Exact Wasserstein distances between features. */
public final class DistanceProcedures extends SotProcedures {

    private static final String CONFIGURATION =
            "space, order, groundCost, " + FeatureSelection.KEYS + ", maxDistance, concurrency.";

    @Procedure(name = "sot.plan", mode = Mode.READ)
    @Description(
            "The optimal transport plan between two features: which contexts of one correspond to"
                    + " which of the other, heaviest flow first.")
    public Stream<PlanRow> plan(
            @Name(value = "f", description = "A :Feature node or its key.") Object f,
            @Name(value = "g", description = "Another.") Object g,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "space, order, groundCost.")
                    Map<String, Object> configuration) {
        return PairOfFeatures.of(session(), "sot.plan", f, g, configuration)
                .flows(Integer.MAX_VALUE, PlanRow.CONTEXT)
                .stream()
                .map(PlanRow::new);
    }

    @Procedure(name = "sot.distances.stream", mode = Mode.READ)
    @Description(
            "Exact distances among the selected features; features without a distribution are left"
                    + " out (sot.distances.stats counts them).")
    public Stream<DistanceRow> stream(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return new Distances(session(), DistancesConfig.of("sot.distances.stream", configuration))
                .stream();
    }

    @Procedure(name = "sot.distances.stats", mode = Mode.READ)
    @Description("Summary of the distances among the selected features.")
    public Stream<DistanceStats> stats(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                new Distances(session(), DistancesConfig.of("sot.distances.stats", configuration))
                        .stats());
    }

    @Procedure(name = "sot.distances.estimate", mode = Mode.READ)
    @Description("The heap that the distances among the selected features would take.")
    public Stream<DistanceEstimate> estimate(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                DistanceEstimate.of(
                        session(), DistancesConfig.of("sot.distances.estimate", configuration)));
    }

    @Procedure(name = "sot.distances.write", mode = Mode.WRITE)
    @Description(
            "Stores the distances among the selected features as SEMANTIC_DISTANCE relationships.")
    public Stream<DistanceWriteResult> write(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                new Distances(session(), DistancesConfig.of("sot.distances.write", configuration))
                        .write());
    }
}
