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

    /** Fourth powers of distances up to 2 to this, and their squares' errors, are finite. */
    private static final int MAX_POWER = 240;

    private final PointTable points;
    private final GroundCost cost;
    private final int order;
    private final int exponent;
    private final double[] inverseLengths;
    private final int[] first;
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
        this.exponent = cost == GroundCost.EUCLIDEAN ? order : 2 * order;
        this.inverseLengths = cost == GroundCost.COSINE ? inverseLengths() : null;
        this.first = findFirst();
        this.centre = mean();
        this.scale = powerOfTwo();
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
        float[][] coordinates = new float[dimension][Kernel.padded(positions.length)];
        double[] point = new double[dimension];
        for (int i = 0; i < positions.length; i++) {
            if (inverseLengths != null && inverseLengths[positions[i]] == 0) {
                throw new IllegalArgumentException(
                        "the point at position "
                                + positions[i]
                                + " is the zero vector, which has no cosine; exclude the"
                                + " position or use the Euclidean ground cost");
            }
            place(positions[i], point);
            for (int k = 0; k < dimension; k++) {
                coordinates[k][i] = (float) ((coordinate(positions[i], k) - centre[k]) / scale);
            }
        }
        return new Cloud(this, positions, weights, coordinates);
    }

    /**
     * The coordinates of a row of the table, of the normalised point for the cosine cost, relative
     * to the table's mean, however far that is from the origin.
     *
     * @param row a row of the table; for the cosine cost not the zero vector
     * @param out receives as many coordinates as the table has
     */
    public void place(int row, double[] out) {
        for (int k = 0; k < centre.length; k++) {
            out[k] = coordinate(row, k) - centre[k];
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
        return 250 + 12L * support + dimension * (32L + 4L * Kernel.padded(support));
    }

    /** {@code c^p} between two rows of the table, exact to rounding. */
    double power(int row, int otherRow) {
        if (cost == GroundCost.ZERO_ONE) {
            return points.same(row, otherRow) ? 0 : 1;
        }
        double squared =
                inverseLengths == null
                        ? points.squaredDistance(row, otherRow)
                        : points.squaredDistance(
                                        row,
                                        inverseLengths[row],
                                        otherRow,
                                        inverseLengths[otherRow])
                                / 2;
        return switch (exponent) {
            case 1 -> Math.sqrt(squared);
            case 2 -> squared;
            default -> squared * squared;
        };
    }

    /** The e in {@code c^p = (distance of kernel coordinates)^e * }{@link #unit()}. */
    int exponent() {
        return exponent;
    }

    /** See {@link #exponent()}. */
    double unit() {
        double unit = Math.scalb(1.0, exponent * Math.getExponent(scale));
        return cost == GroundCost.COSINE ? unit / exponent : unit;
    }

    /** For each row the first row with the same point, or null where no two rows are equal. */
    int[] first() {
        return first;
    }

    private int[] findFirst() {
        int size = points.size();
        int[] first = new int[size];
        boolean distinct = true;
        // Open addressing: a slot holds a row + 1.
        int[] slots = new int[Integer.highestOneBit(Math.max(1, size)) * 4];
        for (int row = 0; row < size; row++) {
            int slot = hash(row) & slots.length - 1;
            while (slots[slot] != 0 && !points.same(slots[slot] - 1, row)) {
                slot = slot + 1 & slots.length - 1;
            }
            if (slots[slot] == 0) {
                slots[slot] = row + 1;
            } else {
                distinct = false;
            }
            first[row] = slots[slot] - 1;
        }
        return distinct ? null : first;
    }

    private int hash(int row) {
        long hash = 0;
        for (int k = 0; k < points.dimension(); k++) {
            // Adding 0 makes one of the two zeros.
            hash = 31 * hash + Double.doubleToLongBits(points.coordinate(row, k) + 0.0);
        }
        hash *= 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32);
    }

    /** Inverse norms, by which the cosine cost multiplies points; 0 for the zero vector. */
    private double[] inverseLengths() {
        double[] inverse = new double[points.size()];
        for (int row = 0; row < inverse.length; row++) {
            double length = Math.sqrt(points.squaredDistance(row, 1, row, 0));
            inverse[row] = length == 0 ? 0 : 1 / length;
        }
        return inverse;
    }

    private double coordinate(int row, int k) {
        double value = points.coordinate(row, k);
        return inverseLengths == null ? value : value * inverseLengths[row];
    }

    private double[] mean() {
        double[] mean = new double[points.dimension()];
        for (int row = 0; row < points.size(); row++) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += coordinate(row, k) / points.size();
            }
        }
        return mean;
    }

    /** A power of two above the largest distance of a point from the centre. */
    private double powerOfTwo() {
        double largest = 0;
        for (int row = 0; row < points.size(); row++) {
            double squared = 0;
            for (int k = 0; k < centre.length; k++) {
                double difference = coordinate(row, k) - centre[k];
                squared += difference * difference;
            }
            largest = Math.max(largest, squared);
        }
        if (largest == 0) {
            return 1;
        }
        int power = Math.getExponent(Math.sqrt(largest)) + 1;
        if (Math.abs(power) > MAX_POWER) {
            throw new IllegalArgumentException(
                    "points are about 2^"
                            + power
                            + " from their mean; scale them so that it is between 2^-"
                            + MAX_POWER
                            + " and 2^"
                            + MAX_POWER);
        }
        return Math.scalb(1.0, power);
    }
}
