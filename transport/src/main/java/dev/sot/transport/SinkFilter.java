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
        return beyond(norms, limit(norms, factor));
    }

    /**
     * {@code factor} times the median norm; NaN where there are no norms.
     *
     * @param norms norm of the hidden state at each position, finite, not negative
     * @param factor greater than 1
     */
    public static double limit(double[] norms, double factor) {
        if (!(factor > 1)) {
            throw new IllegalArgumentException("factor must be greater than 1, got " + factor);
        }
        requireFinite(norms);
        return factor * median(norms);
    }

    /**
     * The positions whose norm is larger than a limit.
     *
     * @param norms norm of the hidden state at each position, finite, not negative
     */
    public static BitSet beyond(double[] norms, double limit) {
        requireFinite(norms);
        BitSet beyond = new BitSet(norms.length);
        for (int i = 0; i < norms.length; i++) {
            beyond.set(i, norms[i] > limit);
        }
        return beyond;
    }

    private static void requireFinite(double[] norms) {
        for (int i = 0; i < norms.length; i++) {
            if (!(norms[i] >= 0) || norms[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "the norm at position "
                                + i
                                + " must be finite and not negative, it is "
                                + norms[i]);
            }
        }
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
