package dev.sot.transport.linear;

import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Singular values by rotating pairs of columns until all are orthogonal (Hestenes, 1958); small
 * ones come out as exact as the columns determine them (Demmel and Veselic, 1992).
 *
 * <p>The columns are first turned by the eigenvectors of their Gram matrix, after which few sweeps
 * are left. Pairs are taken by pairs of blocks in the rounds of a tournament; those of one round
 * share no column and run in several threads.
 */
final class OneSidedJacobi {

    private static final int BLOCK = 16;

    /** Sweeps after which a finite matrix has long converged. */
    private static final int SWEEPS = 60;

    private static final double ROUNDING = 0x1p-52;

    /** Columns, each continued by the same column of the accumulated rotations. */
    private final double[][] columns;

    private final int rows;
    private final double tolerance;

    private OneSidedJacobi(double[][] columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        this.tolerance = ROUNDING * Math.sqrt(rows);
    }

    static SingularValues decompose(
            LinearAlgebra algebra, double[][] matrix, int concurrency, Monitor monitor) {
        int m = matrix.length;
        int n = matrix[0].length;
        double largest = 0;
        for (double[] row : matrix) {
            for (double entry : row) {
                largest = Math.max(largest, Math.abs(entry));
            }
        }
        if (largest == 0) {
            return new SingularValues(new double[0], new double[0][], new double[0][]);
        }
        // A power of two, so that squares neither overflow nor vanish and no digit is lost.
        double scale = Math.scalb(1.0, -Math.getExponent(largest));
        double[][] tall = m >= n ? matrix.clone() : Vectors.transpose(matrix, m, n);
        for (int i = 0; i < tall.length; i++) {
            tall[i] = tall[i].clone();
            Vectors.scale(scale, tall[i]);
        }
        int width = Math.min(m, n);
        double[][] gram = new double[width][width];
        algebra.addScatter(tall, tall.length, gram, concurrency, monitor);
        double[][] turned = algebra.eigen(gram, width, concurrency, monitor).vectors();
        double[][] columns =
                Vectors.transpose(
                        algebra.project(tall, tall.length, turned, concurrency, monitor),
                        tall.length,
                        width);
        double[][] continued = new double[width][];
        for (int j = 0; j < width; j++) {
            continued[j] = Arrays.copyOf(columns[j], tall.length + width);
            System.arraycopy(turned[j], 0, continued[j], tall.length, width);
        }
        OneSidedJacobi jacobi = new OneSidedJacobi(continued, tall.length);
        jacobi.orthogonalise(concurrency, monitor);
        return jacobi.result(scale, Math.max(m, n), m < n);
    }

    private void orthogonalise(int concurrency, Monitor monitor) {
        int blocks = (columns.length + BLOCK - 1) / BLOCK;
        // An odd number gets an empty block, so that every block has a partner in every round.
        int players = blocks + blocks % 2;
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            AtomicBoolean rotated = new AtomicBoolean();
            for (int round = 0; round < players - 1; round++) {
                int current = round;
                Workers.run(
                        players / 2,
                        concurrency,
                        monitor,
                        stopping ->
                                pair -> {
                                    int last = players - 1;
                                    int a = pair == 0 ? last : (current + pair) % last;
                                    int b = (current + last - pair) % last;
                                    if (rotateBlocks(a, b, current == 0, stopping)) {
                                        rotated.set(true);
                                    }
                                });
            }
            if (!rotated.get()) {
                return;
            }
        }
        throw new IllegalStateException(
                "no singular values after " + SWEEPS + " sweeps: is the matrix finite?");
    }

    /** Every pair of a column of one block and one of the other; within a block too, if asked. */
    private boolean rotateBlocks(int a, int b, boolean within, Monitor monitor) {
        boolean rotated = false;
        for (int p = a * BLOCK; p < Math.min((a + 1) * BLOCK, columns.length); p++) {
            monitor.check();
            if (within) {
                for (int q = a * BLOCK; q < p; q++) {
                    rotated |= rotate(columns[q], columns[p]);
                }
            }
            for (int q = b * BLOCK; q < Math.min((b + 1) * BLOCK, columns.length); q++) {
                rotated |= rotate(columns[p], columns[q]);
            }
        }
        if (within) {
            for (int p = b * BLOCK; p < Math.min((b + 1) * BLOCK, columns.length); p++) {
                for (int q = b * BLOCK; q < p; q++) {
                    rotated |= rotate(columns[q], columns[p]);
                }
            }
        }
        return rotated;
    }

    private boolean rotate(double[] x, double[] y) {
        double product = Vectors.dot(x, y, rows);
        if (product == 0) {
            return false;
        }
        double squaredX = Vectors.dot(x, x, rows);
        double squaredY = Vectors.dot(y, y, rows);
        if (!(Math.abs(product) > tolerance * Math.sqrt(squaredX) * Math.sqrt(squaredY))) {
            return false;
        }
        double ratio = (squaredY - squaredX) / (2 * product);
        double tangent = Math.copySign(1 / (Math.abs(ratio) + Math.hypot(ratio, 1)), ratio);
        double cosine = 1 / Math.hypot(tangent, 1);
        double sine = cosine * tangent;
        for (int k = 0; k < x.length; k++) {
            double old = x[k];
            x[k] = cosine * old - sine * y[k];
            y[k] = sine * old + cosine * y[k];
        }
        return true;
    }

    private SingularValues result(double scale, int longer, boolean transposed) {
        double[] norms = new double[columns.length];
        for (int j = 0; j < norms.length; j++) {
            norms[j] = Math.sqrt(Vectors.dot(columns[j], columns[j], rows));
        }
        double smallest = longer * ROUNDING * Arrays.stream(norms).max().orElseThrow();
        int[] order =
                IntStream.range(0, norms.length)
                        .filter(j -> norms[j] > smallest)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer j) -> -norms[j]))
                        .mapToInt(j -> j)
                        .toArray();
        double[] values = new double[order.length];
        double[][] left = new double[order.length][];
        double[][] right = new double[order.length][];
        for (int i = 0; i < order.length; i++) {
            double[] column = columns[order[i]];
            double[] image = Arrays.copyOf(column, rows);
            double[] direction = Arrays.copyOfRange(column, rows, column.length);
            Vectors.scale(1 / norms[order[i]], image);
            values[i] = norms[order[i]] / scale;
            left[i] = transposed ? direction : image;
            right[i] = transposed ? image : direction;
            if (Vectors.orient(right[i])) {
                Vectors.scale(-1, left[i]);
            }
        }
        return new SingularValues(values, left, right);
    }
}
