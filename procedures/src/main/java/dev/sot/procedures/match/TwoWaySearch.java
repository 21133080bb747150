package dev.sot.procedures.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.NeighbourQuery;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.PairMemory;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Two families looked for in each other. What is best has the least distance, less what the
 * distance of a feature is reduced by.
 */
final class TwoWaySearch {

    /** Distances are within this of the truth, relatively. */
    private static final double ROUNDING = 1e-9;

    private final Geometry geometry;
    private final PairMemory memory;
    private final int concurrency;
    private final Blocks blocks;
    private final Side there;
    private final Side back;

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
     * @param memory of pairs
     * @param concurrency number of threads
     */
    TwoWaySearch(
            String name,
            Geometry geometry,
            List<Cloud> rows,
            List<Cloud> columns,
            int[] self,
            double[] rowReductions,
            double[] columnReductions,
            PairMemory memory,
            int concurrency,
            Blocks blocks) {
        this.geometry = geometry;
        this.memory = memory;
        this.concurrency = concurrency;
        this.blocks = blocks;
        int[] selfOfColumn = new int[columns.size()];
        Arrays.fill(selfOfColumn, -1);
        for (int row = 0; row < self.length; row++) {
            if (self[row] >= 0) {
                selfOfColumn[self[row]] = row;
            }
        }
        List<Neighbours> ofRows =
                nearest(name, geometry, rows, columns, self, memory, concurrency, blocks);
        List<Neighbours> ofColumns =
                rows == columns
                        ? ofRows
                        : nearest(
                                name + " back",
                                geometry,
                                columns,
                                rows,
                                selfOfColumn,
                                memory,
                                concurrency,
                                blocks);
        this.there = new Side(name, rows, columns, self, ofRows, penalties(columnReductions));
        this.back =
                new Side(
                        name + " back",
                        columns,
                        rows,
                        selfOfColumn,
                        ofColumns,
                        penalties(rowReductions));
    }

    /** For each row the column that is the same object, or -1. */
    static int[] self(List<Cloud> rows, List<Cloud> columns) {
        Map<Cloud, Integer> indices = new IdentityHashMap<>();
        columns.forEach(column -> indices.put(column, indices.size()));
        return rows.stream().mapToInt(row -> indices.getOrDefault(row, -1)).toArray();
    }

    /** What is added to distances, never negative, instead of taking the reductions off. */
    private static double[] penalties(double[] reductions) {
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
        return best(there, IntStream.range(0, there.rows.size()).toArray(), wanted);
    }

    /** The best row of each of some columns. */
    List<Neighbours> bestBack(int[] columns) {
        return best(back, columns, 1);
    }

    private List<Neighbours> best(Side side, int[] rows, int wanted) {
        double[] found =
                blocks.compute(
                        side.name + ", best",
                        rows.length,
                        2 * wanted,
                        (from, to, monitor) -> {
                            int[] block = Arrays.copyOfRange(rows, from, to);
                            return encode(best(side, block, wanted, monitor), wanted);
                        });
        return decode(found, rows.length, wanted);
    }

    /** Searches by scores; what the nearest have already tells how far that has to go. */
    private List<Neighbours> best(Side side, int[] rows, int wanted, Monitor monitor) {
        double[] limits =
                Arrays.stream(rows)
                        .mapToDouble(row -> limit(side.nearest.get(row), side.penalties, wanted))
                        .toArray();
        return NearestNeighbours.between(
                        geometry,
                        Arrays.stream(rows).mapToObj(side.rows::get).toList(),
                        side.columns,
                        Arrays.stream(rows).map(row -> side.self[row]).toArray())
                .remembering(memory)
                .find(wanted, side.penalties, limits, concurrency, monitor)
                .rows();
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

    /** The two nearest columns of each row by distance alone, without the row itself. */
    static List<Neighbours> nearest(
            String phase,
            Geometry geometry,
            List<Cloud> rows,
            List<Cloud> columns,
            int[] self,
            PairMemory memory,
            int concurrency,
            Blocks blocks) {
        int wanted = 2;
        double[] found =
                blocks.compute(
                        phase,
                        rows.size(),
                        2 * wanted,
                        (from, to, monitor) ->
                                encode(
                                        NearestNeighbours.between(
                                                        geometry,
                                                        rows.subList(from, to),
                                                        columns,
                                                        Arrays.copyOfRange(self, from, to))
                                                .remembering(memory)
                                                .find(
                                                        NeighbourQuery.nearest(wanted),
                                                        concurrency,
                                                        monitor)
                                                .rows(),
                                        wanted));
        return decode(found, rows.size(), wanted);
    }

    /** Targets and distances in turn, -1 where there are fewer. */
    private static double[] encode(List<Neighbours> rows, int wanted) {
        double[] encoded = new double[2 * wanted * rows.size()];
        Arrays.fill(encoded, -1);
        for (int i = 0; i < rows.size(); i++) {
            Neighbours row = rows.get(i);
            for (int n = 0; n < row.size(); n++) {
                encoded[2 * (wanted * i + n)] = row.targets()[n];
                encoded[2 * (wanted * i + n) + 1] = row.distances()[n];
            }
        }
        return encoded;
    }

    private static List<Neighbours> decode(double[] encoded, int rows, int wanted) {
        return IntStream.range(0, rows)
                .mapToObj(
                        i -> {
                            int first = 2 * wanted * i;
                            int size =
                                    (int)
                                            IntStream.range(0, wanted)
                                                    .filter(n -> encoded[first + 2 * n] >= 0)
                                                    .count();
                            return new Neighbours(
                                    IntStream.range(0, size)
                                            .map(n -> (int) encoded[first + 2 * n])
                                            .toArray(),
                                    IntStream.range(0, size)
                                            .mapToDouble(n -> encoded[first + 2 * n + 1])
                                            .toArray(),
                                    true,
                                    Double.NaN);
                        })
                .toList();
    }
}
