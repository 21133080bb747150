package dev.sot.transport.approximate;

import java.util.Arrays;

/** Reflections that make a column of a matrix zero below its diagonal (Householder 1958). */
final class Householder {

    /** Squares of columns less than this have lost digits to underflow: such columns are zero. */
    static final double UNDERFLOW = 0x1p-960;

    private Householder() {}

    /**
     * Reflects rows k and below so that column k becomes zero below the diagonal, in all columns
     * from k + 1 on; in column k the reflection's own vector is left.
     *
     * @param a rows of the matrix
     * @param k column
     * @param combined a workspace as long as a row
     * @return what belongs on the diagonal
     */
    static double reflect(double[][] a, int k, double[] combined) {
        double squared = 0;
        for (int i = k; i < a.length; i++) {
            squared += a[i][k] * a[i][k];
        }
        double head = a[k][k];
        if (squared == head * head || squared < UNDERFLOW) {
            return head;
        }
        double reflected = head > 0 ? -Math.sqrt(squared) : Math.sqrt(squared);
        double pivot = head - reflected;
        a[k][k] = pivot;
        Arrays.fill(combined, k + 1, combined.length, 0);
        for (int i = k; i < a.length; i++) {
            double factor = a[i][k];
            double[] row = a[i];
            for (int j = k + 1; j < combined.length; j++) {
                combined[j] += factor * row[j];
            }
        }
        // I - 2 v v' / v'v, and v'v = -2 pivot reflected.
        double scale = 1 / (pivot * reflected);
        for (int i = k; i < a.length; i++) {
            double factor = a[i][k] * scale;
            double[] row = a[i];
            for (int j = k + 1; j < combined.length; j++) {
                row[j] += factor * combined[j];
            }
        }
        return reflected;
    }

    /**
     * The triangular factor R of a matrix A, {@code R'R = A'A}.
     *
     * @param a at least as many rows as columns; overwritten
     */
    static double[][] triangular(double[][] a) {
        int columns = a[0].length;
        double[] combined = new double[columns];
        for (int k = 0; k < columns; k++) {
            double diagonal = reflect(a, k, combined);
            a[k][k] = diagonal;
            for (int i = k + 1; i < a.length; i++) {
                a[i][k] = 0;
            }
        }
        return Arrays.copyOf(a, columns);
    }
}
