package dev.sot.procedures.match;

import dev.sot.procedures.runtime.HeapRange;
import dev.sot.procedures.runtime.Session;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What a run of matches would take. */
public final class MatchEstimate {

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

    @Description("Sources selected.")
    public final long sources;

    @Description("Targets selected.")
    public final long targets;

    @Description("Features of the layers of both, by which matches are judged.")
    public final long layerFeatures;

    @Description("Support points of all of them.")
    public final long supportPoints;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    static MatchEstimate of(Session session, MatchConfig config) {
        return new MatchEstimate(session, config, MatchSelection.of(session, config));
    }

    private MatchEstimate(Session session, MatchConfig config, MatchSelection selection) {
        MatchHeap match = MatchHeap.of(session, config, selection);
        HeapRange heap = new HeapRange(match.bytes(), match.bytes());
        this.requiredMemory = heap.text();
        this.bytesMin = heap.min();
        this.bytesMax = heap.max();
        this.heapPercentageMin = heap.minPercentage();
        this.heapPercentageMax = heap.maxPercentage();
        this.space = selection.spaceName();
        this.sources = selection.sources().size();
        this.targets = selection.targets().size();
        this.layerFeatures = selection.all().size();
        this.supportPoints = match.supportPoints();
        this.configuration = config.effective();
    }
}
