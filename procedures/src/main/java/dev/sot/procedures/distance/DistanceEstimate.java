package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.HeapRange;
import dev.sot.procedures.runtime.Session;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What computing the distances among features would take. */
public final class DistanceEstimate {

    @Description("Heap as people read it.")
    public final String requiredMemory;

    @Description("Least bytes of heap; the call counts as many against db.memory.transaction.max.")
    public final long bytesMin;

    @Description("Most bytes of heap.")
    public final long bytesMax;

    @Description("Least share of this server's heap, in per cent.")
    public final double heapPercentageMin;

    @Description("Most of this server's heap, in per cent.")
    public final double heapPercentageMax;

    @Description("The reference space.")
    public final String space;

    @Description("Features that have a distribution.")
    public final long features;

    @Description("Features that have none, and so no distance.")
    public final long withoutDistribution;

    @Description("Pairs to compare.")
    public final long pairs;

    @Description("Support points of all features.")
    public final long supportPoints;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    static DistanceEstimate of(Session session, DistancesConfig config) {
        return new DistanceEstimate(
                FeatureSupports.of(
                        session,
                        config.selection().resolve(session.tx()),
                        config.distance().space()),
                config);
    }

    private DistanceEstimate(FeatureSupports supports, DistancesConfig config) {
        long bytes = FeatureDistances.bytes(supports, config.concurrency());
        HeapRange heap = new HeapRange(bytes, bytes);
        this.requiredMemory = heap.text();
        this.bytesMin = heap.min();
        this.bytesMax = heap.max();
        this.heapPercentageMin = heap.minPercentage();
        this.heapPercentageMax = heap.maxPercentage();
        this.space = (String) supports.space().getProperty("name");
        this.features = supports.features().size();
        this.withoutDistribution = supports.withoutDistribution().size();
        this.pairs = FeatureDistances.pairs(supports.features().size());
        this.supportPoints = supports.points();
        this.configuration = config.effective();
    }
}
