package dev.sot.transport;

import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
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

    /** The orthonormal directions, one a row. */
    public double[][] directions() {
        double[][] directions = new double[dimension()][];
        for (int r = 0; r < directions.length; r++) {
            directions[r] =
                    Arrays.copyOfRange(components, r * inputDimension, (r + 1) * inputDimension);
        }
        return directions;
    }

    /**
     * What a centred state is multiplied by: the directions, one a row, if whitened divided by the
     * standard deviations.
     */
    public double[][] scaledDirections() {
        double[][] directions = directions();
        if (whitened) {
            for (int r = 0; r < directions.length; r++) {
                double deviation = Math.sqrt(eigenvalues[r]);
                for (int k = 0; k < inputDimension; k++) {
                    directions[r][k] /= deviation;
                }
            }
        }
        return directions;
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
        double[][] projected = algebra.project(centred, count, directions(), concurrency, monitor);
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
     * The space of some states.
     *
     * @param states their mean and scatter; at least two rows
     * @param dimension number of directions to keep; fewer are kept where fewer have more than
     *     1e-10 of the largest variance
     * @param whitened whether projections are divided by the standard deviations
     * @throws IllegalStateException if there are fewer than two rows, or all are equal
     */
    public static PrincipalSpace of(
            Moments states,
            int dimension,
            boolean whitened,
            LinearAlgebra algebra,
            int concurrency,
            Monitor monitor) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension must be at least 1, got " + dimension);
        }
        long count = states.count();
        if (count < 2) {
            throw new IllegalStateException(
                    "a reference space needs at least 2 hidden states, got " + count);
        }
        double trace = states.squares();
        if (!(trace > 0)) {
            throw new IllegalStateException(
                    "all " + count + " hidden states are equal: they span no reference space");
        }
        int inputDimension = states.dimension();
        SymmetricEigen eigen =
                algebra.eigen(
                        states.scatter(),
                        Math.min(dimension, inputDimension),
                        concurrency,
                        monitor);
        double[] all = eigen.values();
        int kept = 1;
        while (kept < all.length && all[kept] > RANK_TOLERANCE * all[0]) {
            kept++;
        }
        double[] components = new double[kept * inputDimension];
        double[] variances = new double[kept];
        double explained = 0;
        for (int r = 0; r < kept; r++) {
            System.arraycopy(eigen.vectors()[r], 0, components, r * inputDimension, inputDimension);
            variances[r] = all[r] / (count - 1);
            explained += all[r];
        }
        return new PrincipalSpace(
                states.mean(), components, variances, Math.min(1, explained / trace), whitened);
    }
}
