package dev.sot.procedures.match;

import dev.sot.procedures.distance.FeatureSupports;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.match.Assignment;
import dev.sot.transport.match.Background;
import dev.sot.transport.match.OneToOne;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.PairMemory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /** One firing: position, weight, and both again as it is resampled. */
    private static final long BYTES_PER_FIRING = 48;

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
        boolean oneToOne = config.assignment() == Assignment.ONE_TO_ONE;
        int neighbours = config.k() + 2;
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
                                oneToOne ? Math.max(neighbours, OneToOne.NEIGHBOURS) : neighbours,
                                config.concurrency())
                        + config.concurrency()
                                * Wasserstein.workspaceBytes(
                                        Math.max(largest, config.support()),
                                        Math.max(largest, Background.POINTS));
        long assigning =
                oneToOne
                        ? OneToOne.bytes(selection.sources().size(), selection.targets().size())
                        : 0;
        long resampling = config.bootstraps() > 0 ? resampling(session, config, selection) : 0;
        return new MatchHeap(
                Math.max(
                        supports.loadingBytes(),
                        held + searching + Math.max(assigning, resampling)),
                supports.points());
    }

    /** Firings of all matches and targets with their points, and one resample of them. */
    private static long resampling(Session session, MatchConfig config, MatchSelection selection) {
        SpacePositions positions = SpacePositions.of(selection.space());
        int dimension = dimension(selection);
        long[] firings =
                Stream.concat(
                                Stream.generate(selection.sources()::stream)
                                        .limit(config.k())
                                        .flatMap(sources -> sources),
                                selection.targets().stream())
                        .mapToLong(f -> firings(session, positions, f))
                        .toArray();
        int[] sizes =
                Arrays.stream(firings).mapToInt(f -> supportSize(config, selection, f)).toArray();
        int largest = Arrays.stream(sizes).max().orElse(0);
        long all = Arrays.stream(firings).sum();
        return BYTES_PER_FIRING * all
                + 4L * dimension * Math.min(all, positions.size())
                + Arrays.stream(sizes).mapToLong(s -> Geometry.cloudBytes(s, dimension)).sum()
                + config.concurrency() * Wasserstein.workspaceBytes(largest, largest);
    }

    private static long firings(Session session, SpacePositions positions, Node feature) {
        session.monitor().check();
        return positions.firings(session.tx(), (String) feature.getProperty("key"));
    }

    /** Points of the distribution of so many firings. */
    private static int supportSize(MatchConfig config, MatchSelection selection, long firings) {
        return (int)
                (SpaceStore.isOfTokens(selection.space())
                        ? firings
                        : Math.min(config.support(), firings));
    }

    private static int dimension(MatchSelection selection) {
        return ((Number) selection.space().getProperty("dimension")).intValue();
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
        int dimension = dimension(selection);
        List<Node> features = selection.all();
        int[] sizes =
                features.stream()
                        .mapToInt(
                                f -> supportSize(config, selection, firings(session, positions, f)))
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
