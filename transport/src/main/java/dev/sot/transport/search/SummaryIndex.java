package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.Arrays;

/**
 * The summary vectors of all targets, laid out so that the bounds of one source to many targets are
 * loops over rows with one shared index, which the compiler vectorises.
 *
 * <p>Bounds are computed in single precision and lowered by what rounding can have raised them, see
 * {@link #length}: they are never above the truth. About 20 ns a pair in 64 dimensions.
 */
final class SummaryIndex {

    /** Targets a tile: a tile's vectors of 64 axes fit the second-level cache. */
    static final int TILE = 256;

    private final int dimension;
    private final boolean squared;
    private final int size;
    // [tile][entry][target in tile]
    private final float[][][] tiles;
    private final double radius;

    SummaryIndex(
            Cloud[] targets, int dimension, boolean squared, int concurrency, Monitor monitor) {
        this.dimension = dimension;
        this.squared = squared;
        this.size = targets.length;
        this.tiles = new float[tiles(size)][][];
        double[] largest = new double[tiles.length];
        int length = Summary.length(dimension);
        Workers.run(
                tiles.length,
                concurrency,
                monitor,
                inner -> {
                    float[] vector = new float[length];
                    return t -> {
                        float[][] tile = new float[length][TILE];
                        for (int j = 0; j < TILE && t * TILE + j < size; j++) {
                            inner.check();
                            Cloud target = targets[t * TILE + j];
                            double norm = Summary.write(target, dimension, squared, vector);
                            largest[t] = Math.max(largest[t], norm);
                            for (int e = 0; e < length; e++) {
                                tile[e][j] = vector[e];
                            }
                        }
                        tiles[t] = tile;
                    };
                });
        double max = 0;
        for (double norm : largest) {
            max = Math.max(max, norm);
        }
        this.radius = max;
    }

    private static int tiles(int targets) {
        return (targets + TILE - 1) / TILE;
    }

    /** The targets rounded up to full tiles. */
    static int padded(int targets) {
        return tiles(targets) * TILE;
    }

    static long bytes(int targets, int dimension) {
        return tiles(targets) * (long) Summary.length(dimension) * (16 + 4 + 4L * TILE);
    }

    int tiles() {
        return tiles.length;
    }

    /** The largest norm of a point of a target. */
    double radius() {
        return radius;
    }

    /**
     * The squared bounds of a source to the targets of a tile, before correction for rounding.
     *
     * @param t number of the tile
     * @param x summary vector of the source
     * @param to receives a value a target, from {@code t * TILE} on
     * @param sum {@link #TILE} values of workspace
     */
    void squares(int t, float[] x, float[] to, float[] sum) {
        float[][] tile = tiles[t];
        Arrays.fill(sum, 0);
        int fine = Summary.BLOCKS * Summary.fineAxes(dimension);
        for (int e = 0; e < fine; e += Summary.BLOCKS) {
            if (squared) {
                addSquares(tile, e, x, sum);
            } else {
                addAbsolute(tile, e, x, sum);
            }
        }
        for (int e = fine; e < tile.length; e++) {
            addMean(tile[e], x[e], sum);
        }
        System.arraycopy(sum, 0, to, t * TILE, TILE);
    }

    private static void addSquares(float[][] tile, int e, float[] x, float[] sum) {
        float x0 = x[e];
        float x1 = x[e + 1];
        float x2 = x[e + 2];
        float x3 = x[e + 3];
        float x4 = x[e + 4];
        float x5 = x[e + 5];
        float x6 = x[e + 6];
        float x7 = x[e + 7];
        float[] y0 = tile[e];
        float[] y1 = tile[e + 1];
        float[] y2 = tile[e + 2];
        float[] y3 = tile[e + 3];
        float[] y4 = tile[e + 4];
        float[] y5 = tile[e + 5];
        float[] y6 = tile[e + 6];
        float[] y7 = tile[e + 7];
        for (int j = 0; j < TILE; j++) {
            float d0 = x0 - y0[j];
            float d1 = x1 - y1[j];
            float d2 = x2 - y2[j];
            float d3 = x3 - y3[j];
            float d4 = x4 - y4[j];
            float d5 = x5 - y5[j];
            float d6 = x6 - y6[j];
            float d7 = x7 - y7[j];
            sum[j] +=
                    ((d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3))
                            + ((d4 * d4 + d5 * d5) + (d6 * d6 + d7 * d7));
        }
    }

    private static void addAbsolute(float[][] tile, int e, float[] x, float[] sum) {
        float x0 = x[e];
        float x1 = x[e + 1];
        float x2 = x[e + 2];
        float x3 = x[e + 3];
        float x4 = x[e + 4];
        float x5 = x[e + 5];
        float x6 = x[e + 6];
        float x7 = x[e + 7];
        float[] y0 = tile[e];
        float[] y1 = tile[e + 1];
        float[] y2 = tile[e + 2];
        float[] y3 = tile[e + 3];
        float[] y4 = tile[e + 4];
        float[] y5 = tile[e + 5];
        float[] y6 = tile[e + 6];
        float[] y7 = tile[e + 7];
        for (int j = 0; j < TILE; j++) {
            float d =
                    ((Math.abs(x0 - y0[j]) + Math.abs(x1 - y1[j]))
                                    + (Math.abs(x2 - y2[j]) + Math.abs(x3 - y3[j])))
                            + ((Math.abs(x4 - y4[j]) + Math.abs(x5 - y5[j]))
                                    + (Math.abs(x6 - y6[j]) + Math.abs(x7 - y7[j])));
            sum[j] += d * d;
        }
    }

    private static void addMean(float[] y, float x, float[] sum) {
        for (int j = 0; j < TILE; j++) {
            float d = x - y[j];
            sum[j] += d * d;
        }
    }

    /**
     * A lower bound on W_q in kernel coordinates from a value of {@link #squares}. With e = 2^-24,
     * rounding of coordinates and of entries moves either vector by less than {@code 2 e} times the
     * radius of its cloud; differences, squares and sums of terms that are not negative have
     * relative errors of at most {@code (dimension + 7) e}.
     */
    double length(double square, double sourceRadius) {
        return Math.max(0, Math.sqrt(square) * (1 - relativeError()) - absoluteError(sourceRadius));
    }

    /** A value of {@link #squares} beyond which all bounds are above a length. */
    double square(double length, double sourceRadius) {
        double root = (length + absoluteError(sourceRadius)) / (1 - relativeError());
        return root * root * (1 + 0x1p-20);
    }

    private double relativeError() {
        return (dimension + 16) * 0x1p-24;
    }

    private double absoluteError(double sourceRadius) {
        // The last term covers squares that underflow.
        return (sourceRadius + radius) * 0x1p-22 + 0x1p-60;
    }
}
