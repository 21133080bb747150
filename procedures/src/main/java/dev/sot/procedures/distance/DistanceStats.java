package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.Spread;
import java.util.Map;
import org.neo4j.procedure.Description;

/** Summary of the distances among features; the figures are null when there is no pair. */
public final class DistanceStats {

    @Description("The reference space.")
    public final String space;

    @Description("Features that have a distribution.")
    public final long features;

    @Description("Features that have none, and so no distance.")
    public final long withoutDistribution;

    @Description("Pairs compared.")
    public final long pairs;

    @Description("Smallest distance.")
    public final Double min;

    @Description("5 % of the distances are smaller.")
    public final Double p5;

    @Description("Median distance.")
    public final Double median;

    @Description("Mean distance.")
    public final Double mean;

    @Description("5 % of the distances are larger.")
    public final Double p95;

    @Description("Largest distance.")
    public final Double max;

    @Description(
            "Largest relative duality gap of the distances: all are exact to this, in the p-th"
                    + " power.")
    public final double largestGap;

    @Description("Milliseconds spent on loading and comparing.")
    public final long computeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    DistanceStats(
            FeatureDistances distances, long computeMillis, Map<String, Object> configuration) {
        // The last use of the matrix: its values may change places.
        Spread spread = Spread.sorting(distances.matrix().condensed());
        this.space = distances.clouds().spaceName();
        this.features = distances.clouds().features().size();
        this.withoutDistribution = distances.clouds().withoutDistribution().size();
        this.pairs = distances.matrix().condensed().length;
        this.min = Figures.present(spread.min());
        this.p5 = Figures.present(spread.p5());
        this.median = Figures.present(spread.median());
        this.mean = Figures.present(spread.mean());
        this.p95 = Figures.present(spread.p95());
        this.max = Figures.present(spread.max());
        this.largestGap = distances.matrix().largestGap();
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }
}
