package dev.sot.procedures.store;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.OwnGraph.Attribute;
import dev.sot.procedures.store.OwnGraph.Projection;
import dev.sot.procedures.store.OwnGraph.Queries;
import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.RelationshipType;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/** Reads a graph of the user's own: collects its nodes and links, and computes its influence. */
final class OwnGraphReader {

    private static final int CHECK_EVERY = 1024;

    /** Heap that a node takes, and a link, while they are collected and after. */
    private static final int BYTES_PER_NODE = 600;

    private static final int BYTES_PER_LINK = 140;

    private final Transaction tx;
    private final String name;
    private final Monitor monitor;
    private final Heap heap;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, Integer> indices = new HashMap<>();
    private final List<NodeKind> kinds = new ArrayList<>();
    private final List<Node> features = new ArrayList<>();
    private final List<Integer> layers = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private final List<Double> probabilities = new ArrayList<>();
    private final Map<Long, Double> links = new HashMap<>();

    OwnGraphReader(Session session, Heap heap, String name) {
        this.tx = session.tx();
        this.monitor = session.monitor();
        this.heap = heap;
        this.name = name;
    }

    private void collect(Queries queries) {
        forEachRow(
                "nodeQuery",
                queries.nodeQuery(),
                queries.parameters(),
                List.of("node"),
                row -> {
                    Node node = node("nodeQuery", "node", row.get("node"));
                    if (indices.containsKey(node)) {
                        throw problem(
                                "`nodeQuery` returns "
                                        + shown(node)
                                        + " in two rows; return"
                                        + " every node once");
                    }
                    add(
                            node,
                            row.get("kind"),
                            row.get("feature"),
                            row.get("layer"),
                            row.get("position"),
                            row.get("probability"));
                });
        requireNodes();
        forEachRow(
                "relationshipQuery",
                queries.relationshipQuery(),
                queries.parameters(),
                List.of("source", "target", "weight"),
                row ->
                        link(
                                index(row, "source"),
                                index(row, "target"),
                                row.get("weight"),
                                "aggregate them, as in RETURN source, target, sum(r.weight) AS"
                                        + " weight"));
    }

    private interface Row {
        Object get(String column);
    }

    private interface RowSink {
        void accept(Row row);
    }

    /** Runs a query that has to return certain columns. */
    private void forEachRow(
            String key,
            String query,
            Map<String, Object> parameters,
            List<String> required,
            RowSink sink) {
        ReadQuery.run(
                tx,
                key,
                query,
                parameters,
                this::problem,
                result -> {
                    List<String> missing = new ArrayList<>(required);
                    missing.removeAll(result.columns());
                    if (!missing.isEmpty()) {
                        throw problem(
                                "`"
                                        + key
                                        + "` returns the columns "
                                        + result.columns()
                                        + "; needed are also "
                                        + missing);
                    }
                    List<String> unknown = new ArrayList<>(new TreeSet<>(result.columns()));
                    unknown.removeAll(required);
                    if (key.equals("nodeQuery")) {
                        unknown.removeAll(
                                List.of("feature", "kind", "layer", "position", "probability"));
                    }
                    if (!unknown.isEmpty()) {
                        throw problem(
                                "`" + key + "` returns columns that mean nothing: " + unknown);
                    }
                    int rows = 0;
                    while (result.hasNext()) {
                        if ((rows++ & CHECK_EVERY - 1) == 0) {
                            monitor.check();
                            monitor.progress("reading rows of " + key, rows, 0);
                        }
                        sink.accept(result.next()::get);
                    }
                });
    }

    private Node node(String key, String column, Object value) {
        if (value instanceof Node node) {
            return node;
        }
        throw problem("column `" + column + "` of `" + key + "` must be a node, got " + value);
    }

    private int index(Row row, String column) {
        Node node = node("relationshipQuery", column, row.get(column));
        Integer index = indices.get(node);
        if (index == null) {
            throw problem(
                    "`relationshipQuery` returns "
                            + shown(node)
                            + " as "
                            + column
                            + ", which `nodeQuery` does not return; restrict it to the same"
                            + " nodes");
        }
        return index;
    }

    private void collect(Projection projection) {
        List<Node> found = new ArrayList<>();
        for (String label : projection.labels()) {
            try (ResourceIterator<Node> labelled = tx.findNodes(Label.label(label))) {
                labelled.forEachRemaining(found::add);
            }
        }
        found.stream()
                .distinct()
                .sorted(
                        // Ids as numbers: they differ in their last part, which is one.
                        Comparator.comparing((Node n) -> n.getElementId().length())
                                .thenComparing(Node::getElementId))
                .forEachOrdered(
                        node ->
                                add(
                                        node,
                                        property(projection, Attribute.KIND, node),
                                        property(projection, Attribute.FEATURE, node),
                                        property(projection, Attribute.LAYER, node),
                                        property(projection, Attribute.POSITION, node),
                                        property(projection, Attribute.PROBABILITY, node)));
        requireNodes();
        RelationshipType[] types =
                projection.types().stream()
                        .map(RelationshipType::withName)
                        .toArray(RelationshipType[]::new);
        String weight = projection.properties().get(Attribute.WEIGHT).orElse("weight");
        for (int source = 0; source < nodes.size(); source++) {
            monitor.check();
            monitor.progress("reading links", source, nodes.size());
            try (var relationships =
                    nodes.get(source).getRelationships(Direction.OUTGOING, types)) {
                for (Relationship relationship : relationships) {
                    Integer target = indices.get(relationship.getEndNode());
                    if (target != null) {
                        link(
                                source,
                                target,
                                relationship.getProperty(weight, null),
                                "give `nodeQuery` and a `relationshipQuery` that aggregates"
                                        + " them");
                    }
                }
            }
        }
    }

    private static Object property(Projection projection, Attribute attribute, Node node) {
        return projection
                .properties()
                .get(attribute)
                .map(property -> node.getProperty(property, null))
                .orElse(null);
    }

    private void add(
            Node node,
            Object kind,
            Object feature,
            Object layer,
            Object position,
            Object probability) {
        if ((nodes.size() & CHECK_EVERY - 1) == 0) {
            monitor.check();
        }
        heap.take(BYTES_PER_NODE);
        indices.put(node, nodes.size());
        nodes.add(node);
        NodeKind of = kind(node, kind);
        kinds.add(of);
        features.add(of == NodeKind.FEATURE ? feature(node, feature) : null);
        layers.add(whole(node, "layer", layer));
        positions.add(whole(node, "position", position));
        probabilities.add(of == NodeKind.LOGIT ? probability(node, probability) : 0);
    }

    private NodeKind kind(Node node, Object kind) {
        if (kind == null) {
            return NodeKind.FEATURE;
        }
        return Arrays.stream(NodeKind.values())
                .filter(k -> k.name().toLowerCase(Locale.ROOT).equals(kind))
                .findFirst()
                .orElseThrow(
                        () ->
                                problem(
                                        "the kind of "
                                                + shown(node)
                                                + " must be one of [feature, embedding, error,"
                                                + " logit], got "
                                                + kind));
    }

    /** The feature given, else the one that the node is linked to as imported nodes are. */
    private Node feature(Node node, Object feature) {
        if (feature == null) {
            return node.getDegree(Names.OF_FEATURE, Direction.OUTGOING) == 1
                    ? CircuitStore.feature(node)
                    : null;
        }
        if (feature instanceof Node of && of.hasLabel(Names.FEATURE)) {
            return of;
        }
        if (feature instanceof String key) {
            return tx.findNode(Names.FEATURE, "key", key);
        }
        throw problem(
                "the feature of "
                        + shown(node)
                        + " must be a :Feature node or its key, got "
                        + feature);
    }

    private int whole(Node node, String attribute, Object value) {
        if (value == null) {
            return -1;
        }
        if ((value instanceof Long || value instanceof Integer || value instanceof Short)
                && ((Number) value).longValue() == ((Number) value).intValue()) {
            return ((Number) value).intValue();
        }
        throw problem(
                "the "
                        + attribute
                        + " of "
                        + shown(node)
                        + " must be a whole number, got "
                        + value);
    }

    private double probability(Node node, Object value) {
        if (value == null) {
            return 1;
        }
        if (value instanceof Number number
                && number.doubleValue() >= 0
                && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        throw problem(
                "the probability of "
                        + shown(node)
                        + " must be a number from 0 to 1, got "
                        + value);
    }

    private void link(int source, int target, Object weight, String remedy) {
        if (!(weight instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw problem(
                    "the weight of the link from "
                            + shown(nodes.get(source))
                            + " to "
                            + shown(nodes.get(target))
                            + " must be a finite number, got "
                            + weight);
        }
        heap.take(BYTES_PER_LINK);
        if (links.put((long) source << 32 | target, number.doubleValue()) != null) {
            throw problem(
                    "there are two links from "
                            + shown(nodes.get(source))
                            + " to "
                            + shown(nodes.get(target))
                            + "; "
                            + remedy);
        }
    }

    private void requireNodes() {
        if (nodes.isEmpty()) {
            throw problem("there is no node in it");
        }
    }

    LoadedCircuit read(OwnGraph graph) {
        if (graph instanceof Queries queries) {
            collect(queries);
        } else if (graph instanceof Projection projection) {
            collect(projection);
        }
        long[] ends = links.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        int[] source = Arrays.stream(ends).mapToInt(e -> (int) (e >>> 32)).toArray();
        int[] target = Arrays.stream(ends).mapToInt(e -> (int) e).toArray();
        double[] weight = Arrays.stream(ends).mapToDouble(links::get).toArray();
        CircuitGraph attribution =
                new CircuitGraph(
                        kinds.toArray(NodeKind[]::new),
                        probabilities.stream().mapToDouble(Double::doubleValue).toArray(),
                        source,
                        target,
                        weight);
        double[] influence;
        try {
            influence = Attribution.influence(attribution, monitor).values();
        } catch (ArithmeticException e) {
            throw problem(e.getMessage());
        }
        return new LoadedCircuit(
                name,
                List.of(),
                nodes,
                new int[nodes.size()],
                features.toArray(Node[]::new),
                layers.stream().mapToInt(Integer::intValue).toArray(),
                positions.stream().mapToInt(Integer::intValue).toArray(),
                influence,
                attribution);
    }

    private static String shown(Node node) {
        List<String> labels = new ArrayList<>();
        node.getLabels().forEach(label -> labels.add(":" + label.name()));
        return "node "
                + labels.stream().sorted().collect(Collectors.joining())
                + " "
                + node.getElementId();
    }

    private ConfigurationException problem(String problem) {
        return new ConfigurationException("graph '" + name + "': " + problem);
    }
}
