package dev.sot.transport;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Exact Wasserstein distances between clouds of one geometry,
 *
 * <pre>    W_p(f, g) = (min sum_ij c(x_i, y_j)^p P_ij)^(1/p)</pre>
 *
 * over all plans P between f and g.
 *
 * <p>The distance is symmetric bit for bit, and exactly 0 between distributions that are equal up
 * to rounding of their weights: order 2 would otherwise turn a rounding of 1e-16 into a distance of
 * 1e-8.
 *
 * <p>Time {@code O(n m d)} for the costs and about {@code O((n + m) n m)} for the plan. Instances
 * keep a workspace and are not thread-safe; {@link DistanceMatrix#compute} uses one a thread.
 */
public final class Wasserstein {

    private final Geometry geometry;
    private final ExactTransport transport;
    private double gap;

    /** Distances that nothing interrupts. */
    public Wasserstein(Geometry geometry) {
        this(geometry, Monitor.NONE);
    }

    /**
     * Distances that can be stopped.
     *
     * @param geometry makes the clouds that will be compared
     * @param monitor checked while solving
     */
    public Wasserstein(Geometry geometry, Monitor monitor) {
        this.geometry = geometry;
        this.transport = new ExactTransport(monitor);
    }

    /**
     * The distance of two clouds.
     *
     * @throws IllegalArgumentException if a cloud is of another geometry
     */
    public double distance(Cloud f, Cloud g) {
        TransportPlan plan = plan(f, g);
        gap = plan.dualityGap();
        return geometry.distance(Math.max(0, plan.cost()));
    }

    /**
     * Bytes of heap that an instance takes for clouds of up to n and m points: the costs, twice,
     * and the basis.
     */
    public static long workspaceBytes(int n, int m) {
        return 4_096 + 16L * n * m + 200L * (n + m);
    }

    /** The relative duality gap of the last {@link #distance}; see {@link TransportPlan}. */
    public double dualityGap() {
        return gap;
    }

    /**
     * A lower bound on {@link #distance}, certified by potentials that are feasible by
     * construction: from any u, {@code v_j = min_i (c_ij - u_i)} and then {@code u_i = min_j (c_ij
     * - v_j)} give {@code a.u + b.v <= W_p^p}. The bound is the largest over u = the means of the
     * rows, the same with the sides exchanged, and u = 0, which is relaxed transport: all mass goes
     * to its nearest point. Symmetric bit for bit.
     *
     * @throws IllegalArgumentException if a cloud is of another geometry
     */
    public double lowerBound(Cloud f, Cloud g) {
        require(f);
        require(g);
        if (f.sameAs(g)) {
            return 0;
        }
        if (g.precedes(f)) {
            return lowerBound(g, f);
        }
        double[] costs = costs(f, g);
        double[] transposed = costs(g, f);
        double bound =
                Math.max(
                        Math.max(dual(costs, f, g, true), dual(transposed, g, f, true)),
                        Math.max(dual(costs, f, g, false), dual(transposed, g, f, false)));
        // Sums of positive terms and of potentials no larger than the largest cost.
        double largest = Arrays.stream(costs).max().orElseThrow();
        double rounding = largest * 0x1p-52 * (8 + f.size() + g.size());
        return geometry.distance(Math.max(0, bound - rounding));
    }

    /**
     * An optimal plan from f to g. Its sources and targets are indices into the points of the
     * clouds; its cost is the minimum of {@code sum c^p P}, that is the p-th power of the distance.
     *
     * @throws IllegalArgumentException if a cloud is of another geometry
     */
    public TransportPlan plan(Cloud f, Cloud g) {
        require(f);
        require(g);
        if (f.sameAs(g)) {
            int[] points = IntStream.range(0, f.size()).toArray();
            // Potentials of 0 certify a plan that moves nothing, as costs are not negative.
            return new TransportPlan(
                    0,
                    points,
                    points.clone(),
                    f.weights().clone(),
                    new double[f.size()],
                    new double[g.size()],
                    0);
        }
        return !g.precedes(f) ? solve(f, g) : transpose(solve(g, f));
    }

    private void require(Cloud cloud) {
        if (cloud.geometry() != geometry) {
            throw new IllegalArgumentException("the cloud belongs to another geometry");
        }
    }

    private static double dual(double[] costs, Cloud f, Cloud g, boolean means) {
        int n = f.size();
        int m = g.size();
        double[] v = new double[m];
        Arrays.fill(v, Double.POSITIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            double mean = 0;
            for (int j = 0; j < m && means; j++) {
                mean += costs[i * m + j] / m;
            }
            for (int j = 0; j < m; j++) {
                v[j] = Math.min(v[j], costs[i * m + j] - mean);
            }
        }
        double value = 0;
        for (int i = 0; i < n; i++) {
            double u = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) {
                u = Math.min(u, costs[i * m + j] - v[j]);
            }
            value += f.weight(i) * u;
        }
        for (int j = 0; j < m; j++) {
            value += g.weight(j) * v[j];
        }
        return value;
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

    private TransportPlan solve(Cloud f, Cloud g) {
        return transport.solve(costs(f, g), f.weights(), g.weights());
    }

    /** {@code c(x_i, y_j)^p}, row-major. */
    private double[] costs(Cloud f, Cloud g) {
        int m = g.size();
        double[] costs = new double[f.size() * m];
        for (int at = 0; at < costs.length; at++) {
            costs[at] = geometry.power(f.position(at / m), g.position(at % m));
        }
        return costs;
    }
}
