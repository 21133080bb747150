package dev.sot.transport.search;

/**
 * Which neighbours are wanted, and how much may be spent on each source.
 *
 * @param k at most this many, the nearest, at least 1; {@link #ALL} for no limit
 * @param maxDistance only targets at most this far away, not negative; infinite for no limit
 * @param budget most exact distances computed for one source, at least 1; {@link #ALL} for as many
 *     as the proof takes
 */
public record NeighbourQuery(int k, double maxDistance, int budget) {

    /** No limit on a number. */
    public static final int ALL = Integer.MAX_VALUE;

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException naming the one that is not allowed
     */
    public NeighbourQuery {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, got " + k);
        }
        if (!(maxDistance >= 0)) {
            throw new IllegalArgumentException(
                    "maxDistance must not be negative, got " + maxDistance);
        }
        if (budget < 1) {
            throw new IllegalArgumentException("budget must be at least 1, got " + budget);
        }
    }

    /** The k nearest targets. */
    public static NeighbourQuery nearest(int k) {
        return new NeighbourQuery(k, Double.POSITIVE_INFINITY, ALL);
    }

    /** All targets at most this far away. */
    public static NeighbourQuery within(double maxDistance) {
        return new NeighbourQuery(ALL, maxDistance, ALL);
    }

    /** This query with at most so many exact distances a source. */
    public NeighbourQuery withBudget(int exactDistances) {
        return new NeighbourQuery(k, maxDistance, exactDistances);
    }
}
