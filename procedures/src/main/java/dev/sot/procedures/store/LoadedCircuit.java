package dev.sot.procedures.store;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * A circuit read from the database for computing: its nodes, in the order of the file, and the
 * graph over their indices.
 *
 * @param circuit the {@code :Circuit}
 * @param nodes its {@code :CircuitNode}s
 * @param layer layer of each node
 * @param position token position of each node
 * @param influence raw influence of each node, recomputed at import
 * @param graph the links; node i of the graph is nodes.get(i)
 */
public record LoadedCircuit(
        Node circuit,
        List<Node> nodes,
        int[] layer,
        int[] position,
        double[] influence,
        CircuitGraph graph) {

    public static LoadedCircuit of(Node circuit) {
        List<Node> nodes = CircuitStore.nodes(circuit);
        int n = nodes.size();
        NodeKind[] kinds = new NodeKind[n];
        int[] layer = new int[n];
        int[] position = new int[n];
        double[] influence = new double[n];
        double[] logitProbability = new double[n];
        for (int i = 0; i < n; i++) {
            Node node = nodes.get(i);
            kinds[i] = NodeKind.valueOf(CircuitStore.kind(node).name());
            layer[i] = ((Number) node.getProperty("layer")).intValue();
            position[i] = ((Number) node.getProperty("position")).intValue();
            influence[i] = (Double) node.getProperty("influence");
            if (kinds[i] == NodeKind.LOGIT) {
                logitProbability[i] = (Double) node.getProperty("tokenProbability");
            }
        }
        int links = Math.toIntExact((Long) circuit.getProperty("links"));
        int[] source = new int[links];
        int[] target = new int[links];
        double[] weight = new double[links];
        int[] next = {0};
        CircuitStore.links(nodes)
                .forEachOrdered(
                        link -> {
                            int i = next[0]++;
                            source[i] = link.source();
                            target[i] = link.target();
                            weight[i] = (Double) link.relationship().getProperty("weight");
                        });
        return new LoadedCircuit(
                circuit,
                nodes,
                layer,
                position,
                influence,
                new CircuitGraph(kinds, logitProbability, source, target, weight));
    }

    public String slug() {
        return (String) circuit.getProperty("slug");
    }

    /** Indices of the nodes of one kind, ascending. */
    public int[] ofKind(CircuitNodeKind kind) {
        NodeKind wanted = NodeKind.valueOf(kind.name());
        return IntStream.range(0, nodes.size()).filter(i -> graph.kind(i) == wanted).toArray();
    }
}
