package dev.sot.transport;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Exact Wasserstein distances between clouds of one geometry,
 *
 * <pre>    W_p(f, g) = (min sum_ij c(x_i, y_j)^p P_ij)^(1/p)</pre>
 *
 * over all plans P between f and g, by the {@linkplain NetworkSimplex network simplex}. Costs are
 * rounded from differences of single-precision coordinates where the search for a plan reads them,
 * and computed from the table's points in double precision where the result depends on them, so the
 * result is optimal for the latter.
 *
 * <p>The distance is symmetric bit for bit, and exactly 0 between distributions that are equal up
 * to rounding of their weights: order 2 would otherwise turn a rounding of 1e-16 into a distance of
 * 1e-8. The ground cost 0 or 1 has a closed form, half the sum of the differences of weights.
 *
 * <p>Time {@code O(n m d)} for the costs and about {@code O((n + m) n m)} for the plan. Instances
 * keep a workspace, so that distances allocate nothing, and are not thread-safe; {@link
 * DistanceMatrix#compute} uses one a thread.
 */
public final class Wasserstein {

    /** Products of coordinates: few, as vectors are slow until they are compiled. */
    private static final int PRODUCTS_BETWEEN_CHECKS = 1 << 20;

    private final Geometry geometry;
    private final Monitor monitor;
    private final Kernel kernel;
    private final NetworkSimplex simplex;

    private final NetworkSimplex.Costs exactCosts = this::exactCost;
    private Cloud source;
    private Cloud target;
    private double units;
    private double error;
    private double gap;

    private int[] sourcePrice = new int[0];
    private int[] targetPrice = new int[0];
    private int[] sourceMinimum;
    private int[] targetMinimum;

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
        this(geometry, monitor, Kernels.best());
    }

    Wasserstein(Geometry geometry, Monitor monitor, Kernel kernel) {
        this.geometry = geometry;
        this.monitor = monitor;
        this.kernel = kernel;
        this.simplex = new NetworkSimplex(kernel, monitor);
    }

    /**
     * The distance of two clouds.
     *
     * @throws IllegalArgumentException if a cloud is of another geometry
     */
    public double distance(Cloud f, Cloud g) {
        require(f);
        require(g);
        gap = 0;
        if (f.sameAs(g)) {
            return 0;
        }
        if (geometry.cost() == GroundCost.ZERO_ONE) {
            return geometry.distance(totalVariation(f, g));
        }
        return geometry.distance(g.precedes(f) ? solve(g, f) : solve(f, g));
    }

    /** Bytes of heap that an instance takes for clouds of up to n and m points. */
    public static long workspaceBytes(int n, int m) {
        long nodes = n + m + 2L * Kernel.LANES;
        return 4_096
                + 4L * (n + Kernel.LANES) * (m + Kernel.LANES)
                + 120 * nodes
                + nodes * nodes / 8;
    }

    /** Pivots of the last solve. */
    long pivots() {
        return simplex.pivots();
    }

    /** The relative duality gap of the last {@link #distance}; see {@link TransportPlan}. */
    public double dualityGap() {
        return gap;
    }

    /**
     * A lower bound on {@link #distance}, certified by potentials that are feasible by
     * construction: from any u, {@code v_j = min_i (c_ij - u_i)} and then {@code u_i = min_j (c_ij
     * - v_j)} give {@code a.u + b.v <= W_p^p}. The bound is the largest over u = the means of the
     * rows, the same with the sides exchanged, and relaxed transport, where all mass of one side
     * goes to its nearest point of the other. Symmetric bit for bit. Computed on the rounded costs,
     * less the most that rounding can have added; a distance of the same clouds that follows reuses
     * them.
     *
     * @throws IllegalArgumentException if a cloud is of another geometry
     */
    public double lowerBound(Cloud f, Cloud g) {
        require(f);
        require(g);
        if (f.sameAs(g)) {
            return 0;
        }
        if (geometry.cost() == GroundCost.ZERO_ONE) {
            return geometry.distance(totalVariation(f, g));
        }
        if (g.precedes(f)) {
            return lowerBound(g, f);
        }
        loadCosts(f, g);
        double rounded = bound(f.weights(), g.weights());
        return geometry.distance(Math.max(0, (rounded - error) / units) * (1 - 0x1p-40));
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
        boolean equal = f.sameAs(g);
        if (equal && sameRows(f, g)) {
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
        if (g.precedes(f)) {
            return transpose(plan(g, f));
        }
        double optimum = solve(f, g);
        // Nothing costs less than 0.
        return equal ? simplex.plan(0, 0) : simplex.plan(optimum, gap);
    }

    /** Whether equal measures have the same masses in the same rows, even of equal points. */
    private static boolean sameRows(Cloud f, Cloud g) {
        return Arrays.equals(f.positions(), g.positions())
                && (f.distinct().length == f.size() || Arrays.equals(f.weights(), g.weights()));
    }

    private void require(Cloud cloud) {
        if (cloud.geometry() != geometry) {
            throw new IllegalArgumentException("the cloud belongs to another geometry");
        }
    }

    private double solve(Cloud f, Cloud g) {
        loadCosts(f, g);
        double optimum = simplex.solve(f.weights(), g.weights(), exactCosts, 0, units, error);
        gap = simplex.gap();
        return optimum;
    }

    private double exactCost(int i, int j) {
        return geometry.power(source.position(i), target.position(j));
    }

    /** Rounds the costs of a pair, unless they are those of the last one. */
    private void loadCosts(Cloud f, Cloud g) {
        if (source == f && target == g) {
            return;
        }
        int n = f.size();
        int m = g.size();
        simplex.reserve(n, m);
        source = null;
        int exponent = geometry.exponent();
        double reach = f.reach(g);
        double largest = Math.pow(reach, exponent) * (1 + 0x1p-16);
        int bits = NetworkSimplex.bits(n, m);
        if (geometry.cost() == GroundCost.ZERO_ONE) {
            loadEqualities(f, g, 1 << bits - 1);
            return;
        }
        // A power of two keeps what is exact; the largest that a float can hold costs nothing.
        int power = Math.min(bits - 1 - Math.getExponent(largest), Float.MAX_EXPONENT - 8);
        float factor = Math.scalb(1f, power);
        // Of coordinates, of differences and their sum, and of the power and the rounding to
        // integers: the bounds of numerical analysis, not what is usually seen.
        double distance =
                0x1p-23 * (f.norm() + g.norm())
                        + 0x1p-24 * (geometry.points().dimension() / 2.0 + 4) * reach;
        error =
                (Math.pow(reach + distance, exponent)
                                        - Math.pow(reach, exponent)
                                        + 0x1p-22 * largest)
                                * factor
                        + 1;
        units = factor / geometry.unit();
        long row = (long) m * f.coordinates().length;
        int rows = Math.max(4, (int) (PRODUCTS_BETWEEN_CHECKS / row) & -4);
        for (int from = 0; from < n; from += rows) {
            monitor.check();
            int to = Math.min(n, from + rows);
            kernel.costs(
                    f.coordinates(),
                    from,
                    to,
                    g.coordinates(),
                    m,
                    exponent,
                    factor,
                    simplex.costs());
        }
        source = f;
        target = g;
    }

    /** Costs of 0 between points that are equal and of one unit between others, without error. */
    private void loadEqualities(Cloud f, Cloud g, int unit) {
        int[] costs = simplex.costs();
        int stride = Kernel.padded(g.size());
        for (int i = 0; i < f.size(); i++) {
            monitor.check();
            int row = i * stride;
            for (int j = 0; j < g.size(); j++) {
                costs[row + j] = geometry.power(f.position(i), g.position(j)) == 0 ? 0 : unit;
            }
            Arrays.fill(costs, row + g.size(), row + stride, Kernel.PADDING);
        }
        units = unit;
        error = 1;
        source = f;
        target = g;
    }

    /** The largest dual value of the potentials tried, in units of the rounded costs. */
    private double bound(double[] a, double[] b) {
        int[] costs = simplex.costs();
        int n = a.length;
        int m = b.length;
        int stride = Kernel.padded(m);
        if (sourcePrice.length < n) {
            sourcePrice = new int[Kernel.padded(n)];
            sourceMinimum = new int[Kernel.padded(n)];
        }
        if (targetPrice.length < stride) {
            targetPrice = new int[stride];
            targetMinimum = new int[stride];
        }
        Arrays.fill(targetPrice, 0, stride, 0);
        kernel.rowMinima(costs, n, stride, targetPrice, sourceMinimum);
        double best = sum(a, sourceMinimum);
        Arrays.fill(sourcePrice, 0, n, 0);
        kernel.columnMinima(costs, n, stride, sourcePrice, targetMinimum);
        best = Math.max(best, sum(b, targetMinimum));

        monitor.check();
        for (int i = 0; i < n; i++) {
            int sum = 0;
            for (int at = i * stride; at < i * stride + m; at++) {
                sum += costs[at];
            }
            sourcePrice[i] = sum / m;
        }
        kernel.columnMinima(costs, n, stride, sourcePrice, targetMinimum);
        clearPadding(targetMinimum, m, stride);
        kernel.rowMinima(costs, n, stride, targetMinimum, sourceMinimum);
        best = Math.max(best, sum(a, sourceMinimum) + sum(b, targetMinimum));

        monitor.check();
        kernel.columnSums(costs, n, stride, targetPrice);
        for (int j = 0; j < m; j++) {
            targetPrice[j] /= n;
        }
        clearPadding(targetPrice, m, stride);
        kernel.rowMinima(costs, n, stride, targetPrice, sourceMinimum);
        kernel.columnMinima(costs, n, stride, sourceMinimum, targetMinimum);
        return Math.max(best, sum(a, sourceMinimum) + sum(b, targetMinimum));
    }

    private static void clearPadding(int[] values, int m, int stride) {
        for (int j = m; j < stride; j++) {
            values[j] = 0;
        }
    }

    private static double sum(double[] weights, int[] values) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }

    /** Half the sum of the differences of weights, over distinct points. */
    private static double totalVariation(Cloud f, Cloud g) {
        double sum = 0;
        int i = 0;
        int j = 0;
        int[] p = f.distinct();
        int[] q = g.distinct();
        while (i < p.length || j < q.length) {
            int order = i == p.length ? 1 : j == q.length ? -1 : Integer.compare(p[i], q[j]);
            double a = order <= 0 ? f.distinctWeights()[i++] : 0;
            double b = order >= 0 ? g.distinctWeights()[j++] : 0;
            sum += Math.abs(a - b);
        }
        return sum / 2;
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
}
