package dev.sot.transport;

/**
 * Points in R^dimension, one a row: the hidden states of a corpus in a reference space, which the
 * distributions of all features share.
 *
 * <p>Coordinates are kept in the precision in which they are given. The array is not copied and
 * must not be changed afterwards; shared freely between threads.
 */
public final class PointTable {

    private static final Kernel KERNEL = Kernels.best();

    private final int dimension;
    private final int size;
    // One of the two is null.
    private final float[] singles;
    private final double[] doubles;

    /**
     * A table over coordinates in single precision.
     *
     * @param dimension coordinates of a point, at least 1
     * @param values coordinates, row-major {@code [size, dimension]}, finite
     */
    public PointTable(int dimension, float[] values) {
        this(dimension, values, null);
    }

    /**
     * A table over coordinates in double precision.
     *
     * @param dimension coordinates of a point, at least 1
     * @param values coordinates, row-major {@code [size, dimension]}, finite
     */
    public PointTable(int dimension, double[] values) {
        this(dimension, null, values);
    }

    private PointTable(int dimension, float[] singles, double[] doubles) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension must be at least 1, got " + dimension);
        }
        this.dimension = dimension;
        this.singles = singles;
        this.doubles = doubles;
        int length = singles != null ? singles.length : doubles.length;
        if (length % dimension != 0) {
            throw new IllegalArgumentException(
                    length + " values do not fill points of dimension " + dimension);
        }
        this.size = length / dimension;
        for (int at = 0; at < length; at++) {
            if (!Double.isFinite(value(at))) {
                throw new IllegalArgumentException(
                        "coordinates must be finite, point "
                                + at / dimension
                                + " coordinate "
                                + at % dimension
                                + " is "
                                + value(at));
            }
        }
    }

    /** The number of points. */
    public int size() {
        return size;
    }

    /** The number of coordinates of a point. */
    public int dimension() {
        return dimension;
    }

    /** Coordinate k of point i. */
    public double coordinate(int i, int k) {
        return value(i * dimension + k);
    }

    /** {@code |x_i - x_j|^2}, from differences in double precision: no cancellation. */
    public double squaredDistance(int i, int j) {
        return singles != null
                ? KERNEL.squaredDistance(singles, i * dimension, j * dimension, dimension)
                : squaredDistance(i, 1, j, 1);
    }

    /** {@code |s x_i - t x_j|^2}. */
    double squaredDistance(int i, double s, int j, double t) {
        int x = i * dimension;
        int y = j * dimension;
        // Four sums at a time: one alone would wait for itself.
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int k = 0;
        for (; k + 4 <= dimension; k += 4) {
            double d0 = value(x + k) * s - value(y + k) * t;
            double d1 = value(x + k + 1) * s - value(y + k + 1) * t;
            double d2 = value(x + k + 2) * s - value(y + k + 2) * t;
            double d3 = value(x + k + 3) * s - value(y + k + 3) * t;
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        for (; k < dimension; k++) {
            double d = value(x + k) * s - value(y + k) * t;
            sum0 += d * d;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /** Whether two points are equal. */
    boolean same(int i, int j) {
        for (int k = 0; k < dimension; k++) {
            if (coordinate(i, k) != coordinate(j, k)) {
                return false;
            }
        }
        return true;
    }

    private double value(int at) {
        return singles != null ? singles[at] : doubles[at];
    }
}
