package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.transport.circuit.CircuitGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        Map<Object, List<Integer>> members = new LinkedHashMap<>();
        for (int node : circuit.ofKind(CircuitNodeKind.FEATURE)) {
            Node feature = circuit.features()[node];
            // A node without a feature is an item by itself.
            Object key = level == Level.NODE || feature == null ? (Object) node : feature;
            members.computeIfAbsent(key, k -> new ArrayList<>()).add(node);
        }
        return of(circuit, level, members.values());
    }

    private static Items of(LoadedCircuit circuit, Level level, Collection<List<Integer>> members) {
        Map<Node, Integer> numbers = new LinkedHashMap<>();
        int[] feature =
                members.stream()
                        .map(nodes -> circuit.features()[nodes.get(0)])
                        .mapToInt(
                                f ->
                                        f == null
                                                ? -1
                                                : numbers.computeIfAbsent(f, n -> numbers.size()))
                        .toArray();
        return new Items(
                circuit,
                level,
                List.copyOf(numbers.keySet()),
                feature,
                members.stream()
                        .map(nodes -> nodes.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new));
    }

    /**
     * The same items as far as a partition of the nodes has them: without the nodes that are in no
     * group, and those whose nodes are in several groups split into one item a group.
     *
     * @param group group of each node of the circuit, -1 for none
     */
    Items within(int[] group) {
        Map<List<Integer>, List<Integer>> parts = new LinkedHashMap<>();
        for (int item = 0; item < size(); item++) {
            for (int node : members[item]) {
                if (group[node] >= 0) {
                    parts.computeIfAbsent(List.of(item, group[node]), p -> new ArrayList<>())
                            .add(node);
                }
            }
        }
        return of(
                circuit,
                level,
                parts.values().stream().sorted(Comparator.comparing(p -> p.get(0))).toList());
    }

    /** Some of the items alone. */
    Items only(int[] items) {
        return of(
                circuit,
                level,
                Arrays.stream(items)
                        .mapToObj(i -> Arrays.stream(members[i]).boxed().toList())
                        .toList());
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
        return level == Level.FEATURE && featureOf(item) != null
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

    /** Layers and positions of each item's nodes. */
    Object[] places() {
        return Arrays.stream(members)
                .map(
                        nodes ->
                                Arrays.stream(nodes)
                                        .mapToObj(
                                                v ->
                                                        List.of(
                                                                circuit.layer()[v],
                                                                circuit.position()[v]))
                                        .collect(Collectors.toSet()))
                .toArray();
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
