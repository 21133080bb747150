package dev.sot.procedures.match;

import dev.sot.procedures.runtime.SotProcedures;
import dev.sot.procedures.store.FeatureSelection;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Which feature means the same, and how sure that is. */
public final class MatchProcedures extends SotProcedures {

    private static final String CONFIGURATION =
            "space, order, groundCost, "
                    + FeatureSelection.KEYS
                    + ", targets, positions, assignment, k, maxDistance, level, bootstraps,"
                    + " support, supportMethod, seed, concurrency.";

    @Procedure(name = "sot.match.stream", mode = Mode.READ)
    @Description(
            "The match of each source among the targets, with the evidence: runner-up, sampling"
                + " noise, p-value against features without a partner, and whether it is certified"
                + " at the level.")
    public Stream<MatchRow> stream(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Matches.of(session(), MatchConfig.of("sot.match.stream", configuration)).stream();
    }

    @Procedure(name = "sot.match.stats", mode = Mode.READ)
    @Description("How many matches there are, how many are certified, and what it takes.")
    public Stream<MatchStats> stats(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                Matches.of(session(), MatchConfig.of("sot.match.stats", configuration)).stats());
    }
}
