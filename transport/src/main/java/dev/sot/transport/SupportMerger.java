package dev.sot.transport;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns a feature's firings into the same measure with one position for each different point: where
 * points repeat, as those of tokens do, that bounds a support without an error.
 *
 * <p>The position that is kept of a point is the one where the feature fires most strongly, the
 * first of several; its weight is the sum of the point's shares. Shares are compared in single
 * precision, so that multiplying all activations by a positive constant, which changes last digits,
 * keeps the same positions.
 *
 * <p>Time {@code O(m d log m)} for m firings on points of d coordinates.
 */
final class SupportMerger {

    private SupportMerger() {}

    /**
     * The distribution of one feature, with no error.
     *
     * @param firings over rows of the table
     */
    static Support merge(Firings firings, PointTable points) {
        int[] positions = firings.distribution().positions();
        double[] shares = firings.distribution().weights();
        Comparator<Integer> byPoint = (i, j) -> compare(points, positions[i], positions[j]);
        int[] order =
                IntStream.range(0, positions.length)
                        .boxed()
                        .sorted(
                                byPoint.thenComparing(i -> -(float) shares[i])
                                        .thenComparing(Comparator.naturalOrder()))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] mass = new double[positions.length];
        for (int from = 0; from < order.length; ) {
            CompensatedSum sum = new CompensatedSum();
            int to = from;
            while (to < order.length && points.same(positions[order[from]], positions[order[to]])) {
                sum.add(shares[order[to++]]);
            }
            mass[order[from]] = sum.value();
            from = to;
        }
        int[] kept = IntStream.range(0, mass.length).filter(i -> mass[i] > 0).toArray();
        if (kept.length == positions.length) {
            return firings.all();
        }
        return firings.support(
                new Distribution(
                        Arrays.stream(kept).map(i -> positions[i]).toArray(),
                        Arrays.stream(kept).mapToDouble(i -> mass[i]).toArray()),
                SupportMethod.MERGED,
                Optional.of(SupportError.NONE));
    }

    private static int compare(PointTable points, int row, int other) {
        for (int k = 0; k < points.dimension(); k++) {
            // Adding 0 makes one of the two zeros.
            int order =
                    Double.compare(
                            points.coordinate(row, k) + 0.0, points.coordinate(other, k) + 0.0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
