package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import java.util.ArrayList;
import java.util.List;

/**
 * What every cut of a hierarchy is like, from as many groups as there are leaves down to the roots:
 * how well it fits the distances, and what it keeps of the circuit. All values are exact, none is
 * taken from the hierarchy alone.
 *
 * @param points all cuts, most groups first
 */
public record SizeCurve(List<SizePoint> points) {

    /** Copies the list. */
    public SizeCurve {
        points = List.copyOf(points);
    }

    /**
     * Measures all cuts. O(n^2) time together for the distances, O(links log links) for the masses
     * and at most O(n^2) for the description lengths; O(n + links) memory.
     *
     * @param condensed the distances that the hierarchy was made from, unchanged
     * @param graph the circuit
     * @param block item that each of its nodes belongs to; a number from the number of items on for
     *     a group that no cut changes; -1 for a node that is in no group
     * @throws IllegalArgumentException if lengths do not fit, or a distance is negative or not
     *     finite
     */
    public static SizeCurve of(
            double[] condensed,
            Dendrogram dendrogram,
            CircuitGraph graph,
            int[] block,
            Monitor monitor) {
        return of(
                DistanceCurve.of(condensed, dendrogram, monitor),
                dendrogram,
                graph,
                block,
                monitor);
    }

    /**
     * Measures all cuts where the distances are not known: silhouettes and dispersions are NaN.
     *
     * @param graph as in {@link #of}
     * @param block as in {@link #of}
     */
    public static SizeCurve ofLinks(
            Dendrogram dendrogram, CircuitGraph graph, int[] block, Monitor monitor) {
        return of(
                DistanceCurve.unknown(dendrogram.mergeCount()), dendrogram, graph, block, monitor);
    }

    private static SizeCurve of(
            DistanceCurve distances,
            Dendrogram dendrogram,
            CircuitGraph graph,
            int[] block,
            Monitor monitor) {
        LinkCurve links = LinkCurve.of(dendrogram, graph, block, monitor);
        List<SizePoint> points = new ArrayList<>();
        for (int m = dendrogram.requiredMerges(); m <= dendrogram.mergeCount(); m++) {
            points.add(
                    new SizePoint(
                            dendrogram.itemCount() - m,
                            m == 0 ? 0 : dendrogram.height(m - 1),
                            distances.silhouette()[m],
                            distances.dispersion()[m],
                            Double.NaN,
                            Double.NaN,
                            links.bits()[m],
                            links.internal()[m],
                            links.cancelled()[m],
                            links.retained()[m]));
        }
        return new SizeCurve(points);
    }

    /** The same curve with the gap statistic of the same hierarchy. */
    public SizeCurve withGap(GapStatistic statistic) {
        List<SizePoint> with = new ArrayList<>();
        int merges = statistic.gap().length - points.size();
        for (SizePoint p : points) {
            with.add(
                    new SizePoint(
                            p.size(),
                            p.height(),
                            p.silhouette(),
                            p.dispersion(),
                            statistic.gap()[merges],
                            statistic.error()[merges],
                            p.descriptionLength(),
                            p.internalMass(),
                            p.cancelledMass(),
                            p.retainedMass()));
            merges++;
        }
        return new SizeCurve(with);
    }

    /** Whether what a criterion looks at is known. */
    public boolean canChoose(SizeCriterion criterion) {
        return switch (criterion) {
            case AUTO, SILHOUETTE -> !Double.isNaN(points.get(0).dispersion());
            case GAP -> points.stream().anyMatch(p -> !Double.isNaN(p.gap()));
            case DESCRIPTION_LENGTH -> true;
        };
    }

    /** The number of groups that a criterion chooses. */
    public int choose(SizeCriterion criterion) {
        return criterion.choose(points);
    }
}
