package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Figures;
import org.neo4j.procedure.Description;

/** Quality of one partition of a circuit's features; a figure that is not defined is null. */
public final class EvaluationRow {

    @Description(
            "compression for the one evaluated; random, edgeProfile, decoderCosine or layerPosition"
                    + " for a baseline.")
    public final String partition;

    @Description("Groups of features.")
    public final Long supernodes;

    @Description("Whether the groups have the compression's sizes.")
    public final boolean sameSizes;

    @Description("Mean Wasserstein distance within groups.")
    public final Double within;

    @Description("Mean Wasserstein distance between nodes of different groups.")
    public final Double between;

    @Description("Mean silhouette by the Wasserstein distance.")
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

    @Description("Supernodes in the largest cycle; a mean for random.")
    public final Double largestCycle;

    @Description("Adjusted Rand index with the reference partition.")
    public final Double adjustedRand;

    @Description("Normalised mutual information with the reference partition.")
    public final Double normalizedMutualInformation;

    @Description("F1 of the pairs grouped together, with the reference partition.")
    public final Double pairF1;

    @Description("Nodes that the reference partition says something about.")
    public final Long referenceNodes;

    EvaluationRow(String partition, Long supernodes, boolean sameSizes, PartitionFigures figures) {
        this.partition = partition;
        this.supernodes = supernodes;
        this.sameSizes = sameSizes;
        this.within = Figures.present(figures.within());
        this.between = Figures.present(figures.between());
        this.silhouette = Figures.present(figures.silhouette());
        this.coactivation = Figures.present(figures.coactivation());
        this.internalMass = Figures.present(figures.internalMass());
        this.cancelledMass = Figures.present(figures.cancelledMass());
        this.retainedMass = Figures.present(figures.retainedMass());
        this.largestCycle = Figures.present(figures.largestCycle());
        this.adjustedRand = Figures.present(figures.adjustedRand());
        this.normalizedMutualInformation = Figures.present(figures.normalizedMutualInformation());
        this.pairF1 = Figures.present(figures.pairF1());
        this.referenceNodes =
                Double.isNaN(figures.referenceNodes()) ? null : (long) figures.referenceNodes();
    }
}
