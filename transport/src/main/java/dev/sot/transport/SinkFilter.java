package dev.sot.transport;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds attention sinks: positions, mostly the first of a prompt, whose hidden states are so much
 * longer than all others that they would dominate every distance.
 */
public final class SinkFilter {

    /** How many times the median a norm must exceed where nothing else is asked for. */
    public static final double DEFAULT_FACTOR = 10;

    private SinkFilter() {}

    /**
     * The positions whose norm is more than {@code factor} times the median norm.
     *
     * @param norms norm of the hidden state at each position, finite, not negative
     * @param factor greater than 1
     * @return the positions found; empty where there are no norms
     */
    public static BitSet sinks(double[] norms, double factor) {
        if (!(factor > 1)) {
            throw new IllegalArgumentException("factor must be greater than 1, got " + factor);
        }
        for (int i = 0; i < norms.length; i++) {
            if (!(norms[i] >= 0) || norms[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "the norm at position "
                                + i
                                + " must be finite and not negative, it is "
                                + norms[i]);
            }
        }
        BitSet sinks = new BitSet(norms.length);
        if (norms.length == 0) {
            return sinks;
        }
        double median = median(norms);
        for (int i = 0; i < norms.length; i++) {
            if (norms[i] > factor * median) {
                sinks.set(i);
            }
        }
        return sinks;
    }

    /** The median of numbers; NaN where there are none. */
    public static double median(double[] numbers) {
        if (numbers.length == 0) {
            return Double.NaN;
        }
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
