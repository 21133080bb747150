package dev.sot.transport.match.baseline;

/**
 * The parameters that SAE Match compares (Balagansky, Maksimov and Gavrilov 2024,
 * arXiv:2410.07656): a feature's encoder divided by the threshold of its activation and its decoder
 * multiplied by it, so that how strongly the feature fires does not matter. Features are assigned
 * one to one with the least sum of squared distances.
 *
 * <p>Dictionaries without thresholds are folded by the mean activation where a feature fires, which
 * like a threshold grows with the feature's scale. Biases, which the paper compares too, are left
 * out: one number beside two vectors.
 */
public final class FoldedVectors {

    private FoldedVectors() {}

    /**
     * Folds.
     *
     * @param encoder one vector a feature
     * @param decoder one vector a feature
     * @param scale threshold or mean activation of each feature; where it is 0 the feature is left
     *     as it is
     * @return for each feature {@code (encoder / scale, decoder * scale)} in one vector
     */
    public static float[][] fold(float[][] encoder, float[][] decoder, double[] scale) {
        float[][] folded = new float[encoder.length][];
        for (int f = 0; f < encoder.length; f++) {
            double factor = scale[f] > 0 ? scale[f] : 1;
            int d = encoder[f].length;
            folded[f] = new float[d + decoder[f].length];
            for (int k = 0; k < d; k++) {
                folded[f][k] = (float) (encoder[f][k] / factor);
            }
            for (int k = 0; k < decoder[f].length; k++) {
                folded[f][d + k] = (float) (decoder[f][k] * factor);
            }
        }
        return folded;
    }
}
