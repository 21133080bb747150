package dev.sot.procedures.compression;

import dev.sot.transport.Spread;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of one partition; those that are not defined are missing. */
final class PartitionFigures {

    /** What is measured of a partition. */
    enum Figure {
        LARGEST_SUPERNODE,
        WITHIN,
        BETWEEN,
        SILHOUETTE,
        COACTIVATION,
        INTERNAL_MASS,
        CANCELLED_MASS,
        RETAINED_MASS,
        LARGEST_CYCLE,
        ADJUSTED_RAND,
        NORMALIZED_MUTUAL_INFORMATION,
        PAIR_F1,
        EXPECTED_NORMALIZED_MUTUAL_INFORMATION,
        EXPECTED_PAIR_F1
    }

    private final Map<Figure, Double> values = new EnumMap<>(Figure.class);

    /** Sets a figure, unless it is NaN. */
    void put(Figure figure, double value) {
        if (!Double.isNaN(value)) {
            values.put(figure, value);
        }
    }

    /** A figure, null where it is not defined. */
    Double get(Figure figure) {
        return values.get(figure);
    }

    /** Figure by figure a statistic of several partitions; missing where one of them has none. */
    static PartitionFigures of(List<PartitionFigures> draws, ToDoubleFunction<Spread> statistic) {
        PartitionFigures result = new PartitionFigures();
        for (Figure figure : Figure.values()) {
            if (draws.stream().allMatch(d -> d.values.containsKey(figure))) {
                double[] all = draws.stream().mapToDouble(d -> d.values.get(figure)).toArray();
                result.put(figure, statistic.applyAsDouble(Spread.sorting(all)));
            }
        }
        return result;
    }
}
