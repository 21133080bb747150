package dev.sot.transport.linear;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A few of the largest eigenpairs of a large positive semidefinite matrix: a block Krylov space
 * with full orthogonalisation, Rayleigh-Ritz, and restarts from the best Ritz vectors (the thick
 * restart of Wu and Simon, 2000, by blocks).
 *
 * <p>That the residuals are small says that the pairs are eigenpairs, not that they are the largest
 * ones. This is proved afterwards: with the pairs found taken out, the matrix has no eigenvalue
 * above the smallest of them if and only if the difference of the two is positive definite, which a
 * Cholesky factorisation tells. Where that fails, or convergence is slow, there is no answer and
 * the caller computes all eigenpairs.
 */
final class LeadingEigenvectors {

    /** Vectors that are multiplied by the matrix in one go. */
    private static final int BLOCK = 16;

    /** Largest residual, relative to the largest eigenvalue. */
    private static final double TOLERANCE = 1e-13;

    /** Slack of the proof, relative to the largest eigenvalue: well above the rounding in it. */
    private static final double SLACK = 1e-11;

    /** Rounds after which computing all pairs is no dearer. */
    private static final int ROUNDS = 40;

    private static final long SEED = 0x5eedL;

    private final LinearAlgebra algebra;
    private final double[][] matrix;
    private final int d;
    private final int count;
    private final int concurrency;
    private final Monitor monitor;

    /** Orthonormal rows, and their products with the matrix. */
    private final double[][] basis;

    private final double[][] products;
    private int size;

    private LeadingEigenvectors(
            LinearAlgebra algebra,
            double[][] matrix,
            int count,
            int space,
            int concurrency,
            Monitor monitor) {
        this.algebra = algebra;
        this.matrix = matrix;
        this.d = matrix.length;
        this.count = count;
        this.concurrency = concurrency;
        this.monitor = monitor;
        this.basis = new double[space][];
        this.products = new double[space][];
    }

    /**
     * The largest eigenpairs, or nothing if there is a better way.
     *
     * @param matrix both triangles; left as it is
     */
    static Optional<SymmetricEigen> find(
            LinearAlgebra algebra, double[][] matrix, int count, int concurrency, Monitor monitor) {
        int space = 2 * count + 4 * BLOCK;
        if (4 * space > matrix.length) {
            return Optional.empty();
        }
        return new LeadingEigenvectors(algebra, matrix, count, space, concurrency, monitor).run();
    }

    private Optional<SymmetricEigen> run() {
        SplittableRandom random = new SplittableRandom(SEED);
        double[][] block = new double[BLOCK][d];
        for (double[] vector : block) {
            for (int k = 0; k < d; k++) {
                vector[k] = random.nextDouble() - 0.5;
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            while (size + BLOCK <= basis.length) {
                block = extend(block, random);
            }
            // What lies in the part of the basis that is dropped now must not come back with it.
            for (double[] vector : block) {
                removeBasis(vector);
                removeBasis(vector);
            }
            SymmetricEigen ritz = rayleighRitz();
            restart(ritz);
            if (residual(ritz) <= TOLERANCE * Math.abs(ritz.values()[0])) {
                return largest(ritz) ? Optional.of(result(ritz)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Adds a block to the basis.
     *
     * @return the next block: what the matrix makes of this one
     */
    private double[][] extend(double[][] block, SplittableRandom random) {
        int start = size;
        for (double[] vector : block) {
            basis[size] = orthonormal(vector, random);
            size++;
        }
        double[][] added = new double[BLOCK][d];
        algebra.addProducts(
                Vectors.transpose(Arrays.copyOfRange(basis, start, size), BLOCK, d),
                matrix,
                d,
                added,
                0,
                d,
                false,
                concurrency,
                monitor);
        System.arraycopy(added, 0, products, start, BLOCK);
        double[][] next = new double[BLOCK][];
        for (int i = 0; i < BLOCK; i++) {
            next[i] = added[i].clone();
        }
        return next;
    }

    /**
     * The part of a vector outside of the basis, of length 1. Where nothing is left but rounding,
     * the space is invariant, and a random direction goes on.
     */
    private double[] orthonormal(double[] vector, SplittableRandom random) {
        while (true) {
            double before = Math.sqrt(Vectors.dot(vector, vector, d));
            if (before > 0) {
                Vectors.scale(1 / before, vector);
                removeBasis(vector);
                double left = Math.sqrt(Vectors.dot(vector, vector, d));
                if (left > 1e-12) {
                    Vectors.scale(1 / left, vector);
                    removeBasis(vector);
                    Vectors.scale(1 / Math.sqrt(Vectors.dot(vector, vector, d)), vector);
                    return vector;
                }
            }
            for (int k = 0; k < d; k++) {
                vector[k] = random.nextDouble() - 0.5;
            }
        }
    }

    private void removeBasis(double[] vector) {
        monitor.check();
        for (int i = 0; i < size; i++) {
            Vectors.addScaled(-Vectors.dot(basis[i], vector, d), basis[i], vector, 0);
        }
    }

    private SymmetricEigen rayleighRitz() {
        double[][] small = new double[size][size];
        for (int i = 0; i < size; i++) {
            monitor.check();
            for (int j = 0; j < size; j++) {
                small[i][j] = Vectors.dot(basis[i], products[j], d);
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                small[i][j] = small[j][i] = (small[i][j] + small[j][i]) / 2;
            }
        }
        return TridiagonalEigensolver.solve(small, size, 1, monitor);
    }

    /** Keeps the best Ritz vectors only; the next block, orthogonal to them, goes on from there. */
    private void restart(SymmetricEigen ritz) {
        int kept = count + BLOCK;
        double[][] vectors = combine(ritz, basis, kept);
        double[][] images = combine(ritz, products, kept);
        System.arraycopy(vectors, 0, basis, 0, kept);
        System.arraycopy(images, 0, products, 0, kept);
        size = kept;
    }

    private double[][] combine(SymmetricEigen ritz, double[][] rows, int kept) {
        double[][] combined = new double[kept][d];
        for (int i = 0; i < kept; i++) {
            monitor.check();
            for (int j = 0; j < size; j++) {
                Vectors.addScaled(ritz.vectors()[i][j], rows[j], combined[i], 0);
            }
        }
        return combined;
    }

    private double residual(SymmetricEigen ritz) {
        double worst = 0;
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (int k = 0; k < d; k++) {
                double entry = products[i][k] - ritz.values()[i] * basis[i][k];
                sum += entry * entry;
            }
            worst = Math.max(worst, Math.sqrt(sum));
        }
        return worst;
    }

    /** Whether all other eigenvalues are at most the last of these, up to the slack. */
    private boolean largest(SymmetricEigen ritz) {
        double bound = ritz.values()[count - 1] + SLACK * ritz.values()[0];
        double[][] rest = new double[d][d];
        double[][] scaled = new double[count][];
        for (int i = 0; i < count; i++) {
            scaled[i] = basis[i].clone();
            Vectors.scale(ritz.values()[i], scaled[i]);
        }
        algebra.addProducts(scaled, basis, count, rest, 0, d, true, concurrency, monitor);
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                rest[i][j] -= matrix[i][j];
            }
            rest[i][i] += bound;
        }
        return new Cholesky(algebra, concurrency, monitor).factor(rest);
    }

    private SymmetricEigen result(SymmetricEigen ritz) {
        double[][] vectors = Arrays.copyOf(basis, count);
        for (double[] vector : vectors) {
            Vectors.orient(vector);
        }
        return new SymmetricEigen(Arrays.copyOf(ritz.values(), count), vectors);
    }
}
