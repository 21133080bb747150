package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.Baselines;
import dev.sot.transport.cluster.Constraints;
import dev.sot.transport.cluster.CorrelationClustering;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.GapStatistic;
import dev.sot.transport.cluster.HierarchicalClustering;
import dev.sot.transport.cluster.KMedoids;
import dev.sot.transport.cluster.LinkMass;
import dev.sot.transport.cluster.SizeCriterion;
import dev.sot.transport.cluster.SizeCurve;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Groups items as the configuration says. */
final class Grouper {

    /** References of the gap statistic. */
    private static final int GAP_REFERENCES = 20;

    private final Session session;
    private final Heap heap;
    private final CompressConfig config;
    private final ItemDistances distances;
    private final ItemSet set;
    private final int n;

    Grouper(Session session, Heap heap, CompressConfig config, ItemDistances distances) {
        this.session = session;
        this.heap = heap;
        this.config = config;
        this.distances = distances;
        this.set = distances.set();
        this.n = set.size();
    }

    /**
     * Groups.
     *
     * @throws ConfigurationException when what is asked for contradicts itself
     */
    Grouped group() {
        try {
            return switch (config.grouping().method()) {
                case HIERARCHICAL -> cut(hierarchy());
                case K_MEDOIDS -> kMedoids();
                case CORRELATION_CLUSTERING -> correlationClustering();
                case LAYER_POSITION ->
                        grouped(Baselines.byKey(set.items().only(set.grouped()).places()));
                case RANDOM ->
                        grouped(
                                inOrder(
                                        Baselines.randomSameSizes(
                                                cut(hierarchy()).group(),
                                                config.grouping().seed())));
            };
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("sot.compress: " + e.getMessage());
        }
    }

    /** The hierarchy of the items, under the constraints. */
    Hierarchy hierarchy() {
        Constraints constraints = ItemConstraints.of(set, config.constraints());
        // The linkage uses up a copy.
        long copy = 8L * DistanceMatrix.length(n);
        heap.take(copy);
        Dendrogram dendrogram =
                HierarchicalClustering.cluster(
                        distances.condensed().clone(),
                        n,
                        config.grouping().linkage(),
                        constraints,
                        session.monitor());
        heap.release(copy);
        return new Hierarchy(
                dendrogram, Arrays.stream(set.grouped()).mapToObj(set.items()::key).toList());
    }

    /** All cuts of a hierarchy. */
    SizeCurve curve(Hierarchy hierarchy) {
        SizeCurve curve =
                SizeCurve.of(
                        distances.condensed(),
                        hierarchy.dendrogram(),
                        set.items().circuit().graph(),
                        set.blocks(),
                        session.monitor());
        if (config.size().criterion().filter(c -> c == SizeCriterion.GAP).isEmpty()) {
            return curve;
        }
        long squares = 16L * n * n;
        heap.take(squares);
        curve =
                curve.withGap(
                        GapStatistic.of(
                                distances.condensed(),
                                hierarchy.dendrogram(),
                                config.grouping().linkage(),
                                ItemConstraints.of(set, config.constraints()),
                                GAP_REFERENCES,
                                config.grouping().seed(),
                                config.concurrency(),
                                session.monitor()));
        heap.release(squares);
        return curve;
    }

    private Grouped cut(Hierarchy hierarchy) {
        return new Cut(session, config, set).of(hierarchy, () -> curve(hierarchy));
    }

    private Grouped kMedoids() {
        return grouped(
                KMedoids.cluster(distances.condensed(), n, size(), session.monitor()).group());
    }

    /** With a given distance, or else the published percentile, as threshold. */
    private Grouped correlationClustering() {
        Constraints constraints = ItemConstraints.of(set, config.constraints());
        SizeChoice size = config.size();
        // The search works on costs of its own, and finds the percentile in a sorted copy.
        long copy = 8L * DistanceMatrix.length(n);
        heap.take(copy);
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
        if (config.constraints().maxInternalMass().isPresent()) {
            int[] representatives = set.items().representatives();
            heap.take(copy);
            options =
                    options.budget(
                            LinkMass.between(
                                    set.items().graph(),
                                    Arrays.stream(set.grouped())
                                            .map(i -> representatives[i])
                                            .toArray()),
                            config.constraints().maxInternalMass().get());
        }
        if (!size.rule().equals("grouping") && size.maxDistance().isEmpty()) {
            int groups = size();
            options = options.groups(groups, groups);
        }
        return grouped(
                CorrelationClustering.cluster(
                                distances.condensed(), n, constraints, options, session.monitor())
                        .group());
    }

    private Grouped grouped(int[] group) {
        return new Grouped(group, config.size().rule());
    }

    /** The number of groups; where a criterion decides, that of the hierarchy's cut. */
    private int size() {
        return config.size()
                .groups(n, set.groupedNodes())
                .orElseGet(
                        () -> curve(hierarchy()).choose(config.size().criterion().orElseThrow()));
    }

    private static int[] inOrder(int[] group) {
        return Baselines.byKey(IntStream.of(group).boxed().toArray());
    }
}
