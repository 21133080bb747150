package dev.sot.procedures.match;

import dev.sot.procedures.distance.FeatureSupports;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.match.Background;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.PairMemory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * What matching takes of the heap, counted from the sizes of supports before anything is loaded.
 *
 * @param bytes of heap, at most
 * @param supportPoints points of all distributions
 */
record MatchHeap(long bytes, long supportPoints) {

    /** Neighbours, matches and certificates of a feature. */
    private static final long BYTES_PER_FEATURE = 800;

    static MatchHeap of(Session session, MatchConfig config, MatchSelection selection) {
        FeatureSupports supports = supports(session, config, selection);
        int features = supports.features().size();
        int largest = supports.largestSupport();
        GroundCost cost = config.distance().groundCost(selection.space());
        long held =
                supports.heldBytes()
                        + Geometry.cloudBytes(Background.POINTS, supports.dimension())
                        + BYTES_PER_FEATURE * features * config.k()
                        + PairMemory.bytes(features, pairs(selection))
                        + CorpusStore.PromptLayout.bytes(
                                SpacePositions.of(selection.space()).size());
        // The largest search is that among all: families and layers are parts of it.
        long searching =
                NearestNeighbours.estimate(
                                cost,
                                config.distance().order(),
                                supports.distinctPoints(),
                                supports.dimension(),
                                features,
                                features,
                                supports.points(),
                                config.k() + 2,
                                config.concurrency())
                        + config.concurrency()
                                * Wasserstein.workspaceBytes(
                                        Math.max(largest, config.support()),
                                        Math.max(largest, Background.POINTS));
        return new MatchHeap(
                Math.max(supports.loadingBytes(), held + searching), supports.points());
    }

    /** Those of sources and targets, and those in layers. */
    private static long pairs(MatchSelection selection) {
        return (long) selection.sources().size() * selection.targets().size()
                + selection.layers().stream()
                        .mapToLong(layer -> (long) layer.size() * layer.size())
                        .sum();
    }

    /** One or two distributions a feature, each of at most as many points as are kept. */
    private static FeatureSupports supports(
            Session session, MatchConfig config, MatchSelection selection) {
        SpacePositions positions = SpacePositions.of(selection.space());
        int dimension = ((Number) selection.space().getProperty("dimension")).intValue();
        List<Node> features = selection.all();
        int[] sizes =
                features.stream()
                        .mapToInt(
                                f -> {
                                    session.monitor().check();
                                    long firings =
                                            positions.firings(
                                                    session.tx(), (String) f.getProperty("key"));
                                    return (int)
                                            (SpaceStore.isOfTokens(selection.space())
                                                    ? firings
                                                    : Math.min(config.support(), firings));
                                })
                        .flatMap(
                                size ->
                                        IntStream.generate(() -> size)
                                                .limit(config.positions().halves()))
                        .filter(size -> size > 0)
                        .toArray();
        long points = Arrays.stream(sizes).asLongStream().sum();
        return new FeatureSupports(
                selection.space(),
                IntStream.range(0, sizes.length).mapToObj(i -> features.get(0)).toList(),
                List.of(),
                sizes,
                (int) Math.min(points, positions.size()),
                dimension,
                Arrays.stream(sizes).mapToLong(s -> Geometry.cloudBytes(s, dimension)).sum());
    }
}
