package dev.sot.transport.approximate;

import dev.sot.transport.CompensatedSum;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Distribution;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The energy distance of two distributions in Euclidean space,
 *
 * <pre>    E(f, g) = (2 E|X - Y| - E|X - X'| - E|Y - Y'|)^(1/2),</pre>
 *
 * X and X' drawn from f, Y and Y' from g, all independently; Szekely and Rizzo, Energy Statistics
 * (2013). The root is given because it is a metric; its square is not. It needs no plan, so
 * supports may be large: give every position at which a feature fires. It neither bounds nor
 * estimates W, but {@code E^2 <= 2 W_1}: moving one of X, Y along a plan changes each mean by at
 * most W_1.
 *
 * <p>All pairs share the distances of the table's points, {@code K_ij = |x_i - x_j|}: with W the
 * weights, {@code E^2 = 2 G_fg - G_ff - G_gg} where {@code G = W' K W}. Tiles of K are made, used
 * for all features and dropped. With N points that carry mass, F features and S firings in all it
 * takes {@code O(N^2 d + N S + F S)}, so a pair {@code O(N^2 d / F^2 + (N / F + 1) S / F)}; memory
 * for the result, the weights and about 32 MB of tiles, and a tile a thread.
 *
 * <p>Exactly 0 between distributions that are equal up to rounding, and never negative. The
 * difference of means loses digits where distributions nearly agree: distances below 1e-7 of the
 * spread are rounding.
 */
public final class EnergyDistance {

    private static final int TILE = 64;
    private static final int VALUES_A_SLAB = 1 << 22;
    private static final int WORK_BETWEEN_CHECKS = 1 << 22;
    private static final double WEIGHT_ROUNDING = 0x1p-46;

    private final int dimension;
    private final int features;
    private final Monitor monitor;

    /** Positions with mass, ascending, and their points. */
    private final int[] used;

    private final double[][] points;

    /** For each feature the indices into {@link #used} where it has mass, and its weights. */
    private final int[][] support;

    private final double[][] weights;

    /** For each used point the features with mass there, and how much. */
    private final int[][] featuresAt;

    private final double[][] massAt;

    private final double[] condensed;
    private final double[] self;

    private EnergyDistance(PointTable table, List<Distribution> distributions, Monitor monitor) {
        this.dimension = table.dimension();
        this.features = distributions.size();
        this.monitor = monitor;
        BitSet mass = new BitSet();
        for (int f = 0; f < features; f++) {
            Distribution distribution = distributions.get(f);
            int last = distribution.positions()[distribution.size() - 1];
            if (last >= table.size()) {
                throw new IllegalArgumentException(
                        "distribution "
                                + f
                                + ": position "
                                + last
                                + " lies outside the table of "
                                + table.size()
                                + " points");
            }
            for (int i = 0; i < distribution.size(); i++) {
                if (distribution.weights()[i] > 0) {
                    mass.set(distribution.positions()[i]);
                }
            }
        }
        used = mass.stream().toArray();
        points = new double[used.length][dimension];
        for (int i = 0; i < used.length; i++) {
            for (int k = 0; k < dimension; k++) {
                points[i][k] = table.coordinate(used[i], k);
            }
        }
        support = new int[features][];
        weights = new double[features][];
        int[] counts = new int[used.length];
        for (int f = 0; f < features; f++) {
            read(f, distributions.get(f));
            for (int i : support[f]) {
                counts[i]++;
            }
        }
        featuresAt = new int[used.length][];
        massAt = new double[used.length][];
        for (int i = 0; i < used.length; i++) {
            featuresAt[i] = new int[counts[i]];
            massAt[i] = new double[counts[i]];
        }
        for (int f = features - 1; f >= 0; f--) {
            for (int k = 0; k < support[f].length; k++) {
                int i = support[f][k];
                featuresAt[i][--counts[i]] = f;
                massAt[i][counts[i]] = weights[f][k];
            }
        }
        condensed = new double[DistanceMatrix.length(features)];
        self = new double[features];
    }

    private void read(int f, Distribution distribution) {
        double[] normalised = CompensatedSum.normalise(distribution.weights());
        int[] at = new int[normalised.length];
        int size = 0;
        for (int i = 0; i < normalised.length; i++) {
            if (normalised[i] > 0) {
                at[size] = Arrays.binarySearch(used, distribution.positions()[i]);
                normalised[size++] = normalised[i];
            }
        }
        support[f] = Arrays.copyOf(at, size);
        weights[f] = Arrays.copyOf(normalised, size);
    }

    /**
     * The energy distances of all pairs. The result does not depend on concurrency.
     *
     * @param points the points on which the distributions live
     * @param distributions at most {@link DistanceMatrix#MAX_SIZE}
     * @param concurrency number of threads, at least 1
     * @param monitor told of the points done as "energy distances"; stops the computation within
     *     about 50 ms
     * @throws IllegalArgumentException naming a distribution that does not fit the table
     */
    public static DistanceMatrix matrix(
            PointTable points, List<Distribution> distributions, int concurrency, Monitor monitor) {
        return new EnergyDistance(points, distributions, monitor).compute(concurrency);
    }

    /**
     * The energy distance of two distributions.
     *
     * @param points the points on which they live
     * @throws IllegalArgumentException if a distribution does not fit the table
     */
    public static double distance(PointTable points, Distribution f, Distribution g) {
        return matrix(points, List.of(f, g), 1, Monitor.NONE).get(0, 1);
    }

    private DistanceMatrix compute(int concurrency) {
        int slab = Math.max(1, VALUES_A_SLAB / TILE / Math.max(1, features)) * TILE;
        double[][] means = new double[Math.min(slab, used.length)][features];
        for (int from = 0; from < used.length; from += slab) {
            int first = from;
            int size = Math.min(slab, used.length - from);
            Workers.run(
                    (size + TILE - 1) / TILE,
                    concurrency,
                    monitor,
                    inner -> meansOfTiles(first, size, means, inner));
            Workers.run(
                    features,
                    concurrency,
                    monitor,
                    inner -> f -> gather(f, first, size, means, inner));
            monitor.progress("energy distances", from + size, used.length);
        }
        for (int f = 0; f < features; f++) {
            monitor.check();
            int base = base(f);
            for (int g = f + 1; g < features; g++) {
                double squared = 2 * condensed[base + g] - self[f] - self[g];
                condensed[base + g] = sameUpToRounding(f, g) ? 0 : Math.sqrt(Math.max(0, squared));
            }
        }
        return DistanceMatrix.of(features, condensed);
    }

    /**
     * For a tile of points x_i and all features, {@code means[i][f] = sum_j w_jf |x_i - x_j|}: the
     * mean distance of a point from a distribution.
     */
    private IntConsumer meansOfTiles(int first, int size, double[][] means, Monitor inner) {
        double[][] sums = new double[features][TILE];
        double[][] axes = new double[dimension][TILE];
        double[] distances = new double[TILE];
        return tile -> {
            int start = tile * TILE;
            int length = Math.min(TILE, size - start);
            for (int i = 0; i < length; i++) {
                for (int k = 0; k < dimension; k++) {
                    axes[k][i] = points[first + start + i][k];
                }
            }
            for (double[] sum : sums) {
                Arrays.fill(sum, 0);
            }
            long work = 0;
            for (int j = 0; j < used.length; j++) {
                work += (long) TILE * (dimension + featuresAt[j].length);
                if (work > WORK_BETWEEN_CHECKS) {
                    inner.check();
                    work = 0;
                }
                Vectors.squaredDistances(points[j], axes, distances);
                for (int i = 0; i < TILE; i++) {
                    distances[i] = Math.sqrt(distances[i]);
                }
                for (int k = 0; k < featuresAt[j].length; k++) {
                    Vectors.add(sums[featuresAt[j][k]], massAt[j][k], distances);
                }
            }
            for (int i = 0; i < length; i++) {
                double[] row = means[start + i];
                for (int f = 0; f < features; f++) {
                    row[f] = sums[f][i];
                }
            }
        };
    }

    /** Adds to row f of G, from the diagonal on, what the points of a slab contribute. */
    private void gather(int f, int first, int size, double[][] means, Monitor inner) {
        inner.check();
        int base = base(f);
        int from = Arrays.binarySearch(support[f], first);
        for (int k = from < 0 ? -from - 1 : from;
                k < support[f].length && support[f][k] < first + size;
                k++) {
            double[] row = means[support[f][k] - first];
            double mass = weights[f][k];
            self[f] += mass * row[f];
            for (int g = f + 1; g < features; g++) {
                condensed[base + g] += mass * row[g];
            }
        }
    }

    /** Where row f of the condensed matrix would begin, were all columns there. */
    private int base(int f) {
        return (int) ((long) f * (2L * features - f - 1) / 2 - f - 1);
    }

    private boolean sameUpToRounding(int f, int g) {
        if (!Arrays.equals(support[f], support[g])) {
            return false;
        }
        for (int k = 0; k < weights[f].length; k++) {
            if (Math.abs(weights[f][k] - weights[g][k]) > WEIGHT_ROUNDING * weights[f][k]) {
                return false;
            }
        }
        return true;
    }
}
