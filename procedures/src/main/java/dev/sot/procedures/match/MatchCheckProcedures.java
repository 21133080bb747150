package dev.sot.procedures.match;

import dev.sot.procedures.runtime.SotProcedures;
import dev.sot.procedures.store.FeatureSelection;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Which method of matching to trust on one's own data. */
public final class MatchCheckProcedures extends SotProcedures {

    @Procedure(name = "sot.match.compare", mode = Mode.READ)
    @Description(
            "Matches features by Wasserstein distance and by every baseline, and judges all by how"
                    + " activations correlate on held-out prompts.")
    public Stream<CompareRow> compare(
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "space, order, groundCost, "
                                            + FeatureSelection.KEYS
                                            + ", targets, positions, minFirings, minCorrelation,"
                                            + " exponent, support, level, seed, concurrency.")
                    Map<String, Object> configuration) {
        return new Compare(session(), CompareConfig.of(configuration)).rows();
    }

    @Procedure(name = "sot.match.selfTest", mode = Mode.READ)
    @Description(
            "Matches a dictionary with a permuted, rescaled and perturbed copy of itself on other"
                    + " prompts, and counts the partners that each method finds.")
    public Stream<SelfTestRow> selfTest(
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description =
                                    "dictionary, layers, space, order, groundCost, sigma, rotated,"
                                            + " removed, minFirings, exponent, support, level,"
                                            + " seed, concurrency.")
                    Map<String, Object> configuration) {
        return new SelfTest(session(), SelfTestConfig.of(configuration)).rows();
    }
}
