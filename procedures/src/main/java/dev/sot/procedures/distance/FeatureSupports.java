package dev.sot.procedures.distance;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import java.util.ArrayList;
import java.util.Arrays;
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
 * @param sizes support points of each of them
 * @param distinctPoints different positions among all support points
 * @param dimension of the space
 * @param cloudBytes what the clouds take
 */
public record FeatureSupports(
        Node space,
        List<Node> features,
        List<Node> withoutDistribution,
        int[] sizes,
        int distinctPoints,
        int dimension,
        long cloudBytes) {

    /** A feature in lists: references, the node and the error of its support. */
    private static final long BYTES_PER_FEATURE = 160;

    /** A distribution as it is stored and as it rests on the table, with arrays' headers. */
    private static final long BYTES_PER_DISTRIBUTION = 200;

    /** Counts. */
    public static FeatureSupports of(
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
        int[] sizes = new int[selected.size()];
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
            int size = positions.get().length;
            sizes[features.size()] = size;
            features.add(feature);
            cloudBytes += Geometry.cloudBytes(size, dimension);
            for (int position : positions.get()) {
                distinct.set(position);
            }
        }
        return new FeatureSupports(
                space,
                features,
                without,
                Arrays.copyOf(sizes, features.size()),
                distinct.cardinality(),
                dimension,
                cloudBytes);
    }

    /** Support points of all features. */
    public long points() {
        return Arrays.stream(sizes).asLongStream().sum();
    }

    /** Support points of the feature that has most. */
    public int largestSupport() {
        return Arrays.stream(sizes).max().orElse(0);
    }

    /** Bytes of heap that {@link #load} takes, with what it keeps. */
    public long loadingBytes() {
        return heldBytes() + BYTES_PER_DISTRIBUTION * features.size() + 16 * points();
    }

    /** Bytes of heap of what {@link #load} keeps: the clouds, the points and their positions. */
    public long heldBytes() {
        return BYTES_PER_FEATURE * (features.size() + withoutDistribution.size())
                + cloudBytes
                + 4L * distinctPoints * (1 + dimension);
    }

    /** Loads the distributions. */
    public FeatureClouds load(Session session, DistanceConfig config) {
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
        Geometry geometry = new Geometry(loaded.points(), config.groundCost(space), config.order());
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
