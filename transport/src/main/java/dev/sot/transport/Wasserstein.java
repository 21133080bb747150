package dev.sot.transport;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Exact Wasserstein distances between distributions over one table of points,
 *
 * <pre>    W_p(f, g) = (min sum_ij c(x_i, y_j)^p P_ij)^(1/p)</pre>
 *
 * over all plans P between f and g. Ground costs are computed in double precision from differences
 * of points, never from inner products, so points far from the origin lose no digits; {@code 1 -
 * cos} is half the squared distance of the normalised points for the same reason.
 *
 * <p>The distance is symmetric bit for bit, and exactly 0 between distributions that are equal up
 * to rounding of their weights: order 2 would otherwise turn a rounding of 1e-16 into a distance of
 * 1e-8. Weights are normalised to sum 1.
 *
 * <p>Time {@code O(n m d)} for the costs and about {@code O((n + m) n m)} for the plan. Instances
 * keep a workspace and are not thread-safe; {@link DistanceMatrix#compute} uses one a thread.
 */
public final class Wasserstein {

    private static final double WEIGHT_ROUNDING = 0x1p-46;

    private final PointTable points;
    private final GroundCost cost;
    private final int order;
    private final ExactTransport transport;

    private double[] sourcePoint = new double[0];
    private double[][] targetCoordinate = new double[0][];

    /**
     * Distances that nothing interrupts.
     *
     * @param points the points on which distributions live
     * @param cost the ground cost c
     * @param order p, 1 or 2
     */
    public Wasserstein(PointTable points, GroundCost cost, int order) {
        this(points, cost, order, Monitor.NONE);
    }

    /**
     * Distances that can be stopped.
     *
     * @param points the points on which distributions live
     * @param cost the ground cost c
     * @param order p, 1 or 2
     * @param monitor checked while solving
     */
    public Wasserstein(PointTable points, GroundCost cost, int order, Monitor monitor) {
        if (order != 1 && order != 2) {
            throw new IllegalArgumentException("order must be 1 or 2, got " + order);
        }
        this.points = points;
        this.cost = cost;
        this.order = order;
        this.transport = new ExactTransport(monitor);
    }

    /**
     * The distance of two distributions.
     *
     * @throws IllegalArgumentException naming a position outside the table, or one with mass and
     *     the zero vector where the ground cost is cosine
     */
    public double distance(Distribution f, Distribution g) {
        double optimum = Math.max(0, plan(f, g).cost());
        return order == 1 ? optimum : Math.sqrt(optimum);
    }

    /**
     * An optimal plan from f to g. Its sources and targets are indices into the positions of f and
     * g; its cost is the minimum of {@code sum c^p P}, that is the p-th power of the distance.
     *
     * @throws IllegalArgumentException as for {@link #distance}
     */
    public TransportPlan plan(Distribution f, Distribution g) {
        validate(f);
        validate(g);
        int[] source = support(f);
        int[] target = support(g);
        if (equalUpToRounding(f, source, g, target)) {
            return identity(f, source, g, target);
        }
        return compare(f, g) <= 0 ? solve(f, g) : transpose(solve(g, f));
    }

    /** The ground cost c(x_i, x_j) of two points of the table. */
    public double groundDistance(int i, int j) {
        double power = costs(new int[] {i}, new int[] {j})[0];
        return order == 1 ? power : Math.sqrt(power);
    }

    /** Refuses a distribution that has no distances in this table. */
    void validate(Distribution f) {
        int last = f.positions()[f.size() - 1];
        if (last >= points.size()) {
            throw new IllegalArgumentException(
                    "position "
                            + last
                            + " of a distribution lies outside the table of "
                            + points.size()
                            + " points");
        }
        if (cost == GroundCost.COSINE) {
            for (int i = 0; i < f.size(); i++) {
                if (f.weights()[i] > 0 && norm(f.positions()[i]) == 0) {
                    throw new IllegalArgumentException(
                            "the point at position "
                                    + f.positions()[i]
                                    + " is the zero vector, which has no cosine; exclude the"
                                    + " position or use the Euclidean ground cost");
                }
            }
        }
    }

    /** Indices of the positions that have mass. */
    private static int[] support(Distribution f) {
        return IntStream.range(0, f.size()).filter(i -> f.weights()[i] > 0).toArray();
    }

    private static boolean equalUpToRounding(
            Distribution f, int[] source, Distribution g, int[] target) {
        if (source.length != target.length) {
            return false;
        }
        for (int k = 0; k < source.length; k++) {
            if (f.positions()[source[k]] != g.positions()[target[k]]) {
                return false;
            }
        }
        double[] a = CompensatedSum.normalise(f.weights());
        double[] b = CompensatedSum.normalise(g.weights());
        for (int k = 0; k < source.length; k++) {
            if (Math.abs(a[source[k]] - b[target[k]]) > WEIGHT_ROUNDING * a[source[k]]) {
                return false;
            }
        }
        return true;
    }

    /** The plan that moves nothing; potentials of 0 certify it, as costs are not negative. */
    private static TransportPlan identity(
            Distribution f, int[] source, Distribution g, int[] target) {
        double[] weights = CompensatedSum.normalise(f.weights());
        double[] mass = Arrays.stream(source).mapToDouble(i -> weights[i]).toArray();
        return new TransportPlan(
                0, source, target, mass, new double[f.size()], new double[g.size()], 0);
    }

    /** A total order, so that a pair is always solved the same way round. */
    private static int compare(Distribution f, Distribution g) {
        int bySize = Integer.compare(f.size(), g.size());
        if (bySize != 0) {
            return bySize;
        }
        int byPositions = Arrays.compare(f.positions(), g.positions());
        return byPositions != 0 ? byPositions : Arrays.compare(f.weights(), g.weights());
    }

    private static TransportPlan transpose(TransportPlan plan) {
        int size = plan.mass().length;
        long[] entries = new long[size];
        for (int k = 0; k < size; k++) {
            entries[k] = (long) plan.target()[k] << 32 | k;
        }
        // Within a target, k ascends with the source: sorting by (target, k) sorts by both.
        Arrays.sort(entries);
        int[] source = new int[size];
        int[] target = new int[size];
        double[] mass = new double[size];
        for (int at = 0; at < size; at++) {
            int k = (int) entries[at];
            source[at] = plan.target()[k];
            target[at] = plan.source()[k];
            mass[at] = plan.mass()[k];
        }
        return new TransportPlan(
                plan.cost(),
                source,
                target,
                mass,
                plan.targetPotential(),
                plan.sourcePotential(),
                plan.dualityGap());
    }

    private TransportPlan solve(Distribution f, Distribution g) {
        return transport.solve(costs(f.positions(), g.positions()), f.weights(), g.weights());
    }

    /** {@code c(x_i, y_j)^p}, row-major. */
    private double[] costs(int[] from, int[] to) {
        int dimension = points.dimension();
        int m = to.length;
        gather(from, to);
        double[] costs = new double[from.length * m];
        double[] row = new double[m];
        for (int i = 0; i < from.length; i++) {
            Arrays.fill(row, 0);
            int base = i * dimension;
            int k = 0;
            // Four coordinates a pass over rows with one shared index: what the compiler
            // vectorises.
            for (; k + 4 <= dimension; k += 4) {
                accumulate(row, m, base + k, k);
            }
            for (; k < dimension; k++) {
                double x = sourcePoint[base + k];
                double[] y = targetCoordinate[k];
                for (int j = 0; j < m; j++) {
                    double difference = x - y[j];
                    row[j] += difference * difference;
                }
            }
            for (int j = 0; j < m; j++) {
                costs[i * m + j] = power(row[j]);
            }
        }
        return costs;
    }

    private void accumulate(double[] row, int m, int at, int k) {
        double x0 = sourcePoint[at];
        double x1 = sourcePoint[at + 1];
        double x2 = sourcePoint[at + 2];
        double x3 = sourcePoint[at + 3];
        double[] y0 = targetCoordinate[k];
        double[] y1 = targetCoordinate[k + 1];
        double[] y2 = targetCoordinate[k + 2];
        double[] y3 = targetCoordinate[k + 3];
        for (int j = 0; j < m; j++) {
            double d0 = x0 - y0[j];
            double d1 = x1 - y1[j];
            double d2 = x2 - y2[j];
            double d3 = x3 - y3[j];
            row[j] += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
        }
    }

    /** The p-th power of the ground cost, from the squared distance of the gathered points. */
    private double power(double squared) {
        double base =
                switch (cost) {
                    case EUCLIDEAN -> order == 1 ? Math.sqrt(squared) : squared;
                    case SQUARED_EUCLIDEAN -> squared;
                    case COSINE -> squared / 2;
                };
        return order == 1 || cost == GroundCost.EUCLIDEAN ? base : base * base;
    }

    private void gather(int[] from, int[] to) {
        int dimension = points.dimension();
        if (sourcePoint.length < from.length * dimension) {
            sourcePoint = new double[from.length * dimension];
        }
        if (targetCoordinate.length == 0 || targetCoordinate[0].length < to.length) {
            targetCoordinate = new double[dimension][to.length];
        }
        float[] values = points.values();
        for (int i = 0; i < from.length; i++) {
            double length = length(from[i]);
            for (int k = 0; k < dimension; k++) {
                sourcePoint[i * dimension + k] = values[from[i] * dimension + k] / length;
            }
        }
        for (int j = 0; j < to.length; j++) {
            double length = length(to[j]);
            for (int k = 0; k < dimension; k++) {
                targetCoordinate[k][j] = values[to[j] * dimension + k] / length;
            }
        }
    }

    /**
     * What a point is divided by. A zero vector is left alone: {@link #validate} saw no mass there.
     */
    private double length(int position) {
        if (cost != GroundCost.COSINE) {
            return 1;
        }
        double norm = norm(position);
        return norm == 0 ? 1 : norm;
    }

    private double norm(int position) {
        float[] values = points.values();
        int dimension = points.dimension();
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            double value = values[position * dimension + k];
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
