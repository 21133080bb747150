package dev.sot.transport;

import java.util.Arrays;

/**
 * A distribution ready to be compared: its points with mass, their weights, and their coordinates
 * laid out for the solver. Made by {@link Geometry#cloud} once and used for many pairs; immutable.
 *
 * <p>Kernel coordinates are in single precision, one array an axis, centred on the mean of the
 * geometry's table and divided by a power of two that all clouds of the geometry share; for the
 * cosine cost they are those of the normalised points. Estimates work on them; exact values go back
 * to the table.
 */
public final class Cloud {

    private static final double WEIGHT_ROUNDING = 0x1p-46;

    private final Geometry geometry;
    private final int[] positions;
    private final double[] weights;
    private final float[][] coordinates;

    Cloud(Geometry geometry, int[] positions, double[] weights, float[][] coordinates) {
        this.geometry = geometry;
        this.positions = positions;
        this.weights = weights;
        this.coordinates = coordinates;
    }

    /** The number of points with mass. */
    public int size() {
        return positions.length;
    }

    /** The mass of point i, positive; the masses sum to 1. */
    public double weight(int i) {
        return weights[i];
    }

    /** The row of the geometry's table that holds point i; ascending in i. */
    public int position(int i) {
        return positions[i];
    }

    /** Kernel coordinate k of point i; see {@link Geometry#scale()}. */
    public float coordinate(int k, int i) {
        return coordinates[k][i];
    }

    /** The geometry that made this cloud. */
    public Geometry geometry() {
        return geometry;
    }

    /** Whether both have the same points, and the same masses up to a rounding of 2^-46 of each. */
    public boolean sameAs(Cloud other) {
        if (!Arrays.equals(positions, other.positions)) {
            return false;
        }
        for (int i = 0; i < weights.length; i++) {
            if (Math.abs(weights[i] - other.weights[i]) > WEIGHT_ROUNDING * weights[i]) {
                return false;
            }
        }
        return true;
    }

    /** A total order, so that a pair is always solved the same way round. */
    public boolean precedes(Cloud other) {
        int bySize = Integer.compare(size(), other.size());
        if (bySize != 0) {
            return bySize < 0;
        }
        int byPositions = Arrays.compare(positions, other.positions);
        return byPositions != 0 ? byPositions < 0 : Arrays.compare(weights, other.weights) < 0;
    }

    int[] positions() {
        return positions;
    }

    double[] weights() {
        return weights;
    }

    float[][] coordinates() {
        return coordinates;
    }
}
