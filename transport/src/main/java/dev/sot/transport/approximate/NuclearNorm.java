package dev.sot.transport.approximate;

/**
 * The sum of the singular values of a matrix.
 *
 * <p>Householder reflections from both sides make the matrix bidiagonal (Golub and Kahan 1965,
 * {@code O(r c^2)} for r rows and c columns, r >= c); the squared singular values then come from
 * the differential quotient-difference algorithm with shifts (Fernando and Parlett, Accurate
 * Singular Values and Differential qd Algorithms, 1994, {@code O(c^2)}). No squares of the matrix
 * are formed, so small singular values keep an absolute error of a rounding of the largest.
 */
final class NuclearNorm {

    /** Entries are at most 2 after scaling; those whose square is less than this are dropped. */
    private static final double NEGLIGIBLE = 0x1p-104;

    private static final int SWEEPS_A_VALUE = 60;

    /** Squares of the bidiagonal's entries: {@code q} on the diagonal, {@code e} beside it. */
    private final double[] q;

    private final double[] e;
    private final double[] nextQ;
    private final double[] nextE;
    private int budget;
    private double norm;

    /**
     * The nuclear norm.
     *
     * @param rows the matrix, at least as many rows as columns; overwritten
     */
    static double of(double[][] rows) {
        double largest = 0;
        for (double[] row : rows) {
            for (double entry : row) {
                largest = Math.max(largest, Math.abs(entry));
            }
        }
        if (largest == 0) {
            return 0;
        }
        // A power of two keeps squares from overflow and underflow, exactly.
        double scale = Math.scalb(1.0, -Math.getExponent(largest));
        for (double[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= scale;
            }
        }
        int columns = rows[0].length;
        NuclearNorm values = new NuclearNorm(columns);
        values.bidiagonalise(rows);
        values.solve(0, columns - 1, 0);
        return values.norm / scale;
    }

    private NuclearNorm(int size) {
        q = new double[size];
        e = new double[size];
        nextQ = new double[size];
        nextE = new double[size];
        budget = SWEEPS_A_VALUE * size;
    }

    private void bidiagonalise(double[][] a) {
        int columns = a[0].length;
        double[] combined = new double[columns];
        for (int k = 0; k < columns; k++) {
            double diagonal = Householder.reflect(a, k, combined);
            q[k] = diagonal * diagonal;
            e[k] = k + 1 < columns ? reflectRow(a, k) : 0;
        }
    }

    /** Makes row k zero right of the first off-diagonal; gives the square of what is left there. */
    private static double reflectRow(double[][] a, int k) {
        double[] v = a[k];
        int columns = v.length;
        double squared = 0;
        for (int j = k + 1; j < columns; j++) {
            squared += v[j] * v[j];
        }
        double head = v[k + 1];
        if (squared == head * head || squared < Householder.UNDERFLOW) {
            return head * head;
        }
        double reflected = head > 0 ? -Math.sqrt(squared) : Math.sqrt(squared);
        double pivot = head - reflected;
        v[k + 1] = pivot;
        double scale = 1 / (pivot * reflected);
        for (int i = k + 1; i < a.length; i++) {
            double[] row = a[i];
            // Four sums at once: one alone would wait for each addition.
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int j = k + 1;
            for (; j + 4 <= columns; j += 4) {
                s0 += row[j] * v[j];
                s1 += row[j + 1] * v[j + 1];
                s2 += row[j + 2] * v[j + 2];
                s3 += row[j + 3] * v[j + 3];
            }
            for (; j < columns; j++) {
                s0 += row[j] * v[j];
            }
            double factor = (s0 + s1 + (s2 + s3)) * scale;
            for (int l = k + 1; l < columns; l++) {
                row[l] += factor * v[l];
            }
        }
        return squared;
    }

    /**
     * Adds the singular values of a block to the norm.
     *
     * @param from first index of the block
     * @param to last index
     * @param shifted what has been subtracted from the squares in the block
     */
    private void solve(int from, int to, double shifted) {
        int last = to;
        double shift = shifted;
        while (last >= from) {
            if (last == from || e[last - 1] <= NEGLIGIBLE) {
                norm += Math.sqrt(q[last] + shift);
                last--;
                continue;
            }
            int first = last - 1;
            while (first > from && e[first - 1] > NEGLIGIBLE) {
                first--;
            }
            if (first > from) {
                solve(first, last, shift);
                last = first - 1;
                continue;
            }
            shift += sweep(first, last);
        }
    }

    /**
     * One step with the largest shift that leaves the squares positive, as far as the last two rows
     * tell.
     *
     * @return the shift
     */
    private double sweep(int first, int last) {
        double shift = leastOfLastTwo(last);
        for (int attempt = 0; budget-- > 0; attempt++) {
            int failed = transform(first, last, shift);
            if (failed < 0) {
                System.arraycopy(nextQ, first, q, first, last - first + 1);
                System.arraycopy(nextE, first, e, first, last - first);
                return shift;
            }
            // What the last entry fell below zero is what the shift was too large by, or a little
            // less; a failure further up says only that it was far too large.
            double smaller = failed == last ? (shift + nextQ[last]) * (1 - 0x1p-50) : shift / 4;
            shift = attempt < 3 ? Math.max(0, Math.min(smaller, shift)) : 0;
        }
        throw new IllegalStateException("singular values did not converge");
    }

    /** The smaller eigenvalue of the last two rows and columns of B B'. */
    private double leastOfLastTwo(int last) {
        double a = q[last - 1] + e[last - 1];
        double c = q[last];
        double product = c * e[last - 1];
        double half = (a - c) / 2;
        double root = Math.sqrt(half * half + product);
        // The product of both eigenvalues is q q, their sum a + c: no cancellation.
        double larger = (a + c) / 2 + root;
        return larger == 0 ? 0 : q[last - 1] * c / larger;
    }

    /** The index at which a square would become negative, or -1. */
    private int transform(int first, int last, double shift) {
        double d = q[first] - shift;
        if (d < 0) {
            return first;
        }
        for (int i = first; i < last; i++) {
            double sum = d + e[i];
            double ratio = q[i + 1] / sum;
            nextQ[i] = sum;
            nextE[i] = e[i] * ratio;
            d = d * ratio - shift;
            if (!(d >= 0)) {
                nextQ[i + 1] = d;
                return i + 1;
            }
        }
        nextQ[last] = d;
        return -1;
    }
}
