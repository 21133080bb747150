package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.PairMemory;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The searches of a matching: block by block, sharing what they find out about pairs.
 *
 * @param geometry the geometry that made all clouds
 * @param memory of pairs
 * @param concurrency number of threads
 * @param blocks how the long computations are done
 */
record BlockSearch(Geometry geometry, PairMemory memory, int concurrency, Blocks blocks) {

    /** For each row the column that is the same object, or -1. */
    static int[] self(List<Cloud> rows, List<Cloud> columns) {
        Map<Cloud, Integer> indices = new IdentityHashMap<>();
        columns.forEach(column -> indices.put(column, indices.size()));
        return rows.stream().mapToInt(row -> indices.getOrDefault(row, -1)).toArray();
    }

    /** The two nearest columns of each row. */
    List<Neighbours> nearest(String name, List<Cloud> rows, List<Cloud> columns, int[] self) {
        double[] limits = new double[rows.size()];
        Arrays.fill(limits, Double.POSITIVE_INFINITY);
        return find(name, rows, columns, self, 2, new double[columns.size()], limits);
    }

    /**
     * The columns of each row with the least scores.
     *
     * @param name unique within the run
     * @param self for each row the column that is the same feature, or -1: it is left out
     * @param wanted how many columns of each row
     * @param penalties what is added to distances from each column, not negative
     * @param limits for each row the largest score of interest
     */
    List<Neighbours> find(
            String name,
            List<Cloud> rows,
            List<Cloud> columns,
            int[] self,
            int wanted,
            double[] penalties,
            double[] limits) {
        double[] found =
                blocks.compute(
                        name,
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
                                                        wanted,
                                                        penalties,
                                                        Arrays.copyOfRange(limits, from, to),
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
