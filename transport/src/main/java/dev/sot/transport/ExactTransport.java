package dev.sot.transport;

import java.util.Arrays;

/**
 * Exact optimal transport between two discrete measures with given costs,
 *
 * <pre>    min sum_ij c_ij P_ij   over   P >= 0,  P 1 = a,  P' 1 = b,</pre>
 *
 * by the {@linkplain NetworkSimplex network simplex}. Tolerances are relative to the optimum, so
 * the units of cost do not matter.
 *
 * <p>Time is about {@code O((n + m) n m)} in practice for n sources and m targets, memory {@code
 * O(n m)}, which an instance keeps for the next call. Not thread-safe.
 */
public final class ExactTransport {

    private final NetworkSimplex simplex;

    /** A solver that nothing interrupts. */
    public ExactTransport() {
        this(Monitor.NONE);
    }

    /**
     * A solver that can be stopped.
     *
     * @param monitor checked at least every 50 ms
     */
    public ExactTransport(Monitor monitor) {
        this(monitor, Kernels.best());
    }

    ExactTransport(Monitor monitor, Kernel kernel) {
        this.simplex = new NetworkSimplex(kernel, monitor);
    }

    /**
     * Solves one problem.
     *
     * @param cost cost of moving a unit of mass from source i to target j, row-major {@code [n,
     *     m]}, finite
     * @param a masses of the n sources, finite, not negative, not all zero; normalised to sum 1
     * @param b masses of the m targets, likewise
     * @return an optimal plan
     * @throws IllegalArgumentException naming the entry that is not allowed
     * @throws ArithmeticException if the optimum is not reached within the cap on pivots
     */
    public TransportPlan solve(double[] cost, double[] a, double[] b) {
        int n = a.length;
        int m = b.length;
        if (cost.length != (long) n * m) {
            throw new IllegalArgumentException(
                    "expected " + n + " x " + m + " costs, got " + cost.length + " values");
        }
        int[] source = support("source", a);
        int[] target = support("target", b);
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int at = 0; at < cost.length; at++) {
            if (!Double.isFinite(cost[at])) {
                throw new IllegalArgumentException(
                        "costs must be finite, from source "
                                + at / m
                                + " to target "
                                + at % m
                                + " it is "
                                + cost[at]);
            }
            least = Math.min(least, cost[at]);
            greatest = Math.max(greatest, cost[at]);
        }
        // With costs of about 1, nothing overflows or vanishes in between.
        double unit = Math.scalb(1.0, Math.getExponent(Math.max(greatest, -least)));
        unit = Math.max(unit, Double.MIN_NORMAL);
        TransportPlan plan =
                solve(cost, m, unit, least / unit, greatest / unit, a, source, b, target);
        return restore(plan, cost, n, m, unit, source, target);
    }

    private static int[] support(String side, double[] mass) {
        int[] index = new int[mass.length];
        int size = 0;
        for (int i = 0; i < mass.length; i++) {
            if (!(mass[i] >= 0) || mass[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "masses must be finite and not negative, "
                                + side
                                + " "
                                + i
                                + " has "
                                + mass[i]);
            }
            if (mass[i] > 0) {
                index[size++] = i;
            }
        }
        if (size == 0) {
            throw new IllegalArgumentException("no " + side + " has any mass");
        }
        return Arrays.copyOf(index, size);
    }

    private static double[] select(double[] values, int[] index) {
        double[] selected = new double[index.length];
        for (int i = 0; i < index.length; i++) {
            selected[i] = values[index[i]];
        }
        return selected;
    }

    /** Solves between the points with mass, in units in which costs are about 1. */
    private TransportPlan solve(
            double[] cost,
            int columns,
            double unit,
            double least,
            double greatest,
            double[] a,
            int[] source,
            double[] b,
            int[] target) {
        simplex.reserve(source.length, target.length);
        int[] rounded = simplex.costs();
        int stride = Kernel.padded(target.length);
        int levels = (1 << NetworkSimplex.bits(source.length, target.length)) - 1;
        // Costs that are all equal are all rounded to 0, whatever the units.
        double units = levels / Math.max(greatest - least, 0x1p-52);
        for (int i = 0; i < source.length; i++) {
            int row = i * stride;
            for (int j = 0; j < target.length; j++) {
                double value = cost[source[i] * columns + target[j]] / unit;
                rounded[row + j] = (int) ((value - least) * units + .5);
            }
            Arrays.fill(rounded, row + target.length, row + stride, Kernel.PADDING);
        }
        double optimum =
                simplex.solve(
                        CompensatedSum.normalise(select(a, source)),
                        CompensatedSum.normalise(select(b, target)),
                        (i, j) -> cost[source[i] * columns + target[j]] / unit,
                        least,
                        units,
                        1);
        return simplex.plan(optimum, simplex.gap());
    }

    /** A plan in the numbers and units of the caller, with potentials of points without mass. */
    private static TransportPlan restore(
            TransportPlan plan,
            double[] cost,
            int n,
            int m,
            double unit,
            int[] source,
            int[] target) {
        double[] u = new double[n];
        double[] v = new double[m];
        Arrays.fill(u, Double.POSITIVE_INFINITY);
        Arrays.fill(v, Double.POSITIVE_INFINITY);
        for (int i = 0; i < source.length; i++) {
            u[source[i]] = plan.sourcePotential()[i] * unit;
        }
        for (int j = 0; j < target.length; j++) {
            v[target[j]] = plan.targetPotential()[j] * unit;
        }
        for (int i = 0, k = 0; i < n; i++) {
            if (k < source.length && source[k] == i) {
                k++;
                continue;
            }
            for (int j : target) {
                u[i] = Math.min(u[i], cost[i * m + j] - v[j]);
            }
        }
        for (int j = 0, k = 0; j < m; j++) {
            if (k < target.length && target[k] == j) {
                k++;
                continue;
            }
            for (int i = 0; i < n; i++) {
                v[j] = Math.min(v[j], cost[i * m + j] - u[i]);
            }
        }
        return new TransportPlan(
                plan.cost() * unit,
                renumbered(plan.source(), source),
                renumbered(plan.target(), target),
                plan.mass(),
                u,
                v,
                plan.dualityGap());
    }

    private static int[] renumbered(int[] values, int[] index) {
        return Arrays.stream(values).map(i -> index[i]).toArray();
    }
}
