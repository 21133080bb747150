package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Figures;
import org.neo4j.procedure.Description;

/** How far a partition made in another way agrees with the one asked for. */
public final class StabilityRow {

    @Description("The circuit's name.")
    public final String circuit;

    @Description("What was varied: base, seed, support, space, size, pruning or bootstrap.")
    public final String factor;

    @Description(
            "Which other way; of the bootstrap the number of the resample, then mean, p5 and p95"
                    + " over all.")
    public final String variant;

    @Description("Groups of features; null for a summary.")
    public final Long supernodes;

    @Description("Nodes that both partitions group; null for a summary.")
    public final Long nodes;

    @Description("Adjusted Rand index with the base.")
    public final Double adjustedRand;

    @Description("Normalised mutual information with the base.")
    public final Double normalizedMutualInformation;

    @Description("F1 of the pairs grouped together, with the base.")
    public final Double pairF1;

    StabilityRow(
            String circuit,
            String factor,
            String variant,
            Long supernodes,
            Long nodes,
            double adjustedRand,
            double normalizedMutualInformation,
            double pairF1) {
        this.circuit = circuit;
        this.factor = factor;
        this.variant = variant;
        this.supernodes = supernodes;
        this.nodes = nodes;
        this.adjustedRand = Figures.present(adjustedRand);
        this.normalizedMutualInformation = Figures.present(normalizedMutualInformation);
        this.pairF1 = Figures.present(pairF1);
    }
}
