package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;

/**
 * A way to estimate or to bound the distances between clouds of one geometry at less than the exact
 * price: what depends on one cloud alone is computed once, and kept as a sketch.
 *
 * <p>Instances and sketches are immutable and may be shared between threads. The zero-one ground
 * cost has a closed form, which {@link dev.sot.transport.Wasserstein} uses; approximations refuse
 * it.
 *
 * @param <S> what is kept of a cloud
 */
public sealed interface Approximation<S>
        permits Centroids,
                CoordinateTransport,
                SlicedWasserstein,
                BuresWasserstein,
                RelaxedTransport,
                SinkhornDivergence {

    /**
     * The sketch of a cloud.
     *
     * @throws IllegalArgumentException if the cloud is of another geometry
     */
    S sketch(Cloud cloud);

    /** The distance of two clouds, from their sketches. */
    Estimate estimate(S f, S g);

    /** The distance of two clouds that are compared once. */
    default Estimate compare(Cloud f, Cloud g) {
        return estimate(sketch(f), sketch(g));
    }
}
