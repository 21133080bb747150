package dev.sot.procedures.distance;

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

    /** Tokens of context on either side of a position. */
    static final int CONTEXT = 8;

    PlanRow(PairOfFeatures.Flow flow) {
        this.sourcePosition = flow.source().index();
        this.sourceToken = flow.source().token();
        this.sourceContext = flow.source().context();
        this.targetPosition = flow.target().index();
        this.targetToken = flow.target().token();
        this.targetContext = flow.target().context();
        this.mass = flow.mass();
        this.groundDistance = flow.cost();
    }
}
