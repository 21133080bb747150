package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.NeighbourTable;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.PairMemory;
import java.util.Arrays;
import java.util.List;

/**
 * One-to-one matching of two families: the assignment of least total score in which every feature
 * of the smaller family has a partner and none has two. The score is the distance, less what the
 * distances of each of the two features are reduced by. Reductions of the smaller family, each
 * feature of which is assigned, are the same in every assignment: they change nothing, and where
 * both families are as large, the assignment is that of least total distance. Only where a feature
 * is in both families can one be left without a partner, as none is its own.
 *
 * <p>Most pairs are never compared exactly. The problem is solved for some pairs, the nearest of
 * each feature first, by {@link SparseAssignment}, whose potentials satisfy {@code u_i + v_j <=
 * D(i, j) + p_j} for these pairs with equality for those assigned, where p are the penalties of
 * columns that take the place of reductions. A search then finds, for each feature, the pairs left
 * out that violate this: those with {@code D(i, j) + p_j - v_j < u_i}, which are neighbours under
 * penalties {@code p_j - v_j} within the limit u_i, and which bounds exclude as they exclude
 * others. They join, and the problem is solved again, until there are none. Then the inequality
 * holds for all pairs, and by duality no assignment costs less: by more than 1e-9 of the largest
 * potential a feature.
 *
 * <p>Memory: 24 bytes a pair that joins, of which there are some tens a feature, see {@link
 * #bytes}.
 */
public final class OneToOne {

    /** How many neighbours of each feature are looked for at first, and then in each round. */
    public static final int NEIGHBOURS = 16;

    /** More pairs than join a feature, as a rule. */
    private static final int PAIRS = 8 * NEIGHBOURS;

    /** Column and distance of a pair, as they are collected and as they are solved. */
    private static final long BYTES_PER_PAIR = 24;

    /** Potentials, prices, limits, partners and the arrays of a row. */
    private static final long BYTES_PER_FEATURE = 160;

    /** Potentials and distances are compared up to this share of the largest. */
    private static final double ROUNDING = 1e-9;

    /** Finds neighbours under penalties and within limits, as {@link NearestNeighbours#find}. */
    @FunctionalInterface
    public interface Search {
        NeighbourTable find(int k, double[] penalties, double[] limits);
    }

    /**
     * The result.
     *
     * @param target for each source the index of its target, or -1 where it has none
     * @param distance for each source the distance of its target, not a number where it has none
     * @param cost the sum of these distances
     * @param pairs how many pairs the problem had in the end
     * @param exactDistances how many exact distances the searches computed
     * @param rounds how often the problem was solved
     */
    public record Result(
            int[] target,
            double[] distance,
            double cost,
            long pairs,
            long exactDistances,
            int rounds) {}

    private final Search search;
    private final double[] penalties;
    private final double out;
    private final Monitor monitor;

    // For each row the columns that have joined, ascending, and their distances.
    private final int[][] joined;
    private final double[][] distances;
    private long exactDistances;

    private OneToOne(Search search, int rows, double[] penalties, double largest, Monitor monitor) {
        this.search = search;
        this.penalties = penalties;
        this.out = 2 * (largest + Arrays.stream(penalties).max().orElse(0)) + 1;
        this.monitor = monitor;
        this.joined = new int[rows][0];
        this.distances = new double[rows][0];
    }

    /** Bytes that a problem takes beside its searches, about: pairs that join, and potentials. */
    public static long bytes(int sources, int targets) {
        long rows = Math.min(sources, targets);
        int columns = Math.max(sources, targets);
        return BYTES_PER_PAIR * rows * Math.min(PAIRS, columns)
                + BYTES_PER_FEATURE * (rows + columns);
    }

    /**
     * Matches, proved optimal.
     *
     * @param geometry the geometry that made all clouds
     * @param sources one family
     * @param targets the other
     * @param sourceReductions what the distances of each source are reduced by
     * @param targetReductions the same of each target
     * @param memory of their pairs
     * @param concurrency number of threads, at least 1
     * @param monitor told of each round's search as "nearest neighbours"; checked in all long loops
     */
    public static Result match(
            Geometry geometry,
            List<Cloud> sources,
            List<Cloud> targets,
            double[] sourceReductions,
            double[] targetReductions,
            PairMemory memory,
            int concurrency,
            Monitor monitor) {
        if (sources.size() > targets.size()) {
            return transpose(
                    match(
                            geometry,
                            targets,
                            sources,
                            targetReductions,
                            sourceReductions,
                            memory,
                            concurrency,
                            monitor),
                    sources.size());
        }
        NearestNeighbours neighbours =
                NearestNeighbours.between(geometry, sources, targets).remembering(memory);
        return match(
                (k, penalties, limits) ->
                        neighbours.find(k, penalties, limits, concurrency, monitor),
                sources.size(),
                TwoWaySearch.penalties(targetReductions),
                largest(geometry, sources, targets, monitor),
                monitor);
    }

    /**
     * Matches rows to columns, of which there are at least as many, by any distances.
     *
     * @param search finds columns near to each row
     * @param rows how many rows there are
     * @param penalties what is added to distances from each column, not negative
     * @param largest at least as large as every distance
     */
    public static Result match(
            Search search, int rows, double[] penalties, double largest, Monitor monitor) {
        return new OneToOne(search, rows, penalties, largest, monitor).run();
    }

    private Result run() {
        int rows = joined.length;
        double[] limits = new double[rows];
        Arrays.fill(limits, Double.POSITIVE_INFINITY);
        join(search.find(NEIGHBOURS, penalties, limits));
        for (int round = 1; ; round++) {
            SparseAssignment assignment = solve();
            double[] u = assignment.rowPotentials();
            double[] v = assignment.columnPotentials();
            double rounding = ROUNDING * Arrays.stream(u).max().orElse(0);
            for (int i = 0; i < rows; i++) {
                limits[i] = Math.max(0, u[i] - rounding);
            }
            double[] prices = new double[v.length];
            Arrays.setAll(prices, j -> penalties[j] - v[j]);
            if (!join(search.find(NEIGHBOURS, prices, limits))) {
                return result(assignment, round);
            }
        }
    }

    /** Lets pairs join; whether there were any that had not. */
    private boolean join(NeighbourTable found) {
        exactDistances += found.counts().exact();
        boolean any = false;
        for (int i = 0; i < joined.length; i++) {
            Neighbours row = found.rows().get(i);
            int before = joined[i].length;
            for (int t = 0; t < row.size(); t++) {
                int at = Arrays.binarySearch(joined[i], row.targets()[t]);
                if (at < 0) {
                    joined[i] = insert(joined[i], -at - 1, row.targets()[t]);
                    distances[i] = insert(distances[i], -at - 1, row.distances()[t]);
                }
            }
            any |= joined[i].length > before;
        }
        return any;
    }

    private SparseAssignment solve() {
        int rows = joined.length;
        int[] start = new int[rows + 1];
        for (int i = 0; i < rows; i++) {
            start[i + 1] = start[i] + joined[i].length;
        }
        int[] column = new int[start[rows]];
        double[] cost = new double[start[rows]];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(joined[i], 0, column, start[i], joined[i].length);
            for (int e = 0; e < joined[i].length; e++) {
                cost[start[i] + e] = distances[i][e] + penalties[joined[i][e]];
            }
        }
        SparseAssignment assignment =
                new SparseAssignment(start, column, cost, penalties.length, out, monitor);
        assignment.solve();
        return assignment;
    }

    private Result result(SparseAssignment assignment, int rounds) {
        int[] target = new int[joined.length];
        double[] distance = new double[joined.length];
        double cost = 0;
        long pairs = 0;
        for (int i = 0; i < target.length; i++) {
            target[i] = assignment.columnOf(i);
            pairs += joined[i].length;
            if (target[i] == SparseAssignment.NONE) {
                distance[i] = Double.NaN;
            } else {
                distance[i] = distances[i][Arrays.binarySearch(joined[i], target[i])];
                cost += distance[i];
            }
        }
        return new Result(target, distance, cost, pairs, exactDistances, rounds);
    }

    private static Result transpose(Result result, int sources) {
        int[] target = new int[sources];
        double[] distance = new double[sources];
        Arrays.fill(target, SparseAssignment.NONE);
        Arrays.fill(distance, Double.NaN);
        for (int j = 0; j < result.target.length; j++) {
            if (result.target[j] == SparseAssignment.NONE) {
                continue;
            }
            target[result.target[j]] = j;
            distance[result.target[j]] = result.distance[j];
        }
        return new Result(
                target, distance, result.cost, result.pairs, result.exactDistances, result.rounds);
    }

    private static int[] insert(int[] values, int at, int value) {
        int[] longer = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(values, at, longer, at + 1, values.length - at);
        longer[at] = value;
        return longer;
    }

    private static double[] insert(double[] values, int at, double value) {
        double[] longer = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(values, at, longer, at + 1, values.length - at);
        longer[at] = value;
        return longer;
    }

    /**
     * A bound on all distances between the families: through the first of each, where the distance
     * is a metric; else what the ground cost cannot exceed.
     */
    private static double largest(
            Geometry geometry, List<Cloud> sources, List<Cloud> targets, Monitor monitor) {
        if (geometry.cost() == GroundCost.COSINE) {
            return 2;
        }
        if (sources.isEmpty()) {
            return 0;
        }
        Wasserstein wasserstein = new Wasserstein(geometry, monitor);
        Cloud source = sources.get(0);
        Cloud target = targets.get(0);
        double fromTarget =
                sources.stream().mapToDouble(s -> wasserstein.distance(s, target)).max().orElse(0);
        double fromSource =
                targets.stream().mapToDouble(t -> wasserstein.distance(source, t)).max().orElse(0);
        double bound = fromTarget + wasserstein.distance(source, target) + fromSource;
        // The root of a squared Euclidean cost is a metric, for which the same bound holds.
        return geometry.cost() == GroundCost.SQUARED_EUCLIDEAN ? 3 * bound : bound;
    }
}
