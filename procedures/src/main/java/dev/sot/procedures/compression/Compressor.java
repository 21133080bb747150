package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.Quotient;
import dev.sot.transport.cluster.Constraints;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.HierarchicalClustering;
import dev.sot.transport.cluster.Linkage;
import dev.sot.transport.cluster.PartitionQuality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * Groups a circuit's feature nodes by the distance of their features: average linkage, cut at a
 * size or a distance. Nodes of features without a distribution, embeddings and logits stay by
 * themselves; errors, which nothing points to, become one supernode.
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
        NodeDistances nodes =
                NodeDistances.of(session, heap, circuit, config.distance(), config.concurrency());
        long preProcessingMillis = stopwatch.lap();
        if (nodes.clustered().length == 0) {
            throw new ConfigurationException(
                    "sot.compress: no feature of circuit '"
                            + circuit.slug()
                            + "' has a distribution in the reference space '"
                            + nodes.features().clouds().spaceName()
                            + "'; its dictionary is '"
                            + circuit.circuit().getProperty("dictionary")
                            + "': import activations of that dictionary, then CALL"
                            + " sot.distributions.write()");
        }
        int n = nodes.clustered().length;
        Dendrogram dendrogram =
                HierarchicalClustering.cluster(
                        nodes.condensed().clone(),
                        n,
                        Linkage.AVERAGE,
                        Constraints.NONE,
                        session.monitor());
        int[] cut =
                config.maxDistance().isPresent()
                        ? dendrogram.cutAtDistance(config.maxDistance().get())
                        : dendrogram.cutToSize(targetSize(n));
        PartitionQuality quality = PartitionQuality.of(nodes.condensed(), n, cut);
        List<List<Integer>> groups = groups(circuit, nodes, cut);
        int[] assignment = new int[circuit.nodes().size()];
        for (int group = 0; group < groups.size(); group++) {
            for (int node : groups.get(group)) {
                assignment[node] = group;
            }
        }
        Quotient quotient = Quotient.of(circuit.graph(), assignment);
        return new Compressed(
                circuit,
                nodes,
                groups,
                Arrays.stream(cut).max().orElseThrow() + 1,
                quality,
                quotient,
                preProcessingMillis,
                stopwatch.lap());
    }

    private int targetSize(int n) {
        return Math.min(
                n,
                config.targetSize()
                        .orElseGet(() -> Math.max(1, (int) Math.round(config.targetRatio() * n))));
    }

    /**
     * Member nodes of each supernode: features by falling influence, then embeddings, logits and
     * errors in the order of the file.
     */
    private static List<List<Integer>> groups(
            LoadedCircuit circuit, NodeDistances nodes, int[] cut) {
        List<List<Integer>> features = new ArrayList<>();
        IntStream.rangeClosed(0, Arrays.stream(cut).max().orElseThrow())
                .forEach(g -> features.add(new ArrayList<>()));
        for (int i = 0; i < cut.length; i++) {
            features.get(cut[i]).add(nodes.clustered()[i]);
        }
        for (int node : nodes.without()) {
            features.add(List.of(node));
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
