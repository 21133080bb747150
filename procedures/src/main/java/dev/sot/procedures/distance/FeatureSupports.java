package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Node;

/**
 * Which of some features have a distribution in a space, and what those take of the heap: counted
 * from their positions, one feature at a time, before any is loaded.
 *
 * @param space the reference space
 * @param features the features that have a distribution there, in the order given
 * @param withoutDistribution the others
 * @param points support points of all features
 * @param distinctPoints different positions among them
 * @param largestSupport support points of the feature that has most
 * @param dimension of the space
 * @param cloudBytes what the clouds take
 */
record FeatureSupports(
        Node space,
        List<Node> features,
        List<Node> withoutDistribution,
        long points,
        int distinctPoints,
        int largestSupport,
        int dimension,
        long cloudBytes) {

    /** A feature in lists: references, the node and the error of its support. */
    private static final long BYTES_PER_FEATURE = 160;

    /** A distribution as it is stored and as it rests on the table, with arrays' headers. */
    private static final long BYTES_PER_DISTRIBUTION = 200;

    /** Counts. */
    static FeatureSupports of(
            Session session, Collection<Node> selected, Optional<String> spaceName) {
        Node space =
                SpaceStore.require(
                        session.tx(),
                        spaceName,
                        selected.stream()
                                .map(f -> (String) f.getProperty("dictionary"))
                                .collect(Collectors.toSet()));
        String name = (String) space.getProperty("name");
        int dimension = ((Number) space.getProperty("dimension")).intValue();
        List<Node> features = new ArrayList<>();
        List<Node> without = new ArrayList<>();
        BitSet distinct = new BitSet();
        long points = 0;
        int largest = 0;
        long cloudBytes = 0;
        int looked = 0;
        for (Node feature : selected) {
            session.monitor().check();
            session.monitor().progress("looking at distributions", looked++, selected.size());
            Optional<int[]> positions =
                    DistributionStore.positions(
                            session.tx(), (String) feature.getProperty("key"), name);
            if (positions.isEmpty()) {
                without.add(feature);
                continue;
            }
            features.add(feature);
            int size = positions.get().length;
            points += size;
            largest = Math.max(largest, size);
            cloudBytes += Geometry.cloudBytes(size, dimension);
            for (int position : positions.get()) {
                distinct.set(position);
            }
        }
        return new FeatureSupports(
                space,
                features,
                without,
                points,
                distinct.cardinality(),
                largest,
                dimension,
                cloudBytes);
    }

    /** Bytes of heap that {@link #load} takes, with what it keeps. */
    long loadingBytes() {
        return heldBytes() + BYTES_PER_DISTRIBUTION * features.size() + 16 * points;
    }

    /** Bytes of heap of what {@link #load} keeps: the clouds, the points and their positions. */
    long heldBytes() {
        return BYTES_PER_FEATURE * (features.size() + withoutDistribution.size())
                + cloudBytes
                + 4L * distinctPoints * (1 + dimension);
    }

    /** Loads the distributions. */
    FeatureClouds load(Session session, DistanceConfig config) {
        String name = (String) space.getProperty("name");
        List<DistributionStore.Stored> stored = new ArrayList<>(features.size());
        for (Node feature : features) {
            session.monitor().check();
            session.monitor().progress("loading distributions", stored.size(), features.size());
            stored.add(
                    DistributionStore.require(
                            session.tx(), (String) feature.getProperty("key"), name));
        }
        DistributionStore.Loaded loaded = DistributionStore.Loaded.of(session.tx(), space, stored);
        Geometry geometry = new Geometry(loaded.points(), config.groundCost(), config.order());
        List<Cloud> clouds = new ArrayList<>(features.size());
        loaded.distributions()
                .forEach(
                        d -> {
                            session.monitor().check();
                            clouds.add(geometry.cloud(d));
                        });
        return new FeatureClouds(
                space,
                features,
                withoutDistribution,
                geometry,
                clouds,
                loaded.positions(),
                loaded.errors());
    }
}
