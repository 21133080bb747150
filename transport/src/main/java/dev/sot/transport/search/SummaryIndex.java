package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.Arrays;

/**
 * The summary vectors of all targets, laid out in tiles of targets.
 *
 * <p>Bounds are computed in single precision and lowered by what rounding can have raised them, see
 * {@link #length}: they are never above the truth. Some tens of nanoseconds a pair in 64
 * dimensions.
 */
final class SummaryIndex {

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
        int length = Summary.length(dimension, squared);
        Workers.run(
                tiles.length,
                concurrency,
                monitor,
                inner -> {
                    float[] vector = new float[length];
                    return t -> {
                        float[][] tile = new float[length][Tile.WIDTH];
                        for (int j = 0; j < Tile.WIDTH && t * Tile.WIDTH + j < size; j++) {
                            inner.check();
                            Cloud target = targets[t * Tile.WIDTH + j];
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
        return (targets + Tile.WIDTH - 1) / Tile.WIDTH;
    }

    /** The targets rounded up to full tiles. */
    static int padded(int targets) {
        return tiles(targets) * Tile.WIDTH;
    }

    static long bytes(int targets, int dimension, boolean squared) {
        return tiles(targets)
                * (long) Summary.length(dimension, squared)
                * (16 + 4 + 4L * Tile.WIDTH);
    }

    int tiles() {
        return tiles.length;
    }

    /** The largest norm of a point of a target. */
    double radius() {
        return radius;
    }

    /**
     * The squared bounds of some sources to the targets of a tile, before correction for rounding.
     *
     * @param t number of the tile
     * @param vectors summary vectors of the sources
     * @param to receives a value a target for each source, from {@code t * Tile.WIDTH} on
     * @param sums workspace, {@link Tile#WIDTH} values a source
     */
    void squares(int t, float[][] vectors, float[][] to, float[][] sums) {
        float[][] tile = tiles[t];
        int rows = vectors.length;
        for (float[] sum : sums) {
            Arrays.fill(sum, 0);
        }
        int fine = Summary.blocks(squared) * Summary.fineAxes(dimension);
        // All sources while some coordinates of the tile are in the first-level cache.
        if (squared) {
            addSquares(tile, fine, vectors, sums);
        } else {
            addSquaredSums(tile, fine, vectors, sums);
        }
        for (int e = fine; e < tile.length; e++) {
            for (int r = 0; r < rows; r++) {
                Tile.addSquares(tile[e], vectors[r][e], sums[r]);
            }
        }
        for (int r = 0; r < rows; r++) {
            System.arraycopy(sums[r], 0, to[r], t * Tile.WIDTH, Tile.WIDTH);
        }
    }

    private static void addSquares(float[][] tile, int fine, float[][] vectors, float[][] sums) {
        for (int e = 0; e < fine; e += 4) {
            for (int r = 0; r < vectors.length; r++) {
                Tile.addSquares(tile, e, vectors[r], sums[r]);
            }
        }
    }

    private static void addSquaredSums(
            float[][] tile, int fine, float[][] vectors, float[][] sums) {
        for (int e = 0; e < fine; e += 4) {
            for (int r = 0; r < vectors.length; r++) {
                Tile.addSquaredSum(tile, e, vectors[r], sums[r]);
            }
        }
    }

    /**
     * A lower bound on W_q in kernel coordinates from a value of {@link #squares}. With e = 2^-24,
     * rounding of coordinates and of entries moves either vector by less than {@code 2 e} times the
     * radius of its cloud; differences, squares and sums of terms that are not negative have
     * relative errors of at most {@code (2 dimension + 8) e}.
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
        return (dimension + 8) * 0x1p-24;
    }

    private double absoluteError(double sourceRadius) {
        // The last term covers squares that underflow.
        return (sourceRadius + radius) * 0x1p-22 + 0x1p-60;
    }
}
