package dev.sot.procedures.compare;

import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.cluster.Agreement;
import java.util.Map;
import org.neo4j.procedure.Description;

/** How far two compressions agree. */
public final class AgreementRow {

    @Description("Id of the left compression.")
    public final String left;

    @Description("Id of the right compression.")
    public final String right;

    @Description("Nodes in both, which are compared.")
    public final long nodes;

    @Description("Nodes in the left compression alone.")
    public final long onlyLeft;

    @Description("Nodes in the right compression alone.")
    public final long onlyRight;

    @Description("Supernodes of the left compression among the nodes compared.")
    public final long leftSupernodes;

    @Description("Supernodes of the right compression among the nodes compared.")
    public final long rightSupernodes;

    @Description("Adjusted Rand index: 1 when they are the same, 0 expected by chance.")
    public final double adjustedRand;

    @Description("Rand index: share of the pairs on which they agree.")
    public final double rand;

    @Description("Rand index expected by chance.")
    public final double chanceRand;

    @Description("Mutual information over the mean of the two entropies.")
    public final double normalizedMutualInformation;

    @Description("Normalised mutual information expected by chance.")
    public final double chanceNormalizedMutualInformation;

    @Description(
            "Of the pairs together on the left, the share together on the right; null without any.")
    public final Double pairPrecision;

    @Description("Precision expected by chance.")
    public final Double chancePairPrecision;

    @Description(
            "Of the pairs together on the right, the share together on the left; null without any.")
    public final Double pairRecall;

    @Description("Recall expected by chance.")
    public final Double chancePairRecall;

    @Description("Harmonic mean of precision and recall.")
    public final double pairF1;

    @Description("F1 expected by chance.")
    public final double chancePairF1;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    AgreementRow(Pair pair, Agreement found, Agreement chance, Map<String, Object> configuration) {
        this.left = pair.left();
        this.right = pair.right();
        this.nodes = found.n();
        this.onlyLeft = pair.onlyLeft();
        this.onlyRight = pair.onlyRight();
        this.leftSupernodes = pair.compared(pair.inLeft());
        this.rightSupernodes = pair.compared(pair.inRight());
        this.adjustedRand = found.adjustedRand();
        this.rand = found.rand();
        this.chanceRand = chance.rand();
        this.normalizedMutualInformation = found.normalizedMutualInformation();
        this.chanceNormalizedMutualInformation = chance.normalizedMutualInformation();
        this.pairPrecision = Figures.present(found.pairPrecision());
        this.chancePairPrecision = Figures.present(chance.pairPrecision());
        this.pairRecall = Figures.present(found.pairRecall());
        this.chancePairRecall = Figures.present(chance.pairRecall());
        this.pairF1 = found.pairF1();
        this.chancePairF1 = chance.pairF1();
        this.configuration = configuration;
    }
}
