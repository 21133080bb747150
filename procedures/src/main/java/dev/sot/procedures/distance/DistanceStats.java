package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Figures;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
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

    @Description("Milliseconds spent on loading and comparing.")
    public final long computeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    DistanceStats(
            FeatureDistances distances, long computeMillis, Map<String, Object> configuration) {
        double[] all = distances.matrix().condensed();
        DescriptiveStatistics statistics = new DescriptiveStatistics(all);
        this.space = (String) distances.space().getProperty("name");
        this.features = distances.features().size();
        this.withoutDistribution = distances.withoutDistribution().size();
        this.pairs = all.length;
        this.min = Figures.present(statistics.getMin());
        this.p5 = Figures.present(statistics.getPercentile(5));
        this.median = Figures.present(statistics.getPercentile(50));
        this.mean = Figures.present(statistics.getMean());
        this.p95 = Figures.present(statistics.getPercentile(95));
        this.max = Figures.present(statistics.getMax());
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }
}
