package dev.sot.procedures.nearest;

import dev.sot.procedures.distance.FeatureClouds;
import dev.sot.transport.search.NeighbourTable;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What a search for nearest neighbours found, and what it took. */
public final class NearestStats {

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

    @Description("Neighbours found.")
    public final long neighbours;

    @Description("Sources whose neighbours are proved to be the nearest.")
    public final long proved;

    @Description("Pairs of a source and a target; each is counted by one of the next five columns.")
    public final long pairs;

    @Description("Pairs excluded by the difference of two short vectors.")
    public final long excludedBySummary;

    @Description("Pairs excluded by one potential on the points of all targets.")
    public final long excludedByPotential;

    @Description("Pairs excluded by a dual bound of their own.")
    public final long excludedByDual;

    @Description("Pairs whose exact distance was computed.")
    public final long exact;

    @Description("Pairs left undecided by the budget.")
    public final long open;

    @Description("Milliseconds spent on loading and searching.")
    public final long computeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    NearestStats(
            FeatureClouds clouds,
            Families families,
            NeighbourTable table,
            long computeMillis,
            Map<String, Object> configuration) {
        this.space = clouds.spaceName();
        this.sources = families.sources().length;
        this.targets = families.targets().length;
        this.sourcesWithoutDistribution = families.sourcesWithout();
        this.targetsWithoutDistribution = families.targetsWithout();
        this.neighbours = table.size();
        this.proved = table.proved();
        this.pairs = table.counts().pairs();
        this.excludedBySummary = table.counts().excludedBySummary();
        this.excludedByPotential = table.counts().excludedByPotential();
        this.excludedByDual = table.counts().excludedByDual();
        this.exact = table.counts().exact();
        this.open = table.counts().open();
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }
}
