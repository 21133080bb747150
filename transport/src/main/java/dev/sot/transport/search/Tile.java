package dev.sot.transport.search;

/**
 * Sums over coordinates of many points at once. A tile holds {@value #WIDTH} points, one array a
 * coordinate, so that loops run over rows with one shared index; four rows at a time is what the
 * compiler vectorises.
 */
final class Tile {

    /** The points of a tile: some coordinates of it fit the first-level cache. */
    static final int WIDTH = 256;

    private Tile() {}

    /** Adds the squared differences of four coordinates, from e on, of x with those of the tile. */
    static void addSquares(float[][] tile, int e, float[] x, float[] sum) {
        float x0 = x[e];
        float x1 = x[e + 1];
        float x2 = x[e + 2];
        float x3 = x[e + 3];
        float[] y0 = tile[e];
        float[] y1 = tile[e + 1];
        float[] y2 = tile[e + 2];
        float[] y3 = tile[e + 3];
        for (int j = 0; j < WIDTH; j++) {
            float d0 = x0 - y0[j];
            float d1 = x1 - y1[j];
            float d2 = x2 - y2[j];
            float d3 = x3 - y3[j];
            sum[j] += (d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3);
        }
    }

    /**
     * Adds the square of the sum of the absolute differences of four coordinates, from e on, of x
     * with those of the tile.
     */
    static void addSquaredSum(float[][] tile, int e, float[] x, float[] sum) {
        float x0 = x[e];
        float x1 = x[e + 1];
        float x2 = x[e + 2];
        float x3 = x[e + 3];
        float[] y0 = tile[e];
        float[] y1 = tile[e + 1];
        float[] y2 = tile[e + 2];
        float[] y3 = tile[e + 3];
        for (int j = 0; j < WIDTH; j++) {
            float d =
                    (Math.abs(x0 - y0[j]) + Math.abs(x1 - y1[j]))
                            + (Math.abs(x2 - y2[j]) + Math.abs(x3 - y3[j]));
            sum[j] += d * d;
        }
    }

    /** Adds the squared differences of one coordinate x with those of the tile. */
    static void addSquares(float[] y, float x, float[] sum) {
        for (int j = 0; j < WIDTH; j++) {
            float d = x - y[j];
            sum[j] += d * d;
        }
    }
}
