package dev.sot.transport;

/**
 * Brings the hidden states of one layer to the scale of other layers' before they are concatenated,
 *
 * <pre>    h -> (h - m) / s,    m = mean of h,    s = (mean of |h - m|^2)^(1/2)</pre>
 *
 * so that every layer has the same share of the variance, however long its states are. Immutable;
 * shared freely between threads.
 */
public final class StateScale {

    private final double[] mean;
    private final double length;

    /**
     * A scale from its parts, as read from a store.
     *
     * @param mean m, one a coordinate
     * @param length s, positive
     */
    public StateScale(double[] mean, double length) {
        this.mean = mean;
        this.length = length;
    }

    /** The number of coordinates of a state. */
    public int dimension() {
        return mean.length;
    }

    /** The mean m of the states. */
    public double[] mean() {
        return mean;
    }

    /** The root mean square s of the centred states' lengths, positive. */
    public double length() {
        return length;
    }

    /** Writes the scaled state to an offset of another array. */
    public void apply(float[] states, int offset, float[] scaled, int at) {
        for (int k = 0; k < mean.length; k++) {
            scaled[at + k] = (float) ((states[offset + k] - mean[k]) / length);
        }
    }

    /**
     * Accumulates mean and length of a stream of states by the update of Welford (1962): a mean
     * that is large beside the spread costs no digits. Time {@code O(dimension)} a state. Used by
     * one thread.
     */
    public static final class Fitter {

        private final double[] mean;
        private double squares;
        private long count;

        /**
         * A fitter without states.
         *
         * @param dimension number of coordinates of a state, at least 1
         */
        public Fitter(int dimension) {
            if (dimension < 1) {
                throw new IllegalArgumentException(
                        "dimension must be at least 1, got " + dimension);
            }
            this.mean = new double[dimension];
        }

        /**
         * Adds the state that starts at an offset of an array.
         *
         * @throws IllegalArgumentException naming state and coordinate of a value that is not
         *     finite
         */
        public void add(float[] values, int offset) {
            count++;
            for (int k = 0; k < mean.length; k++) {
                double value = values[offset + k];
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "hidden states must be finite, state "
                                    + (count - 1)
                                    + " coordinate "
                                    + k
                                    + " is "
                                    + value);
                }
                double difference = value - mean[k];
                mean[k] += difference / count;
                squares += difference * (value - mean[k]);
            }
        }

        /**
         * The scale of the states added so far.
         *
         * @throws IllegalStateException if there are none, or all are equal
         */
        public StateScale fit() {
            if (!(squares > 0)) {
                throw new IllegalStateException(
                        "all " + count + " hidden states are equal: they have no scale");
            }
            return new StateScale(mean.clone(), Math.sqrt(squares / count));
        }
    }
}
