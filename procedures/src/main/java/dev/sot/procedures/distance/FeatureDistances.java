package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Node;

/**
 * The distances among features, in the order given.
 *
 * @param space the reference space
 * @param features the features that have a distribution there
 * @param withoutDistribution the others
 * @param loaded the distributions, one for each feature
 * @param matrix their distances
 */
public record FeatureDistances(
        Node space,
        List<Node> features,
        List<Node> withoutDistribution,
        DistributionStore.Loaded loaded,
        DistanceMatrix matrix) {

    /**
     * Bytes of one support point while it is compared: weights, positions and its share of the
     * points.
     */
    private static final long BYTES_PER_SUPPORT_POINT = 300;

    /** Computes all pairs. */
    public static FeatureDistances of(
            Session session, List<Node> selected, DistanceConfig config, int concurrency) {
        Node space =
                SpaceStore.require(
                        session.tx(),
                        config.space(),
                        selected.stream()
                                .map(f -> (String) f.getProperty("dictionary"))
                                .collect(Collectors.toSet()));
        String name = (String) space.getProperty("name");
        List<Node> features = new ArrayList<>();
        List<Node> without = new ArrayList<>();
        List<DistributionStore.Stored> stored = new ArrayList<>();
        long support = 0;
        for (Node feature : selected) {
            session.monitor().check();
            Optional<DistributionStore.Stored> found =
                    DistributionStore.find(session.tx(), (String) feature.getProperty("key"), name);
            if (found.isPresent()) {
                features.add(feature);
                stored.add(found.get());
                support += found.get().distribution().size();
            } else {
                without.add(feature);
            }
        }
        try (var tracked = session.memory().newTracker()) {
            tracked.allocateHeap(
                    4L * features.size() * features.size() + BYTES_PER_SUPPORT_POINT * support);
            DistributionStore.Loaded loaded =
                    DistributionStore.Loaded.of(session.tx(), space, stored);
            int dimension = loaded.points().dimension();
            tracked.allocateHeap(
                    loaded.distributions().stream()
                            .mapToLong(d -> Geometry.cloudBytes(d.size(), dimension))
                            .sum());
            Geometry geometry = new Geometry(loaded.points(), config.groundCost(), config.order());
            DistanceMatrix matrix =
                    DistanceMatrix.compute(
                            loaded.distributions().stream().map(geometry::cloud).toList(),
                            geometry,
                            concurrency,
                            session.monitor());
            return new FeatureDistances(space, features, without, loaded, matrix);
        }
    }
}
