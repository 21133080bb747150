package dev.sot.transport.linear;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The large dense work, in double precision: scatter matrices, eigenvectors, least squares,
 * projections, distances between many points.
 *
 * <p>All of it comes down to products of blocks, {@code C += A'B}, which are cut into tiles of
 * fixed size and handed to threads. A backend does one tile; everything else is here and the same
 * for all backends. The tiles, and the order in which the parts of one are summed, depend on the
 * sizes alone, so one backend gives the same bytes at any concurrency; between backends results
 * differ by rounding.
 *
 * <p>Matrices are arrays of rows. Arguments are left as they are unless said otherwise. Every
 * operation checks its monitor at least once a tile, that is every few milliseconds, and lets pass
 * what it throws. Instances have no state to be seen and may be shared between threads; {@link
 * Backends} knows which there are.
 */
public abstract class LinearAlgebra {

    /** Rows and columns of a tile. */
    public static final int TILE = 512;

    /** Terms that are summed in one step. */
    public static final int DEPTH = 256;

    /** Rows that are projected at a time. */
    private static final int BLOCK = 1024;

    /**
     * A part of a product {@code into[i][j] += sum_k left[k][i] right[k][j]}; ends are exclusive.
     */
    public record Tile(
            int fromDepth, int toDepth, int fromRow, int toRow, int fromColumn, int toColumn) {}

    /** What users call it. */
    public abstract String name();

    /**
     * The work, in multiplications, from which it ends sooner than the built-in one, its start
     * included.
     */
    public abstract double worthwhileFrom();

    /** Why it cannot run on this machine, as a clause of an error; empty if nothing is known. */
    public abstract Optional<String> obstacle();

    /**
     * Adds one tile of a product. Called from several threads at once, each with tiles of its own.
     *
     * @param left depth x rows
     * @param right depth x columns
     * @param into rows x columns
     * @param tile at most {@link #DEPTH} deep, {@link #TILE} high and wide
     */
    protected abstract void addProduct(
            double[][] left, double[][] right, double[][] into, Tile tile);

    /**
     * Adds the scatter of rows: {@code scatter += sum_r rows[r] rows[r]'}.
     *
     * <p>Time {@code O(count d^2)}.
     *
     * @param rows rows of length d
     * @param count how many of them, from the first on
     * @param scatter d x d, changed; only its upper triangle counts
     */
    public final void addScatter(
            double[][] rows, int count, double[][] scatter, int concurrency, Monitor monitor) {
        addProducts(rows, rows, count, scatter, 0, scatter.length, true, concurrency, monitor);
    }

    /**
     * The largest eigenvalues of a symmetric matrix and their eigenvectors.
     *
     * <p>Few of a large matrix are found by a block Krylov method and proved to be the largest,
     * {@code O(d^2)} each and {@code d^3 / 6} for the proof; many by reduction to tridiagonal form,
     * {@code O(d^3)}. Values are exact to about 1e-13 of the largest, the residuals {@code |Mv -
     * value v|} too, unless negative eigenvalues are larger in magnitude. Where eigenvalues differ
     * by less, their eigenvectors are any basis of what they span.
     *
     * @param matrix d x d; only the upper triangle is read
     * @param count how many to find, from 1 to d
     */
    public final SymmetricEigen eigen(
            double[][] matrix, int count, int concurrency, Monitor monitor) {
        int d = matrix.length;
        if (count < 1 || count > d) {
            throw new IllegalArgumentException("count must be from 1 to " + d + ", got " + count);
        }
        double[][] full = new double[d][];
        for (int i = 0; i < d; i++) {
            full[i] = matrix[i].clone();
            for (int j = 0; j < i; j++) {
                full[i][j] = matrix[j][i];
            }
        }
        return LeadingEigenvectors.find(this, full, count, concurrency, monitor)
                .orElseGet(() -> TridiagonalEigensolver.solve(full, count, concurrency, monitor));
    }

    /**
     * The thin singular value decomposition.
     *
     * <p>One-sided Jacobi rotations, started from the eigenvectors of the Gram matrix; singular
     * vectors are orthonormal to rounding, also those of small singular values. Time {@code O(m n
     * min(m, n))} with a factor of about 30.
     *
     * @param matrix m x n
     * @return the triplets whose singular value is more than {@code max(m, n)} roundings of the
     *     largest; none for a matrix of zeros
     */
    public final SingularValues singularValues(
            double[][] matrix, int concurrency, Monitor monitor) {
        return OneSidedJacobi.decompose(this, matrix, concurrency, monitor);
    }

    /**
     * Ridge regression from its normal equations: the B that minimises {@code |XB - Y|^2 + penalty
     * |B|^2}, that is {@code (X'X + penalty I) B = X'Y}.
     *
     * <p>Cholesky factorisation, time {@code O(d^2 (d + m))}.
     *
     * @param gram {@code X'X}, d x d; only the upper triangle is read
     * @param cross {@code X'Y}, d x m
     * @param penalty at least 0
     * @return B, d x m
     * @throws IllegalArgumentException if the equations have no unique solution to rounding
     */
    public final double[][] ridge(
            double[][] gram, double[][] cross, double penalty, int concurrency, Monitor monitor) {
        double[][] factor = new double[gram.length][];
        for (int i = 0; i < gram.length; i++) {
            factor[i] = gram[i].clone();
            factor[i][i] += penalty;
        }
        Cholesky cholesky = new Cholesky(this, concurrency, monitor);
        if (!cholesky.factor(factor)) {
            throw new IllegalArgumentException(
                    "the normal equations are singular with a penalty of "
                            + penalty
                            + "; use a larger one");
        }
        return cholesky.solve(factor, cross);
    }

    /**
     * The products of rows with directions.
     *
     * <p>Time {@code O(count r d)}.
     *
     * @param rows rows of length d
     * @param count how many of them, from the first on
     * @param directions r x d
     * @return count x r
     */
    public final double[][] project(
            double[][] rows, int count, double[][] directions, int concurrency, Monitor monitor) {
        int d = directions[0].length;
        double[][] byCoordinate = Vectors.transpose(directions, directions.length, d);
        double[][] projected = new double[count][];
        for (int start = 0; start < count; start += BLOCK) {
            int size = Math.min(BLOCK, count - start);
            double[][] block = new double[size][];
            System.arraycopy(rows, start, block, 0, size);
            double[][] products = new double[directions.length][size];
            addProducts(
                    byCoordinate,
                    Vectors.transpose(block, size, d),
                    d,
                    products,
                    0,
                    size,
                    false,
                    concurrency,
                    monitor);
            System.arraycopy(
                    Vectors.transpose(products, directions.length, size),
                    0,
                    projected,
                    start,
                    size);
        }
        return projected;
    }

    /**
     * The squared Euclidean distances between two blocks of points.
     *
     * <p>From inner products, after moving the first block's mean to the origin: exact to a few
     * roundings of the largest squared distance from that mean, not of each distance. Time {@code
     * O(n m d)}.
     *
     * @param points n x d
     * @param others m x d
     * @return n x m, none negative
     */
    public final double[][] squaredDistances(
            double[][] points, double[][] others, int concurrency, Monitor monitor) {
        int d = points[0].length;
        double[] mean = new double[d];
        for (double[] point : points) {
            Vectors.addScaled(1.0 / points.length, point, mean, 0);
        }
        double[] pointNorms = new double[points.length];
        double[] otherNorms = new double[others.length];
        double[][] left = centredColumns(points, mean, pointNorms);
        double[][] right = centredColumns(others, mean, otherNorms);
        for (double[] column : left) {
            Vectors.scale(-2, column);
        }
        double[][] distances = new double[points.length][];
        for (int i = 0; i < points.length; i++) {
            distances[i] = otherNorms.clone();
            for (int j = 0; j < others.length; j++) {
                distances[i][j] += pointNorms[i];
            }
        }
        addProducts(left, right, d, distances, 0, others.length, false, concurrency, monitor);
        for (double[] row : distances) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.max(0, row[j]);
            }
        }
        return distances;
    }

    private static double[][] centredColumns(double[][] points, double[] mean, double[] norms) {
        double[][] columns = Vectors.transpose(points, points.length, mean.length);
        for (int k = 0; k < mean.length; k++) {
            for (int i = 0; i < points.length; i++) {
                columns[k][i] -= mean[k];
                norms[i] += columns[k][i] * columns[k][i];
            }
        }
        return columns;
    }

    /**
     * {@code into += left'right}, tile by tile.
     *
     * @param depth how many rows of left and right to multiply
     * @param from first row and column of {@code into} that changes
     * @param to end of the columns that change
     * @param upper whether tiles below the diagonal are left out
     */
    final void addProducts(
            double[][] left,
            double[][] right,
            int depth,
            double[][] into,
            int from,
            int to,
            boolean upper,
            int concurrency,
            Monitor monitor) {
        List<int[]> corners = new ArrayList<>();
        for (int i = from; i < into.length; i += TILE) {
            for (int j = upper ? i : from; j < to; j += TILE) {
                corners.add(new int[] {i, j});
            }
        }
        Workers.run(
                corners.size(),
                concurrency,
                monitor,
                stopping ->
                        task -> {
                            int row = corners.get(task)[0];
                            int column = corners.get(task)[1];
                            for (int k = 0; k < depth; k += DEPTH) {
                                stopping.check();
                                addProduct(
                                        left,
                                        right,
                                        into,
                                        new Tile(
                                                k,
                                                Math.min(k + DEPTH, depth),
                                                row,
                                                Math.min(row + TILE, into.length),
                                                column,
                                                Math.min(column + TILE, to)));
                            }
                        });
    }
}
