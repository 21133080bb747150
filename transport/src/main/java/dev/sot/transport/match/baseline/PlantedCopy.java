package dev.sot.transport.match.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A copy of a dictionary whose features are permuted and rescaled, and of which some are removed:
 * the partner of each feature is known, and some have none. What changes directions and firings is
 * applied before, see {@link Perturbation} and {@link SparseEncoder}.
 *
 * @param original for each feature of the copy the feature that it is a copy of
 * @param partner for each feature of the dictionary its copy, -1 where that was removed
 * @param factor for each feature of the copy by how much it fires more strongly; its encoder is
 *     multiplied by it and its decoder divided
 */
public record PlantedCopy(int[] original, int[] partner, double[] factor) {

    /** Factors are drawn from 1 / this to this, evenly on a logarithmic scale. */
    public static final double LARGEST_FACTOR = 100;

    /**
     * Draws. The same seed gives the same copy on every machine. O(features).
     *
     * @param features number of features
     * @param removed share of them that have no copy, from 0 to 1; rounded to whole features
     */
    public static PlantedCopy draw(int features, double removed, long seed) {
        Random random = new Random(seed);
        int[] shuffled = shuffled(features, random);
        int kept = features - (int) Math.round(removed * features);
        int[] original = Arrays.copyOf(shuffled, kept);
        int[] partner = new int[features];
        Arrays.fill(partner, -1);
        for (int j = 0; j < kept; j++) {
            partner[original[j]] = j;
        }
        double[] factor = new double[kept];
        for (int j = 0; j < kept; j++) {
            factor[j] = StrictMath.pow(LARGEST_FACTOR, 2 * random.nextDouble() - 1);
        }
        return new PlantedCopy(original, partner, factor);
    }

    private static int[] shuffled(int n, Random random) {
        int[] order = IntStream.range(0, n).toArray();
        for (int last = n - 1; last > 0; last--) {
            int i = random.nextInt(last + 1);
            int swap = order[i];
            order[i] = order[last];
            order[last] = swap;
        }
        return order;
    }

    /** What the copy's features do, given what the dictionary's would. */
    public Recording of(Recording recording) {
        Recording chosen = recording.select(original);
        List<double[]> values = new ArrayList<>();
        for (int j = 0; j < original.length; j++) {
            double by = factor[j];
            values.add(Arrays.stream(chosen.values().get(j)).map(v -> by * v).toArray());
        }
        return new Recording(chosen.positions(), values);
    }

    /** The copy's encoder vectors. */
    public float[][] encoder(float[][] encoder) {
        return vectors(encoder, factor);
    }

    /** The copy's decoder vectors. */
    public float[][] decoder(float[][] decoder) {
        return vectors(decoder, Arrays.stream(factor).map(f -> 1 / f).toArray());
    }

    /** The copy's thresholds. */
    public double[] threshold(double[] threshold) {
        return IntStream.range(0, original.length)
                .mapToDouble(j -> factor[j] * threshold[original[j]])
                .toArray();
    }

    private float[][] vectors(float[][] vectors, double[] by) {
        float[][] scaled = new float[original.length][];
        for (int j = 0; j < original.length; j++) {
            float[] vector = vectors[original[j]];
            scaled[j] = new float[vector.length];
            for (int k = 0; k < vector.length; k++) {
                scaled[j][k] = (float) (by[j] * vector[k]);
            }
        }
        return scaled;
    }
}
