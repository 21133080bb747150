package dev.sot.transport;

import java.util.Arrays;

/**
 * A discrete probability measure on the points of a table: what a feature's activations put on the
 * token positions where it fires.
 *
 * <p>Weights sum to 1 by convention; every consumer normalises them, so that a measure given up to
 * a factor is understood. The arrays are not copied and must not be changed afterwards.
 *
 * @param positions indices of points, strictly ascending, not negative
 * @param weights one weight a position, finite, not negative, not all zero
 */
public record Distribution(int[] positions, double[] weights) {

    /**
     * Checks the arrays.
     *
     * @throws IllegalArgumentException naming the first entry that is not allowed
     */
    public Distribution {
        if (positions.length != weights.length) {
            throw new IllegalArgumentException(
                    "a distribution needs one weight a position, got "
                            + positions.length
                            + " positions and "
                            + weights.length
                            + " weights");
        }
        if (positions.length == 0) {
            throw new IllegalArgumentException("a distribution needs at least one position");
        }
        boolean positive = false;
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] < 0 || (i > 0 && positions[i] <= positions[i - 1])) {
                throw new IllegalArgumentException(
                        "positions of a distribution must be strictly ascending and not negative,"
                                + " entry "
                                + i
                                + " is "
                                + positions[i]
                                + (i > 0 ? " after " + positions[i - 1] : ""));
            }
            if (!(weights[i] >= 0) || weights[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "weights of a distribution must be finite and not negative, the weight of"
                                + " position "
                                + positions[i]
                                + " is "
                                + weights[i]);
            }
            positive |= weights[i] > 0;
        }
        if (!positive) {
            throw new IllegalArgumentException("all weights of a distribution are zero");
        }
    }

    /** The number of positions. */
    public int size() {
        return positions.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distribution that
                && Arrays.equals(positions, that.positions)
                && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(positions) + Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
        return "Distribution[positions="
                + Arrays.toString(positions)
                + ", weights="
                + Arrays.toString(weights)
                + "]";
    }
}
