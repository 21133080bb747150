package dev.sot.transport.space;

import dev.sot.transport.Monitor;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.linear.SymmetricEigen;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model would predict from a state if the layers after it were left out (nostalgebraist,
 * 2020): its logits {@code W n(h)}, with n the model's last normalisation, as vectors at the same
 * distances from one another but of no more coordinates than states have.
 *
 * <p>A number that is added to all logits changes no prediction, so logits are compared after
 * taking off their mean: with C = W less the mean of its rows, {@code |C n - C n'| = |R n - R n'|}
 * for any R with R'R = C'C. R is made of the eigenvectors of C'C, which is all that has to be kept
 * of an unembedding however large the vocabulary. Immutable; arrays are not copied and must not be
 * changed.
 *
 * @param factor R, rank x hiddenSize
 * @param normalisation n
 * @param epsilon what n adds to the mean square before its root
 */
public record LogitLens(float[][] factor, Normalisation normalisation, double epsilon) {

    /** What a model does to a state before it unembeds it. */
    public enum Normalisation {
        /** Nothing. */
        NONE,
        /** Divides by the root mean square of the coordinates. */
        RMS,
        /** Takes off the mean of the coordinates, then divides by the root mean square. */
        LAYER
    }

    /** Eigenvalues of less than this share of the largest are rounding. */
    private static final double RANK_TOLERANCE = 1e-12;

    /**
     * The factor R of an unembedding. Time {@code O(hiddenSize^3)}.
     *
     * @param rows moments of the rows of W, each times the weights of the normalisation
     * @throws IllegalStateException if all rows are equal
     */
    public static float[][] factor(
            Moments rows, LinearAlgebra algebra, int concurrency, Monitor monitor) {
        if (!(rows.squares() > 0)) {
            throw new IllegalStateException(
                    "all "
                            + rows.count()
                            + " rows of the unembedding are equal: every state has the same"
                            + " prediction");
        }
        int d = rows.dimension();
        SymmetricEigen eigen = algebra.eigen(rows.scatter(), d, concurrency, monitor);
        List<float[]> factor = new ArrayList<>();
        for (int i = 0; i < d && eigen.values()[i] > RANK_TOLERANCE * eigen.values()[0]; i++) {
            double root = Math.sqrt(eigen.values()[i]);
            float[] row = new float[d];
            for (int k = 0; k < d; k++) {
                row[k] = (float) (root * eigen.vectors()[i][k]);
            }
            factor.add(row);
        }
        return factor.toArray(float[][]::new);
    }

    /** The number of coordinates of a vector. */
    public int dimension() {
        return factor.length;
    }

    /**
     * Looks at states.
     *
     * <p>Time {@code O(count x hiddenSize x rank)}.
     *
     * @param states row-major {@code [count, hiddenSize]}
     * @param count how many of them
     * @return row-major {@code [count, rank]}
     */
    public float[] apply(
            float[] states, int count, LinearAlgebra algebra, int concurrency, Monitor monitor) {
        int d = factor[0].length;
        double[][] normalised = new double[count][d];
        for (int i = 0; i < count; i++) {
            normalise(states, i * d, normalised[i]);
        }
        double[][] directions = new double[factor.length][d];
        for (int r = 0; r < factor.length; r++) {
            for (int k = 0; k < d; k++) {
                directions[r][k] = factor[r][k];
            }
        }
        double[][] seen = algebra.project(normalised, count, directions, concurrency, monitor);
        float[] vectors = new float[count * factor.length];
        for (int i = 0; i < count; i++) {
            for (int r = 0; r < factor.length; r++) {
                vectors[i * factor.length + r] = (float) seen[i][r];
            }
        }
        return vectors;
    }

    private void normalise(float[] states, int offset, double[] to) {
        double mean = 0;
        if (normalisation == Normalisation.LAYER) {
            for (int k = 0; k < to.length; k++) {
                mean += states[offset + k] / (double) to.length;
            }
        }
        double square = 0;
        for (int k = 0; k < to.length; k++) {
            to[k] = states[offset + k] - mean;
            square += to[k] * to[k] / to.length;
        }
        if (normalisation != Normalisation.NONE) {
            double root = Math.sqrt(square + epsilon);
            for (int k = 0; k < to.length; k++) {
                to[k] = root > 0 ? to[k] / root : 0;
            }
        }
    }
}
