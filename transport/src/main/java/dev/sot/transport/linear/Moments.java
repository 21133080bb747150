package dev.sot.transport.linear;

import dev.sot.transport.Monitor;

/**
 * Count, mean and scatter of a stream of vectors.
 *
 * <p>Rows are gathered in blocks, each centred on its own mean; blocks, and the moments of two
 * streams, are merged by the update of Chan, Golub and LeVeque (1983). A mean that is large beside
 * the spread therefore costs no digits. Time {@code O(dimension^2)} a row, memory {@code
 * O(dimension^2)}. Used by one thread, which stops where the monitor says so; the same rows give
 * the same bytes at any concurrency.
 */
public final class Moments {

    /** Rows of a block, which with one more for the means fill the depth of a tile. */
    private static final int BLOCK = LinearAlgebra.DEPTH - 1;

    private final int dimension;
    private final LinearAlgebra algebra;
    private final int concurrency;
    private final Monitor monitor;
    private final double[] mean;
    private final double[][] scatter;
    private final double[][] block;
    private int pending;
    private long count;

    /**
     * Moments of no rows.
     *
     * @param dimension number of coordinates of a row, at least 1
     * @param algebra does the large products
     * @param concurrency number of threads, at least 1
     */
    public Moments(int dimension, LinearAlgebra algebra, int concurrency, Monitor monitor) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension must be at least 1, got " + dimension);
        }
        this.dimension = dimension;
        this.algebra = algebra;
        this.concurrency = concurrency;
        this.monitor = monitor;
        this.mean = new double[dimension];
        this.scatter = new double[dimension][dimension];
        // One row more than a block, for the difference of means; see merge.
        this.block = new double[BLOCK + 1][dimension];
    }

    /** Bytes that moments of rows of that length take. */
    public static long bytes(long dimension) {
        return Double.BYTES * dimension * (dimension + BLOCK + 2);
    }

    /** The number of coordinates of a row. */
    public int dimension() {
        return dimension;
    }

    /** The number of rows added. */
    public long count() {
        return count + pending;
    }

    /**
     * Adds the row that starts at an offset of an array.
     *
     * @throws IllegalArgumentException naming row and coordinate of a value that is not finite
     */
    public void add(float[] values, int offset) {
        double[] to = block[pending];
        for (int k = 0; k < dimension; k++) {
            float value = values[offset + k];
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "hidden states must be finite, row "
                                + count()
                                + " coordinate "
                                + k
                                + " is "
                                + value);
            }
            to[k] = value;
        }
        if (++pending == BLOCK) {
            mergeBlock();
        }
    }

    /** Adds all rows of other moments, of rows of the same length. */
    public void add(Moments other) {
        mergeBlock();
        other.mergeBlock();
        if (other.count == 0) {
            return;
        }
        double[] difference = block[0];
        for (int k = 0; k < dimension; k++) {
            difference[k] = other.mean[k] - mean[k];
            for (int j = k; j < dimension; j++) {
                scatter[k][j] += other.scatter[k][j];
            }
        }
        shift(difference, 0, other.count);
    }

    private void mergeBlock() {
        if (pending == 0) {
            return;
        }
        double[] difference = block[pending];
        for (int k = 0; k < dimension; k++) {
            double sum = 0;
            double shift = block[0][k];
            for (int r = 0; r < pending; r++) {
                sum += block[r][k] - shift;
            }
            double blockMean = shift + sum / pending;
            for (int r = 0; r < pending; r++) {
                block[r][k] -= blockMean;
            }
            difference[k] = blockMean - mean[k];
        }
        shift(difference, pending, pending);
        pending = 0;
    }

    /**
     * Moves the mean to that of all rows, old and new, and adds the rows before the difference of
     * means, and that, to the scatter.
     */
    private void shift(double[] difference, int rows, long added) {
        // The merged scatter is the sum of both scatters and of this one row's.
        long total = count + added;
        double root = Math.sqrt((double) count * added / total);
        for (int k = 0; k < dimension; k++) {
            mean[k] += difference[k] * added / total;
            difference[k] *= root;
        }
        algebra.addScatter(block, rows + 1, scatter, concurrency, monitor);
        count = total;
    }

    /** The mean of the rows. */
    public double[] mean() {
        mergeBlock();
        return mean.clone();
    }

    /**
     * The sum of the outer products of the centred rows.
     *
     * @return dimension x dimension, not copied, to be read only; only its upper triangle counts
     */
    public double[][] scatter() {
        mergeBlock();
        return scatter;
    }

    /** The sum of the squared lengths of the centred rows. */
    public double squares() {
        mergeBlock();
        double trace = 0;
        for (int k = 0; k < dimension; k++) {
            trace += scatter[k][k];
        }
        return trace;
    }
}
