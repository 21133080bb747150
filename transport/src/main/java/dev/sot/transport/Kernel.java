package dev.sot.transport;

/**
 * The loops that the processor's vectors serve. Costs are integers, row-major with {@code stride}
 * entries a row, of which those from the number of targets on are {@link #PADDING}; a stride is a
 * multiple of {@link #LANES}, and so are the lengths of all arrays that run beside a row.
 */
interface Kernel {

    /** Rows and points are padded to a multiple of this. */
    int LANES = 16;

    /**
     * The cost in a column that does not exist: never the cheapest, and far enough from overflow to
     * add a potential.
     */
    int PADDING = 1 << 30;

    /** Bits of the mantissa of a float, the most that a rounded cost can have. */
    int MANTISSA = 23;

    /** A number of entries padded. */
    static int padded(int size) {
        return (size + LANES - 1) & -LANES;
    }

    /** Bits of a vector. */
    int bits();

    /**
     * Rounded costs {@code |x_i - y_j|^power * factor} of the rows i of {@code [from, to)}.
     *
     * @param x coordinates {@code [dimension][n]} of the sources
     * @param from the first row, a multiple of 4
     * @param y coordinates {@code [dimension][m]} of the targets
     * @param power 1, 2 or 4
     * @param factor such that no product exceeds {@code 2^MANTISSA - 1}
     * @param costs gets them; room for n padded rows
     */
    void costs(
            float[][] x,
            int from,
            int to,
            float[][] y,
            int m,
            int power,
            float factor,
            int[] costs);

    /**
     * {@code |x - y|^2} of two points in a table, from differences in double precision. Eight sums,
     * of the coordinates whose numbers leave the same remainder, are added as {@code ((s0 + s4) +
     * (s2 + s6)) + ((s1 + s5) + (s3 + s7))}, and then the sum of the coordinates beyond the last
     * eight: so every kernel gives the same.
     *
     * @param table coordinates
     * @param x where the first point begins
     * @param y where the second point begins
     */
    double squaredDistance(float[] table, int x, int y, int dimension);

    /**
     * The least reduced cost {@code c_ij + q_i - p_j} over the rows of {@code [from, to)}.
     *
     * @param potentials p from 0 on, q from stride on
     * @return {@code i << 32 | j} of an entry that has it, or -1 if it is not negative
     */
    long price(int[] costs, int stride, int[] potentials, int from, int to);

    /** The first column of the least {@code c_j - p_j} of the row that starts at {@code offset}. */
    int cheapest(int[] costs, int offset, int stride, int[] potentials);

    /**
     * The first column j of the least {@code c_j - p_j} of the row that starts at {@code offset},
     * and how much more the second least is.
     *
     * @return {@code margin << 32 | j}
     */
    long twoCheapest(int[] costs, int offset, int stride, int[] potentials);

    /**
     * Lowers each distance to {@code c_j - p_j + reach} of the row that starts at {@code offset}
     * where that is less, and makes the row the predecessor of the column there.
     *
     * @return the first column of the least distance
     */
    int relax(
            int[] costs,
            int offset,
            int stride,
            int[] potentials,
            int reach,
            int row,
            int[] distance,
            int[] predecessor);

    /**
     * Collects the columns with {@code c_j - p_j < limit} of the row that starts at {@code offset};
     * returns their number.
     */
    int below(int[] costs, int offset, int stride, int[] potentials, int limit, int[] columns);

    /** Adds delta to the values whose bits are set in {@code words} words of the set. */
    void shift(int[] values, long[] set, int offset, int words, int delta);

    /** Sums of the columns. */
    void columnSums(int[] costs, int n, int stride, int[] sums);

    /** {@code min_j (c_ij - p_j)} of each row. */
    void rowMinima(int[] costs, int n, int stride, int[] p, int[] minima);

    /** {@code min_i (c_ij - q_i)} of each column. */
    void columnMinima(int[] costs, int n, int stride, int[] q, int[] minima);
}
