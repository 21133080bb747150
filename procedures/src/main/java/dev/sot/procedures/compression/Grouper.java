package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.cluster.Baselines;
import dev.sot.transport.cluster.ClassicalScaling;
import dev.sot.transport.cluster.Constraints;
import dev.sot.transport.cluster.CorrelationClustering;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.EdgeProfiles;
import dev.sot.transport.cluster.GapStatistic;
import dev.sot.transport.cluster.Hdbscan;
import dev.sot.transport.cluster.HierarchicalClustering;
import dev.sot.transport.cluster.KMedoids;
import dev.sot.transport.cluster.LinkMass;
import dev.sot.transport.cluster.NearestGraph;
import dev.sot.transport.cluster.SizeCriterion;
import dev.sot.transport.cluster.SizeCurve;
import dev.sot.transport.cluster.SpectralClustering;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Groups items as the configuration says. */
final class Grouper {

    /** References of the gap statistic. */
    private static final int GAP_REFERENCES = 20;

    /** The nearest item whose distance is the scale of similarities, as its authors have it. */
    private static final int LOCAL_SCALE = 7;

    private static final int K_MEANS_RUNS = 10;

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
                case SPECTRAL -> spectral();
                case HDBSCAN -> hdbscan();
                case LEIDEN -> leiden();
                case K_MEANS -> kMeans();
                case RANDOM ->
                        grouped(
                                inOrder(
                                        Baselines.randomSameSizes(
                                                cut(hierarchy()).group(),
                                                config.grouping().seed())));
            };
        } catch (IllegalArgumentException e) {
            throw config.problem(e.getMessage());
        }
    }

    /** The hierarchy of the items, under the constraints. */
    Hierarchy hierarchy() {
        Constraints constraints = ItemConstraints.of(session, set, config);
        // The linkage uses up a copy.
        long copy = 8L * DistanceMatrix.length(n);
        heap.take(copy);
        Dendrogram dendrogram =
                HierarchicalClustering.cluster(
                        copy(distances.condensed()),
                        n,
                        config.grouping().linkage(),
                        constraints,
                        session.monitor());
        heap.release(copy);
        return new Hierarchy(
                dendrogram, Arrays.stream(set.grouped()).mapToObj(set.items()::key).toList());
    }

    private double[] copy(double[] condensed) {
        session.monitor().check();
        double[] copy = new double[condensed.length];
        int length = 0;
        for (int row = n - 1; row > 0; row--) {
            session.monitor().check();
            System.arraycopy(condensed, length, copy, length, row);
            length += row;
        }
        return copy;
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
                                ItemConstraints.of(session, set, config),
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
        Constraints constraints = ItemConstraints.of(session, set, config);
        SizeChoice size = config.size();
        // The search works on costs of pairs and costs of groups.
        long copy = 8L * DistanceMatrix.length(n);
        heap.take(2 * copy);
        CorrelationClustering.Options options =
                CorrelationClustering.Options.of(
                        size.maxDistance()
                                .orElseGet(
                                        () ->
                                                CorrelationClustering.percentile(
                                                        distances.condensed(),
                                                        n,
                                                        constraints,
                                                        CorrelationClustering.PERCENTILE,
                                                        session.monitor())));
        if (config.constraints().maxInternalMass().isPresent()) {
            heap.take(3 * copy);
            options =
                    options.budget(
                            LinkMass.between(set.items().graph(), groupedNodes()),
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

    private Grouped spectral() {
        long bytes = config.grouping().bytes(n);
        heap.take(bytes);
        int[] group =
                SpectralClustering.cluster(
                        similarities(),
                        n,
                        size(),
                        config.grouping().seed(),
                        config.concurrency(),
                        session.monitor());
        heap.release(bytes);
        return grouped(group);
    }

    /**
     * Of edge profiles the two halves one by one, as ADAG has them; other cosines and correlations
     * as they are, and what is no cosine on the scale of near distances.
     */
    private double[] similarities() {
        if (!config.distance().isCosine()) {
            return NearestGraph.similarities(
                    distances.condensed(), n, LOCAL_SCALE, session.monitor());
        }
        if (config.distance().measure() == Measure.EDGE_PROFILE) {
            CircuitGraph graph = set.items().graph();
            int[] nodes = groupedNodes();
            return SpectralClustering.meanOfViews(
                    List.of(
                            EdgeProfiles.incoming(graph, nodes, session.monitor()),
                            EdgeProfiles.outgoing(graph, nodes, session.monitor())));
        }
        double[] similarities = new double[DistanceMatrix.length(n)];
        int pair = 0;
        for (int i = 0; i < n; i++) {
            session.monitor().check();
            for (int j = i + 1; j < n; j++, pair++) {
                similarities[pair] = 1 - distances.condensed()[pair];
            }
        }
        return similarities;
    }

    /** The node that each item is in the circuit with each item as one node. */
    private int[] groupedNodes() {
        int[] representatives = set.items().representatives();
        return Arrays.stream(set.grouped()).map(i -> representatives[i]).toArray();
    }

    private Grouped hdbscan() {
        if (config.grouping().minClusterSize() > n) {
            throw config.problem(
                    "configuration key `minClusterSize` is "
                            + config.grouping().minClusterSize()
                            + ", but there are only "
                            + n
                            + " items, which would all stay alone");
        }
        long bytes = config.grouping().bytes(n);
        heap.take(bytes);
        Hdbscan found =
                Hdbscan.cluster(
                        distances.condensed(),
                        n,
                        config.grouping().minClusterSize(),
                        config.grouping().samples(),
                        session.monitor());
        heap.release(bytes);
        return new Grouped(
                found.group(),
                config.size().rule(),
                Optional.empty(),
                OptionalInt.of(found.noise()));
    }

    private Grouped leiden() {
        int neighbours = Math.min(config.grouping().neighbours(), n);
        heap.take(config.grouping().bytes(n));
        NearestGraph graph =
                NearestGraph.of(distances.condensed(), n, neighbours, session.monitor());
        return grouped(
                new GraphDataScience(session)
                        .leiden(graph, n, config.grouping().gamma(), config.grouping().seed()));
    }

    private Grouped kMeans() {
        long bytes = config.grouping().bytes(n);
        heap.take(bytes);
        double[][] points =
                ClassicalScaling.of(
                                distances.condensed(),
                                n,
                                config.grouping().dimension(),
                                config.concurrency(),
                                session.monitor())
                        .points();
        heap.release(bytes);
        return grouped(
                new GraphDataScience(session)
                        .kMeans(points, size(), K_MEANS_RUNS, config.grouping().seed()));
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
