package dev.sot.procedures.nearest;

import dev.sot.procedures.distance.FeatureClouds;
import dev.sot.transport.search.NeighbourTable;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What was written of nearest neighbours. */
public final class NearestWriteResult {

    @Description("The reference space.")
    public final String space;

    @Description("Sources that have a distribution.")
    public final long sources;

    @Description("Targets that have one.")
    public final long targets;

    @Description("Sources without a distribution, and so without neighbours.")
    public final long sourcesWithoutDistribution;

    @Description("Targets without one, which are nobody's neighbours.")
    public final long targetsWithoutDistribution;

    @Description("Sources whose neighbours are proved to be the nearest.")
    public final long proved;

    @Description("Relationships written.")
    public final long written;

    @Description("Earlier relationships of the same kind deleted.")
    public final long deleted;

    @Description("Milliseconds spent on loading and searching.")
    public final long computeMillis;

    @Description("Milliseconds spent on writing.")
    public final long writeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    NearestWriteResult(
            FeatureClouds clouds,
            Families families,
            NeighbourTable table,
            long written,
            long deleted,
            long computeMillis,
            long writeMillis,
            Map<String, Object> configuration) {
        this.space = clouds.spaceName();
        this.sources = families.sources().length;
        this.targets = families.targets().length;
        this.sourcesWithoutDistribution = families.sourcesWithout();
        this.targetsWithoutDistribution = families.targetsWithout();
        this.proved = table.proved();
        this.written = written;
        this.deleted = deleted;
        this.computeMillis = computeMillis;
        this.writeMillis = writeMillis;
        this.configuration = configuration;
    }
}
