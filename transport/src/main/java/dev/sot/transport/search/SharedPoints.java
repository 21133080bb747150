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

    /** Points of the source that pass over a tile's coordinates together. */
    private static final int ROWS = 8;

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
        float[][][] tiles = new float[(size + Tile.WIDTH - 1) / Tile.WIDTH][dimension][Tile.WIDTH];
        int next = 0;
        for (Cloud target : targets) {
            for (int j = 0; j < target.size(); j++) {
                // Slots were given in this order.
                if (slot[target.position(j)] == next) {
                    row[next] = target.position(j);
                    for (int k = 0; k < dimension; k++) {
                        tiles[next / Tile.WIDTH][k][next % Tile.WIDTH] = target.coordinate(k, j);
                    }
                    next++;
                }
            }
        }
        return new SharedPoints(geometry, squared, row, tiles);
    }

    /** Bytes held for so many distinct points. */
    static long bytes(int points, int dimension) {
        long tiles = (points + Tile.WIDTH - 1) / Tile.WIDTH;
        return 4L * points + tiles * dimension * (16 + 4 + 4L * Tile.WIDTH);
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
        private final float[][] cost = new float[ROWS][Tile.WIDTH];
        private final float[] least = new float[Tile.WIDTH];
        private final float[][] sample = new float[dimension][Tile.WIDTH];
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
                for (int i = 0; i < n; i += ROWS) {
                    int some = Math.min(ROWS, n - i);
                    costs(x, i, some, tiles[t]);
                    for (int r = 0; r < some; r++) {
                        lower(least, cost[r], u[i + r]);
                    }
                }
                for (int j = 0; j < Tile.WIDTH && t * Tile.WIDTH + j < size; j++) {
                    v[row[t * Tile.WIDTH + j]] = least[j];
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
            for (int s = 0; s < Tile.WIDTH; s++) {
                Cloud candidate = candidates[(int) ((long) s * count / Tile.WIDTH)];
                int j = s % candidate.size();
                for (int k = 0; k < dimension; k++) {
                    sample[k][s] = candidate.coordinate(k, j);
                }
            }
            float[] u = new float[x.length];
            for (int i = 0; i < x.length; i += ROWS) {
                int some = Math.min(ROWS, x.length - i);
                costs(x, i, some, sample);
                for (int r = 0; r < some; r++) {
                    double sum = 0;
                    for (int s = 0; s < Tile.WIDTH; s++) {
                        sum += cost[r][s];
                    }
                    u[i + r] = (float) (sum / Tile.WIDTH);
                }
            }
            return u;
        }

        private static void lower(float[] least, float[] cost, float u) {
            for (int j = 0; j < Tile.WIDTH; j++) {
                least[j] = Math.min(least[j], cost[j] - u);
            }
        }

        /** Costs from some points of the source to the points of a tile. */
        private void costs(float[][] x, int from, int rows, float[][] tile) {
            for (int r = 0; r < rows; r++) {
                Arrays.fill(cost[r], 0);
            }
            int k = 0;
            for (; k + 4 <= dimension; k += 4) {
                for (int r = 0; r < rows; r++) {
                    Tile.addSquares(tile, k, x[from + r], cost[r]);
                }
            }
            for (; k < dimension; k++) {
                for (int r = 0; r < rows; r++) {
                    Tile.addSquares(tile[k], x[from + r][k], cost[r]);
                }
            }
            for (int r = 0; r < rows && !squared; r++) {
                root(cost[r]);
            }
        }

        private static void root(float[] sum) {
            for (int j = 0; j < Tile.WIDTH; j++) {
                sum[j] = (float) Math.sqrt(sum[j]);
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
