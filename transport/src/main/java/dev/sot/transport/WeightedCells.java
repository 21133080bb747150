package dev.sot.transport;

import java.util.Arrays;

/**
 * Weighted points in cells, each around a centre: the steps of k-means. Coordinates are centred and
 * divided by a power of two, in single precision; sums run in double precision over the points in
 * order.
 */
final class WeightedCells {

    /** Points between two checks of the monitor. */
    private static final int CHECKED = 256;

    private final int size;
    private final int dimension;
    private final int most;
    private final Monitor monitor;
    private final float[] point;
    private final double[] weight;
    private final int[] cell;

    /** Of the centres: coordinates {@code [dimension][cells]}, and half the squared norm. */
    private final float[][] centre;

    private final float[] halfSquaredNorm;
    private int cells;

    /**
     * All points in one cell.
     *
     * @param distribution over rows of the table
     * @param points the table
     * @param most the largest number of cells
     * @param monitor checked in all long loops
     */
    WeightedCells(Distribution distribution, PointTable points, int most, Monitor monitor) {
        this.size = distribution.size();
        this.dimension = points.dimension();
        this.most = most;
        this.monitor = monitor;
        this.weight = new double[size];
        for (int i = 0; i < size; i++) {
            weight[i] = Math.max((float) distribution.weights()[i], Float.MIN_VALUE);
        }
        this.point = scaled(points, distribution.positions());
        this.cell = new int[size];
        this.centre = new float[dimension][most];
        this.halfSquaredNorm = new float[most];
    }

    private float[] scaled(PointTable points, int[] rows) {
        double[] mean = new double[dimension];
        for (int row : rows) {
            for (int k = 0; k < dimension; k++) {
                mean[k] += points.coordinate(row, k) / size;
            }
        }
        double largest = 0;
        for (int i = 0; i < size; i++) {
            check(i);
            for (int k = 0; k < dimension; k++) {
                largest = Math.max(largest, Math.abs(points.coordinate(rows[i], k) - mean[k]));
            }
        }
        double scale = largest == 0 ? 1 : Math.scalb(1.0, -Math.getExponent(largest));
        float[] scaled = new float[Math.multiplyExact(size, dimension)];
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < dimension; k++) {
                scaled[i * dimension + k] =
                        (float) ((points.coordinate(rows[i], k) - mean[k]) * scale);
            }
        }
        return scaled;
    }

    /** The cell of point i. */
    int cell(int i) {
        return cell[i];
    }

    /**
     * Divides the points anew: the cell with the largest sum of squares is split at the mean of its
     * widest axis until there are enough cells or none can be split.
     */
    void divide() {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        int[] from = new int[most + 1];
        int[] to = new int[most + 1];
        Split[] splits = new Split[most];
        to[0] = size;
        splits[0] = split(order, 0, size);
        cells = 1;
        int[] right = new int[size];
        while (cells < most) {
            int widest = 0;
            for (int c = 1; c < cells; c++) {
                widest = splits[c].spread > splits[widest].spread ? c : widest;
            }
            Split split = splits[widest];
            if (split.spread == 0) {
                break;
            }
            int kept = from[widest];
            int moved = 0;
            for (int at = from[widest]; at < to[widest]; at++) {
                if (point[order[at] * dimension + split.axis] <= split.cut) {
                    order[kept++] = order[at];
                } else {
                    right[moved++] = order[at];
                }
            }
            System.arraycopy(right, 0, order, kept, moved);
            from[cells] = kept;
            to[cells] = to[widest];
            to[widest] = kept;
            splits[widest] = split(order, from[widest], to[widest]);
            splits[cells] = split(order, from[cells], to[cells]);
            cells++;
        }
        for (int c = 0; c < cells; c++) {
            for (int at = from[c]; at < to[c]; at++) {
                cell[order[at]] = c;
            }
        }
        moveToMeans();
    }

    /** Where to split a cell: the sum of squares over all axes, 0 if it cannot be split. */
    private record Split(double spread, int axis, double cut) {}

    private Split split(int[] order, int from, int to) {
        double[] mean = new double[dimension];
        double[] squares = new double[dimension];
        double total = 0;
        for (int at = from; at < to; at++) {
            check(at);
            double w = weight[order[at]];
            total += w;
            for (int k = 0; k < dimension; k++) {
                mean[k] += w * point[order[at] * dimension + k];
            }
        }
        for (int k = 0; k < dimension; k++) {
            mean[k] /= total;
        }
        float[] least = new float[dimension];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        float[] largest = new float[dimension];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        for (int at = from; at < to; at++) {
            check(at);
            double w = weight[order[at]];
            for (int k = 0; k < dimension; k++) {
                float x = point[order[at] * dimension + k];
                squares[k] += w * (x - mean[k]) * (x - mean[k]);
                least[k] = Math.min(least[k], x);
                largest[k] = Math.max(largest[k], x);
            }
        }
        double spread = 0;
        int widest = -1;
        for (int k = 0; k < dimension; k++) {
            // On an axis of equal values squares are rounding, and one side would be empty.
            if (least[k] <= mean[k] && mean[k] < largest[k]) {
                spread += squares[k];
                widest = widest < 0 || squares[k] > squares[widest] ? k : widest;
            }
        }
        return widest < 0 ? new Split(0, 0, 0) : new Split(spread, widest, mean[widest]);
    }

    /**
     * Puts every point into the cell of its nearest centre, the first of those equally near.
     *
     * @return whether any point changed its cell
     */
    boolean assign() {
        boolean changed = false;
        float[] row = new float[cells];
        for (int i = 0; i < size; i++) {
            check(i);
            System.arraycopy(halfSquaredNorm, 0, row, 0, cells);
            int base = i * dimension;
            int k = 0;
            // Four coordinates a pass over rows with one shared index: what the compiler
            // vectorises.
            for (; k + 4 <= dimension; k += 4) {
                subtract(row, base + k, k);
            }
            for (; k < dimension; k++) {
                float x = point[base + k];
                float[] c = centre[k];
                for (int j = 0; j < row.length; j++) {
                    row[j] -= x * c[j];
                }
            }
            int nearest = 0;
            for (int j = 1; j < row.length; j++) {
                nearest = row[j] < row[nearest] ? j : nearest;
            }
            changed |= cell[i] != nearest;
            cell[i] = nearest;
        }
        return changed;
    }

    private void subtract(float[] row, int at, int k) {
        float x0 = point[at];
        float x1 = point[at + 1];
        float x2 = point[at + 2];
        float x3 = point[at + 3];
        float[] c0 = centre[k];
        float[] c1 = centre[k + 1];
        float[] c2 = centre[k + 2];
        float[] c3 = centre[k + 3];
        for (int j = 0; j < row.length; j++) {
            row[j] -= x0 * c0[j] + x1 * c1[j] + x2 * c2[j] + x3 * c3[j];
        }
    }

    /**
     * Moves every centre to the weighted mean of its cell; that of an empty cell to the point that
     * adds most to the sum of squares.
     */
    void moveToMeans() {
        double[][] sum = new double[cells][dimension];
        double[] total = new double[cells];
        for (int i = 0; i < size; i++) {
            check(i);
            double[] of = sum[cell[i]];
            total[cell[i]] += weight[i];
            for (int k = 0; k < dimension; k++) {
                of[k] += weight[i] * point[i * dimension + k];
            }
        }
        boolean empty = false;
        for (int c = 0; c < cells; c++) {
            empty |= total[c] == 0;
            for (int k = 0; k < dimension; k++) {
                centre[k][c] = (float) (sum[c][k] / total[c]);
            }
            measure(c);
        }
        if (empty) {
            refill(total);
        }
    }

    private void refill(double[] total) {
        double[] cost = new double[size];
        for (int i = 0; i < size; i++) {
            double squared = squaredDistance(i);
            // Nearer than the rounding of a centre is at the centre.
            cost[i] = squared > dimension * 0x1p-46 ? weight[i] * squared : 0;
        }
        for (int c = 0; c < cells; c++) {
            if (total[c] > 0) {
                continue;
            }
            int farthest = 0;
            for (int i = 1; i < size; i++) {
                farthest = cost[i] > cost[farthest] ? i : farthest;
            }
            if (cost[farthest] > 0) {
                cost[farthest] = 0;
                moveTo(c, farthest);
            } else {
                // Fewer distinct points than cells: no point is ever nearest to this centre.
                for (float[] axis : centre) {
                    axis[c] = 0;
                }
                halfSquaredNorm[c] = Float.POSITIVE_INFINITY;
            }
        }
    }

    /**
     * Moves every centre to the point of its cell that is nearest to it, the first of those equally
     * near.
     *
     * @return for each cell that point; 0 for an empty cell, whose centre no point is nearest to
     */
    int[] moveToMedoids() {
        double[] least = new double[cells];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        int[] medoid = new int[cells];
        for (int i = 0; i < size; i++) {
            check(i);
            double squared = squaredDistance(i);
            if (squared < least[cell[i]]) {
                least[cell[i]] = squared;
                medoid[cell[i]] = i;
            }
        }
        for (int c = 0; c < cells; c++) {
            if (least[c] < Double.POSITIVE_INFINITY) {
                moveTo(c, medoid[c]);
            } else {
                halfSquaredNorm[c] = Float.POSITIVE_INFINITY;
            }
        }
        return medoid;
    }

    private void moveTo(int c, int i) {
        for (int k = 0; k < dimension; k++) {
            centre[k][c] = point[i * dimension + k];
        }
        measure(c);
    }

    private void measure(int c) {
        double squares = 0;
        for (float[] axis : centre) {
            squares += (double) axis[c] * axis[c];
        }
        halfSquaredNorm[c] = (float) (squares / 2);
    }

    /** Of a point to the centre of its cell. */
    private double squaredDistance(int i) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            double difference = (double) point[i * dimension + k] - centre[k][cell[i]];
            sum += difference * difference;
        }
        return sum;
    }

    private void check(int i) {
        if (i % CHECKED == 0) {
            monitor.check();
        }
    }
}
