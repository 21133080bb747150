package dev.sot.procedures.match;

import java.util.Map;
import org.neo4j.procedure.Description;

/** What was written of a run of matches. */
public final class MatchWriteResult {

    @Description("Id of the run.")
    public final String run;

    @Description("The reference space.")
    public final String space;

    @Description("Sources that have a distribution.")
    public final long sources;

    @Description("Targets that have one.")
    public final long targets;

    @Description("Sources without a distribution, and so without a match.")
    public final long sourcesWithoutDistribution;

    @Description("Targets without one, which are nobody's match.")
    public final long targetsWithoutDistribution;

    @Description("Relationships written.")
    public final long written;

    @Description("Matches that are sure at the level.")
    public final long certified;

    @Description("Matches whose source is the best for the target, too.")
    public final long mutual;

    @Description("Parts of the computation that an earlier call had finished.")
    public final long resumedParts;

    @Description("Earlier matches of the run deleted.")
    public final long deleted;

    @Description("Milliseconds spent on loading and matching.")
    public final long computeMillis;

    @Description("Milliseconds spent on writing.")
    public final long writeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    MatchWriteResult(
            String run, MatchStats stats, long resumedParts, long deleted, long writeMillis) {
        this.run = run;
        this.space = stats.space;
        this.sources = stats.sources;
        this.targets = stats.targets;
        this.sourcesWithoutDistribution = stats.sourcesWithoutDistribution;
        this.targetsWithoutDistribution = stats.targetsWithoutDistribution;
        this.written = stats.matches;
        this.certified = stats.certified;
        this.mutual = stats.mutual;
        this.resumedParts = resumedParts;
        this.deleted = deleted;
        this.computeMillis = stats.computeMillis;
        this.writeMillis = writeMillis;
        this.configuration = stats.configuration;
    }
}
