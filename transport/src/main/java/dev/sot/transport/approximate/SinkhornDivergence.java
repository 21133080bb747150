package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * Entropic transport without its bias, with certified bounds on the exact distance:
 *
 * <pre>
 *     S = T(f, g) - T(f, f) / 2 - T(g, g) / 2,    T(f, g) = min sum c^p P + epsilon KL(P | f g')
 * </pre>
 *
 * Feydy, Sejourne, Vialard, Amari, Trouve and Peyre, Interpolating between Optimal Transport and
 * MMD using Sinkhorn Divergences (2019). The value is the p-th root of S, which is neither an upper
 * nor a lower bound. The lower bound comes from the potentials, made feasible; the upper one from
 * the plan, rounded to exact marginals; see {@link EntropicTransport}. Epsilon is given relative to
 * the cost of the product plan, {@code sum a_i b_j c_ij^p}, so that a change of unit changes
 * nothing.
 *
 * <p>Iterations end when the marginals of the plan deviate by at most 1e-3 in sum. An epsilon for
 * which that takes more than 20,000 is an error. An iteration takes {@code O((n + m)^2)}, and a
 * pair as much memory. Symmetric bit for bit, and exactly 0 between equal distributions.
 */
public final class SinkhornDivergence implements Approximation<SinkhornDivergence.Points> {

    /**
     * The relative epsilon used where none is asked for. Five times as much would save little, as
     * most time goes into the way to a small epsilon, and leave three times the gap of the bounds.
     */
    public static final double DEFAULT_EPSILON = 0.01;

    private static final double TOLERANCE = 1e-3;
    private static final int MAX_ITERATIONS = 20_000;

    private final Embedding embedding;
    private final double epsilon;
    private final Monitor monitor;

    /**
     * Estimates of the distances of a geometry, of any order and any cost but zero-one.
     *
     * @param geometry makes the clouds
     * @param epsilon relative to the cost of the product plan, positive
     * @param monitor checked while iterating
     */
    public SinkhornDivergence(Geometry geometry, double epsilon, Monitor monitor) {
        if (!(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "epsilon must be positive and finite, got " + epsilon);
        }
        this.embedding = new Embedding(geometry);
        this.epsilon = epsilon;
        this.monitor = monitor;
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

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the iteration does not converge for this epsilon
     */
    @Override
    public Estimate estimate(Points f, Points g) {
        if (f.placed.cloud().sameAs(g.placed.cloud())) {
            return new Estimate(0, 0, 0);
        }
        if (g.placed.cloud().precedes(f.placed.cloud())) {
            return estimate(g, f);
        }
        double[] a = f.placed.weights();
        double[] b = g.placed.weights();
        double[][] cost = costs(f, g);
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * Vectors.dot(cost[i], b);
        }
        double error = costError(f, g, cost);
        if (product == 0) {
            return new Estimate(0, 0, embedding.root(error));
        }
        double absolute = epsilon * product;
        EntropicTransport pair = problem(a, b, cost);
        double divergence =
                pair.solve(absolute) - (ofItself(f, absolute) + ofItself(g, absolute)) / 2;
        return new Estimate(
                embedding.root(Math.max(0, divergence)),
                embedding.root(Math.max(0, pair.lowerBound() - error)),
                embedding.root(pair.upperBound() + error));
    }

    /** What the rounding of coordinates, far from the table's mean, changes a cost at most. */
    private double costError(Points f, Points g, double[][] cost) {
        double largest = Arrays.stream(cost).flatMapToDouble(Arrays::stream).max().orElseThrow();
        double distance = embedding.length(largest);
        double moved = 0x1p-52 * (f.placed.radius() + g.placed.radius());
        return embedding.power((distance + moved) * (distance + moved))
                - embedding.power(distance * distance)
                + 0x1p-50 * largest;
    }

    private double ofItself(Points f, double absolute) {
        double[] a = f.placed.weights();
        // A single point carries nothing to itself.
        return a.length == 1 ? 0 : problem(a, a, costs(f, f)).solve(absolute);
    }

    private EntropicTransport problem(double[] a, double[] b, double[][] cost) {
        return new EntropicTransport(a, b, cost, TOLERANCE, MAX_ITERATIONS, monitor);
    }

    private double[][] costs(Points f, Points g) {
        double[][] costs = new double[f.placed.size()][g.placed.size()];
        for (int i = 0; i < costs.length; i++) {
            Vectors.squaredDistances(f.placed.points()[i], g.axes, costs[i]);
            for (int j = 0; j < costs[i].length; j++) {
                costs[i][j] = embedding.power(costs[i][j]);
            }
        }
        return costs;
    }
}
