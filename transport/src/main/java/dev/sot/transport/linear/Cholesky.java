package dev.sot.transport.linear;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * The factorisation {@code M = R'R} of a symmetric positive definite matrix, R upper triangular, by
 * panels of rows; what is right and below of a panel is updated by products.
 */
final class Cholesky {

    private static final int PANEL = 128;

    /** A pivot of less than this share of its diagonal entry is rounding. */
    private static final double ROUNDING = 1e-15;

    private final LinearAlgebra algebra;
    private final int concurrency;
    private final Monitor monitor;

    Cholesky(LinearAlgebra algebra, int concurrency, Monitor monitor) {
        this.algebra = algebra;
        this.concurrency = concurrency;
        this.monitor = monitor;
    }

    /**
     * Replaces the upper triangle of a matrix by its factor.
     *
     * @return whether the matrix is positive definite; if not, its upper triangle is spoilt
     */
    boolean factor(double[][] matrix) {
        int d = matrix.length;
        double[] diagonal = new double[d];
        for (int i = 0; i < d; i++) {
            diagonal[i] = matrix[i][i];
        }
        for (int start = 0; start < d; start += PANEL) {
            int end = Math.min(start + PANEL, d);
            for (int i = start; i < end; i++) {
                monitor.check();
                for (int k = start; k < i; k++) {
                    Vectors.addScaled(-matrix[k][i], matrix[k], matrix[i], i);
                }
                double pivot = matrix[i][i];
                if (!(pivot > ROUNDING * diagonal[i])) {
                    return false;
                }
                double inverse = 1 / Math.sqrt(pivot);
                for (int j = i; j < d; j++) {
                    matrix[i][j] *= inverse;
                }
            }
            double[][] panel = Arrays.copyOfRange(matrix, start, end);
            algebra.addProducts(
                    negated(panel), panel, end - start, matrix, end, d, true, concurrency, monitor);
        }
        return true;
    }

    /** The X of {@code R'R X = right}. */
    double[][] solve(double[][] factor, double[][] right) {
        int d = factor.length;
        double[][] solution = new double[d][];
        for (int i = 0; i < d; i++) {
            solution[i] = right[i].clone();
        }
        for (int start = 0; start < d; start += PANEL) {
            int end = Math.min(start + PANEL, d);
            for (int i = start; i < end; i++) {
                monitor.check();
                for (int k = start; k < i; k++) {
                    Vectors.addScaled(-factor[k][i], solution[k], solution[i], 0);
                }
                Vectors.scale(1 / factor[i][i], solution[i]);
            }
            subtract(
                    Arrays.copyOfRange(factor, start, end),
                    Arrays.copyOfRange(solution, start, end),
                    solution,
                    end,
                    d);
        }
        double[][] lower = Vectors.transpose(factor, d, d);
        for (int start = (d - 1) / PANEL * PANEL; start >= 0; start -= PANEL) {
            int end = Math.min(start + PANEL, d);
            for (int i = end - 1; i >= start; i--) {
                monitor.check();
                for (int k = i + 1; k < end; k++) {
                    Vectors.addScaled(-lower[k][i], solution[k], solution[i], 0);
                }
                Vectors.scale(1 / lower[i][i], solution[i]);
            }
            subtract(
                    Arrays.copyOfRange(lower, start, end),
                    Arrays.copyOfRange(solution, start, end),
                    solution,
                    0,
                    start);
        }
        return solution;
    }

    /** Takes the solved rows' part out of the rows {@code from..to-1} yet to be solved. */
    private void subtract(
            double[][] coefficients, double[][] solved, double[][] solution, int from, int to) {
        double[][] rest = Arrays.copyOfRange(solution, from, to);
        double[][] columns = new double[coefficients.length][];
        for (int k = 0; k < columns.length; k++) {
            columns[k] = Arrays.copyOfRange(coefficients[k], from, to);
        }
        algebra.addProducts(
                negated(columns),
                solved,
                solved.length,
                rest,
                0,
                solution[0].length,
                false,
                concurrency,
                monitor);
    }

    private static double[][] negated(double[][] rows) {
        double[][] negated = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            negated[i] = rows[i].clone();
            Vectors.scale(-1, negated[i]);
        }
        return negated;
    }
}
