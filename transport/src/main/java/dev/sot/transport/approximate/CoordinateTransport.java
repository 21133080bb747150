package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.LineTransport;
import dev.sot.transport.LineTransport.Measure;

/**
 * Exact transport along each coordinate axis, put together to a lower bound:
 *
 * <pre>    W_p^2 >= sum_k W_p(f_k, g_k)^2</pre>
 *
 * for the Euclidean cost, p = 1 and 2, where f_k is the distribution of coordinate k. Every plan
 * induces one between f_k and g_k. For p = 2, {@code |x - y|^2} is the sum of {@code (x_k - y_k)^2}
 * and each term costs at least its own optimum. For p = 1 the norm of a mean is at most the mean of
 * the norm (Jensen): {@code E|x - y| >= |(E|x_k - y_k|)_k| >= |(W_1(f_k, g_k))_k|}. For the other
 * costs the bound of order 2 is squared, and halved for cosine.
 *
 * <p>It holds in any orthonormal basis; in the principal axes of a reference space the coordinates
 * are those in which features differ most. At least as large as the bound of {@link Centroids}. A
 * sketch takes {@code O(d n log n)}, a pair {@code O(d (n + m))}.
 */
public final class CoordinateTransport implements Approximation<CoordinateTransport.Coordinates> {

    private final Embedding embedding;

    /** Bounds on the distances of a geometry, of any order and any cost but zero-one. */
    public CoordinateTransport(Geometry geometry) {
        embedding = new Embedding(geometry);
    }

    /** A cloud's distribution along each axis. */
    public static final class Coordinates {
        private final Measure[] axes;
        private final double radius;
        private final int size;

        Coordinates(Embedding.Placed placed) {
            double[][] coordinates = placed.axes();
            axes = new Measure[coordinates.length];
            for (int k = 0; k < axes.length; k++) {
                axes[k] = Measure.of(coordinates[k], placed.weights());
            }
            radius = placed.radius();
            size = placed.size();
        }
    }

    @Override
    public Coordinates sketch(Cloud cloud) {
        return new Coordinates(embedding.place(cloud));
    }

    @Override
    public Estimate estimate(Coordinates f, Coordinates g) {
        double sum = 0;
        for (int k = 0; k < f.axes.length; k++) {
            sum += squared(f.axes[k], g.axes[k], embedding.order());
        }
        double error = Embedding.rounding(f.size + g.size + f.axes.length);
        return Estimate.bounded(
                embedding.distance(Math.sqrt(sum)),
                embedding.distance(certified(sum, f.radius + g.radius, error, embedding.order())));
    }

    /** {@code W_p^2} on the line. */
    static double squared(Measure f, Measure g, int order) {
        double optimum = LineTransport.optimum(f, g, order);
        return order == 1 ? optimum * optimum : optimum;
    }

    /**
     * The root of a sum of squared distances along orthonormal directions, less its error.
     *
     * @param diameter at least the distance of any two points
     * @param error relative to the diameter's p-th power
     */
    static double certified(double sum, double diameter, double error, int order) {
        return order == 1
                ? Math.max(0, Math.sqrt(sum) - error * diameter)
                : Math.sqrt(Math.max(0, sum - error * diameter * diameter));
    }
}
