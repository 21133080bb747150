package dev.sot.transport.match.baseline;

import java.util.BitSet;

/** The mean of hidden states that come block by block. */
public final class MeanState {

    private final BitSet chosen;
    private final double[] sum;
    private int count;

    /**
     * A mean of nothing yet.
     *
     * @param chosen positions whose states count
     */
    public MeanState(int dimension, BitSet chosen) {
        this.chosen = chosen;
        this.sum = new double[dimension];
    }

    /**
     * Adds the states of positions that follow one another.
     *
     * @param first the first position
     * @param rows how many
     * @param states row-major, rows x dimension
     */
    public void add(int first, int rows, float[] states) {
        for (int i = 0; i < rows; i++) {
            if (!chosen.get(first + i)) {
                continue;
            }
            count++;
            for (int k = 0; k < sum.length; k++) {
                sum[k] += states[i * sum.length + k];
            }
        }
    }

    /** The mean of what was added; zero before. */
    public double[] mean() {
        double[] mean = sum.clone();
        for (int k = 0; k < mean.length; k++) {
            mean[k] /= Math.max(1, count);
        }
        return mean;
    }
}
