package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.Baselines;
import dev.sot.transport.cluster.Constraints;
import dev.sot.transport.cluster.CorrelationClustering;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.HierarchicalClustering;
import dev.sot.transport.cluster.KMedoids;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Groups items as the configuration says. */
final class Grouper {

    private final Session session;
    private final Heap heap;
    private final CompressConfig config;
    private final ItemDistances distances;
    private final int n;

    Grouper(Session session, Heap heap, CompressConfig config, ItemDistances distances) {
        this.session = session;
        this.heap = heap;
        this.config = config;
        this.distances = distances;
        this.n = distances.grouped().length;
    }

    Grouped group() {
        String rule = config.size().rule();
        return switch (config.grouping().method()) {
            case HIERARCHICAL -> new Grouped(cut(hierarchy()), rule);
            case K_MEDOIDS ->
                    new Grouped(
                            KMedoids.cluster(distances.condensed(), n, size(), session.monitor())
                                    .group(),
                            rule);
            case CORRELATION_CLUSTERING -> correlationClustering();
            case RANDOM ->
                    new Grouped(
                            Baselines.byKey(
                                    Arrays.stream(
                                                    Baselines.randomSameSizes(
                                                            cut(hierarchy()),
                                                            config.grouping().seed()))
                                            .boxed()
                                            .toArray()),
                            rule);
            case LAYER_POSITION -> new Grouped(Baselines.byKey(places()), "grouping");
        };
    }

    /** With a given distance, or else the published percentile, as threshold. */
    private Grouped correlationClustering() {
        Constraints constraints = ItemConstraints.of(distances, config.constraints());
        SizeChoice size = config.size();
        // The search works on costs of its own, and finds the percentile in a sorted copy.
        heap.take(8L * DistanceMatrix.length(n));
        CorrelationClustering.Options options =
                CorrelationClustering.Options.of(
                        size.maxDistance()
                                .orElseGet(
                                        () ->
                                                CorrelationClustering.percentile(
                                                        distances.condensed(),
                                                        n,
                                                        constraints,
                                                        CorrelationClustering.PERCENTILE)));
        boolean sized = size.targetSize().isPresent() || size.rule().equals("targetRatio");
        return new Grouped(
                CorrelationClustering.cluster(
                                distances.condensed(),
                                n,
                                constraints,
                                sized ? options.groups(size(), size()) : options,
                                session.monitor())
                        .group(),
                size.rule());
    }

    private Dendrogram hierarchy() {
        // The linkage uses up a copy.
        heap.take(8L * DistanceMatrix.length(n));
        return HierarchicalClustering.cluster(
                distances.condensed().clone(),
                n,
                config.grouping().linkage(),
                ItemConstraints.of(distances, config.constraints()),
                session.monitor());
    }

    private int size() {
        return config.size().groups(n, distances.items().nodes(distances.grouped()));
    }

    private int[] cut(Dendrogram dendrogram) {
        return config.size()
                .maxDistance()
                .map(dendrogram::cutAtDistance)
                .orElseGet(() -> dendrogram.cutToSize(size()));
    }

    /** Layers and positions of each item's nodes. */
    private Object[] places() {
        Items items = distances.items();
        return Arrays.stream(distances.grouped())
                .mapToObj(
                        item ->
                                Arrays.stream(items.members()[item])
                                        .mapToObj(
                                                v ->
                                                        List.of(
                                                                items.circuit().layer()[v],
                                                                items.circuit().position()[v]))
                                        .collect(Collectors.toSet()))
                .toArray();
    }
}
