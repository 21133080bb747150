package dev.sot.transport.approximate;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * Optimal transport with an entropic penalty, {@code min sum c P + epsilon KL(P | a b')}, by
 * Sinkhorn's iteration.
 *
 * <p>The plan is {@code P_ij = a_i b_j s_i t_j exp((u_i + v_j - c_ij) / epsilon)}. Potentials u, v
 * are kept in the log domain; between two of their updates only the factors s and t change, by
 * products with a fixed kernel, which costs a hundredth of as many exponentials. Factors that leave
 * the range of numbers are taken into the potentials and the kernel is made anew (Schmitzer,
 * Stabilized Sparse Scaling Algorithms for Entropy Regularized Transport Problems, 2019). Epsilon
 * starts at the largest cost and is divided by 10 until it is what was asked for.
 *
 * <p>The problem of a measure with itself has one potential; its update is averaged with its last
 * value, which converges in a few steps (Feydy et al. 2019).
 */
final class EntropicTransport {

    private static final double DESCENT = 0.1;
    private static final int STEPS_ON_THE_WAY = 20;
    private static final double FACTOR_RANGE = 1e100;
    private static final int WORK_BETWEEN_CHECKS = 1 << 20;

    private final double[] a;
    private final double[] b;
    private final double[][] cost;
    private final double largestCost;
    private final double tolerance;
    private final int maxIterations;
    private final Monitor monitor;
    private final boolean symmetric;

    private final double[] u;
    private final double[] v;
    private final double[] s;
    private final double[] t;
    private final double[][] kernel;
    private final double[][] transposed;
    private final double[] scratch;
    private double epsilon;
    private int iterations;
    private double marginalError;
    private long work;

    /**
     * A problem between two measures, or of one with itself if {@code a == b}.
     *
     * @param a masses of the rows, sum 1
     * @param b masses of the columns, sum 1
     * @param cost a row for each of a, finite, not negative, not all zero
     * @param tolerance largest sum of the plan's deviations from its marginals
     * @param maxIterations how many updates of all factors may be made at the final epsilon
     */
    EntropicTransport(
            double[] a,
            double[] b,
            double[][] cost,
            double tolerance,
            int maxIterations,
            Monitor monitor) {
        this.a = a;
        this.b = b;
        this.cost = cost;
        this.tolerance = tolerance;
        this.maxIterations = maxIterations;
        this.monitor = monitor;
        this.symmetric = a == b;
        largestCost = Arrays.stream(cost).flatMapToDouble(Arrays::stream).max().orElseThrow();
        u = new double[a.length];
        v = symmetric ? u : new double[b.length];
        s = new double[a.length];
        t = symmetric ? s : new double[b.length];
        kernel = new double[a.length][b.length];
        transposed = symmetric ? kernel : new double[b.length][a.length];
        scratch = new double[Math.max(a.length, b.length)];
    }

    /**
     * Solves the problem.
     *
     * @param target the final epsilon, positive
     * @return the optimum of the penalised cost
     * @throws IllegalStateException if the marginals are not within the tolerance in time
     */
    double solve(double target) {
        for (epsilon = largestCost; epsilon > target; epsilon *= DESCENT) {
            iterate(STEPS_ON_THE_WAY);
            absorb();
        }
        epsilon = target;
        iterate(maxIterations);
        if (!(marginalError <= tolerance)) {
            throw new IllegalStateException(
                    "Sinkhorn's iteration left a marginal error of "
                            + marginalError
                            + " after "
                            + maxIterations
                            + " iterations, more than "
                            + tolerance
                            + "; choose a larger epsilon or the exact distance");
        }
        double value = 0;
        for (int i = 0; i < a.length; i++) {
            value += a[i] * (u[i] + epsilon * Math.log(s[i]));
        }
        for (int j = 0; j < b.length; j++) {
            value += b[j] * (v[j] + epsilon * Math.log(t[j]));
        }
        return value;
    }

    private void iterate(int atMost) {
        restart();
        for (iterations = 0; ; iterations++) {
            checkNowAndThen(2L * a.length * b.length);
            double[] rows = multiply(transposed, b, t, a.length);
            marginalError = 0;
            for (int i = 0; i < a.length; i++) {
                marginalError += a[i] * Math.abs(s[i] * rows[i] - 1);
            }
            if (marginalError <= tolerance || iterations == atMost) {
                return;
            }
            boolean inRange = true;
            for (int i = 0; i < a.length; i++) {
                s[i] = symmetric ? Math.sqrt(s[i] / rows[i]) : 1 / rows[i];
                inRange &= inRange(s[i]);
            }
            if (!symmetric && inRange) {
                double[] columns = multiply(kernel, a, s, b.length);
                for (int j = 0; j < b.length; j++) {
                    t[j] = 1 / columns[j];
                    inRange &= inRange(t[j]);
                }
            }
            if (!inRange) {
                absorb();
                restart();
            }
        }
    }

    private static boolean inRange(double factor) {
        return factor > 1 / FACTOR_RANGE && factor < FACTOR_RANGE;
    }

    /** {@code sum_k rows_k masses_k factors_k}. */
    private double[] multiply(double[][] rows, double[] masses, double[] factors, int length) {
        double[] sum = scratch;
        Arrays.fill(sum, 0, length, 0);
        for (int k = 0; k < rows.length; k++) {
            double factor = masses[k] * factors[k];
            double[] row = rows[k];
            for (int i = 0; i < row.length; i++) {
                sum[i] += factor * row[i];
            }
        }
        return sum;
    }

    /** Takes the factors into the potentials. */
    private void absorb() {
        for (int i = 0; i < s.length; i++) {
            u[i] += epsilon * Math.log(inRange(s[i]) ? s[i] : 1);
        }
        for (int j = 0; !symmetric && j < t.length; j++) {
            v[j] += epsilon * Math.log(inRange(t[j]) ? t[j] : 1);
        }
    }

    /** One update in the log domain, safe at any epsilon, and the kernel that belongs to it. */
    private void restart() {
        checkNowAndThen(60L * a.length * b.length);
        double[] updated = new double[a.length];
        double[] terms = new double[b.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                terms[j] = v[j] - cost[i][j];
            }
            updated[i] = -smoothMaximum(terms, b);
        }
        if (symmetric) {
            for (int i = 0; i < a.length; i++) {
                u[i] = (u[i] + updated[i]) / 2;
            }
        } else {
            System.arraycopy(updated, 0, u, 0, a.length);
            terms = new double[a.length];
            for (int j = 0; j < b.length; j++) {
                for (int i = 0; i < a.length; i++) {
                    terms[i] = u[i] - cost[i][j];
                }
                v[j] = -smoothMaximum(terms, a);
            }
        }
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                kernel[i][j] = Math.exp((u[i] + v[j] - cost[i][j]) / epsilon);
                transposed[j][i] = kernel[i][j];
            }
        }
        Arrays.fill(s, 1);
        Arrays.fill(t, 1);
    }

    /** {@code epsilon log sum_k masses_k exp(terms_k / epsilon)}. */
    private double smoothMaximum(double[] terms, double[] masses) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double term : terms) {
            largest = Math.max(largest, term);
        }
        double sum = 0;
        for (int k = 0; k < terms.length; k++) {
            sum += masses[k] * Math.exp((terms[k] - largest) / epsilon);
        }
        return largest + epsilon * Math.log(sum);
    }

    private void checkNowAndThen(long operations) {
        work += operations;
        if (work > WORK_BETWEEN_CHECKS) {
            monitor.check();
            work = 0;
        }
    }

    /**
     * A lower bound on the cost of every plan: the column potentials, made feasible by two
     * c-transforms.
     */
    double lowerBound() {
        double[] feasible = new double[b.length];
        Arrays.fill(feasible, Double.POSITIVE_INFINITY);
        double[] potential = new double[b.length];
        for (int j = 0; j < b.length; j++) {
            potential[j] = v[j] + epsilon * Math.log(t[j]);
        }
        double value = 0;
        for (int i = 0; i < a.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < b.length; j++) {
                least = Math.min(least, cost[i][j] - potential[j]);
            }
            for (int j = 0; j < b.length; j++) {
                feasible[j] = Math.min(feasible[j], cost[i][j] - least);
            }
            value += a[i] * least;
        }
        for (int j = 0; j < b.length; j++) {
            value += b[j] * feasible[j];
        }
        return value - roundingError();
    }

    /**
     * An upper bound on the least cost: that of the entropic plan, rounded to one with exact
     * marginals (Altschuler, Weed and Rigollet, Near-Linear Time Approximation Algorithms for
     * Optimal Transport via Sinkhorn Iteration, 2017, algorithm 2). Rows, then columns with too
     * much mass are scaled down, and what is missing is added as a product measure.
     */
    double upperBound() {
        double[] rowFactor = new double[a.length];
        double[] missingRow = new double[a.length];
        double[] missingColumn = b.clone();
        double[] columnSum = new double[b.length];
        for (int i = 0; i < a.length; i++) {
            double sum = 0;
            for (int j = 0; j < b.length; j++) {
                sum += mass(i, j);
            }
            rowFactor[i] = Math.min(1, a[i] / sum);
            for (int j = 0; j < b.length; j++) {
                columnSum[j] += rowFactor[i] * mass(i, j);
            }
        }
        double value = 0;
        double missing = 0;
        for (int i = 0; i < a.length; i++) {
            double placed = 0;
            for (int j = 0; j < b.length; j++) {
                double mass = rowFactor[i] * mass(i, j) * Math.min(1, b[j] / columnSum[j]);
                value += mass * cost[i][j];
                placed += mass;
                missingColumn[j] -= mass;
            }
            missingRow[i] = Math.max(0, a[i] - placed);
            missing += missingRow[i];
        }
        for (int i = 0; missing > 0 && i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                value += missingRow[i] * Math.max(0, missingColumn[j]) / missing * cost[i][j];
            }
        }
        return value + roundingError();
    }

    private double mass(int i, int j) {
        return a[i] * s[i] * kernel[i][j] * b[j] * t[j];
    }

    private double roundingError() {
        return Embedding.rounding(a.length + b.length) * largestCost;
    }
}
