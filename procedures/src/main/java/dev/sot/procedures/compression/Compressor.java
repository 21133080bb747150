package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CircuitSource;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.NodeKind;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
        LoadedCircuit circuit = source.load(session, heap);
        ItemDistances distances =
                ItemDistances.of(session, heap, circuit, config.distance(), config.concurrency());
        ItemSet set = distances.set();
        if (set.size() == 0) {
            throw new ConfigurationException("sot.compress: " + nothingToGroup(set));
        }
        long preProcessingMillis = stopwatch.lap();
        Grouped grouped = new Grouper(session, heap, config, distances).group();
        return compressed(
                set,
                grouped,
                PartitionQuality.of(distances.condensed(), set.size(), grouped.group()),
                preProcessingMillis,
                stopwatch);
    }

    private static Compressed compressed(
            ItemSet set,
            Grouped grouped,
            PartitionQuality quality,
            long preProcessingMillis,
            Stopwatch stopwatch) {
        List<List<Integer>> supernodes = supernodes(set, grouped.group());
        int[] assignment = new int[set.items().circuit().nodes().size()];
        for (int rank = 0; rank < supernodes.size(); rank++) {
            for (int node : supernodes.get(rank)) {
                assignment[node] = rank;
            }
        }
        return new Compressed(
                set,
                grouped,
                supernodes,
                quality,
                Quotient.of(set.items().circuit().graph(), assignment),
                preProcessingMillis,
                stopwatch.lap());
    }

    private String nothingToGroup(ItemSet set) {
        LoadedCircuit circuit = set.items().circuit();
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
            case EDGE_PROFILE, ROLE_VECTORS -> "circuit '" + circuit.name() + "' has no features";
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
