package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import java.util.Arrays;

/**
 * The distinct points of all targets, for bounds that share work where supports overlap.
 *
 * <p>For a source f with points x_i and any u, the potential {@code v(y) = min_i c(x_i, y) - u_i}
 * is feasible, so {@code sum_i f_i u_i + sum_j g_j v(y_j)} is a lower bound for every target g at
 * once (Kantorovich duality). It takes the costs from the source to all distinct points, and then
 * one sum a target. As u serve the mean costs from x_i to points of the targets in question: u of a
 * point that is far from everything is large, and v tells how well a point of a target fits.
 *
 * <p>Costs are the lengths of {@link Ruler}, or their squares, in single precision.
 */
final class SharedPoints {

    private static final int TILE = SummaryIndex.TILE;

    private final int dimension;
    private final boolean squared;
    private final int rows;
    private final int size;
    // The table's rows that are points of targets, tile after tile, and their coordinates.
    private final int[] row;
    private final float[][][] tiles;

    private SharedPoints(Geometry geometry, boolean squared, int[] row, float[][][] tiles) {
        this.dimension = geometry.points().dimension();
        this.squared = squared;
        this.rows = geometry.points().size();
        this.size = row.length;
        this.row = row;
        this.tiles = tiles;
    }

    /**
     * Whether the targets' points are worth collecting: they have at least twice as many points as
     * the table has rows.
     */
    static boolean worthwhile(long targetPoints, int tableRows) {
        return tableRows <= targetPoints / 2;
    }

    /** Collects the points of the targets. */
    static SharedPoints of(Geometry geometry, Cloud[] targets, boolean squared) {
        int dimension = geometry.points().dimension();
        int[] slot = new int[geometry.points().size()];
        Arrays.fill(slot, -1);
        int size = 0;
        for (Cloud target : targets) {
            for (int j = 0; j < target.size(); j++) {
                if (slot[target.position(j)] < 0) {
                    slot[target.position(j)] = size++;
                }
            }
        }
        int[] row = new int[size];
        float[][][] tiles = new float[(size + TILE - 1) / TILE][dimension][TILE];
        int next = 0;
        for (Cloud target : targets) {
            for (int j = 0; j < target.size(); j++) {
                // Slots were given in this order.
                if (slot[target.position(j)] == next) {
                    row[next] = target.position(j);
                    for (int k = 0; k < dimension; k++) {
                        tiles[next / TILE][k][next % TILE] = target.coordinate(k, j);
                    }
                    next++;
                }
            }
        }
        return new SharedPoints(geometry, squared, row, tiles);
    }

    /** Bytes held for so many distinct points. */
    static long bytes(int points, int dimension) {
        long tiles = (points + TILE - 1) / TILE;
        return 4L * points + tiles * dimension * (16 + 4 + 4L * TILE);
    }

    /** Bytes of a {@link Potential}. */
    static long potentialBytes(int tableRows) {
        return 4L * tableRows;
    }

    /** The number of distinct points. */
    int size() {
        return size;
    }

    /** A source's potential; keeps a workspace, not thread-safe. */
    final class Potential {

        private final float[] v = new float[rows];
        private final float[] cost = new float[TILE];
        private final float[] least = new float[TILE];
        private final float[][] sample = new float[dimension][TILE];
        private double sourceValue;
        private double error;

        /**
         * Computes the potential of a source.
         *
         * @param source the source
         * @param candidates the targets in question, at least one
         * @param count how many they are
         * @param radius the largest norm of a point of source or targets
         */
        void prepare(Cloud source, Cloud[] candidates, int count, double radius) {
            int n = source.size();
            float[][] x = new float[n][dimension];
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < dimension; k++) {
                    x[i][k] = source.coordinate(k, i);
                }
            }
            float[] u = means(x, candidates, count);
            for (int t = 0; t < tiles.length; t++) {
                Arrays.fill(least, Float.POSITIVE_INFINITY);
                for (int i = 0; i < n; i++) {
                    costs(x[i], tiles[t]);
                    lower(least, cost, u[i]);
                }
                for (int j = 0; j < TILE && t * TILE + j < size; j++) {
                    v[row[t * TILE + j]] = least[j];
                }
            }
            sourceValue = 0;
            for (int i = 0; i < n; i++) {
                sourceValue += source.weight(i) * u[i];
            }
            // No cost, and no mean of costs, is larger. Rounding of coordinates, of a sum of
            // squares
            // by fours and of the difference with the mean costs a few units of 2^-24 of it.
            double largest = squared ? 4 * radius * radius : 2 * radius;
            error = largest * (dimension / 4 + 16) * 0x1p-23;
        }

        /** The mean cost from each point of the source to a sample of the candidates' points. */
        private float[] means(float[][] x, Cloud[] candidates, int count) {
            for (int s = 0; s < TILE; s++) {
                Cloud candidate = candidates[(int) ((long) s * count / TILE)];
                int j = s % candidate.size();
                for (int k = 0; k < dimension; k++) {
                    sample[k][s] = candidate.coordinate(k, j);
                }
            }
            float[] u = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                costs(x[i], sample);
                double sum = 0;
                for (int s = 0; s < TILE; s++) {
                    sum += cost[s];
                }
                u[i] = (float) (sum / TILE);
            }
            return u;
        }

        private static void lower(float[] least, float[] cost, float u) {
            for (int j = 0; j < TILE; j++) {
                least[j] = Math.min(least[j], cost[j] - u);
            }
        }

        private void costs(float[] x, float[][] tile) {
            float[] sum = cost;
            Arrays.fill(sum, 0);
            int k = 0;
            for (; k + 4 <= dimension; k += 4) {
                addSquares(tile, k, x, sum);
            }
            for (; k < dimension; k++) {
                float[] y = tile[k];
                for (int j = 0; j < TILE; j++) {
                    float d = x[k] - y[j];
                    sum[j] += d * d;
                }
            }
            if (!squared) {
                for (int j = 0; j < TILE; j++) {
                    sum[j] = (float) Math.sqrt(sum[j]);
                }
            }
        }

        private static void addSquares(float[][] tile, int k, float[] x, float[] sum) {
            float x0 = x[k];
            float x1 = x[k + 1];
            float x2 = x[k + 2];
            float x3 = x[k + 3];
            float[] y0 = tile[k];
            float[] y1 = tile[k + 1];
            float[] y2 = tile[k + 2];
            float[] y3 = tile[k + 3];
            for (int j = 0; j < TILE; j++) {
                float d0 = x0 - y0[j];
                float d1 = x1 - y1[j];
                float d2 = x2 - y2[j];
                float d3 = x3 - y3[j];
                sum[j] += (d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3);
            }
        }

        /** A lower bound on W_q between the source and a target, in kernel coordinates. */
        double length(Cloud target) {
            double value = sourceValue;
            for (int j = 0; j < target.size(); j++) {
                value += target.weight(j) * v[target.position(j)];
            }
            value = Math.max(0, value - error);
            return squared ? Math.sqrt(value) : value;
        }
    }
}
