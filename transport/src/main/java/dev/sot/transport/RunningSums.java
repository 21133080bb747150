package dev.sot.transport;

import java.util.Arrays;

/**
 * Sums over a feature's firings that can be gone on with: with a the activation and x the point of
 * a firing,
 *
 * <pre>    sum a,    sum a x_k,    sum a x_k^2    for every coordinate k,</pre>
 *
 * from which follow the centroid {@code m = sum a x / sum a} and the variance along each axis
 * {@code sum a x_k^2 / sum a - m_k^2}. Each is kept as a number and what that is short of, so that
 * it depends on the division into batches, and on their order, by about one rounding only, however
 * many they are. Immutable; {@code O(dimension)}.
 */
public final class RunningSums {

    private final int dimension;

    /** The mass, then first and then second moments. */
    private final double[] sums;

    private final double[] roundings;

    private RunningSums(int dimension, double[] sums, double[] roundings) {
        this.dimension = dimension;
        this.sums = sums;
        this.roundings = roundings;
    }

    /**
     * Sums from their parts, as read from a store.
     *
     * @param mass sum of the activations
     * @param firstMoments one a coordinate
     * @param secondMoments one a coordinate
     * @param roundings what the mass, each first and each second moment are short of, in this order
     */
    public RunningSums(
            double mass, double[] firstMoments, double[] secondMoments, double[] roundings) {
        this(firstMoments.length, new double[1 + 2 * firstMoments.length], roundings);
        if (secondMoments.length != dimension || roundings.length != sums.length) {
            throw new IllegalArgumentException(
                    "expected %d second moments and %d roundings, got %d and %d"
                            .formatted(
                                    dimension,
                                    sums.length,
                                    secondMoments.length,
                                    roundings.length));
        }
        sums[0] = mass;
        System.arraycopy(firstMoments, 0, sums, 1, dimension);
        System.arraycopy(secondMoments, 0, sums, 1 + dimension, dimension);
    }

    /** The sum of activations alone, where points have no geometry. */
    public static RunningSums of(Firings firings) {
        return new RunningSums(0, new double[] {firings.mass()}, new double[1]);
    }

    /**
     * The sums over some firings. {@code O(m dimension)} for m firings.
     *
     * @param firings over rows of the table
     * @param points the table
     */
    public static RunningSums of(Firings firings, PointTable points) {
        int dimension = points.dimension();
        CompensatedSum[] running = new CompensatedSum[1 + 2 * dimension];
        for (int k = 0; k < running.length; k++) {
            running[k] = new CompensatedSum();
        }
        running[0].add(firings.mass());
        int[] rows = firings.distribution().positions();
        double[] weights = firings.distribution().weights();
        for (int i = 0; i < rows.length; i++) {
            double activation = firings.mass() * weights[i];
            for (int k = 0; k < dimension; k++) {
                double moment = activation * points.coordinate(rows[i], k);
                running[1 + k].add(moment);
                running[1 + dimension + k].add(moment * points.coordinate(rows[i], k));
            }
        }
        return of(dimension, running);
    }

    private static RunningSums of(int dimension, CompensatedSum[] running) {
        double[] sums = new double[running.length];
        double[] roundings = new double[running.length];
        for (int k = 0; k < running.length; k++) {
            sums[k] = running[k].value();
            roundings[k] = running[k].rounding();
        }
        return new RunningSums(dimension, sums, roundings);
    }

    /** The sums over the firings of both. */
    public RunningSums plus(RunningSums other) {
        CompensatedSum[] running = new CompensatedSum[sums.length];
        for (int k = 0; k < running.length; k++) {
            running[k] = new CompensatedSum();
            running[k].add(sums[k]);
            running[k].add(other.sums[k]);
            running[k].add(roundings[k]);
            running[k].add(other.roundings[k]);
        }
        return of(dimension, running);
    }

    /** The sum of the activations. */
    public double mass() {
        return sums[0];
    }

    /** {@code sum a x_k}, one a coordinate. */
    public double[] firstMoments() {
        return Arrays.copyOfRange(sums, 1, 1 + dimension);
    }

    /** {@code sum a x_k^2}, one a coordinate. */
    public double[] secondMoments() {
        return Arrays.copyOfRange(sums, 1 + dimension, sums.length);
    }

    /** What the mass, each first and each second moment are short of, in this order. */
    public double[] roundings() {
        return roundings.clone();
    }
}
