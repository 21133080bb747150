package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.search.Neighbours;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two families looked for in each other. What is best has the least score: the distance, less what
 * the distances of a feature are reduced by.
 */
final class TwoWaySearch {

    /** Distances are within this of the truth, relatively. */
    private static final double ROUNDING = 1e-9;

    private final BlockSearch search;
    private final Side there;
    private final Side back;
    private List<Neighbours> best;
    private int bestWanted;

    /** One direction: rows looked for among columns. */
    private record Side(
            String name,
            List<Cloud> rows,
            List<Cloud> columns,
            int[] self,
            List<Neighbours> nearest,
            double[] penalties) {}

    /**
     * Searches in both directions.
     *
     * @param name unique within the run
     * @param rows one family
     * @param columns the other; where it is the same list, one search serves both directions
     * @param self for each row the column that is the same feature, or -1: it is left out
     * @param rowReductions what the distances of each row are reduced by
     * @param columnReductions the same of each column
     */
    TwoWaySearch(
            String name,
            BlockSearch search,
            List<Cloud> rows,
            List<Cloud> columns,
            int[] self,
            double[] rowReductions,
            double[] columnReductions) {
        this.search = search;
        int[] selfOfColumn = new int[columns.size()];
        Arrays.fill(selfOfColumn, -1);
        for (int row = 0; row < self.length; row++) {
            if (self[row] >= 0) {
                selfOfColumn[self[row]] = row;
            }
        }
        String nameBack = name + " back";
        List<Neighbours> ofRows = search.nearest(name, rows, columns, self);
        List<Neighbours> ofColumns =
                rows == columns ? ofRows : search.nearest(nameBack, columns, rows, selfOfColumn);
        this.there = new Side(name, rows, columns, self, ofRows, penalties(columnReductions));
        this.back =
                new Side(
                        nameBack, columns, rows, selfOfColumn, ofColumns, penalties(rowReductions));
    }

    /** What is added to distances, never negative, instead of taking the reductions off. */
    static double[] penalties(double[] reductions) {
        double largest = Arrays.stream(reductions).max().orElse(0);
        return Arrays.stream(reductions).map(r -> largest - r).toArray();
    }

    /** The two nearest columns of each row by distance alone. */
    List<Neighbours> nearest() {
        return there.nearest;
    }

    /** The two nearest rows of each column by distance alone. */
    List<Neighbours> nearestBack() {
        return back.nearest;
    }

    /** The best columns of each row. */
    List<Neighbours> best(int wanted) {
        if (best == null || wanted != bestWanted) {
            best = best(there, IntStream.range(0, there.rows.size()).toArray(), wanted);
            bestWanted = wanted;
        }
        return best;
    }

    /** The best row of each of some columns. */
    List<Neighbours> bestBack(int[] columns) {
        return best(back, columns, 1);
    }

    /** Searches by scores; what the nearest have already tells how far that has to go. */
    private List<Neighbours> best(Side side, int[] rows, int wanted) {
        return search.find(
                side.name + ", best",
                Arrays.stream(rows).mapToObj(side.rows::get).toList(),
                side.columns,
                Arrays.stream(rows).map(row -> side.self[row]).toArray(),
                wanted,
                side.penalties,
                Arrays.stream(rows)
                        .mapToDouble(row -> limit(side.nearest.get(row), side.penalties, wanted))
                        .toArray());
    }

    /** A score that so many of the nearest have, or better. */
    private static double limit(Neighbours nearest, double[] penalties, int wanted) {
        return IntStream.range(0, nearest.size())
                        .mapToDouble(i -> nearest.distances()[i] + penalties[nearest.targets()[i]])
                        .sorted()
                        .skip(wanted - 1)
                        .findFirst()
                        .orElse(Double.POSITIVE_INFINITY)
                * (1 + ROUNDING);
    }
}
