package dev.sot.procedures.circuit;

import dev.sot.procedures.runtime.Figures;
import org.neo4j.procedure.Description;

/** The field's two scores of a circuit. */
public final class ScoreResult {

    @Description("The circuit's name.")
    public final String slug;

    @Description("circuit for all its nodes, pinned for the subgraph of a compression's members.")
    public final String scope;

    @Description(
            "Share of the influence on the logits that comes from tokens rather than errors; null"
                    + " when neither influences them.")
    public final Double replacementScore;

    @Description(
            "Influence-weighted share of the nodes' inputs that does not come from errors; null"
                    + " without a logit that has a probability.")
    public final Double completenessScore;

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
        this.replacementScore = Figures.present(replacementScore);
        this.completenessScore = Figures.present(completenessScore);
        this.pinnedNodes = pinnedNodes;
    }
}
