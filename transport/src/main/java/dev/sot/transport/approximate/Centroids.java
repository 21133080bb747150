package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;

/**
 * The distance of the means, a lower bound:
 *
 * <pre>    |mean f - mean g| = |sum P_ij (x_i - y_j)| <= sum P_ij |x_i - y_j|</pre>
 *
 * for every plan P, because a norm is convex; hence {@code |mean f - mean g| <= W_1 <= W_2} for the
 * Euclidean cost. It says nothing of shapes: two clouds with one mean are at distance 0. For the
 * squared Euclidean and the cosine cost, of either order, the squared bound, halved for cosine, is
 * one; see Rubner, Tomasi and Guibas, A Metric for Distributions (1998).
 *
 * <p>A sketch takes {@code O(n d)}, a pair {@code O(d)}.
 */
public final class Centroids implements Approximation<Centroids.Centroid> {

    private final Embedding embedding;

    /** Bounds on the distances of a geometry, of any order and any cost but zero-one. */
    public Centroids(Geometry geometry) {
        embedding = new Embedding(geometry);
    }

    /** A cloud's mean. */
    public static final class Centroid {
        private final double[] mean;
        private final double error;

        Centroid(Embedding.Placed placed) {
            mean = placed.mean();
            error = Embedding.rounding(placed.size() + mean.length) * placed.radius();
        }
    }

    @Override
    public Centroid sketch(Cloud cloud) {
        return new Centroid(embedding.place(cloud));
    }

    @Override
    public Estimate estimate(Centroid f, Centroid g) {
        double distance = Math.sqrt(Vectors.squaredDistance(f.mean, g.mean));
        return Estimate.bounded(
                embedding.distance(distance),
                embedding.distance(Math.max(0, distance - f.error - g.error)));
    }
}
