package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/** What a procedure is to compress, as its arguments say: read only when it is asked for. */
public final class CircuitSource {

    private final String name;
    private final List<Node> circuits;
    private final OwnGraph own;

    private CircuitSource(String name, List<Node> circuits, OwnGraph own) {
        this.name = name;
        this.circuits = circuits;
        this.own = own;
    }

    /**
     * Resolves a procedure's first argument.
     *
     * @param argument the slug of a circuit or the {@code :Circuit} node; a list of these, to be
     *     read as one graph; nothing, for every circuit by itself; the name of a graph of the
     *     user's own, where one is given
     * @param own the user's own graph, if the configuration describes one
     * @throws ConfigurationException when there is no such circuit, or the argument is none of
     *     these
     */
    public static List<CircuitSource> of(
            Transaction tx, String procedure, Object argument, Optional<OwnGraph> own) {
        if (own.isPresent()) {
            return List.of(
                    new CircuitSource(ownName(tx, procedure, argument), List.of(), own.get()));
        }
        if (argument == null || argument instanceof String text && text.isBlank()) {
            return CircuitStore.requireAll(tx, null).stream().map(CircuitSource::of).toList();
        }
        if (!(argument instanceof List<?> list)) {
            return List.of(of(circuit(tx, procedure, argument)));
        }
        Map<String, Node> bySlug = new TreeMap<>();
        for (Object item : list) {
            Node circuit = circuit(tx, procedure, item);
            String slug = CircuitStore.slug(circuit);
            if (bySlug.put(slug, circuit) != null) {
                throw wrong(procedure, "lists circuit '" + slug + "' twice");
            }
        }
        if (bySlug.isEmpty()) {
            throw wrong(
                    procedure,
                    "is an empty list; list the circuits that are to be compressed together, or"
                            + " leave it out to compress every circuit by itself");
        }
        List<Node> circuits = new ArrayList<>(bySlug.values());
        return List.of(new CircuitSource(LoadedCircuit.name(circuits), circuits, null));
    }

    private static CircuitSource of(Node circuit) {
        return new CircuitSource(CircuitStore.slug(circuit), List.of(circuit), null);
    }

    private static Node circuit(Transaction tx, String procedure, Object item) {
        if (item instanceof Node node && node.hasLabel(Names.CIRCUIT)) {
            return CircuitStore.requireImported(node);
        }
        if (item instanceof String slug && !slug.isBlank()) {
            return CircuitStore.require(tx, slug);
        }
        throw wrong(
                procedure, "must be the slug of a circuit, a :Circuit node, or a list of these");
    }

    private static String ownName(Transaction tx, String procedure, Object argument) {
        if (!(argument instanceof String name) || name.isBlank()) {
            throw wrong(
                    procedure,
                    "must be a name, which the graph that the configuration describes then goes"
                            + " by");
        }
        if (CircuitStore.find(tx, name).isPresent()) {
            throw wrong(
                    procedure,
                    "names the circuit '"
                            + name
                            + "'; give the graph that the configuration describes another name");
        }
        return name;
    }

    private static ConfigurationException wrong(String procedure, String problem) {
        return new ConfigurationException(procedure + ": argument `circuit` " + problem);
    }

    /** What it goes by. */
    public String name() {
        return name;
    }

    /**
     * Reads it.
     *
     * @param heap counts what is read
     */
    public LoadedCircuit load(Session session, Heap heap) {
        if (own != null) {
            return new OwnGraphReader(session, heap, name).read(own);
        }
        for (Node circuit : circuits) {
            heap.take(
                    LoadedCircuit.bytes(
                            (Long) circuit.getProperty("nodes"),
                            (Long) circuit.getProperty("links")));
        }
        return LoadedCircuit.of(session, circuits);
    }
}
