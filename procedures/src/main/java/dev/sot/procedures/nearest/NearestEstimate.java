package dev.sot.procedures.nearest;

import dev.sot.procedures.runtime.HeapRange;
import dev.sot.procedures.runtime.Session;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What a search for nearest neighbours would take. */
public final class NearestEstimate {

    @Description("Heap as people read it.")
    public final String requiredMemory;

    @Description("Least bytes of heap: no neighbour is found.")
    public final long bytesMin;

    @Description("Most bytes of heap: each source has as many neighbours as it may.")
    public final long bytesMax;

    @Description("Least share of this server's heap, in per cent.")
    public final double heapPercentageMin;

    @Description("Most of this server's heap, in per cent.")
    public final double heapPercentageMax;

    @Description("The reference space.")
    public final String space;

    @Description("Sources that have a distribution.")
    public final long sources;

    @Description("Targets that have one.")
    public final long targets;

    @Description("Support points of all features, each feature once.")
    public final long supportPoints;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    static NearestEstimate of(Session session, NearestConfig config) {
        return new NearestEstimate(Families.of(session, config), config);
    }

    private NearestEstimate(Families families, NearestConfig config) {
        HeapRange heap = families.heap(config);
        this.requiredMemory = heap.text();
        this.bytesMin = heap.min();
        this.bytesMax = heap.max();
        this.heapPercentageMin = heap.minPercentage();
        this.heapPercentageMax = heap.maxPercentage();
        this.space = (String) families.supports().space().getProperty("name");
        this.sources = families.sources().length;
        this.targets = families.targets().length;
        this.supportPoints = families.supports().points();
        this.configuration = config.effective();
    }
}
