package dev.sot.transport;

import java.util.Arrays;

/**
 * The assignment problem {@code min sum_i c_{i, s(i)}} over permutations s, on rounded costs, by
 * shortest augmenting paths (Jonker and Volgenant 1987). Rows bid for columns, each lowering the
 * price of the one it takes until its second choice is as good; rows left over find an augmenting
 * path by Dijkstra's algorithm on the reduced costs {@code c_ij - u_i - v_j}.
 *
 * <p>All arithmetic is exact, and 32 bits hold it: a column keeps its price until it is taken, and
 * the row that has a column likes it no less than one that is not taken; so no price falls farther
 * below those at the start than the largest cost.
 *
 * <p>Memory {@code 36 n} bytes, time {@code O(n^3)} at worst. Not thread-safe.
 */
final class Assignment {

    private static final int NONE = -1;

    /** The price of a column that the search has closed: it looks far from everywhere. */
    private static final int CLOSED = -Kernel.PADDING / 2;

    /** The distance of such a column: above all others, and below what its price makes of it. */
    private static final int BEHIND = Kernel.PADDING / 4;

    private static final int ROUNDS = 2;
    private static final int BIDS_PER_ROW = 4;
    private static final int ENTRIES_BETWEEN_CHECKS = 1 << 17;

    private final Kernel kernel;
    private final Monitor monitor;

    private int n;
    private int stride;
    private int[] costs;

    private int[] columnOf = new int[0];
    private int[] rowOf;
    private int[] waiting;

    /** The prices v, and those that a search sees. */
    private int[] price;

    private int[] seen;

    private int[] distance;
    private int[] predecessor;

    /** The columns that a search has closed, in order, and how far they were. */
    private int[] closed;

    private int[] depth;
    private long work;

    Assignment(Kernel kernel, Monitor monitor) {
        this.kernel = kernel;
        this.monitor = monitor;
    }

    /** Solves the problem of n rows and columns with costs as {@link Kernel} has them. */
    void solve(int[] costs, int n) {
        this.costs = costs;
        this.n = n;
        stride = Kernel.padded(n);
        if (columnOf.length < stride) {
            columnOf = new int[stride];
            rowOf = new int[stride];
            waiting = new int[stride];
            price = new int[stride];
            seen = new int[stride];
            distance = new int[stride];
            predecessor = new int[stride];
            closed = new int[stride];
            depth = new int[stride];
        }
        kernel.columnSums(costs, n, stride, price);
        for (int j = 0; j < n; j++) {
            price[j] /= n;
        }
        Arrays.fill(price, n, stride, 0);
        Arrays.fill(rowOf, 0, n, NONE);
        int left = bid();
        for (int k = 0; k < left; k++) {
            augment(waiting[k]);
        }
    }

    /**
     * Finds the shortest paths from a row, and potentials under which no reduced cost {@code c_ij +
     * q_i - p_j} is negative, and those of the pairs and of the paths are 0. The paths are told by
     * {@link #reached} and {@link #from}.
     *
     * @param potentials gets p from 0 on and q from stride on
     * @return the row; one that is near to all columns, as it gets the potential 0, and what is
     *     measured from afar is rounded more
     */
    int shortestPaths(int[] potentials) {
        open();
        int first = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < n; i++) {
            int u = costs[i * stride + columnOf[i]] - price[columnOf[i]];
            if (u < least) {
                least = u;
                first = i;
            }
        }
        int row = first;
        int column = columnOf[row];
        potentials[stride + row] = 0;
        potentials[column] = costs[row * stride + column];
        close(column, 0, 0);
        for (int k = 1; k < n; k++) {
            column = relax(row, potentials[stride + row]);
            row = rowOf[column];
            potentials[column] = distance[column] + price[column];
            potentials[stride + row] = potentials[column] - costs[row * stride + column];
            close(column, k, distance[column]);
        }
        return first;
    }

    /** The column of a row. */
    int column(int row) {
        return columnOf[row];
    }

    /** The row of a column. */
    int row(int column) {
        return rowOf[column];
    }

    /** The column that {@link #shortestPaths} came to as number k. */
    int reached(int k) {
        return closed[k];
    }

    /** The row from which it came to a column. */
    int from(int column) {
        return predecessor[column];
    }

    /** Bids; returns how many rows wait for a column. */
    private int bid() {
        int left = n;
        for (int i = 0; i < n; i++) {
            waiting[i] = i;
        }
        for (int round = 0; round < ROUNDS; round++) {
            int bids = BIDS_PER_ROW * n;
            int size = left;
            left = 0;
            for (int k = 0; k < size; k++) {
                int row = waiting[k];
                // Whom a row displaces bids next.
                while (row != NONE && bids-- > 0) {
                    spend();
                    long found = kernel.twoCheapest(costs, row * stride, stride, price);
                    int column = (int) found;
                    int margin = (int) (found >>> 32);
                    int displaced = rowOf[column];
                    if (margin == 0 && displaced != NONE) {
                        break;
                    }
                    price[column] -= margin;
                    rowOf[column] = row;
                    columnOf[row] = column;
                    row = displaced;
                }
                if (row != NONE) {
                    waiting[left++] = row;
                }
            }
        }
        return left;
    }

    /** Gives a row a column, along the shortest path to one that is free. */
    private void augment(int free) {
        open();
        int size = 0;
        int column = relax(free, 0);
        for (; rowOf[column] != NONE; size++) {
            int row = rowOf[column];
            int reach = distance[column] + price[column] - costs[row * stride + column];
            close(column, size, distance[column]);
            column = relax(row, reach);
        }
        for (int k = 0; k < size; k++) {
            price[closed[k]] -= distance[column] - depth[k];
        }
        int row;
        do {
            row = predecessor[column];
            rowOf[column] = row;
            int before = columnOf[row];
            columnOf[row] = column;
            column = before;
        } while (row != free);
    }

    private void open() {
        System.arraycopy(price, 0, seen, 0, stride);
        Arrays.fill(distance, 0, stride, Kernel.PADDING);
    }

    private void close(int column, int number, int length) {
        closed[number] = column;
        depth[number] = length;
        distance[column] = BEHIND;
        seen[column] = CLOSED;
    }

    private int relax(int row, int reach) {
        spend();
        return kernel.relax(costs, row * stride, stride, seen, reach, row, distance, predecessor);
    }

    private void spend() {
        work += stride;
        if (work > ENTRIES_BETWEEN_CHECKS) {
            work = 0;
            monitor.check();
        }
    }
}
