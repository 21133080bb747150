package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import java.util.Arrays;

/**
 * Transport with one marginal dropped, a lower bound for every cost: each point's mass goes to the
 * nearest point of the other cloud, however much arrives there,
 *
 * <pre>    W_p^p >= max(sum_i a_i min_j c_ij^p, sum_j b_j min_i c_ij^p).</pre>
 *
 * Kusner, Sun, Kolkin and Weinberger, From Word Embeddings To Document Distances (2015). It is 0
 * where one cloud's points are among the other's. {@link dev.sot.transport.Wasserstein#lowerBound}
 * includes it and is mostly cheaper.
 *
 * <p>A sketch takes {@code O(n d)}, a pair {@code O(n m d)}.
 */
public final class RelaxedTransport implements Approximation<RelaxedTransport.Points> {

    private final Embedding embedding;

    /** Bounds on the distances of a geometry, of any order and any cost but zero-one. */
    public RelaxedTransport(Geometry geometry) {
        embedding = new Embedding(geometry);
    }

    /** A cloud's points. */
    public static final class Points {
        private final Embedding.Placed placed;
        private final double[][] axes;

        Points(Embedding.Placed placed) {
            this.placed = placed;
            axes = placed.axes();
        }
    }

    @Override
    public Points sketch(Cloud cloud) {
        return new Points(embedding.place(cloud));
    }

    @Override
    public Estimate estimate(Points f, Points g) {
        int n = f.placed.size();
        int m = g.placed.size();
        double[] row = new double[m];
        double[] nearest = new double[m];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        double forth = 0;
        for (int i = 0; i < n; i++) {
            Vectors.squaredDistances(f.placed.points()[i], g.axes, row);
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) {
                least = Math.min(least, row[j]);
                nearest[j] = Math.min(nearest[j], row[j]);
            }
            forth += f.placed.weights()[i] * embedding.power(least);
        }
        double back = 0;
        for (int j = 0; j < m; j++) {
            back += g.placed.weights()[j] * embedding.power(nearest[j]);
        }
        double optimum = Math.max(forth, back);
        double diameter = f.placed.radius() + g.placed.radius();
        double error =
                Embedding.rounding(n + m + f.axes.length) * embedding.power(diameter * diameter);
        return Estimate.bounded(
                embedding.root(optimum), embedding.root(Math.max(0, optimum - error)));
    }
}
