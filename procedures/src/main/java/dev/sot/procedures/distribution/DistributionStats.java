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

    @Description("Distributions with fewer positions than firings; the rest keep all.")
    public final long reducedFeatures;

    @Description(
            "Firings left out because their position is excluded, over the features that have a"
                    + " distribution.")
    public final long excludedFirings;

    @Description("Mean number of support points; null without distributions.")
    public final Double meanSupport;

    @Description("Mean effective sample size, (sum a)^2 / sum a^2; null without distributions.")
    public final Double meanEffectiveSampleSize;

    @Description(
            "Mean of the largest W1 that a distribution can have from that of all firings, over the"
                    + " distributions for which it is known; null without any.")
    public final Double meanSupportError1;

    @Description("The same for W2.")
    public final Double meanSupportError2;

    @Description(
            "Milliseconds spent on reading activations and reducing supports; for write also on"
                    + " writing.")
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
        this.reducedFeatures = counts.reduced;
        this.excludedFirings = counts.excludedFirings;
        this.meanSupport = mean(counts.supportPoints, counts.distributions);
        this.meanEffectiveSampleSize = mean(counts.effectiveSampleSizes, counts.distributions);
        this.meanSupportError1 = mean(counts.errors1, counts.withError);
        this.meanSupportError2 = mean(counts.errors2, counts.withError);
        this.computeMillis = computeMillis;
        this.configuration = configuration;
    }

    private static Double mean(double sum, long count) {
        return count == 0 ? null : sum / count;
    }
}
