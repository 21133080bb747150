package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;

/** The k-th smallest of many values. */
final class OrderStatistic {

    private static final int DIGIT_BITS = 16;

    /** Values between two looks at the monitor. */
    private static final int STEP = 1 << 20;

    private OrderStatistic() {}

    /**
     * The value of a rank: found digit by digit, since values {@code >= 0} are ordered as their
     * bits are. Four passes, no copy.
     *
     * @param values all {@code >= 0}; read up to {@code count}
     * @param count how many there are
     * @param rank from 0, the smallest, to {@code count - 1}
     */
    static double of(double[] values, int count, int rank, Monitor monitor) {
        long below = rank;
        long prefix = 0;
        for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            int[] counts = new int[1 << DIGIT_BITS];
            for (int begin = 0; begin < count; begin += STEP) {
                monitor.check();
                int end = Math.min(count, begin + STEP);
                for (int k = begin; k < end; k++) {
                    // Adding 0 makes a negative zero positive.
                    long bits = Double.doubleToRawLongBits(values[k] + 0.0);
                    if (shift + DIGIT_BITS == Long.SIZE || bits >>> shift + DIGIT_BITS == prefix) {
                        counts[(int) (bits >>> shift & counts.length - 1)]++;
                    }
                }
            }
            int digit = 0;
            while (below >= counts[digit]) {
                below -= counts[digit++];
            }
            prefix = prefix << DIGIT_BITS | digit;
        }
        return Double.longBitsToDouble(prefix);
    }
}
