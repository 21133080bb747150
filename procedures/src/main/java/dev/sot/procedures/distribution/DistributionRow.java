package dev.sot.procedures.distribution;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.transport.Support;
import dev.sot.transport.SupportError;
import java.util.Arrays;
import java.util.List;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** One feature's distribution. */
public final class DistributionRow {

    @Description("Key of the feature.")
    public final String feature;

    @Description(
            "Positions of the corpus on which the distribution rests, ascending; each a firing.")
    public final List<Long> positions;

    @Description("Their weights, which sum to 1.")
    public final List<Double> weights;

    @Description("Firings outside the excluded positions.")
    public final long firings;

    @Description("Firings on excluded positions.")
    public final long excludedFirings;

    @Description("(sum a)^2 / sum a^2 over the firings.")
    public final double effectiveSampleSize;

    @Description(
            "all when every firing is a position of its own, else sampled or quantized, or in a"
                    + " space of tokens merged.")
    public final String supportMethod;

    @Description(
            "Largest W1 that the distribution can have from that of all firings; null when not"
                    + " known.")
    public final Double supportError1;

    @Description("The same for W2.")
    public final Double supportError2;

    DistributionRow(Node feature, Support support, SpacePositions space) {
        this.feature = (String) feature.getProperty("key");
        this.positions =
                Arrays.stream(support.distribution().positions())
                        .map(space::ofCorpora)
                        .asLongStream()
                        .boxed()
                        .toList();
        this.weights = Arrays.stream(support.distribution().weights()).boxed().toList();
        this.firings = support.firings();
        this.excludedFirings = support.excludedFirings();
        this.effectiveSampleSize = support.effectiveSampleSize();
        this.supportMethod = Configuration.name(support.method());
        this.supportError1 = support.error().map(SupportError::order1).orElse(null);
        this.supportError2 = support.error().map(SupportError::order2).orElse(null);
    }
}
