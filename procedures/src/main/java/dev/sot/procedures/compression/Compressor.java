package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CircuitSource;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.AcyclicCollapse;
import dev.sot.transport.circuit.NodeKind;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.cluster.PartitionQuality;
import dev.sot.transport.cluster.SizeCurve;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Node;

/**
 * Compresses one circuit: groups its items, and collapses it. Nodes of items without distances,
 * embeddings and logits stay by themselves; errors, which nothing points to, become one supernode.
 */
final class Compressor {

    private static final List<NodeKind> ORDER =
            List.of(NodeKind.FEATURE, NodeKind.EMBEDDING, NodeKind.LOGIT, NodeKind.ERROR);

    private final Session session;
    private final Heap heap;
    private final CompressConfig config;

    Compressor(Session session, Heap heap, CompressConfig config) {
        this.session = session;
        this.heap = heap;
        this.config = config;
    }

    Compressed run(CircuitSource source) {
        Stopwatch stopwatch = new Stopwatch();
        GraphDataScience.require(session, config);
        LoadedCircuit circuit = source.load(session, heap);
        if (config.dendrogram().isPresent()) {
            Hierarchy hierarchy = Hierarchy.of(config.dendrogram().get());
            ItemSet set = hierarchy.items(session, heap, circuit, config);
            long preProcessingMillis = stopwatch.lap();
            Grouped grouped = new Cut(session, config, set).of(hierarchy);
            return compressed(
                    set, grouped, PartitionQuality.UNKNOWN, preProcessingMillis, stopwatch);
        }
        ItemDistances distances = distances(circuit);
        ItemSet set = distances.set();
        long preProcessingMillis = stopwatch.lap();
        Grouped grouped = new Grouper(session, heap, config, distances).group();
        return compressed(
                set,
                grouped,
                PartitionQuality.of(
                        distances.condensed(), set.size(), grouped.group(), session.monitor()),
                preProcessingMillis,
                stopwatch);
    }

    /** The hierarchy of a circuit's items: the stored one, or else computed. */
    Hierarchy hierarchy(LoadedCircuit circuit) {
        return config.dendrogram().map(Hierarchy::of).orElseGet(() -> grouper(circuit).hierarchy());
    }

    /** All cuts of the hierarchy of a circuit's items; of a stored one without distances. */
    SizeCurve curve(LoadedCircuit circuit) {
        if (config.dendrogram().isPresent()) {
            Hierarchy hierarchy = Hierarchy.of(config.dendrogram().get());
            return SizeCurve.ofLinks(
                    hierarchy.dendrogram(),
                    circuit.graph(),
                    hierarchy.items(session, heap, circuit, config).blocks(),
                    session.monitor());
        }
        Grouper grouper = grouper(circuit);
        return grouper.curve(grouper.hierarchy());
    }

    /** What compressing a circuit would take. */
    CompressEstimate estimate(LoadedCircuit circuit) {
        Items items = Items.of(circuit, ItemDistances.level(session, circuit, config.distance()));
        Measures measures =
                new Measures(session, heap, items, config.distance(), config.concurrency());
        return new CompressEstimate(
                items,
                config.dendrogram()
                        .map(d -> measures.needOfItems(Hierarchy.of(d).dendrogram().itemCount()))
                        .orElseGet(measures::need),
                config);
    }

    private Grouper grouper(LoadedCircuit circuit) {
        return new Grouper(session, heap, config, distances(circuit));
    }

    /** Distances among the items of a circuit, of which some must have any. */
    ItemDistances distances(LoadedCircuit circuit) {
        ItemDistances distances =
                ItemDistances.of(session, heap, circuit, config.distance(), config.concurrency());
        if (distances.set().size() == 0) {
            throw config.problem(nothingToGroup(distances.set()));
        }
        return distances;
    }

    private Compressed compressed(
            ItemSet set,
            Grouped grouped,
            PartitionQuality quality,
            long preProcessingMillis,
            Stopwatch stopwatch) {
        LoadedCircuit circuit = set.items().circuit();
        List<List<Integer>> supernodes = supernodes(set, grouped.group());
        int[] assignment = new int[circuit.nodes().size()];
        for (int rank = 0; rank < supernodes.size(); rank++) {
            for (int node : supernodes.get(rank)) {
                assignment[node] = rank;
            }
        }
        Quotient quotient = Quotient.of(circuit.graph(), assignment);
        return new Compressed(
                set,
                space(set),
                grouped,
                supernodes,
                quality,
                quotient,
                config.constraints().acyclic() == ConstraintChoice.Acyclic.COLLAPSE
                        ? Optional.of(
                                AcyclicCollapse.of(
                                        quotient,
                                        circuit.graph(),
                                        assignment,
                                        circuit.layer(),
                                        circuit.position()))
                        : Optional.empty(),
                preProcessingMillis,
                stopwatch.lap());
    }

    private Optional<Node> space(ItemSet set) {
        return config.distance().measure() == Measure.ACTIVATION_CORRELATION
                ? Optional.of(Measures.space(session, set.items(), config.distance()))
                : set.clouds().map(ItemClouds::space);
    }

    private String nothingToGroup(ItemSet set) {
        LoadedCircuit circuit = set.items().circuit();
        if (set.items().size() == 0) {
            return "circuit '" + circuit.name() + "' has no features";
        }
        String none = "no feature of circuit '" + circuit.name() + "' ";
        String dictionary =
                circuit.circuits().isEmpty()
                        ? "; its nodes have " + circuit.distinctFeatures().size() + " features: "
                        : "; its dictionary is '"
                                + circuit.circuits().stream()
                                        .map(c -> (String) c.getProperty("dictionary"))
                                        .distinct()
                                        .collect(Collectors.joining("', '"))
                                + "': ";
        return switch (config.distance().measure()) {
            case WASSERSTEIN ->
                    none
                            + "has a distribution in the reference space '"
                            + set.clouds().orElseThrow().spaceName()
                            + "'"
                            + dictionary
                            + "import activations of that dictionary, then CALL"
                            + " sot.distributions.write()";
            case DECODER_COSINE ->
                    none
                            + "has a decoder vector"
                            + dictionary
                            + "import activations of that dictionary with its vectors";
            case ACTIVATION_CORRELATION ->
                    none
                            + "fires on the corpus"
                            + dictionary
                            + "import activations of that dictionary";
            case EDGE_PROFILE, ROLE_VECTORS ->
                    none
                            + "has a link of any weight; import activations of the features'"
                            + " dictionary and compare by what needs no links: {distance:"
                            + " 'wasserstein'}, 'activationCorrelation' or 'decoderCosine'";
        };
    }

    /**
     * Member nodes of each supernode: features by falling influence, then embeddings, logits and
     * errors in the order of the file.
     */
    private static List<List<Integer>> supernodes(ItemSet set, int[] group) {
        LoadedCircuit circuit = set.items().circuit();
        int[] block = set.blocks();
        Map<Integer, List<Integer>> supernodes = new TreeMap<>();
        for (int node = 0; node < block.length; node++) {
            // Items are at least as many as groups.
            int number = block[node] < set.size() ? group[block[node]] : block[node];
            supernodes.computeIfAbsent(number, g -> new ArrayList<>()).add(node);
        }
        return supernodes.values().stream()
                .sorted(
                        Comparator.comparing(
                                        (List<Integer> members) ->
                                                ORDER.indexOf(circuit.graph().kind(members.get(0))))
                                .thenComparing(
                                        members ->
                                                circuit.graph().kind(members.get(0))
                                                                == NodeKind.FEATURE
                                                        ? -influence(circuit, members)
                                                        : 0)
                                .thenComparing(members -> members.get(0)))
                .toList();
    }

    static double influence(LoadedCircuit circuit, List<Integer> members) {
        return members.stream().mapToDouble(m -> circuit.influence()[m]).sum();
    }
}
