package dev.sot.transport.linear;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to tridiagonal
 * form, then QL steps with implicit shifts (Golub and Van Loan, Matrix Computations, section 8.3).
 *
 * <p>The rotations of the QL steps are collected, and applied to the eigenvectors by columns that
 * stay in the cache, in several threads. Time {@code O(d^3)}.
 */
final class TridiagonalEigensolver {

    /** Rotations collected before they are applied. */
    private static final int ROTATIONS = 1 << 16;

    /** Columns of the eigenvectors that one task rotates. */
    private static final int CHUNK = 64;

    /** QL steps for one eigenvalue; two are usual. */
    private static final int STEPS = 60;

    private static final double ROUNDING = 0x1p-53;

    private final double[][] matrix;
    private final int d;
    private final int concurrency;
    private final Monitor monitor;
    private final double[] diagonal;
    private final double[] offDiagonal;
    private final int[] rows = new int[ROTATIONS];
    private final double[] cosines = new double[ROTATIONS];
    private final double[] sines = new double[ROTATIONS];
    private int collected;
    private double[][] vectors;

    private TridiagonalEigensolver(double[][] matrix, int concurrency, Monitor monitor) {
        this.matrix = matrix;
        this.d = matrix.length;
        this.concurrency = concurrency;
        this.monitor = monitor;
        this.diagonal = new double[d];
        this.offDiagonal = new double[d];
    }

    /**
     * The largest eigenvalues and their eigenvectors.
     *
     * @param matrix both triangles; spoilt
     */
    static SymmetricEigen solve(double[][] matrix, int count, int concurrency, Monitor monitor) {
        TridiagonalEigensolver solver = new TridiagonalEigensolver(matrix, concurrency, monitor);
        solver.reduce();
        solver.iterate();
        return solver.largest(count);
    }

    /** Leaves the tridiagonal matrix in its two arrays, and in vectors the basis that gives it. */
    private void reduce() {
        double[] scales = new double[d];
        for (int k = 0; k + 1 < d; k++) {
            monitor.check();
            // Row k is reflected onto its first entry behind the diagonal by I - scale v v'.
            double[] v = matrix[k];
            diagonal[k] = v[k];
            double largest = 0;
            for (int j = k + 1; j < d; j++) {
                largest = Math.max(largest, Math.abs(v[j]));
            }
            if (largest == 0) {
                continue;
            }
            double squares = 0;
            for (int j = k + 1; j < d; j++) {
                v[j] /= largest;
                squares += v[j] * v[j];
            }
            double reflected = v[k + 1] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
            offDiagonal[k] = reflected * largest;
            v[k + 1] -= reflected;
            scales[k] = -1 / (reflected * v[k + 1]);
            reflect(v, k + 1, scales[k]);
        }
        diagonal[d - 1] = matrix[d - 1][d - 1];
        double[][] basis = new double[d][d];
        for (int i = 0; i < d; i++) {
            basis[i][i] = 1;
        }
        double[] sums = new double[d];
        for (int k = d - 2; k >= 0; k--) {
            monitor.check();
            Arrays.fill(sums, 0);
            for (int i = k + 1; i < d; i++) {
                Vectors.addScaled(matrix[k][i], basis[i], sums, k + 1);
            }
            for (int i = k + 1; i < d; i++) {
                Vectors.addScaled(-scales[k] * matrix[k][i], sums, basis[i], k + 1);
            }
        }
        vectors = Vectors.transpose(basis, d, d);
    }

    /** The lower right block becomes {@code (I - scale v v') block (I - scale v v')}. */
    private void reflect(double[] v, int from, double scale) {
        double[] product = new double[d];
        for (int i = from; i < d; i++) {
            Vectors.addScaled(scale * v[i], matrix[i], product, from);
        }
        double half = 0;
        for (int j = from; j < d; j++) {
            half += product[j] * v[j];
        }
        half *= scale / 2;
        for (int j = from; j < d; j++) {
            product[j] -= half * v[j];
        }
        for (int i = from; i < d; i++) {
            subtractTwo(v[i], product, product[i], v, matrix[i], from);
        }
    }

    private static void subtractTwo(
            double a, double[] x, double b, double[] y, double[] to, int from) {
        for (int j = from; j < to.length; j++) {
            to[j] -= a * x[j] + b * y[j];
        }
    }

    private void iterate() {
        double norm = 0;
        for (int i = 0; i < d; i++) {
            norm = Math.max(norm, Math.abs(diagonal[i]) + Math.abs(offDiagonal[i]));
        }
        double rounding = ROUNDING * norm;
        for (int l = 0; l < d; l++) {
            int steps = 0;
            int m;
            while ((m = unreducedEnd(l, rounding)) > l) {
                if (++steps > STEPS) {
                    throw new IllegalStateException(
                            "no eigenvalue after " + STEPS + " steps: is the matrix finite?");
                }
                step(l, m);
            }
        }
        apply();
    }

    /** The first index from l on whose off-diagonal entry is rounding. */
    private int unreducedEnd(int l, double rounding) {
        int m = l;
        while (m + 1 < d && Math.abs(offDiagonal[m]) > rounding) {
            m++;
        }
        return m;
    }

    private void step(int l, int m) {
        // The eigenvalue of the leading 2 x 2 block that is nearer to its first entry.
        double ratio = (diagonal[l + 1] - diagonal[l]) / (2 * offDiagonal[l]);
        double shift =
                diagonal[l] - offDiagonal[l] / (ratio + Math.copySign(Math.hypot(ratio, 1), ratio));
        double g = diagonal[m] - shift;
        double sine = 1;
        double cosine = 1;
        double moved = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = sine * offDiagonal[i];
            double b = cosine * offDiagonal[i];
            double r = Math.hypot(f, g);
            offDiagonal[i + 1] = r;
            if (r == 0) {
                diagonal[i + 1] -= moved;
                offDiagonal[m] = 0;
                return;
            }
            sine = f / r;
            cosine = g / r;
            g = diagonal[i + 1] - moved;
            r = (diagonal[i] - g) * sine + 2 * cosine * b;
            moved = sine * r;
            diagonal[i + 1] = g + moved;
            g = cosine * r - b;
            collect(i, cosine, sine);
        }
        diagonal[l] -= moved;
        offDiagonal[l] = g;
        offDiagonal[m] = 0;
    }

    private void collect(int row, double cosine, double sine) {
        rows[collected] = row;
        cosines[collected] = cosine;
        sines[collected] = sine;
        if (++collected == ROTATIONS) {
            apply();
        }
    }

    private void apply() {
        int chunks = (d + CHUNK - 1) / CHUNK;
        Workers.run(
                chunks,
                concurrency,
                monitor,
                stopping ->
                        chunk -> {
                            int from = chunk * CHUNK;
                            int to = Math.min(from + CHUNK, d);
                            for (int r = 0; r < collected; r++) {
                                if (r % 4096 == 0) {
                                    stopping.check();
                                }
                                rotate(
                                        vectors[rows[r]],
                                        vectors[rows[r] + 1],
                                        cosines[r],
                                        sines[r],
                                        from,
                                        to);
                            }
                        });
        collected = 0;
    }

    private static void rotate(double[] x, double[] y, double c, double s, int from, int to) {
        for (int k = from; k < to; k++) {
            double old = y[k];
            y[k] = s * x[k] + c * old;
            x[k] = c * x[k] - s * old;
        }
    }

    private SymmetricEigen largest(int count) {
        int[] order =
                IntStream.range(0, d)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -diagonal[i]))
                        .mapToInt(i -> i)
                        .limit(count)
                        .toArray();
        double[] values = new double[count];
        double[][] sorted = new double[count][];
        for (int i = 0; i < count; i++) {
            values[i] = diagonal[order[i]];
            sorted[i] = vectors[order[i]];
            Vectors.orient(sorted[i]);
        }
        return new SymmetricEigen(values, sorted);
    }
}
