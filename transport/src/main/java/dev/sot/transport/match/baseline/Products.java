package dev.sot.transport.match.baseline;

/**
 * Inner products of one vector at a time with a fixed list of vectors, in double precision. Held
 * coordinate by coordinate, so that loops run over the vectors and the compiler can vectorise them;
 * sums have one order, so that results do not depend on the machine. Memory {@code 8 n d} bytes, a
 * product {@code O(n d)}.
 */
final class Products {

    private final int size;
    private final double[][] coordinates;

    /** Of vectors of one length. */
    Products(float[][] vectors) {
        size = vectors.length;
        coordinates = new double[size == 0 ? 0 : vectors[0].length][size];
        for (int j = 0; j < size; j++) {
            if (vectors[j].length != coordinates.length) {
                throw new IllegalArgumentException(
                        "vector "
                                + j
                                + " has dimension "
                                + vectors[j].length
                                + ", the first has "
                                + coordinates.length);
            }
            for (int k = 0; k < coordinates.length; k++) {
                coordinates[k][j] = vectors[j][k];
            }
        }
    }

    /** The number of vectors. */
    int size() {
        return size;
    }

    /** The length of the vectors. */
    int dimension() {
        return coordinates.length;
    }

    /**
     * Adds to each entry the product with that vector.
     *
     * @param values holds the vector from an offset on
     */
    void add(float[] values, int offset, double[] into) {
        int k = 0;
        for (; k + 3 < coordinates.length; k += 4) {
            addFour(
                    values[offset + k],
                    values[offset + k + 1],
                    values[offset + k + 2],
                    values[offset + k + 3],
                    coordinates[k],
                    coordinates[k + 1],
                    coordinates[k + 2],
                    coordinates[k + 3],
                    into,
                    size);
        }
        for (; k < coordinates.length; k++) {
            double x = values[offset + k];
            double[] row = coordinates[k];
            for (int j = 0; j < size; j++) {
                into[j] += x * row[j];
            }
        }
    }

    private static void addFour(
            double a,
            double b,
            double c,
            double d,
            double[] x,
            double[] y,
            double[] z,
            double[] w,
            double[] into,
            int size) {
        for (int j = 0; j < size; j++) {
            into[j] += a * x[j] + b * y[j] + (c * z[j] + d * w[j]);
        }
    }

    /** The squared length of each vector. */
    static double[] squares(float[][] vectors) {
        double[] squares = new double[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            for (float x : vectors[i]) {
                squares[i] += (double) x * x;
            }
            if (!Double.isFinite(squares[i])) {
                throw new IllegalArgumentException(
                        "vector " + i + " has an entry that is not finite");
            }
        }
        return squares;
    }
}
