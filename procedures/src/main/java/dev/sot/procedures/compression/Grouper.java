package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.Constraints;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.HierarchicalClustering;

/** Groups items as the configuration says. */
final class Grouper {

    private final Session session;
    private final Heap heap;
    private final CompressConfig config;

    Grouper(Session session, Heap heap, CompressConfig config) {
        this.session = session;
        this.heap = heap;
        this.config = config;
    }

    Grouped group(ItemDistances distances) {
        int n = distances.grouped().length;
        // The linkage works on a copy.
        heap.take(8L * DistanceMatrix.length(n));
        Dendrogram dendrogram =
                HierarchicalClustering.cluster(
                        distances.condensed().clone(),
                        n,
                        config.grouping().linkage(),
                        Constraints.NONE,
                        session.monitor());
        SizeChoice size = config.size();
        int[] group =
                size.maxDistance()
                        .map(dendrogram::cutAtDistance)
                        .orElseGet(
                                () ->
                                        dendrogram.cutToSize(
                                                size.groups(
                                                        n,
                                                        distances
                                                                .items()
                                                                .nodes(distances.grouped()))));
        return new Grouped(group, size.rule());
    }
}
