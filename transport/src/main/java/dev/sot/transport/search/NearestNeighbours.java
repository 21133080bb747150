package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Exact nearest neighbours between two families of distributions, or within one, by W_1 or W_2.
 *
 * <p>Pairs are excluded by a cascade of lower bounds, from the cheapest to the exact distance:
 *
 * <ol>
 *   <li>the difference of two summary vectors, computed for all pairs: quantile blocks along the
 *       axes of the space;
 *   <li>where the targets' supports overlap, one potential a source on the points of all targets;
 *   <li>{@link dev.sot.transport.Wasserstein#lowerBound};
 *   <li>{@link dev.sot.transport.Wasserstein#distance}.
 * </ol>
 *
 * <p>A source's targets wait in the order of the best bound known for each; the first is given its
 * next better bound, or solved, until the least bound exceeds the distance of the k-th neighbour
 * found, or the largest distance asked for. The result is therefore that of computing all distances
 * and sorting them by (distance, target), to the last bit: bounds are lowered by what rounding can
 * have raised them, and a target is left out only if its bound exceeds the limit by more than 1e-9
 * of it. No target is solved whose dual bound exceeds the final limit, except among the first k
 * (the optimal multi-step search of Seidl and Kriegel 1998).
 *
 * <p>Summary bounds are tight for the Euclidean cost at orders 1 and 2, for the squared Euclidean
 * cost and cosine at order 1, less so for these at order 2, and weak for the zero-one cost.
 *
 * <p>Immutable; the result does not depend on concurrency.
 */
public final class NearestNeighbours {

    /** Sources that pass over a tile of targets while it is in the cache. */
    private static final int ROWS = 8;

    private final Geometry geometry;
    private final Cloud[] sources;
    private final Cloud[] targets;
    // For each source the target that is the source itself, or -1.
    private final int[] self;
    // What is known of pairs, or null.
    private final PairMemory memory;

    private NearestNeighbours(
            Geometry geometry, List<Cloud> sources, List<Cloud> targets, int[] self) {
        this.geometry = geometry;
        this.sources = checked(geometry, "source", sources);
        this.targets = sources == targets ? this.sources : checked(geometry, "target", targets);
        this.self = self;
        this.memory = null;
    }

    private NearestNeighbours(NearestNeighbours search, PairMemory memory) {
        this.geometry = search.geometry;
        this.sources = search.sources;
        this.targets = search.targets;
        this.self = search.self;
        this.memory = memory;
    }

    /**
     * Neighbours of sources among targets. A target that is the same object as a source is not its
     * neighbour.
     *
     * @param geometry the geometry that made all clouds
     * @param sources whose neighbours are wanted
     * @param targets among which they are looked for, each once
     * @throws IllegalArgumentException naming a cloud of another geometry
     */
    public static NearestNeighbours between(
            Geometry geometry, List<Cloud> sources, List<Cloud> targets) {
        Map<Cloud, Integer> indices = new IdentityHashMap<>();
        targets.forEach(target -> indices.put(target, indices.size()));
        int[] self = sources.stream().mapToInt(s -> indices.getOrDefault(s, -1)).toArray();
        return between(geometry, sources, targets, self);
    }

    /**
     * Neighbours of sources among targets.
     *
     * @param geometry the geometry that made all clouds
     * @param sources whose neighbours are wanted
     * @param targets among which they are looked for
     * @param self for each source the target that is not its neighbour, being the source itself, or
     *     -1
     * @throws IllegalArgumentException naming a cloud of another geometry
     */
    public static NearestNeighbours between(
            Geometry geometry, List<Cloud> sources, List<Cloud> targets, int[] self) {
        return new NearestNeighbours(geometry, sources, targets, self);
    }

    /**
     * Neighbours of each of a family among the others.
     *
     * @param geometry the geometry that made all clouds
     * @param clouds the family
     * @throws IllegalArgumentException naming a cloud of another geometry
     */
    public static NearestNeighbours within(Geometry geometry, List<Cloud> clouds) {
        return new NearestNeighbours(
                geometry, clouds, clouds, IntStream.range(0, clouds.size()).toArray());
    }

    /**
     * The same search, which takes from a memory what others found out and leaves there what it
     * finds out. It finds the same; only {@link Neighbours#remaining}, the counts and what a budget
     * suffices for depend on what is known.
     */
    public NearestNeighbours remembering(PairMemory shared) {
        return new NearestNeighbours(this, shared);
    }

    private static Cloud[] checked(Geometry geometry, String side, List<Cloud> clouds) {
        Cloud[] array = clouds.toArray(Cloud[]::new);
        for (int i = 0; i < array.length; i++) {
            if (array[i].geometry() != geometry) {
                throw new IllegalArgumentException(
                        side + " " + i + ": the cloud belongs to another geometry");
            }
        }
        return array;
    }

    /**
     * Searches.
     *
     * @param query which neighbours are wanted
     * @param concurrency number of threads, at least 1
     * @param monitor told of the sources done as "nearest neighbours"; stops the search within
     *     about 50 ms
     */
    public NeighbourTable find(NeighbourQuery query, int concurrency, Monitor monitor) {
        double[] limits = new double[sources.length];
        Arrays.fill(limits, query.maxDistance());
        return find(query, RowSearch.NONE, limits, concurrency, monitor);
    }

    /**
     * Searches by scores: distances to which every target adds a penalty of its own. Neighbours
     * ascend by score, equal scores by target; their distances are those without penalties; what
     * {@link Neighbours#remaining} bounds is the score.
     *
     * @param k at most this many, at least 1
     * @param penalties one a target, finite, not negative
     * @param limits for each source the largest score of a neighbour, not negative
     * @param concurrency number of threads, at least 1
     * @param monitor as in {@link #find(NeighbourQuery, int, Monitor)}
     * @throws IllegalArgumentException naming the first penalty or limit that is not allowed
     */
    public NeighbourTable find(
            int k, double[] penalties, double[] limits, int concurrency, Monitor monitor) {
        requireEach("target", targets.length, "penalty", penalties, Double.MAX_VALUE);
        requireEach("source", sources.length, "limit", limits, Double.POSITIVE_INFINITY);
        return find(NeighbourQuery.nearest(k), penalties, limits, concurrency, monitor);
    }

    private static void requireEach(
            String side, int size, String name, double[] values, double most) {
        if (values.length != size) {
            throw new IllegalArgumentException(
                    "there must be one "
                            + name
                            + " a "
                            + side
                            + ", got "
                            + values.length
                            + " for "
                            + size);
        }
        for (int i = 0; i < size; i++) {
            if (!(values[i] >= 0 && values[i] <= most)) {
                throw new IllegalArgumentException(
                        side
                                + " "
                                + i
                                + ": the "
                                + name
                                + " must not be negative, got "
                                + values[i]);
            }
        }
    }

    private NeighbourTable find(
            NeighbourQuery query,
            double[] penalties,
            double[] limits,
            int concurrency,
            Monitor monitor) {
        int dimension = geometry.points().dimension();
        boolean squared = new Ruler(geometry).squared();
        SummaryIndex summaries =
                new SummaryIndex(targets, dimension, squared, concurrency, monitor);
        SharedPoints points =
                SharedPoints.worthwhile(pointCount(targets), geometry.points().size())
                        ? SharedPoints.of(geometry, targets, squared)
                        : null;
        int[] sourceNumbers = numbers(sources);
        int[] targetNumbers = numbers(targets);
        Neighbours[] found = new Neighbours[sources.length];
        Progress progress = new Progress(sources.length, monitor);
        Workers.run(
                (sources.length + ROWS - 1) / ROWS,
                concurrency,
                monitor,
                inner -> {
                    RowSearch search =
                            new RowSearch(
                                    geometry,
                                    targets,
                                    query,
                                    penalties,
                                    memory,
                                    targetNumbers,
                                    summaries,
                                    points,
                                    inner);
                    float[][] vectors = new float[ROWS][Summary.length(dimension, squared)];
                    float[][] squares = new float[ROWS][SummaryIndex.padded(targets.length)];
                    double[] radius = new double[ROWS];
                    float[][] sums = new float[ROWS][Tile.WIDTH];
                    return block -> {
                        int first = block * ROWS;
                        int rows = Math.min(ROWS, sources.length - first);
                        for (int r = 0; r < rows; r++) {
                            radius[r] =
                                    Summary.write(
                                            sources[first + r], dimension, squared, vectors[r]);
                        }
                        for (int t = 0; t < summaries.tiles(); t++) {
                            inner.check();
                            summaries.squares(t, vectors, squares, sums);
                        }
                        for (int r = 0; r < rows; r++) {
                            int source = first + r;
                            found[source] =
                                    search.search(
                                            sources[source],
                                            sourceNumbers[source],
                                            self[source],
                                            radius[r],
                                            limits[source],
                                            squares[r]);
                            progress.done(search.counts());
                        }
                    };
                });
        return new NeighbourTable(List.of(found), progress.counts);
    }

    /** The numbers of clouds in the memory. */
    private int[] numbers(Cloud[] clouds) {
        int[] numbers = new int[clouds.length];
        for (int i = 0; i < numbers.length && memory != null; i++) {
            numbers[i] = memory.number(clouds[i]);
        }
        return numbers;
    }

    /**
     * An upper bound on the bytes of heap that {@link #find} takes, without the clouds, see {@link
     * Geometry#cloudBytes}.
     *
     * @param cost ground cost of the geometry
     * @param order its order
     * @param tableRows rows of its table
     * @param dimension of its table
     * @param sources number of sources
     * @param targets number of targets
     * @param targetPoints points of all targets together, each counted as often as it occurs
     * @param neighbours expected neighbours a source: k, or a guess where only a distance is given
     * @param concurrency number of threads
     */
    public static long estimate(
            GroundCost cost,
            int order,
            int tableRows,
            int dimension,
            int sources,
            int targets,
            long targetPoints,
            int neighbours,
            int concurrency) {
        boolean squared = Ruler.squared(cost, order);
        boolean shared = SharedPoints.worthwhile(targetPoints, tableRows);
        long index =
                SummaryIndex.bytes(targets, dimension, squared)
                        + (shared ? SharedPoints.bytes(tableRows, dimension) : 0);
        long thread =
                4L * ROWS * (Summary.length(dimension, squared) + SummaryIndex.padded(targets))
                        + RowSearch.bytes(targets, shared, tableRows);
        long numbers = 4L * (sources + targets);
        long result = numbers + sources * (80 + 12L * Math.min(neighbours, targets));
        return index + concurrency * thread + result;
    }

    private static long pointCount(Cloud[] clouds) {
        return Arrays.stream(clouds).mapToLong(Cloud::size).sum();
    }

    /** Counts finished sources over all workers; reports them one at a time, ascending. */
    private static final class Progress {
        private final long total;
        private final Monitor monitor;
        private long done;
        private SearchCounts counts = SearchCounts.NONE;

        Progress(long total, Monitor monitor) {
            this.total = total;
            this.monitor = monitor;
        }

        synchronized void done(SearchCounts ofSource) {
            counts = counts.plus(ofSource);
            monitor.progress("nearest neighbours", ++done, total);
        }
    }
}
