package dev.sot.procedures.distance;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.HeapRange;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Wasserstein;
import java.util.List;
import org.neo4j.graphdb.Node;

/**
 * The distances among features, in the order given.
 *
 * @param clouds the features' distributions
 * @param matrix their distances
 */
public record FeatureDistances(FeatureClouds clouds, DistanceMatrix matrix) {

    /** Features whose pairs an array can number. */
    private static final int MAX_FEATURES = 46_341;

    /**
     * Computes all pairs.
     *
     * @param heap counts what is loaded and computed, for as long as the caller keeps it open
     * @throws ConfigurationException when there are too many pairs
     */
    public static FeatureDistances of(
            Session session,
            Heap heap,
            List<Node> selected,
            DistanceConfig config,
            int concurrency) {
        FeatureSupports supports = FeatureSupports.of(session, selected, config.space());
        requireComparable(supports);
        heap.take(bytes(supports, concurrency));
        FeatureClouds clouds = supports.load(session, config);
        return new FeatureDistances(
                clouds,
                DistanceMatrix.compute(
                        clouds.clouds(), clouds.geometry(), concurrency, session.monitor()));
    }

    /** Bytes of heap that all pairs take, with all that is loaded for them. */
    public static long bytes(FeatureSupports supports, int concurrency) {
        int largest = supports.largestSupport();
        return Math.max(
                supports.loadingBytes(),
                supports.heldBytes()
                        + 8 * pairs(supports.features().size())
                        + concurrency * Wasserstein.workspaceBytes(largest, largest));
    }

    /** The number of pairs of so many features. */
    static long pairs(int features) {
        return (long) features * (features - 1) / 2;
    }

    private static void requireComparable(FeatureSupports supports) {
        int features = supports.features().size();
        if (features > MAX_FEATURES) {
            throw new ConfigurationException(
                    "%,d features have %,d distances among them, %s; at most %,d features can be compared all with all. Select fewer, or find the nearest ones of each with CALL sot.nearest.stream"
                            .formatted(
                                    features,
                                    pairs(features),
                                    HeapRange.text(8 * pairs(features)),
                                    MAX_FEATURES));
        }
    }
}
