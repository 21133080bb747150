package dev.sot.procedures.distribution;

import dev.sot.transport.Support;
import dev.sot.transport.SupportMethod;
import java.util.Arrays;
import java.util.List;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** One feature's distribution. */
public final class DistributionRow {

    @Description("Key of the feature.")
    public final String feature;

    @Description("Positions of the corpus on which the distribution rests, ascending.")
    public final List<Long> positions;

    @Description("Their weights, which sum to 1.")
    public final List<Double> weights;

    @Description("Firings outside the excluded positions.")
    public final long firings;

    @Description("Firings on excluded positions.")
    public final long excludedFirings;

    @Description("(sum a)^2 / sum a^2 over the firings.")
    public final double effectiveSampleSize;

    @Description("Whether the distribution rests on a sample of the firings.")
    public final boolean sampled;

    DistributionRow(Node feature, Support support) {
        this.feature = (String) feature.getProperty("key");
        this.positions =
                Arrays.stream(support.distribution().positions()).asLongStream().boxed().toList();
        this.weights = Arrays.stream(support.distribution().weights()).boxed().toList();
        this.firings = support.firings();
        this.excludedFirings = support.excludedFirings();
        this.effectiveSampleSize = support.effectiveSampleSize();
        this.sampled = support.method() == SupportMethod.SAMPLED;
    }
}
