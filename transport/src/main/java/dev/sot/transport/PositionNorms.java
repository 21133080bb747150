package dev.sot.transport;

import java.util.BitSet;
import java.util.Comparator;

/** How long hidden states are, relative to their median. */
public final class PositionNorms {

    private final double[] norms;
    private final double median;

    /** Of the norm of the state at each position. */
    public PositionNorms(double[] norms) {
        this.norms = norms;
        this.median = SinkFilter.median(norms);
    }

    /** The largest norm, as a multiple of the median. */
    public double largest() {
        double largest = 0;
        for (double norm : norms) {
            largest = Math.max(largest, norm);
        }
        return largest / median;
    }

    /** The median norm of some positions as a multiple of that of all; NaN without positions. */
    public double relative(BitSet positions) {
        return SinkFilter.median(positions.stream().mapToDouble(p -> norms[p]).toArray()) / median;
    }

    /** Some positions, those with the largest norms first, of equal ones the first. */
    public int[] longestFirst(BitSet positions) {
        return positions.stream()
                .boxed()
                .sorted(Comparator.comparingDouble(p -> -norms[p]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
