package dev.sot.transport.linear;

/** Loops over single vectors, in a fixed order of summation. */
final class Vectors {

    private Vectors() {}

    /** {@code sum x_k y_k} over the first {@code length} entries. */
    static double dot(double[] x, double[] y, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 3 < length; k += 4) {
            s0 += x[k] * y[k];
            s1 += x[k + 1] * y[k + 1];
            s2 += x[k + 2] * y[k + 2];
            s3 += x[k + 3] * y[k + 3];
        }
        for (; k < length; k++) {
            s0 += x[k] * y[k];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** {@code y += a x} from an entry on. */
    static void addScaled(double a, double[] x, double[] y, int from) {
        for (int k = from; k < y.length; k++) {
            y[k] += a * x[k];
        }
    }

    static void scale(double a, double[] x) {
        for (int k = 0; k < x.length; k++) {
            x[k] *= a;
        }
    }

    /** Makes the entry of largest magnitude positive, the first of several. */
    static boolean orient(double[] direction) {
        double largest = 0;
        for (double entry : direction) {
            if (Math.abs(entry) > Math.abs(largest)) {
                largest = entry;
            }
        }
        if (largest < 0) {
            scale(-1, direction);
            return true;
        }
        return false;
    }

    /** The columns of rows of equal length. */
    static double[][] transpose(double[][] rows, int count, int columns) {
        double[][] transposed = new double[columns][count];
        for (int i = 0; i < count; i++) {
            double[] row = rows[i];
            for (int j = 0; j < columns; j++) {
                transposed[j][i] = row[j];
            }
        }
        return transposed;
    }
}
