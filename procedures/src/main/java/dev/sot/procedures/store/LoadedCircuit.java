package dev.sot.procedures.store;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.NotFoundException;

/**
 * What is compressed, read from the database for computing: a circuit, several as one graph without
 * links between them, or a graph of the user's own.
 *
 * @param name what it goes by: the circuit's slug, the slugs of several, or the name of a graph of
 *     the user's own
 * @param circuits the {@code :Circuit}s, in the order of their slugs; none for a graph of the
 *     user's own
 * @param nodes the nodes: those of each circuit in the order of its file, circuit by circuit
 * @param circuit for each node the index of its circuit, 0 in a graph of the user's own
 * @param features for each node its {@code :Feature}, null for a node that has none
 * @param layer layer of each node, -1 where not known
 * @param position token position of each node, -1 where not known
 * @param influence influence of each node on the logits of its circuit
 * @param graph the links; node i of the graph is nodes.get(i)
 */
public record LoadedCircuit(
        String name,
        List<Node> circuits,
        List<Node> nodes,
        int[] circuit,
        Node[] features,
        int[] layer,
        int[] position,
        double[] influence,
        CircuitGraph graph) {

    /**
     * Checks that shares of the links' weight can be computed.
     *
     * @throws ConfigurationException when their absolute weights add up to more than a double holds
     */
    public LoadedCircuit {
        double total = 0;
        for (int node = 0; node < graph.nodeCount(); node++) {
            total += graph.absoluteInput(node);
        }
        if (total == Double.POSITIVE_INFINITY) {
            throw new ConfigurationException(
                    "the absolute weights of the links of circuit '"
                            + name
                            + "' add up to more than a number can hold, "
                            + Double.MAX_VALUE
                            + "; divide all of them by the same number, which changes no share of"
                            + " them");
        }
    }

    /** Circuits that a name lists before it only counts them. */
    private static final int NAMED = 3;

    /** Heap that a loaded circuit takes, with what loading it takes beside. */
    public static long bytes(long nodes, long links) {
        return 400 * nodes + 44 * links;
    }

    /** Reads one circuit. */
    public static LoadedCircuit of(Session session, Node circuit) {
        return of(session, List.of(circuit));
    }

    /**
     * Reads circuits as one graph.
     *
     * @param circuits {@code :Circuit}s, in the order of their slugs
     * @throws ConfigurationException when somebody took away what was imported
     */
    public static LoadedCircuit of(Session session, List<Node> circuits) {
        try {
            return read(session, circuits);
        } catch (NotFoundException e) {
            throw new ConfigurationException(
                    "circuit '"
                            + name(circuits)
                            + "' is not as sot.import.circuit writes it: "
                            + e.getMessage()
                            + "; import its file anew with {replace: true}");
        }
    }

    private static LoadedCircuit read(Session session, List<Node> circuits) {
        List<Node> nodes = new ArrayList<>();
        List<List<Node>> parts = new ArrayList<>();
        int links = 0;
        for (Node circuit : circuits) {
            List<Node> part = CircuitStore.nodes(circuit);
            parts.add(part);
            nodes.addAll(part);
            links = Math.addExact(links, Math.toIntExact((Long) circuit.getProperty("links")));
        }
        int n = nodes.size();
        int[] circuit = new int[n];
        Node[] features = new Node[n];
        NodeKind[] kinds = new NodeKind[n];
        int[] layer = new int[n];
        int[] position = new int[n];
        double[] influence = new double[n];
        double[] logitProbability = new double[n];
        int[] source = new int[links];
        int[] target = new int[links];
        double[] weight = new double[links];
        int first = 0;
        int[] next = {0};
        for (int c = 0; c < parts.size(); c++) {
            List<Node> part = parts.get(c);
            for (int i = 0; i < part.size(); i++) {
                session.monitor().check();
                Node node = part.get(i);
                int v = first + i;
                circuit[v] = c;
                kinds[v] = NodeKind.valueOf(CircuitStore.kind(node).name());
                layer[v] = ((Number) node.getProperty("layer")).intValue();
                position[v] = ((Number) node.getProperty("position")).intValue();
                influence[v] = (Double) node.getProperty("influence");
                if (kinds[v] == NodeKind.FEATURE) {
                    features[v] = CircuitStore.feature(node);
                } else if (kinds[v] == NodeKind.LOGIT) {
                    logitProbability[v] = (Double) node.getProperty("tokenProbability");
                }
            }
            int offset = first;
            CircuitStore.links(part)
                    .forEachOrdered(
                            link -> {
                                session.monitor().check();
                                int i = next[0]++;
                                source[i] = offset + link.source();
                                target[i] = offset + link.target();
                                weight[i] = (Double) link.relationship().getProperty("weight");
                            });
            first += part.size();
        }
        return new LoadedCircuit(
                name(circuits),
                List.copyOf(circuits),
                nodes,
                circuit,
                features,
                layer,
                position,
                influence,
                new CircuitGraph(kinds, logitProbability, source, target, weight));
    }

    static String name(List<Node> circuits) {
        List<String> slugs = circuits.stream().map(CircuitStore::slug).toList();
        return slugs.stream().limit(NAMED).collect(Collectors.joining("+"))
                + (slugs.size() > NAMED ? "+" + (slugs.size() - NAMED) + " more" : "");
    }

    /** The same nodes with other links; influence stays as it was. */
    public LoadedCircuit with(CircuitGraph links) {
        return new LoadedCircuit(
                name, circuits, nodes, circuit, features, layer, position, influence, links);
    }

    /** Indices of the nodes of one kind, ascending. */
    public int[] ofKind(CircuitNodeKind kind) {
        NodeKind wanted = NodeKind.valueOf(kind.name());
        return IntStream.range(0, nodes.size()).filter(i -> graph.kind(i) == wanted).toArray();
    }

    /** The kind of a node. */
    public CircuitNodeKind kind(int node) {
        return CircuitNodeKind.valueOf(graph.kind(node).name());
    }

    /** The distinct features, in the order of their first nodes. */
    public Set<Node> distinctFeatures() {
        return Arrays.stream(features)
                .filter(f -> f != null)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * What a node is called: its own label, else its feature's, else, of an embedding, the prompt's
     * token, else its id.
     */
    public String label(int node) {
        return ownLabel(node).or(() -> promptToken(node)).orElseGet(() -> nodeId(node));
    }

    /** A node's own label, else its feature's. */
    public Optional<String> ownLabel(int node) {
        return CircuitStore.ownLabel(nodes.get(node), features[node]);
    }

    /** The id of a node in its circuit's file; the database's where it has none. */
    public String nodeId(int node) {
        Node of = nodes.get(node);
        return CircuitStore.text(of, "nodeId").orElseGet(of::getElementId);
    }

    private Optional<String> promptToken(int node) {
        return graph.kind(node) == NodeKind.EMBEDDING && !circuits.isEmpty()
                ? CircuitStore.promptToken(circuits.get(circuit[node]), position[node])
                : Optional.empty();
    }
}
