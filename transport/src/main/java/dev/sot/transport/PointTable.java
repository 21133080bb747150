package dev.sot.transport;

/**
 * Points in R^dimension, one a row, in single precision: the hidden states of a corpus in a
 * reference space, which the distributions of all features share.
 *
 * <p>The array is not copied and must not be changed afterwards; shared freely between threads.
 */
public final class PointTable {

    private final int dimension;
    private final int size;
    private final float[] values;

    /**
     * A table over an array.
     *
     * @param dimension coordinates of a point, at least 1
     * @param values coordinates, row-major {@code [size, dimension]}, finite
     */
    public PointTable(int dimension, float[] values) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension must be at least 1, got " + dimension);
        }
        if (values.length % dimension != 0) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill points of dimension " + dimension);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "coordinates must be finite, point "
                                + i / dimension
                                + " coordinate "
                                + i % dimension
                                + " is "
                                + values[i]);
            }
        }
        this.dimension = dimension;
        this.size = values.length / dimension;
        this.values = values;
    }

    /** The number of points. */
    public int size() {
        return size;
    }

    /** The number of coordinates of a point. */
    public int dimension() {
        return dimension;
    }

    /** The coordinates, row-major {@code [size, dimension]}; not a copy. */
    public float[] values() {
        return values;
    }

    /** {@code |x_i - x_j|^2}, from differences in double precision: no cancellation. */
    public double squaredDistance(int i, int j) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            double difference = (double) values[i * dimension + k] - values[j * dimension + k];
            sum += difference * difference;
        }
        return sum;
    }
}
