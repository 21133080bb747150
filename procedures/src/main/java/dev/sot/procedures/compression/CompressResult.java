package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.circuit.AcyclicCollapse;
import dev.sot.transport.circuit.PartitionMass;
import java.util.Map;
import org.neo4j.procedure.Description;

/** Summary of a compression. */
public final class CompressResult {

    @Description("Id of the compression; null when it was not stored.")
    public final String id;

    @Description("The circuit's name.")
    public final String circuit;

    @Description("The reference space; null when the distance needs none.")
    public final String space;

    @Description("What was grouped: feature or node.")
    public final String level;

    @Description("Nodes of the circuit.")
    public final long nodes;

    @Description("Feature nodes among them.")
    public final long featureNodes;

    @Description(
            "Feature nodes that stay by themselves because the distance says nothing of them: their"
                    + " feature has no distribution, or no decoder vector.")
    public final long withoutDistance;

    @Description("Items that were grouped: features, or feature nodes.")
    public final long items;

    @Description("Supernodes that the other feature nodes were grouped into.")
    public final long featureSupernodes;

    @Description(
            "What decided how many: a configuration key, a criterion of size, or the grouping.")
    public final String sizeRule;

    @Description(
            "Supernodes more than were asked for, or fewer where negative, because constraints"
                    + " allow no nearer number; null when no number was asked for.")
    public final Long offTarget;

    @Description("Items that a grouping by density left alone as noise; null for other groupings.")
    public final Long noise;

    @Description(
            "All supernodes: also those of single features, embeddings and logits, and the one of"
                    + " errors.")
    public final long supernodes;

    @Description("Superedges between supernodes.")
    public final long superedges;

    @Description("Mean distance of items in one supernode; null when no two are.")
    public final Double within;

    @Description("Mean distance of items in different supernodes; null when there is one.")
    public final Double between;

    @Description("Mean silhouette of the items; null when there is one supernode.")
    public final Double silhouette;

    @Description("Share of the links' absolute weight hidden inside supernodes.")
    public final double internalMass;

    @Description(
            "Share of the links' absolute weight that cancels in superedges because signs differ.")
    public final double cancelledMass;

    @Description("Share of the links' absolute weight that superedges still carry.")
    public final double retainedMass;

    @Description(
            "Supernodes in the largest cycle, before superedges are removed; 1 when there is none.")
    public final long largestCycle;

    @Description("Superedges that were removed to leave no cycle; 0 unless acyclic is 'collapse'.")
    public final long removedSuperedges;

    @Description("Share of the superedges' absolute weight that went with them.")
    public final double removedMass;

    @Description("Milliseconds spent on loading and on distances.")
    public final long preProcessingMillis;

    @Description("Milliseconds spent on grouping.")
    public final long computeMillis;

    @Description("Milliseconds spent on describing and writing.")
    public final long writeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    CompressResult(String id, Compressed compressed, long writeMillis, CompressConfig config) {
        PartitionMass mass = compressed.quotient().mass();
        this.id = id;
        this.circuit = compressed.circuit().name();
        ItemSet set = compressed.items();
        this.space = compressed.spaceName().orElse(null);
        this.level = Configuration.name(set.items().level());
        this.nodes = compressed.circuit().nodes().size();
        this.featureNodes = compressed.circuit().ofKind(CircuitNodeKind.FEATURE).length;
        this.withoutDistance = compressed.nodesWithout();
        this.items = set.size();
        this.featureSupernodes = compressed.grouped().count();
        this.sizeRule = compressed.grouped().sizeRule();
        this.offTarget =
                config.size()
                        .groups(set.size(), set.groupedNodes())
                        .map(asked -> featureSupernodes - asked)
                        .orElse(null);
        this.noise =
                compressed.grouped().noise().isPresent()
                        ? (long) compressed.grouped().noise().getAsInt()
                        : null;
        this.supernodes = compressed.supernodes().size();
        this.superedges = compressed.superedges().size();
        this.within = Figures.present(compressed.quality().within());
        this.between = Figures.present(compressed.quality().between());
        this.silhouette = Figures.present(compressed.quality().silhouette());
        this.internalMass = mass.internalMass();
        this.cancelledMass = mass.cancelledMass();
        this.retainedMass = mass.retainedMass();
        this.largestCycle = mass.largestCycle();
        this.removedSuperedges =
                compressed.quotient().superedges().size() - compressed.superedges().size();
        this.removedMass = compressed.collapse().map(AcyclicCollapse::removedMass).orElse(0.0);
        this.preProcessingMillis = compressed.preProcessingMillis();
        this.computeMillis = compressed.computeMillis();
        this.writeMillis = writeMillis;
        this.configuration = config.effective();
    }
}
