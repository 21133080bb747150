package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.CircuitGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
 * @param feature for each item the index of its feature
 * @param members for each item its nodes, ascending
 */
record Items(
        LoadedCircuit circuit, Level level, List<Node> features, int[] feature, int[][] members) {

    /** The feature nodes of a circuit as items; the level is not AUTO. */
    static Items of(LoadedCircuit circuit, Level level) {
        int[] nodes = circuit.ofKind(CircuitNodeKind.FEATURE);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        List<Node> features = new ArrayList<>();
        int[] featureOfNode = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            Node feature = CircuitStore.feature(circuit.nodes().get(nodes[i]));
            Integer number = numbers.putIfAbsent(feature.getElementId(), features.size());
            if (number == null) {
                features.add(feature);
            }
            featureOfNode[i] = number == null ? features.size() - 1 : number;
        }
        if (level == Level.NODE) {
            int[][] members =
                    Arrays.stream(nodes).mapToObj(v -> new int[] {v}).toArray(int[][]::new);
            return new Items(circuit, level, features, featureOfNode, members);
        }
        List<List<Integer>> members = new ArrayList<>();
        features.forEach(f -> members.add(new ArrayList<>()));
        for (int i = 0; i < nodes.length; i++) {
            members.get(featureOfNode[i]).add(nodes[i]);
        }
        return new Items(
                circuit,
                level,
                features,
                IntStream.range(0, features.size()).toArray(),
                members.stream()
                        .map(m -> m.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new));
    }

    /** Number of items. */
    int size() {
        return members.length;
    }

    /** The feature that an item is, or whose node it is. */
    Node featureOf(int item) {
        return features.get(feature[item]);
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
        return level == Level.NODE
                ? "node '" + circuit.nodes().get(members[item][0]).getProperty("nodeId") + "'"
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
