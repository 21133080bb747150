package dev.sot.transport.match.baseline;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;

/** Random changes of a dictionary's vectors. The same seed gives the same on every machine. */
public final class Perturbation {

    private Perturbation() {}

    /**
     * Turns each vector by noise: {@code v + sigma |v| u} with u a random direction, then brought
     * back to the length of v. O(entries).
     *
     * @param sigma the length of the noise relative to the vector's; 0 returns the vectors as they
     *     are
     */
    public static float[][] noise(float[][] vectors, double sigma, long seed, Monitor monitor) {
        if (sigma == 0) {
            return vectors;
        }
        Random random = new Random(seed);
        float[][] noisy = new float[vectors.length][];
        for (int i = 0; i < vectors.length; i++) {
            monitor.check();
            double[] direction = direction(random, vectors[i].length);
            double length = Math.sqrt(square(vectors[i]));
            double[] moved = new double[direction.length];
            double square = 0;
            for (int k = 0; k < moved.length; k++) {
                moved[k] = vectors[i][k] + sigma * length * direction[k];
                square += moved[k] * moved[k];
            }
            double factor = square > 0 ? length / Math.sqrt(square) : 0;
            noisy[i] = new float[moved.length];
            for (int k = 0; k < moved.length; k++) {
                noisy[i][k] = (float) (moved[k] * factor);
            }
        }
        return noisy;
    }

    /**
     * The biases with which perturbed encoders do the same at one state, such as the mean, as those
     * that they were made of: noise then acts on how a state differs from it, whether or not the
     * dictionary subtracts such a state itself. O(entries).
     *
     * @param bias one a feature, of the encoders that were perturbed
     */
    public static double[] biases(
            float[][] encoder, float[][] perturbed, double[] bias, double[] state) {
        double[] biases = bias.clone();
        for (int j = 0; j < biases.length; j++) {
            for (int k = 0; k < state.length; k++) {
                biases[j] += ((double) encoder[j][k] - perturbed[j][k]) * state[k];
            }
        }
        return biases;
    }

    /**
     * A rotation drawn evenly from all (Haar), by orthonormalising random directions.
     * O(dimension^3).
     *
     * @return orthonormal rows
     */
    public static float[][] rotation(int dimension, long seed, Monitor monitor) {
        Random random = new Random(seed);
        double[][] rows = new double[dimension][];
        for (int i = 0; i < dimension; i++) {
            monitor.check();
            rows[i] = direction(random, dimension);
            // Twice is enough (Giraud, Langou and Rozloznik 2005).
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) {
                    double product = 0;
                    for (int k = 0; k < dimension; k++) {
                        product += rows[i][k] * rows[j][k];
                    }
                    for (int k = 0; k < dimension; k++) {
                        rows[i][k] -= product * rows[j][k];
                    }
                }
                normalise(rows[i]);
            }
        }
        float[][] rotation = new float[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            for (int k = 0; k < dimension; k++) {
                rotation[i][k] = (float) rows[i][k];
            }
        }
        return rotation;
    }

    /** Each vector v as {@code R v}. O(vectors x dimension^2). */
    public static float[][] rotated(float[][] vectors, float[][] rotation, Monitor monitor) {
        Products products = new Products(rotation);
        float[][] rotated = new float[vectors.length][rotation.length];
        double[] product = new double[rotation.length];
        for (int i = 0; i < vectors.length; i++) {
            monitor.check();
            Arrays.fill(product, 0);
            products.add(vectors[i], 0, product);
            for (int k = 0; k < product.length; k++) {
                rotated[i][k] = (float) product[k];
            }
        }
        return rotated;
    }

    private static double[] direction(Random random, int dimension) {
        double[] direction = new double[dimension];
        for (int k = 0; k < dimension; k++) {
            direction[k] = random.nextGaussian();
        }
        normalise(direction);
        return direction;
    }

    private static void normalise(double[] vector) {
        double square = 0;
        for (double x : vector) {
            square += x * x;
        }
        double factor = 1 / Math.sqrt(square);
        for (int k = 0; k < vector.length; k++) {
            vector[k] *= factor;
        }
    }

    private static double square(float[] vector) {
        double square = 0;
        for (float x : vector) {
            square += (double) x * x;
        }
        return square;
    }
}
