package dev.sot.procedures.match;

import dev.sot.procedures.distance.PairOfFeatures;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;

/** A context of one feature with the context of another that it corresponds to. */
public final class EvidenceRow {

    @Description("1 for the heaviest flow.")
    public final long rank;

    @Description("Token on which the source is active.")
    public final String sourceToken;

    @Description("The tokens around it, itself in brackets.")
    public final String sourceContext;

    @Description("Token on which the target is active.")
    public final String targetToken;

    @Description("The tokens around it, itself in brackets.")
    public final String targetContext;

    @Description("Share of both features' activation that this flow takes to the other.")
    public final double mass;

    @Description("Ground distance between the two positions: how unlike they are.")
    public final double cost;

    @Description(
            "Share of the distance, for order 2 of its square, that this flow makes; null where the"
                    + " distance is 0.")
    public final Double share;

    @Description("Corpus index of the source's position.")
    public final long sourcePosition;

    @Description("Corpus index of the target's position.")
    public final long targetPosition;

    private EvidenceRow(int rank, PairOfFeatures.Flow flow) {
        this.rank = rank;
        this.sourceToken = flow.source().token();
        this.sourceContext = flow.source().context();
        this.targetToken = flow.target().token();
        this.targetContext = flow.target().context();
        this.mass = flow.mass();
        this.cost = flow.cost();
        this.share = flow.share().orElse(null);
        this.sourcePosition = flow.source().index();
        this.targetPosition = flow.target().index();
    }

    static Stream<EvidenceRow> of(List<PairOfFeatures.Flow> flows) {
        return IntStream.range(0, flows.size()).mapToObj(i -> new EvidenceRow(i + 1, flows.get(i)));
    }
}
