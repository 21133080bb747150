package dev.sot.transport;

import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.SymmetricEigen;
import java.util.Arrays;

/**
 * A reference space fitted by principal component analysis: hidden states are centred, projected on
 * the directions of largest variance and, if whitened, divided by the standard deviation along
 * each.
 *
 * <p>Components are orthonormal; the sign of each is fixed by making its entry of largest magnitude
 * positive. Instances are immutable (arrays are handed out without copying and must not be changed)
 * and may be shared between threads.
 */
public final class PrincipalSpace {

    /** Directions with less than this share of the largest variance are noise and are dropped. */
    private static final double RANK_TOLERANCE = 1e-10;

    private final int inputDimension;
    private final double[] mean;
    private final double[] components;
    private final double[] eigenvalues;
    private final double explainedVariance;
    private final boolean whitened;

    /**
     * A space from its parts, as read from a store.
     *
     * @param mean mean of the states, length inputDimension
     * @param components orthonormal directions, row-major {@code [dimension, inputDimension]}
     * @param eigenvalues variance along each direction, positive, descending, length dimension
     * @param explainedVariance share of the states' variance along the directions, in [0, 1]
     * @param whitened whether projections are divided by the standard deviations
     */
    public PrincipalSpace(
            double[] mean,
            double[] components,
            double[] eigenvalues,
            double explainedVariance,
            boolean whitened) {
        if (eigenvalues.length == 0 || components.length != mean.length * eigenvalues.length) {
            throw new IllegalArgumentException(
                    "expected "
                            + eigenvalues.length
                            + " x "
                            + mean.length
                            + " component entries, at least one row, got "
                            + components.length);
        }
        for (double eigenvalue : eigenvalues) {
            if (!(eigenvalue > 0)) {
                throw new IllegalArgumentException(
                        "eigenvalues must be positive, got " + eigenvalue);
            }
        }
        this.inputDimension = mean.length;
        this.mean = mean;
        this.components = components;
        this.eigenvalues = eigenvalues;
        this.explainedVariance = explainedVariance;
        this.whitened = whitened;
    }

    /** The number of coordinates of a hidden state. */
    public int inputDimension() {
        return inputDimension;
    }

    /** The number of coordinates of a projected state; less than asked for if the rank is. */
    public int dimension() {
        return eigenvalues.length;
    }

    /** The mean of the fitted states. */
    public double[] mean() {
        return mean;
    }

    /** The orthonormal directions, row-major {@code [dimension, inputDimension]}. */
    public double[] components() {
        return components;
    }

    /** The variance along each direction, with divisor n - 1, descending. */
    public double[] eigenvalues() {
        return eigenvalues;
    }

    /** The share of the states' total variance that lies along the directions, in [0, 1]. */
    public double explainedVariance() {
        return explainedVariance;
    }

    /** Whether projections are divided by the standard deviation along each direction. */
    public boolean whitened() {
        return whitened;
    }

    /**
     * Projects states.
     *
     * <p>Time {@code O(count x inputDimension x dimension)}.
     *
     * @param states row-major {@code [count, inputDimension]}
     * @param count how many of them
     * @return row-major {@code [count, dimension]}
     */
    public float[] project(
            float[] states, int count, LinearAlgebra algebra, int concurrency, Monitor monitor) {
        double[][] centred = new double[count][inputDimension];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < inputDimension; k++) {
                centred[i][k] = states[i * inputDimension + k] - mean[k];
            }
        }
        int dimension = dimension();
        double[][] directions = new double[dimension][];
        for (int r = 0; r < dimension; r++) {
            directions[r] =
                    Arrays.copyOfRange(components, r * inputDimension, (r + 1) * inputDimension);
        }
        double[][] projected = algebra.project(centred, count, directions, concurrency, monitor);
        float[] points = new float[count * dimension];
        for (int i = 0; i < count; i++) {
            for (int r = 0; r < dimension; r++) {
                double coordinate = projected[i][r];
                points[i * dimension + r] =
                        (float) (whitened ? coordinate / Math.sqrt(eigenvalues[r]) : coordinate);
            }
        }
        return points;
    }

    /**
     * Accumulates mean and covariance of a stream of hidden states.
     *
     * <p>Rows are gathered in blocks, each centred on its own mean; blocks are merged by the update
     * of Chan, Golub and LeVeque (1983). A mean that is large beside the spread therefore costs no
     * digits. Time {@code O(inputDimension^2)} a row, memory {@code O(inputDimension^2)}. Used by
     * one thread, which stops where the monitor says so; the same rows give the same bytes at any
     * concurrency.
     */
    public static final class Fitter {

        /** Rows of a block, which with one more for the means fill the depth of a tile. */
        private static final int BLOCK = LinearAlgebra.DEPTH - 1;

        private final int inputDimension;
        private final LinearAlgebra algebra;
        private final int concurrency;
        private final Monitor monitor;
        private final double[] mean;
        private final double[][] scatter;
        private final double[][] block;
        private int pending;
        private long count;

        /**
         * A fitter without rows.
         *
         * @param inputDimension number of coordinates of a state, at least 1
         * @param algebra does the large products
         * @param concurrency number of threads, at least 1
         */
        public Fitter(int inputDimension, LinearAlgebra algebra, int concurrency, Monitor monitor) {
            if (inputDimension < 1) {
                throw new IllegalArgumentException(
                        "inputDimension must be at least 1, got " + inputDimension);
            }
            this.inputDimension = inputDimension;
            this.algebra = algebra;
            this.concurrency = concurrency;
            this.monitor = monitor;
            this.mean = new double[inputDimension];
            this.scatter = new double[inputDimension][inputDimension];
            // One row more than a block, for the difference of means; see merge.
            this.block = new double[BLOCK + 1][inputDimension];
        }

        /** The number of rows added. */
        public long count() {
            return count + pending;
        }

        /**
         * Adds a state.
         *
         * @param row the state, length inputDimension
         * @throws IllegalArgumentException naming row and coordinate of a value that is not finite
         */
        public void add(float[] row) {
            if (row.length != inputDimension) {
                throw new IllegalArgumentException(
                        "row "
                                + count()
                                + " has "
                                + row.length
                                + " values, expected "
                                + inputDimension);
            }
            add(row, 0);
        }

        /**
         * Adds the state that starts at an offset of an array.
         *
         * @param values holds the state
         * @param offset where it starts
         * @throws IllegalArgumentException naming row and coordinate of a value that is not finite
         */
        public void add(float[] values, int offset) {
            double[] to = block[pending];
            for (int k = 0; k < inputDimension; k++) {
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
                merge();
            }
        }

        private void merge() {
            double[] difference = block[pending];
            for (int k = 0; k < inputDimension; k++) {
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
            // The merged scatter is the sum of both scatters and of this one row's.
            long total = count + pending;
            double root = Math.sqrt((double) count * pending / total);
            for (int k = 0; k < inputDimension; k++) {
                mean[k] += difference[k] * pending / total;
                difference[k] *= root;
            }
            algebra.addScatter(block, pending + 1, scatter, concurrency, monitor);
            count = total;
            pending = 0;
        }

        /**
         * The space of the states added so far.
         *
         * @param dimension number of directions to keep; fewer are kept where fewer have more than
         *     1e-10 of the largest variance
         * @param whitened whether projections are divided by the standard deviations
         * @throws IllegalStateException if there are fewer than two rows, or all are equal
         */
        public PrincipalSpace fit(int dimension, boolean whitened) {
            if (dimension < 1) {
                throw new IllegalArgumentException(
                        "dimension must be at least 1, got " + dimension);
            }
            if (count() < 2) {
                throw new IllegalStateException(
                        "a reference space needs at least 2 hidden states, got " + count());
            }
            if (pending > 0) {
                merge();
            }
            double trace = 0;
            for (int k = 0; k < inputDimension; k++) {
                trace += scatter[k][k];
            }
            if (!(trace > 0)) {
                throw new IllegalStateException(
                        "all " + count + " hidden states are equal: they span no reference space");
            }
            SymmetricEigen eigen =
                    algebra.eigen(
                            scatter, Math.min(dimension, inputDimension), concurrency, monitor);
            double[] all = eigen.values();
            int kept = 1;
            while (kept < all.length && all[kept] > RANK_TOLERANCE * all[0]) {
                kept++;
            }
            double[] components = new double[kept * inputDimension];
            double[] variances = new double[kept];
            double explained = 0;
            for (int r = 0; r < kept; r++) {
                System.arraycopy(
                        eigen.vectors()[r], 0, components, r * inputDimension, inputDimension);
                variances[r] = all[r] / (count - 1);
                explained += all[r];
            }
            return new PrincipalSpace(
                    mean.clone(), components, variances, Math.min(1, explained / trace), whitened);
        }
    }
}
