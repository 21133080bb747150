package dev.sot.procedures.distance;

import dev.sot.procedures.store.CorpusStore;
import org.neo4j.procedure.Description;

/** One flow of a transport plan: mass that moves from a context of f to a context of g. */
public final class PlanRow {

    @Description("Corpus index of the position of f.")
    public final long sourcePosition;

    @Description("Its token.")
    public final String sourceToken;

    @Description("The tokens around it, itself in brackets.")
    public final String sourceContext;

    @Description("Corpus index of the position of g.")
    public final long targetPosition;

    @Description("Its token.")
    public final String targetToken;

    @Description("The tokens around it, itself in brackets.")
    public final String targetContext;

    @Description("Mass that flows; all flows sum to 1.")
    public final double mass;

    @Description("Ground distance between the two positions.")
    public final double groundDistance;

    PlanRow(
            CorpusStore.Token source,
            CorpusStore.Token target,
            double mass,
            double groundDistance) {
        this.sourcePosition = source.index();
        this.sourceToken = source.token();
        this.sourceContext = source.context();
        this.targetPosition = target.index();
        this.targetToken = target.token();
        this.targetContext = target.context();
        this.mass = mass;
        this.groundDistance = groundDistance;
    }
}
