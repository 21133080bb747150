package dev.sot.procedures.compression;

import dev.sot.procedures.compression.GroupingChoice.Method;
import dev.sot.procedures.compression.PartitionFigures.Figure;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.InterventionStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Spread;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.circuit.PartitionMass;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.circuit.Scores;
import dev.sot.transport.cluster.Agreement;
import dev.sot.transport.cluster.Baselines;
import dev.sot.transport.cluster.Linkage;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * Compares a compression with other partitions of the same items: those that it groups are grouped
 * again by each baseline, everything else stays as the compression has it, and every partition is
 * measured in the same way.
 */
final class Evaluation {

    private static final String PROCEDURE = "sot.evaluate";

    private final Session session;
    private final EvaluationConfig config;
    private final StoredCompression compression;
    private final LoadedCircuit circuit;
    private final int[] assignment;
    private final Optional<String> space;

    /** The items compared. */
    private final Items items;

    /** What partitions are measured by: distances among the items. */
    private final Optional<double[]> distances;

    private final Optional<double[]> correlations;

    /** What the reference says of each node, null where it says nothing. */
    private final Object[] reference;

    private final Scores scores;

    /** A partition to compare with: the items grouped anew. */
    private record Baseline(String name, Measure measure, Method method, Linkage linkage) {}

    private static final List<Baseline> BASELINES =
            List.of(
                    new Baseline(
                            "decoderCosine",
                            Measure.DECODER_COSINE,
                            Method.HIERARCHICAL,
                            Linkage.WARD),
                    new Baseline(
                            "activationCorrelation",
                            Measure.ACTIVATION_CORRELATION,
                            Method.HIERARCHICAL,
                            Linkage.WARD),
                    new Baseline(
                            "edgeProfile",
                            Measure.EDGE_PROFILE,
                            Method.HIERARCHICAL,
                            Linkage.COMPLETE),
                    new Baseline(
                            "roleVectors",
                            Measure.ROLE_VECTORS,
                            Method.CORRELATION_CLUSTERING,
                            Linkage.AVERAGE),
                    new Baseline(
                            "spectral", Measure.EDGE_PROFILE, Method.SPECTRAL, Linkage.AVERAGE));

    private Evaluation(Session session, EvaluationConfig config, String id, Heap heap) {
        this.session = session;
        this.config = config;
        compression = StoredCompression.require(session, PROCEDURE, id);
        circuit = compression.circuit(session, PROCEDURE, heap);
        assignment = compression.assignment(circuit);
        Optional<DistanceChoice> choice = distance();
        space =
                choice.flatMap(c -> c.wasserstein().space())
                        .or(
                                () ->
                                        spaces().stream()
                                                .map(s -> (String) s.getProperty("name"))
                                                .findFirst());
        Items all =
                choice.map(c -> ItemDistances.items(session, circuit, c))
                        .orElseGet(() -> Items.of(circuit, Level.NODE))
                        .within(assignment);
        if (choice.isPresent()) {
            ItemDistances measured = measured(heap, all, choice.get());
            items = all.only(measured.set().grouped());
            distances = Optional.of(measured.condensed());
        } else {
            items = all;
            distances = Optional.empty();
        }
        if (items.size() < 2) {
            throw new ConfigurationException(
                    "%s: fewer than two features of compression '%s' can be compared%s"
                            .formatted(
                                    PROCEDURE,
                                    compression.node().getProperty("id"),
                                    choice.isPresent()
                                            ? " by distance '"
                                                    + choice.get().name()
                                                    + "'; import activations of their dictionary,"
                                                    + " then CALL sot.distributions.write(), or"
                                                    + " choose another distance"
                                            : ""));
        }
        correlations = among(Measure.ACTIVATION_CORRELATION, heap);
        reference = reference();
        scores = scores();
    }

    /** The compression, then the baselines. */
    static List<EvaluationRow> run(Session session, EvaluationConfig config, String id) {
        try (Heap heap = session.heap()) {
            return new Evaluation(session, config, id, heap).rows();
        }
    }

    /** What to measure by: as asked for, or as the compression was made, or as can be had. */
    private Optional<DistanceChoice> distance() {
        return config.distance()
                .or(() -> compression.made().map(CompressConfig::distance))
                .or(
                        () ->
                                spaces().isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(
                                                DistanceChoice.by(
                                                        Measure.WASSERSTEIN, Optional.empty())));
    }

    private List<Node> spaces() {
        return SpaceStore.fitting(
                session.tx(),
                circuit.distinctFeatures().stream()
                        .map(f -> (String) f.getProperty("dictionary"))
                        .collect(Collectors.toSet()));
    }

    private ItemDistances measured(Heap taken, Items of, DistanceChoice choice) {
        return ItemDistances.of(session, taken, of, choice, config.concurrency());
    }

    /** Distances among the items by a measure; empty unless it says something of each of them. */
    private Optional<double[]> among(Measure measure, Heap taken) {
        boolean features = !circuit.distinctFeatures().isEmpty();
        if (!measure.isStructure() && !features
                || measure == Measure.ACTIVATION_CORRELATION && space.isEmpty()) {
            return Optional.empty();
        }
        ItemDistances found = measured(taken, items, DistanceChoice.by(measure, space));
        return found.set().size() == items.size()
                ? Optional.of(found.condensed())
                : Optional.empty();
    }

    private List<EvaluationRow> rows() {
        int[] own =
                Baselines.byKey(
                        Arrays.stream(items.members())
                                .map(m -> (Object) assignment[m[0]])
                                .toArray());
        List<EvaluationRow> rows = new ArrayList<>();
        rows.add(
                row(
                        "compression",
                        own,
                        InterventionStore.faithfulness(compression.node()).orElse(null)));
        List<PartitionFigures> draws = new ArrayList<>();
        for (int draw = 0; draw < config.draws(); draw++) {
            session.monitor().progress("random partitions", draw, config.draws());
            draws.add(figures(Baselines.randomSameSizes(own, config.seed() + draw)));
        }
        Map<String, ToDoubleFunction<Spread>> statistics = new LinkedHashMap<>();
        statistics.put("random", Spread::mean);
        statistics.put("random5", Spread::p5);
        statistics.put("random95", Spread::p95);
        statistics.forEach(
                (name, statistic) ->
                        rows.add(
                                row(
                                        name,
                                        (long) count(own),
                                        PartitionFigures.of(draws, statistic),
                                        null)));
        rows.add(row("layerPosition", Baselines.byKey(items.places()), null));
        for (Baseline baseline : BASELINES) {
            rows.add(
                    grouped(baseline, count(own))
                            .map(group -> row(baseline.name(), group, null))
                            .orElseGet(
                                    () ->
                                            row(
                                                    baseline.name(),
                                                    null,
                                                    new PartitionFigures(),
                                                    null)));
        }
        return rows;
    }

    private static int count(int[] group) {
        return Arrays.stream(group).max().orElse(-1) + 1;
    }

    /** As many groups of a baseline, under the compression's constraints where it takes any. */
    private Optional<int[]> grouped(Baseline baseline, int groups) {
        try (Heap taken = session.heap()) {
            DistanceChoice distance = DistanceChoice.by(baseline.measure(), space);
            CompressConfig how =
                    compression
                            .made()
                            .orElseGet(() -> CompressConfig.of(PROCEDURE, Map.of()))
                            .with(
                                    distance,
                                    new GroupingChoice(
                                            baseline.method(), baseline.linkage(), config.seed()),
                                    SizeChoice.exactly(groups));
            return among(baseline.measure(), taken)
                    .map(
                            condensed ->
                                    new Grouper(
                                                    session,
                                                    taken,
                                                    how,
                                                    new ItemDistances(
                                                            ItemSet.of(
                                                                    items,
                                                                    IntStream.range(0, items.size())
                                                                            .toArray(),
                                                                    Optional.empty()),
                                                            condensed))
                                            .group()
                                            .group());
        }
    }

    private EvaluationRow row(String name, int[] group, Double faithfulness) {
        return row(name, (long) count(group), figures(group), faithfulness);
    }

    private EvaluationRow row(
            String name, Long groups, PartitionFigures figures, Double faithfulness) {
        return new EvaluationRow(
                name,
                groups,
                figures,
                scores,
                hasReference() ? Arrays.stream(known()).count() : null,
                faithfulness);
    }

    private PartitionFigures figures(int[] group) {
        session.monitor().check();
        PartitionFigures figures = new PartitionFigures();
        int[] whole = assignment.clone();
        int[] sizes = new int[count(group)];
        int offset = count(assignment);
        for (int i = 0; i < items.size(); i++) {
            for (int node : items.members()[i]) {
                whole[node] = offset + group[i];
            }
            sizes[group[i]] += items.members()[i].length;
        }
        figures.put(Figure.LARGEST_SUPERNODE, Arrays.stream(sizes).max().orElseThrow());
        distances.ifPresent(
                condensed -> {
                    PartitionQuality quality =
                            PartitionQuality.of(condensed, items.size(), group, session.monitor());
                    figures.put(Figure.WITHIN, quality.within());
                    figures.put(Figure.BETWEEN, quality.between());
                    figures.put(Figure.SILHOUETTE, quality.silhouette());
                });
        correlations.ifPresent(
                condensed ->
                        figures.put(
                                Figure.COACTIVATION,
                                1
                                        - PartitionQuality.within(
                                                condensed,
                                                items.size(),
                                                group,
                                                items.feature(),
                                                session.monitor())));
        PartitionMass mass = Quotient.of(circuit.graph(), whole).mass();
        figures.put(Figure.INTERNAL_MASS, mass.internalMass());
        figures.put(Figure.CANCELLED_MASS, mass.cancelledMass());
        figures.put(Figure.RETAINED_MASS, mass.retainedMass());
        figures.put(Figure.LARGEST_CYCLE, mass.largestCycle());
        if (hasReference()) {
            int[] known = known();
            int[] found = Arrays.stream(known).map(v -> whole[v]).toArray();
            int[] wanted =
                    Baselines.byKey(Arrays.stream(known).mapToObj(v -> reference[v]).toArray());
            Agreement agreement = Agreement.of(found, wanted);
            Agreement expected = Agreement.expected(found, wanted);
            figures.put(Figure.ADJUSTED_RAND, agreement.adjustedRand());
            figures.put(
                    Figure.NORMALIZED_MUTUAL_INFORMATION, agreement.normalizedMutualInformation());
            figures.put(Figure.PAIR_F1, agreement.pairF1());
            figures.put(
                    Figure.EXPECTED_NORMALIZED_MUTUAL_INFORMATION,
                    expected.normalizedMutualInformation());
            figures.put(Figure.EXPECTED_PAIR_F1, expected.pairF1());
        }
        return figures;
    }

    private boolean hasReference() {
        return config.reference().isPresent() || config.referenceProperty().isPresent();
    }

    /** Nodes compared of which the reference says something. */
    private int[] known() {
        return Arrays.stream(items.members())
                .flatMapToInt(Arrays::stream)
                .filter(v -> reference[v] != null)
                .toArray();
    }

    private Object[] reference() {
        Object[] says = new Object[circuit.nodes().size()];
        config.reference()
                .ifPresent(
                        id -> {
                            int[] other =
                                    CompressionStore.assignment(
                                            CompressionStore.require(session.tx(), id),
                                            circuit.nodes());
                            Arrays.setAll(says, v -> other[v] < 0 ? null : other[v]);
                            if (Arrays.stream(says).allMatch(s -> s == null)) {
                                throw new ConfigurationException(
                                        "%s: compression '%s' has no node in common with '%s'; the reference must be one of the same circuit"
                                                .formatted(
                                                        PROCEDURE,
                                                        id,
                                                        compression.node().getProperty("id")));
                            }
                        });
        config.referenceProperty()
                .ifPresent(
                        property -> {
                            Arrays.setAll(
                                    says,
                                    v ->
                                            circuit.features()[v] == null
                                                    ? null
                                                    : circuit.features()[v].getProperty(
                                                            property, null));
                            if (Arrays.stream(says).allMatch(s -> s == null)) {
                                throw new ConfigurationException(
                                        "%s: no feature of compression '%s' has a property '%s'"
                                                .formatted(
                                                        PROCEDURE,
                                                        compression.node().getProperty("id"),
                                                        property));
                            }
                        });
        return says;
    }

    /** Scores of the nodes in supernodes, which are the same however they are grouped. */
    private Scores scores() {
        boolean[] pinned = new boolean[assignment.length];
        for (int v = 0; v < pinned.length; v++) {
            pinned[v] = assignment[v] >= 0;
        }
        return Attribution.scores(
                Attribution.pinned(circuit.graph(), pinned, circuit.layer(), circuit.position()),
                session.monitor());
    }
}
