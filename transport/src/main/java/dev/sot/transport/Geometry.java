package dev.sot.transport;

import java.util.stream.IntStream;

/**
 * A table of points with a ground cost c and an order p: what makes distributions comparable. It
 * turns distributions into {@linkplain Cloud clouds}, gives exact costs {@code c^p}, and turns an
 * optimum into a distance.
 *
 * <p>Costs are computed in double precision from differences of the table's points, never from
 * inner products, so points far from the origin lose no digits; {@code 1 - cos} is half the squared
 * distance of the normalised points for the same reason.
 *
 * <p>Immutable; shared freely between threads. Making one takes {@code O(size dimension)}.
 */
public final class Geometry {

    /** Points of a cloud are padded to a multiple of this, so that vectors need no remainder. */
    private static final int LANES = 16;

    private final PointTable points;
    private final GroundCost cost;
    private final int order;
    private final double[] centre;
    private final double scale;

    /**
     * A geometry.
     *
     * @param points the points on which distributions live
     * @param cost the ground cost c
     * @param order p, 1 or 2
     */
    public Geometry(PointTable points, GroundCost cost, int order) {
        if (order != 1 && order != 2) {
            throw new IllegalArgumentException("order must be 1 or 2, got " + order);
        }
        this.points = points;
        this.cost = cost;
        this.order = order;
        this.centre = mean();
        this.scale = unit();
    }

    /** The points on which distributions live. */
    public PointTable points() {
        return points;
    }

    /** The ground cost c. */
    public GroundCost cost() {
        return cost;
    }

    /** The order p. */
    public int order() {
        return order;
    }

    /**
     * What kernel coordinates have been divided by, a power of two: differences of kernel
     * coordinates times this are differences of points (of normalised points for the cosine cost),
     * to single precision.
     */
    public double scale() {
        return scale;
    }

    /**
     * Prepares a distribution. Points without mass are left out.
     *
     * @throws IllegalArgumentException naming a position outside the table, or one with mass and
     *     the zero vector where the ground cost is cosine
     */
    public Cloud cloud(Distribution distribution) {
        int last = distribution.positions()[distribution.size() - 1];
        if (last >= points.size()) {
            throw new IllegalArgumentException(
                    "position "
                            + last
                            + " of a distribution lies outside the table of "
                            + points.size()
                            + " points");
        }
        int[] support =
                IntStream.range(0, distribution.size())
                        .filter(i -> distribution.weights()[i] > 0)
                        .toArray();
        int[] positions = IntStream.of(support).map(i -> distribution.positions()[i]).toArray();
        double[] weights =
                CompensatedSum.normalise(
                        IntStream.of(support)
                                .mapToDouble(i -> distribution.weights()[i])
                                .toArray());
        int dimension = points.dimension();
        float[][] coordinates = new float[dimension][padded(positions.length)];
        double[] point = new double[dimension];
        for (int i = 0; i < positions.length; i++) {
            if (length(positions[i]) == 0) {
                throw new IllegalArgumentException(
                        "the point at position "
                                + positions[i]
                                + " is the zero vector, which has no cosine; exclude the"
                                + " position or use the Euclidean ground cost");
            }
            place(positions[i], point);
            for (int k = 0; k < dimension; k++) {
                coordinates[k][i] = (float) (point[k] / scale);
            }
        }
        return new Cloud(this, positions, weights, coordinates);
    }

    /**
     * The coordinates of a row of the table, of the normalised point for the cosine cost, relative
     * to the table's mean; each is exact to one rounding, however far the table is from the origin.
     *
     * @param row a row of the table; for the cosine cost not the zero vector
     * @param out receives as many coordinates as the table has
     */
    public void place(int row, double[] out) {
        double length = length(row);
        for (int k = 0; k < centre.length; k++) {
            out[k] = points.coordinate(row, k) / length - centre[k];
        }
    }

    /** The distance whose p-th power is the optimum of {@code sum c^p P}. */
    public double distance(double optimum) {
        return order == 1 ? optimum : Math.sqrt(optimum);
    }

    /** The ground cost c between two rows of the table. */
    public double groundDistance(int row, int otherRow) {
        return distance(power(row, otherRow));
    }

    /** Bytes of heap that a cloud holds. */
    public static long cloudBytes(int support, int dimension) {
        return 200 + 12L * support + dimension * (24L + 4L * padded(support));
    }

    /** {@code c^p} between two rows of the table, exact to rounding. */
    double power(int row, int otherRow) {
        if (cost == GroundCost.ZERO_ONE) {
            return points.squaredDistance(row, otherRow) == 0 ? 0 : 1;
        }
        double squared;
        if (cost == GroundCost.COSINE) {
            double length = length(row);
            double otherLength = length(otherRow);
            squared = 0;
            for (int k = 0; k < points.dimension(); k++) {
                double difference =
                        points.coordinate(row, k) / length
                                - points.coordinate(otherRow, k) / otherLength;
                squared += difference * difference;
            }
            squared /= 2;
        } else {
            squared = points.squaredDistance(row, otherRow);
        }
        if (cost == GroundCost.EUCLIDEAN) {
            return order == 1 ? Math.sqrt(squared) : squared;
        }
        return order == 1 ? squared : squared * squared;
    }

    private static int padded(int size) {
        return (size + LANES - 1) / LANES * LANES;
    }

    /** What a point is divided by: its norm for the cosine cost, else 1. */
    private double length(int row) {
        if (cost != GroundCost.COSINE) {
            return 1;
        }
        double sum = 0;
        for (int k = 0; k < points.dimension(); k++) {
            double value = points.coordinate(row, k);
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private double[] mean() {
        double[] mean = new double[points.dimension()];
        for (int row = 0; row < points.size(); row++) {
            double length = length(row);
            for (int k = 0; k < mean.length && length > 0; k++) {
                mean[k] += points.coordinate(row, k) / length / points.size();
            }
        }
        return mean;
    }

    /** The power of two at or above the largest distance of a point from the centre. */
    private double unit() {
        double largest = 0;
        for (int row = 0; row < points.size(); row++) {
            double length = length(row);
            double squared = 0;
            for (int k = 0; k < centre.length && length > 0; k++) {
                double difference = points.coordinate(row, k) / length - centre[k];
                squared += difference * difference;
            }
            largest = Math.max(largest, squared);
        }
        return largest == 0 ? 1 : Math.scalb(1.0, Math.getExponent(Math.sqrt(largest)) + 1);
    }
}
