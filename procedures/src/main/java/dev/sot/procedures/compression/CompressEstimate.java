package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.runtime.HeapRange;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.DistanceMatrix;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What compressing a circuit would take. */
public final class CompressEstimate {

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Heap as people read it.")
    public final String requiredMemory;

    @Description("Least bytes of heap: the circuit, what is compared, distances, and grouping.")
    public final long bytesMin;

    @Description("Most bytes of heap.")
    public final long bytesMax;

    @Description("Least share of this server's heap, in per cent.")
    public final double heapPercentageMin;

    @Description("Most of this server's heap, in per cent.")
    public final double heapPercentageMax;

    @Description("What would be grouped: feature or node.")
    public final String level;

    @Description("Nodes of the circuit.")
    public final long nodes;

    @Description("Links of the circuit.")
    public final long links;

    @Description("Items that would be grouped, at most.")
    public final long items;

    @Description("Pairs of items to compare.")
    public final long pairs;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    CompressEstimate(Items items, Measures.Need need, CompressConfig config) {
        LoadedCircuit loaded = items.circuit();
        int n = need.items();
        long circuitBytes = LoadedCircuit.bytes(loaded.nodes().size(), loaded.graph().linkCount());
        boolean compared = config.dendrogram().isEmpty();
        long matrix = 8L * DistanceMatrix.length(n);
        long distances =
                need.bytes() + (compared && config.distance().withStructure() ? matrix : 0);
        long bytes = circuitBytes + distances + (compared ? config.groupingBytes(n) : 0);
        HeapRange range = new HeapRange(bytes, bytes);
        this.circuit = loaded.name();
        this.requiredMemory = range.text();
        this.bytesMin = range.min();
        this.bytesMax = range.max();
        this.heapPercentageMin = range.minPercentage();
        this.heapPercentageMax = range.maxPercentage();
        this.level = Configuration.name(items.level());
        this.nodes = loaded.nodes().size();
        this.links = loaded.graph().linkCount();
        this.items = n;
        this.pairs = compared ? DistanceMatrix.length(n) : 0;
        this.configuration = config.effective();
    }
}
