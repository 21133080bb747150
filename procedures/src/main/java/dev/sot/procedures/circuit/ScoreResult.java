package dev.sot.procedures.circuit;

import org.neo4j.procedure.Description;

/** The field's two scores of a circuit. */
public final class ScoreResult {

    @Description("The circuit's name.")
    public final String slug;

    @Description("circuit for all its nodes, pinned for the subgraph of a compression's members.")
    public final String scope;

    @Description("Share of the influence on the logits that comes from tokens rather than errors.")
    public final double replacementScore;

    @Description("Influence-weighted share of the nodes' inputs that does not come from errors.")
    public final double completenessScore;

    @Description("Nodes that count as pinned.")
    public final long pinnedNodes;

    ScoreResult(
            String slug,
            String scope,
            double replacementScore,
            double completenessScore,
            long pinnedNodes) {
        this.slug = slug;
        this.scope = scope;
        this.replacementScore = replacementScore;
        this.completenessScore = completenessScore;
        this.pinnedNodes = pinnedNodes;
    }
}
