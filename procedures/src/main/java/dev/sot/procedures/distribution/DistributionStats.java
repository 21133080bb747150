package dev.sot.procedures.distribution;

import java.util.Map;
import org.neo4j.procedure.Description;

/** What became of the features of a build. */
public final class DistributionStats {

    @Description("The reference space.")
    public final String space;

    @Description("Features considered.")
    public final long features;

    @Description("Features that have a distribution.")
    public final long distributions;

    @Description("Features without one because they never fire on the corpus.")
    public final long silentFeatures;

    @Description("Features without one because they fire on excluded positions only.")
    public final long onlyExcludedFeatures;

    @Description("Distributions that rest on a sample of the firings, the rest being exact.")
    public final long sampledFeatures;

    @Description(
            "Firings left out because their position is excluded, over the features that have a"
                    + " distribution.")
    public final long excludedFirings;

    @Description("Mean number of support points; null without distributions.")
    public final Double meanSupport;

    @Description("Mean effective sample size, (sum a)^2 / sum a^2; null without distributions.")
    public final Double meanEffectiveSampleSize;

    @Description(
            "Milliseconds spent on reading activations and sampling; for write also on writing.")
    public final long computeMillis;

    @Description("The configuration with its defaults.")
    public final Map<String, Object> configuration;

    DistributionStats(
            String space,
            DistributionCounts counts,
            long computeMillis,
            Map<String, Object> configuration) {
        this.space = space;
        this.features = counts.features;
        this.distributions = counts.distributions;
        this.silentFeatures = counts.silent;
        this.onlyExcludedFeatures = counts.onlyExcluded;
        this.sampledFeatures = counts.sampled;
        this.excludedFirings = counts.excludedFirings;
        this.meanSupport = mean(counts.supportPoints, counts.distributions);
        this.meanEffectiveSampleSize = mean(counts.effectiveSampleSizes, counts.distributions);
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }

    private static Double mean(double sum, long count) {
        return count == 0 ? null : sum / count;
    }
}
