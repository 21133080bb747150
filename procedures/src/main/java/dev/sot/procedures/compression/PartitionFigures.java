package dev.sot.procedures.compression;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The figures of one partition, NaN where not defined. */
record PartitionFigures(
        double within,
        double between,
        double silhouette,
        double coactivation,
        double internalMass,
        double cancelledMass,
        double retainedMass,
        double largestCycle,
        double adjustedRand,
        double normalizedMutualInformation,
        double pairF1,
        double referenceNodes) {

    /** All figures not defined. */
    static PartitionFigures undefined() {
        return mean(List.of());
    }

    /** Figure by figure. */
    static PartitionFigures mean(List<PartitionFigures> draws) {
        return new PartitionFigures(
                mean(draws, PartitionFigures::within),
                mean(draws, PartitionFigures::between),
                mean(draws, PartitionFigures::silhouette),
                mean(draws, PartitionFigures::coactivation),
                mean(draws, PartitionFigures::internalMass),
                mean(draws, PartitionFigures::cancelledMass),
                mean(draws, PartitionFigures::retainedMass),
                mean(draws, PartitionFigures::largestCycle),
                mean(draws, PartitionFigures::adjustedRand),
                mean(draws, PartitionFigures::normalizedMutualInformation),
                mean(draws, PartitionFigures::pairF1),
                mean(draws, PartitionFigures::referenceNodes));
    }

    private static double mean(
            List<PartitionFigures> draws, ToDoubleFunction<PartitionFigures> figure) {
        return draws.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }
}
