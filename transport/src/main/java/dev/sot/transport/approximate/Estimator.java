package dev.sot.transport.approximate;

import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import java.util.Locale;

/** The approximations by name, with their defaults. */
public enum Estimator {
    /** {@link Centroids}. */
    CENTROID,
    /** {@link CoordinateTransport}. */
    COORDINATES,
    /** {@link SlicedWasserstein} along {@link SlicedWasserstein#DEFAULT_DIRECTIONS}. */
    SLICED,
    /** {@link BuresWasserstein}. */
    GAUSSIAN,
    /** {@link RelaxedTransport}. */
    RELAXED,
    /** {@link SinkhornDivergence} with {@link SinkhornDivergence#DEFAULT_EPSILON}. */
    SINKHORN;

    /**
     * The approximation for the clouds of a geometry.
     *
     * @param geometry of any order and any ground cost but zero-one
     * @param seed of what is random
     * @param monitor checked by what takes long
     */
    public Approximation<?> over(Geometry geometry, long seed, Monitor monitor) {
        return switch (this) {
            case CENTROID -> new Centroids(geometry);
            case COORDINATES -> new CoordinateTransport(geometry);
            case SLICED ->
                    new SlicedWasserstein(geometry, SlicedWasserstein.DEFAULT_DIRECTIONS, seed);
            case GAUSSIAN -> new BuresWasserstein(geometry);
            case RELAXED -> new RelaxedTransport(geometry);
            case SINKHORN ->
                    new SinkhornDivergence(geometry, SinkhornDivergence.DEFAULT_EPSILON, monitor);
        };
    }

    /**
     * An upper bound on the bytes of heap that one pair of n and m points takes: three matrices of
     * all points by all points for {@link #SINKHORN}, the points four times for {@link #GAUSSIAN}.
     */
    public static long bytes(int n, int m, int dimension) {
        long points = (long) n + m;
        return 24 * points * points + 32 * points * dimension;
    }

    /** The name in configurations and tables. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
