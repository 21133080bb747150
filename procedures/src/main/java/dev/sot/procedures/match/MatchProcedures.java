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
                    + ", targets, positions, assignment, k, correction, maxDistance, level,"
                    + " bootstraps, exponent, support, supportMethod, seed, concurrency.";

    private static final String CHAINS =
            "dictionary, layers, links, space, order, groundCost, positions, assignment, k,"
                    + " correction, maxDistance, level, bootstraps, exponent, support,"
                    + " supportMethod, seed, concurrency.";

    private static final String CHAINS_OF_RUN = "run, " + CHAINS;

    private static final String CONFIGURATION_OF_RUN = "run, " + CONFIGURATION;

    @Procedure(name = "sot.match.stream", mode = Mode.READ)
    @Description(
            "The match of each source among the targets, with the evidence: runner-up, sampling"
                + " noise, p-value against features without a partner, and whether it is certified"
                + " at the level.")
    public Stream<MatchRow> stream(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return new Matches(session(), MatchConfig.of("sot.match.stream", configuration)).stream();
    }

    @Procedure(name = "sot.match.stats", mode = Mode.READ)
    @Description("How many matches there are, how many are certified, and what it takes.")
    public Stream<MatchStats> stats(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                new Matches(session(), MatchConfig.of("sot.match.stats", configuration)).stats());
    }

    @Procedure(name = "sot.match.estimate", mode = Mode.READ)
    @Description("The heap that a run of matches would take.")
    public Stream<MatchEstimate> estimate(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION)
                    Map<String, Object> configuration) {
        return Stream.of(
                MatchEstimate.of(session(), MatchConfig.of("sot.match.estimate", configuration)));
    }

    @Procedure(name = "sot.match.write", mode = Mode.WRITE)
    @Description(
            "Stores a run of matches as MATCHES relationships; repeated after it was stopped, it"
                    + " goes on where it was.")
    public Stream<MatchWriteResult> write(
            @Name(value = "configuration", defaultValue = "{}", description = CONFIGURATION_OF_RUN)
                    Map<String, Object> configuration) {
        return Stream.of(
                new MatchWrite(session(), MatchConfig.ofRun("sot.match.write", configuration))
                        .run());
    }

    @Procedure(name = "sot.match.drop", mode = Mode.WRITE)
    @Description("Deletes a run of matches.")
    public Stream<DropMatchResult> drop(
            @Name(value = "run", description = "Id of the run.") String run) {
        return Stream.of(new DropMatch(session()).run(run));
    }

    @Procedure(name = "sot.match.chains.stream", mode = Mode.READ)
    @Description(
            "What becomes of each feature of a dictionary from layer to layer: born, persists,"
                    + " splits, merges, dies, or silent.")
    public Stream<ChainRow> chains(
            @Name(value = "configuration", defaultValue = "{}", description = CHAINS)
                    Map<String, Object> configuration) {
        return new MatchChains(
                        session(), ChainsConfig.of("sot.match.chains.stream", configuration, false))
                .stream();
    }

    @Procedure(name = "sot.match.chains.write", mode = Mode.WRITE)
    @Description(
            "Stores the links of features from layer to layer as MATCHES relationships of one run,"
                    + " whose paths can be queried.")
    public Stream<ChainsWriteResult> writeChains(
            @Name(value = "configuration", defaultValue = "{}", description = CHAINS_OF_RUN)
                    Map<String, Object> configuration) {
        return Stream.of(
                new MatchChains(
                                session(),
                                ChainsConfig.of("sot.match.chains.write", configuration, true))
                        .write());
    }
}
