package dev.sot.transport.match;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * The assignment problem with costs for some of the pairs: every row gets a column of its own, or
 * stays out at a price, such that the sum is least. By shortest augmenting paths (Jonker and
 * Volgenant 1987) on the pairs there are, with a heap.
 *
 * <p>Prices v of columns start at 0 and only fall; a column that nobody has keeps 0. So the
 * potentials prove the optimum: {@code u_i + v_j <= c_ij} for all pairs given, with equality for
 * those assigned; {@code u_i <= out}, with equality for rows that stay out; {@code v_j <= 0}, with
 * equality for columns that are free.
 *
 * <p>Time {@code O(rows pairs log columns)} at worst, in practice a small part of it: rows first
 * bid for columns, and only those that this leaves search for paths. Ties are broken by column. Not
 * thread-safe.
 */
final class SparseAssignment {

    static final int NONE = -1;

    private static final int BIDS_PER_ROW = 8;
    private static final int STEPS_BETWEEN_CHECKS = 1 << 16;

    private final int rows;
    private final int[] start;
    private final int[] column;
    private final double[] cost;
    private final double out;
    private final Monitor monitor;

    private final int[] columnOf;
    private final int[] rowOf;
    private final double[] v;
    private final double[] u;

    // The search of one path: distances of columns, from which row, and a heap of columns by
    // distance.
    private final double[] distance;
    private final int[] from;
    private final int[] heap;
    private final int[] place;
    private int size;
    private final int[] closed;
    private final int[] touched;
    private int touchedCount;
    private long steps;

    /**
     * A problem.
     *
     * @param start the pairs of row i are those from {@code start[i]} to {@code start[i + 1]}
     * @param column the column of each pair, ascending within a row
     * @param cost the cost of each pair
     * @param columns number of columns
     * @param out the price of staying out, above all costs
     * @param monitor checked now and then
     */
    SparseAssignment(
            int[] start, int[] column, double[] cost, int columns, double out, Monitor monitor) {
        this.rows = start.length - 1;
        this.start = start;
        this.column = column;
        this.cost = cost;
        this.out = out;
        this.monitor = monitor;
        this.columnOf = new int[rows];
        this.rowOf = new int[columns];
        this.u = new double[rows];
        this.v = new double[columns];
        this.distance = new double[columns];
        this.from = new int[columns];
        this.heap = new int[columns];
        this.place = new int[columns];
        this.closed = new int[columns];
        this.touched = new int[columns];
    }

    void solve() {
        Arrays.fill(columnOf, NONE);
        Arrays.fill(rowOf, NONE);
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        Arrays.fill(place, NONE);
        for (int i = 0; i < rows; i++) {
            bid(i);
        }
        for (int i = 0; i < rows; i++) {
            if (columnOf[i] == NONE) {
                augment(i);
            }
        }
        for (int i = 0; i < rows; i++) {
            u[i] = out;
            for (int e = start[i]; e < start[i + 1]; e++) {
                u[i] = Math.min(u[i], cost[e] - v[column[e]]);
            }
        }
    }

    /** The column of a row, {@link #NONE} if it stays out. */
    int columnOf(int row) {
        return columnOf[row];
    }

    double[] rowPotentials() {
        return u;
    }

    double[] columnPotentials() {
        return v;
    }

    /**
     * Lets a row take the column it likes best, lower its price, and whom it displaces do the same.
     */
    private void bid(int first) {
        int row = first;
        for (int bids = 0; row != NONE && bids < BIDS_PER_ROW; bids++) {
            step(start[row + 1] - start[row]);
            int best = NONE;
            double least = out;
            double second = out;
            for (int e = start[row]; e < start[row + 1]; e++) {
                double reduced = cost[e] - v[column[e]];
                if (reduced < least) {
                    second = least;
                    least = reduced;
                    best = column[e];
                } else if (reduced < second) {
                    second = reduced;
                }
            }
            if (best == NONE || (least == second && rowOf[best] != NONE)) {
                return;
            }
            int displaced = rowOf[best];
            // A column that was free and stays the only one wanted keeps its price of 0 only if it
            // is
            // never left again: it is not, as displaced rows are replaced.
            v[best] -= second - least;
            rowOf[best] = row;
            columnOf[row] = best;
            if (displaced != NONE) {
                columnOf[displaced] = NONE;
            }
            row = displaced;
        }
    }

    /** Finds a column for a row, or who stays out, along the shortest path. */
    private void augment(int free) {
        size = 0;
        touchedCount = 0;
        int closedCount = 0;
        int row = free;
        double reach = 0;
        double shortest = out;
        int last = free;
        int end = NONE;
        relax(free, 0);
        // Reduced costs are measured from u_free = 0: the path's length is that of the row's
        // potential.
        while (size > 0) {
            int j = heap[0];
            if (distance[j] >= shortest) {
                break;
            }
            pop();
            closed[closedCount++] = j;
            if (rowOf[j] == NONE) {
                shortest = distance[j];
                end = j;
                break;
            }
            row = rowOf[j];
            // u_row relative to the path: its own reduced cost to j is tight.
            reach = distance[j] - (costOf(row, j) - v[j]);
            if (reach + out < shortest) {
                shortest = reach + out;
                last = row;
            }
            relax(row, reach);
        }
        for (int c = 0; c < closedCount; c++) {
            int j = closed[c];
            if (distance[j] < shortest) {
                v[j] -= shortest - distance[j];
            }
        }
        if (end == NONE) {
            // Row `last` stays out and leaves its column to the path.
            end = columnOf[last];
            columnOf[last] = NONE;
        }
        while (end != NONE) {
            int i = from[end];
            int before = columnOf[i];
            rowOf[end] = i;
            columnOf[i] = end;
            end = i == free ? NONE : before;
        }
        for (int t = 0; t < touchedCount; t++) {
            distance[touched[t]] = Double.POSITIVE_INFINITY;
            place[touched[t]] = NONE;
        }
    }

    private void relax(int row, double reach) {
        step(start[row + 1] - start[row]);
        for (int e = start[row]; e < start[row + 1]; e++) {
            int j = column[e];
            double length = reach + cost[e] - v[j];
            if (length < distance[j]) {
                if (distance[j] == Double.POSITIVE_INFINITY) {
                    touched[touchedCount++] = j;
                    place[j] = size++;
                }
                // A closed column is never nearer again but by rounding.
                if (place[j] != NONE) {
                    distance[j] = length;
                    from[j] = row;
                    up(j);
                }
            }
        }
    }

    private double costOf(int row, int j) {
        return cost[Arrays.binarySearch(column, start[row], start[row + 1], j)];
    }

    private boolean before(int j, int k) {
        return distance[j] < distance[k] || (distance[j] == distance[k] && j < k);
    }

    private void up(int j) {
        int at = place[j];
        while (at > 0 && before(j, heap[(at - 1) / 2])) {
            put(heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }
        put(j, at);
    }

    private void pop() {
        place[heap[0]] = NONE;
        int j = heap[--size];
        if (size == 0) {
            return;
        }
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], j)) {
                break;
            }
            put(heap[child], at);
            at = child;
        }
        put(j, at);
    }

    private void put(int j, int at) {
        heap[at] = j;
        place[j] = at;
    }

    private void step(int pairs) {
        steps += pairs + 1;
        if (steps > STEPS_BETWEEN_CHECKS) {
            steps = 0;
            monitor.check();
        }
    }
}
