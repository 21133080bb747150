package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.neo4j.graphdb.Node;

/**
 * Compresses one circuit: groups its items, and collapses it. Nodes of items without distances,
 * embeddings and logits stay by themselves; errors, which nothing points to, become one supernode.
 */
final class Compressor {

    private final Session session;
    private final Heap heap;
    private final CompressConfig config;

    Compressor(Session session, Heap heap, CompressConfig config) {
        this.session = session;
        this.heap = heap;
        this.config = config;
    }

    Compressed run(Node circuitNode) {
        Stopwatch stopwatch = new Stopwatch();
        LoadedCircuit circuit = LoadedCircuit.of(circuitNode);
        ItemDistances distances =
                ItemDistances.of(session, heap, circuit, config.distance(), config.concurrency());
        if (distances.grouped().length == 0) {
            throw new ConfigurationException("sot.compress: " + nothingToGroup(distances));
        }
        long preProcessingMillis = stopwatch.lap();
        Grouped grouped = new Grouper(session, heap, config, distances).group();
        List<List<Integer>> supernodes = supernodes(distances, grouped.group());
        int[] assignment = new int[circuit.nodes().size()];
        for (int rank = 0; rank < supernodes.size(); rank++) {
            for (int node : supernodes.get(rank)) {
                assignment[node] = rank;
            }
        }
        return new Compressed(
                distances,
                grouped,
                supernodes,
                PartitionQuality.of(
                        distances.condensed(), distances.grouped().length, grouped.group()),
                Quotient.of(circuit.graph(), assignment),
                preProcessingMillis,
                stopwatch.lap());
    }

    private String nothingToGroup(ItemDistances distances) {
        Node circuit = distances.items().circuit().circuit();
        String none = "no feature of circuit '" + circuit.getProperty("slug") + "' ";
        String dictionary = "; its dictionary is '" + circuit.getProperty("dictionary") + "': ";
        return switch (config.distance().measure()) {
            case WASSERSTEIN ->
                    none
                            + "has a distribution in the reference space '"
                            + distances.clouds().orElseThrow().spaceName()
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
                    "circuit '" + circuit.getProperty("slug") + "' has no features";
        };
    }

    /**
     * Member nodes of each supernode: features by falling influence, then embeddings, logits and
     * errors in the order of the file.
     */
    private static List<List<Integer>> supernodes(ItemDistances distances, int[] group) {
        LoadedCircuit circuit = distances.items().circuit();
        int[][] members = distances.items().members();
        Map<Integer, List<Integer>> grouped = new TreeMap<>();
        for (int i = 0; i < group.length; i++) {
            List<Integer> nodes = grouped.computeIfAbsent(group[i], g -> new ArrayList<>());
            Arrays.stream(members[distances.grouped()[i]]).forEach(nodes::add);
        }
        List<List<Integer>> features = new ArrayList<>(grouped.values());
        features.forEach(Collections::sort);
        for (int item : distances.without()) {
            Arrays.stream(members[item]).forEach(node -> features.add(List.of(node)));
        }
        features.sort(
                (a, b) -> {
                    int byInfluence = Double.compare(influence(circuit, b), influence(circuit, a));
                    return byInfluence != 0 ? byInfluence : Integer.compare(a.get(0), b.get(0));
                });
        List<List<Integer>> all = new ArrayList<>(features);
        for (CircuitNodeKind kind : List.of(CircuitNodeKind.EMBEDDING, CircuitNodeKind.LOGIT)) {
            for (int node : circuit.ofKind(kind)) {
                all.add(List.of(node));
            }
        }
        int[] errors = circuit.ofKind(CircuitNodeKind.ERROR);
        if (errors.length > 0) {
            all.add(Arrays.stream(errors).boxed().toList());
        }
        return all;
    }

    static double influence(LoadedCircuit circuit, List<Integer> members) {
        return members.stream().mapToDouble(m -> circuit.influence()[m]).sum();
    }
}
