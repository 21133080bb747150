package dev.sot.procedures.distance;

import java.util.Map;
import org.neo4j.procedure.Description;

/** What was written of the distances among features. */
public final class DistanceWriteResult {

    @Description("The reference space.")
    public final String space;

    @Description("Features that have a distribution.")
    public final long features;

    @Description("Features that have none, and so no distance.")
    public final long withoutDistribution;

    @Description("Pairs compared.")
    public final long pairs;

    @Description("Pairs left out because they are farther apart than maxDistance.")
    public final long beyondMaxDistance;

    @Description("Relationships written.")
    public final long written;

    @Description("Relationships of the same kind among the same features deleted before.")
    public final long deleted;

    @Description(
            "Largest relative duality gap of the distances: all are exact to this, in the p-th"
                    + " power.")
    public final double largestGap;

    @Description("Milliseconds spent on loading and comparing.")
    public final long computeMillis;

    @Description("Milliseconds spent on writing.")
    public final long writeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    DistanceWriteResult(
            FeatureDistances distances,
            long written,
            long deleted,
            long computeMillis,
            long writeMillis,
            Map<String, Object> configuration) {
        this.space = distances.clouds().spaceName();
        this.features = distances.clouds().features().size();
        this.withoutDistribution = distances.clouds().withoutDistribution().size();
        this.pairs = distances.matrix().condensed().length;
        this.beyondMaxDistance = pairs - written;
        this.written = written;
        this.deleted = deleted;
        this.largestGap = distances.matrix().largestGap();
        this.computeMillis = computeMillis;
        this.writeMillis = writeMillis;
        this.configuration = configuration;
    }
}
