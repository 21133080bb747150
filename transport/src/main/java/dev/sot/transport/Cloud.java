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
    private final double[] centre;
    private final double radius;
    private final double norm;

    private final int[] distinct;
    private final double[] distinctWeights;

    Cloud(Geometry geometry, int[] positions, double[] weights, float[][] coordinates) {
        this.geometry = geometry;
        this.positions = positions;
        this.weights = weights;
        this.coordinates = coordinates;
        int[] first = geometry.first();
        if (first == null) {
            this.distinct = positions;
            this.distinctWeights = weights;
        } else {
            this.distinct =
                    Arrays.stream(positions).map(p -> first[p]).sorted().distinct().toArray();
            this.distinctWeights = new double[distinct.length];
            for (int i = 0; i < positions.length; i++) {
                distinctWeights[Arrays.binarySearch(distinct, first[positions[i]])] += weights[i];
            }
        }
        this.centre = new double[coordinates.length];
        double[] fromCentre = new double[positions.length];
        double[] fromOrigin = new double[positions.length];
        for (int k = 0; k < coordinates.length; k++) {
            for (int i = 0; i < positions.length; i++) {
                centre[k] += coordinates[k][i];
            }
            centre[k] /= positions.length;
            for (int i = 0; i < positions.length; i++) {
                double x = coordinates[k][i];
                fromCentre[i] += (x - centre[k]) * (x - centre[k]);
                fromOrigin[i] += x * x;
            }
        }
        this.radius = Math.sqrt(Arrays.stream(fromCentre).max().orElseThrow());
        this.norm = Math.sqrt(Arrays.stream(fromOrigin).max().orElseThrow());
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

    /**
     * Whether both are the same measure: the same distinct points, whatever rows of the table they
     * are in, and the same masses there up to a rounding of 2^-46 of each.
     */
    public boolean sameAs(Cloud other) {
        if (!Arrays.equals(distinct, other.distinct)) {
            return false;
        }
        for (int i = 0; i < distinct.length; i++) {
            double weight = distinctWeights[i];
            if (Math.abs(weight - other.distinctWeights[i]) > WEIGHT_ROUNDING * weight) {
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

    /** No point of this cloud is farther than this from one of the other, in kernel units. */
    double reach(Cloud other) {
        double squared = 0;
        for (int k = 0; k < centre.length; k++) {
            double difference = centre[k] - other.centre[k];
            squared += difference * difference;
        }
        return (Math.sqrt(squared) + radius + other.radius) * (1 + 0x1p-40);
    }

    /** The largest norm of a point's kernel coordinates. */
    double norm() {
        return norm;
    }

    /** The first row of the table of each distinct point, ascending. */
    int[] distinct() {
        return distinct;
    }

    /** The mass of each distinct point. */
    double[] distinctWeights() {
        return distinctWeights;
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
