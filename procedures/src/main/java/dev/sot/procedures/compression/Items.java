package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.CircuitGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * What is grouped: a circuit's feature nodes one by one, or all those of one feature together, in
 * the order of their first nodes.
 *
 * @param circuit the circuit
 * @param level FEATURE or NODE
 * @param features the distinct features, in the order of their first nodes
 * @param feature for each item the index of its feature, -1 for a node without one
 * @param members for each item its nodes, ascending
 */
record Items(
        LoadedCircuit circuit, Level level, List<Node> features, int[] feature, int[][] members) {

    /** The feature nodes of a circuit as items; the level is not AUTO. */
    static Items of(LoadedCircuit circuit, Level level) {
        int[] nodes = circuit.ofKind(CircuitNodeKind.FEATURE);
        Map<Node, Integer> numbers = new HashMap<>();
        List<Node> features = new ArrayList<>();
        int[] featureOfNode = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            Node feature = circuit.features()[nodes[i]];
            featureOfNode[i] =
                    feature == null
                            ? -1
                            : numbers.computeIfAbsent(
                                    feature,
                                    f -> {
                                        features.add(f);
                                        return features.size() - 1;
                                    });
        }
        if (level == Level.NODE) {
            int[][] members =
                    Arrays.stream(nodes).mapToObj(v -> new int[] {v}).toArray(int[][]::new);
            return new Items(circuit, level, features, featureOfNode, members);
        }
        // A node without a feature is an item by itself.
        List<List<Integer>> members = new ArrayList<>();
        List<Integer> feature = new ArrayList<>();
        int[] itemOfFeature = new int[features.size()];
        Arrays.fill(itemOfFeature, -1);
        for (int i = 0; i < nodes.length; i++) {
            int of = featureOfNode[i];
            int item = of < 0 ? -1 : itemOfFeature[of];
            if (item < 0) {
                item = members.size();
                members.add(new ArrayList<>());
                feature.add(of);
                if (of >= 0) {
                    itemOfFeature[of] = item;
                }
            }
            members.get(item).add(nodes[i]);
        }
        return new Items(
                circuit,
                level,
                features,
                feature.stream().mapToInt(Integer::intValue).toArray(),
                members.stream()
                        .map(m -> m.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new));
    }

    /** Number of items. */
    int size() {
        return members.length;
    }

    /** The feature that an item is, or whose node it is; null for a node without one. */
    Node featureOf(int item) {
        return feature[item] < 0 ? null : features.get(feature[item]);
    }

    /** Key of the feature that an item is, or of its only node. */
    String key(int item) {
        Node node = circuit.nodes().get(members[item][0]);
        return level == Level.FEATURE
                ? (String) featureOf(item).getProperty("key")
                : (String) node.getProperty("key", node.getElementId());
    }

    /** What messages call an item. */
    String name(int item) {
        return level == Level.NODE || featureOf(item) == null
                ? "node '" + circuit.nodeId(members[item][0]) + "'"
                : "feature '" + featureOf(item).getProperty("key") + "'";
    }

    /** Token position of an item that is one node. */
    int position(int item) {
        return circuit.position()[members[item][0]];
    }

    int lowestLayer(int item) {
        return Arrays.stream(members[item]).map(v -> circuit.layer()[v]).min().orElseThrow();
    }

    int highestLayer(int item) {
        return Arrays.stream(members[item]).map(v -> circuit.layer()[v]).max().orElseThrow();
    }

    /** Nodes of some items. */
    int nodes(int[] items) {
        return Arrays.stream(items).map(i -> members[i].length).sum();
    }

    /** The circuit with each item as one node; numbered as the first nodes of the items. */
    CircuitGraph graph() {
        if (size() == nodes(IntStream.range(0, size()).toArray())) {
            return circuit.graph();
        }
        int[] representative = IntStream.range(0, circuit.nodes().size()).toArray();
        for (int[] nodes : members) {
            for (int node : nodes) {
                representative[node] = nodes[0];
            }
        }
        return circuit.graph().merged(representative);
    }

    /** The node of {@link #graph()} that each item is. */
    int[] representatives() {
        return Arrays.stream(members).mapToInt(m -> m[0]).toArray();
    }
}
