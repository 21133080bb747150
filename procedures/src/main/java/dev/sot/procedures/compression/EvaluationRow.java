package dev.sot.procedures.compression;

import dev.sot.procedures.compression.PartitionFigures.Figure;
import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.circuit.Scores;
import org.neo4j.procedure.Description;

/** Quality of one partition of a circuit's features; a figure that is not defined is null. */
public final class EvaluationRow {

    @Description(
            "compression for the one evaluated; random, random5, random95, layerPosition,"
                    + " decoderCosine, activationCorrelation, edgeProfile, roleVectors or spectral"
                    + " for a baseline.")
    public final String partition;

    @Description("Groups of features; null for a baseline that cannot be had.")
    public final Long supernodes;

    @Description("Nodes in the largest group.")
    public final Double largestSupernode;

    @Description("Mean distance within groups.")
    public final Double within;

    @Description("Mean distance between different groups.")
    public final Double between;

    @Description("Mean silhouette.")
    public final Double silhouette;

    @Description("Mean correlation of the activations of different features in one group.")
    public final Double coactivation;

    @Description("Share of the links' absolute weight hidden inside groups.")
    public final Double internalMass;

    @Description(
            "Share of the links' absolute weight that cancels in superedges because signs differ.")
    public final Double cancelledMass;

    @Description("Share of the links' absolute weight that superedges still carry.")
    public final Double retainedMass;

    @Description("Supernodes in the largest cycle; 1 without one.")
    public final Double largestCycle;

    @Description("Replacement score of the nodes in supernodes: the same for all partitions.")
    public final Double replacementScore;

    @Description("Completeness score of the nodes in supernodes: the same for all partitions.")
    public final Double completenessScore;

    @Description("Adjusted Rand index with the reference partition: 0 expected by chance.")
    public final Double adjustedRand;

    @Description("Normalised mutual information with the reference partition.")
    public final Double normalizedMutualInformation;

    @Description("The same as expected by chance of groups of these sizes.")
    public final Double expectedNormalizedMutualInformation;

    @Description("F1 of the pairs grouped together, with the reference partition.")
    public final Double pairF1;

    @Description("The same as expected by chance of groups of these sizes.")
    public final Double expectedPairF1;

    @Description("Nodes that the reference partition says something about.")
    public final Long referenceNodes;

    @Description(
            "Faithfulness as measured on the model and imported; null where it was not measured.")
    public final Double faithfulness;

    EvaluationRow(
            String partition,
            Long supernodes,
            PartitionFigures figures,
            Scores scores,
            Long referenceNodes,
            Double faithfulness) {
        this.partition = partition;
        this.supernodes = supernodes;
        this.largestSupernode = figures.get(Figure.LARGEST_SUPERNODE);
        this.within = figures.get(Figure.WITHIN);
        this.between = figures.get(Figure.BETWEEN);
        this.silhouette = figures.get(Figure.SILHOUETTE);
        this.coactivation = figures.get(Figure.COACTIVATION);
        this.internalMass = figures.get(Figure.INTERNAL_MASS);
        this.cancelledMass = figures.get(Figure.CANCELLED_MASS);
        this.retainedMass = figures.get(Figure.RETAINED_MASS);
        this.largestCycle = figures.get(Figure.LARGEST_CYCLE);
        this.replacementScore = Figures.present(scores.replacement());
        this.completenessScore = Figures.present(scores.completeness());
        this.adjustedRand = figures.get(Figure.ADJUSTED_RAND);
        this.normalizedMutualInformation = figures.get(Figure.NORMALIZED_MUTUAL_INFORMATION);
        this.expectedNormalizedMutualInformation =
                figures.get(Figure.EXPECTED_NORMALIZED_MUTUAL_INFORMATION);
        this.pairF1 = figures.get(Figure.PAIR_F1);
        this.expectedPairF1 = figures.get(Figure.EXPECTED_PAIR_F1);
        this.referenceNodes = referenceNodes;
        this.faithfulness = faithfulness;
    }
}
