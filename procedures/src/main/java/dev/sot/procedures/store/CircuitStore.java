package dev.sot.procedures.store;

import dev.sot.formats.CircuitHeader;
import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.CircuitNodeRecord;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Circuits in the database: {@code (:CircuitNode)-[:ATTRIBUTES_TO]->(:CircuitNode)}, each node
 * {@code IN_CIRCUIT}.
 */
public final class CircuitStore {

    /** Links above which a circuit is written, or deleted, in several transactions. */
    public static final int SINGLE_TRANSACTION_LINKS = 200_000;

    private static final Map<CircuitNodeKind, Label> LABELS =
            new EnumMap<>(
                    Map.of(
                            CircuitNodeKind.FEATURE, Label.label("FeatureNode"),
                            CircuitNodeKind.ERROR, Label.label("ErrorNode"),
                            CircuitNodeKind.EMBEDDING, Label.label("EmbeddingNode"),
                            CircuitNodeKind.LOGIT, Label.label("LogitNode")));

    /** What every imported circuit has; a database may hold other nodes of the same label. */
    private static final List<String> IMPORTED = List.of("slug", "contentHash", "nodes", "links");

    private CircuitStore() {}

    /** The label of nodes of a kind, beside {@code CircuitNode}. */
    public static Label label(CircuitNodeKind kind) {
        return LABELS.get(kind);
    }

    /** The kind that a node's labels say. */
    public static CircuitNodeKind kind(Node node) {
        for (Map.Entry<CircuitNodeKind, Label> entry : LABELS.entrySet()) {
            if (node.hasLabel(entry.getValue())) {
                return entry.getKey();
            }
        }
        throw new ConfigurationException(
                "circuit node "
                        + node.getProperty("key", node.getElementId())
                        + " has none of the labels FeatureNode, ErrorNode, EmbeddingNode,"
                        + " LogitNode");
    }

    /**
     * Unique key of a circuit's node; the kind is part of it because a feature and an error may
     * share an id.
     */
    public static String nodeKey(String slug, CircuitNodeKind kind, String nodeId) {
        return slug + "/" + LABELS.get(kind).name() + "/" + nodeId;
    }

    public static Optional<Node> find(Transaction tx, String slug) {
        return Optional.ofNullable(tx.findNode(Names.CIRCUIT, "slug", slug));
    }

    /**
     * The same circuit, if it was imported.
     *
     * @throws ConfigurationException for a {@code :Circuit} that somebody else made
     */
    public static Node requireImported(Node circuit) {
        if (!isImported(circuit)) {
            throw new ConfigurationException(
                    "the node :Circuit "
                            + circuit.getElementId()
                            + " is not one that sot.import.circuit made: it has not the properties"
                            + " "
                            + IMPORTED
                            + "; import its file, or compress it as a graph of your own with"
                            + " `nodeQuery` and `relationshipQuery`");
        }
        return circuit;
    }

    private static boolean isImported(Node circuit) {
        return IMPORTED.stream().allMatch(circuit::hasProperty);
    }

    /**
     * The circuit of that name; without a name the only circuit there is.
     *
     * @throws ConfigurationException listing the circuits when there is none of that name, or no
     *     name and not exactly one circuit
     */
    public static Node require(Transaction tx, String slug) {
        if (slug != null && !slug.isBlank()) {
            return find(tx, slug)
                    .map(CircuitStore::requireImported)
                    .orElseThrow(
                            () ->
                                    new ConfigurationException(
                                            "there is no circuit '" + slug + "'; " + listing(tx)));
        }
        List<String> slugs = slugs(tx);
        if (slugs.size() != 1) {
            throw new ConfigurationException(
                    (slugs.isEmpty() ? "there is no circuit" : "name one circuit")
                            + "; "
                            + listing(tx));
        }
        return find(tx, slugs.get(0)).orElseThrow();
    }

    /** The name of a circuit. */
    public static String slug(Node circuit) {
        return (String) circuit.getProperty("slug");
    }

    /** The circuit of that name; without a name all circuits, of which there must be one. */
    public static List<Node> requireAll(Transaction tx, String slug) {
        List<String> slugs = slugs(tx);
        return slug == null || slug.isBlank()
                ? slugs.size() > 1
                        ? slugs.stream().map(s -> find(tx, s).orElseThrow()).toList()
                        : List.of(require(tx, slug))
                : List.of(require(tx, slug));
    }

    private static String listing(Transaction tx) {
        List<String> slugs = slugs(tx);
        if (slugs.isEmpty()) {
            return "import one with CALL sot.import.circuit('file.json')";
        }
        return "the database holds "
                + slugs.stream().limit(20).map(s -> "'" + s + "'").collect(Collectors.joining(", "))
                + (slugs.size() > 20 ? " and " + (slugs.size() - 20) + " more" : "");
    }

    private static List<String> slugs(Transaction tx) {
        try (ResourceIterator<Node> circuits = tx.findNodes(Names.CIRCUIT)) {
            return circuits.stream()
                    .filter(CircuitStore::isImported)
                    .map(CircuitStore::slug)
                    .sorted()
                    .toList();
        }
    }

    /** Nodes of a circuit, in the order of its file. */
    public static List<Node> nodes(Node circuit) {
        List<Node> nodes = new ArrayList<>();
        try (var memberships = circuit.getRelationships(Direction.INCOMING, Names.IN_CIRCUIT)) {
            memberships.forEach(r -> nodes.add(r.getStartNode()));
        }
        nodes.sort(Comparator.comparingInt(n -> ((Number) n.getProperty("ordinal")).intValue()));
        return nodes;
    }

    /** The circuit that a node is part of. */
    public static Node circuit(Node node) {
        return node.getSingleRelationship(Names.IN_CIRCUIT, Direction.OUTGOING).getEndNode();
    }

    /** The feature that a feature node is an occurrence of. */
    public static Node feature(Node node) {
        return node.getSingleRelationship(Names.OF_FEATURE, Direction.OUTGOING).getEndNode();
    }

    /**
     * What a node is called: its own label, else its feature's, else for an embedding its token,
     * else its id.
     */
    public static String name(Node node) {
        CircuitNodeKind kind = kind(node);
        return ownLabel(node, kind == CircuitNodeKind.FEATURE ? feature(node) : null)
                .or(
                        () ->
                                kind == CircuitNodeKind.EMBEDDING
                                        ? promptToken(
                                                circuit(node),
                                                ((Number) node.getProperty("position")).intValue())
                                        : Optional.empty())
                .orElseGet(() -> (String) node.getProperty("nodeId"));
    }

    /** A node's own label, else its feature's, which may be null. */
    public static Optional<String> ownLabel(Node node, Node feature) {
        return text(node, "label")
                .or(() -> Optional.ofNullable(feature).flatMap(f -> text(f, "label")));
    }

    /** The token at a position of a circuit's prompt, if there is one. */
    public static Optional<String> promptToken(Node circuit, int position) {
        String[] tokens = (String[]) circuit.getProperty("promptTokens");
        return position >= 0 && position < tokens.length
                ? Optional.of(tokens[position])
                : Optional.empty();
    }

    /** A property that holds a text. */
    static Optional<String> text(Node node, String property) {
        return node.getProperty(property, null) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    /** The distinct features of a circuit, in the order of their first occurrence. */
    public static Collection<Node> features(Node circuit) {
        Map<String, Node> features = new LinkedHashMap<>();
        for (Node node : nodes(circuit)) {
            if (kind(node) == CircuitNodeKind.FEATURE) {
                Node feature = feature(node);
                features.put((String) feature.getProperty("key"), feature);
            }
        }
        return features.values();
    }

    /** A link between two nodes, given by their indices in a list of nodes. */
    public record Link(int source, int target, Relationship relationship) {}

    /**
     * The links between the nodes: targets in their order, sources within a target in theirs,
     * errors last. Read as they are consumed. Where a feature and an error share an id, whoever
     * reads these links from a file takes the first of two for the feature's.
     */
    public static Stream<Link> links(List<Node> nodes) {
        Map<Node, Integer> indices = new HashMap<>(nodes.size() * 2);
        for (int i = 0; i < nodes.size(); i++) {
            indices.put(nodes.get(i), i);
        }
        return IntStream.range(0, nodes.size())
                .boxed()
                .flatMap(target -> incoming(nodes.get(target), target, indices).stream());
    }

    private static List<Link> incoming(Node node, int target, Map<Node, Integer> indices) {
        List<Link> incoming = new ArrayList<>();
        try (var relationships = node.getRelationships(Direction.INCOMING, Names.ATTRIBUTES_TO)) {
            for (Relationship relationship : relationships) {
                Integer source = indices.get(relationship.getStartNode());
                if (source != null) {
                    incoming.add(new Link(source, target, relationship));
                }
            }
        }
        incoming.sort(
                Comparator.comparing(
                                (Link link) ->
                                        link.relationship()
                                                .getStartNode()
                                                .hasLabel(LABELS.get(CircuitNodeKind.ERROR)))
                        .thenComparingInt(Link::source));
        return incoming;
    }

    /** The circuit's header as it was imported. */
    public static CircuitHeader header(Node circuit) {
        return new CircuitHeader(
                (String) circuit.getProperty("slug"),
                (String) circuit.getProperty("scan", null),
                (String) circuit.getProperty("prompt"),
                List.of((String[]) circuit.getProperty("promptTokens")),
                (String) circuit.getProperty("dictionary"),
                (String) circuit.getProperty("dictionarySource"),
                (String) circuit.getProperty("metadata"),
                (String) circuit.getProperty("qParams"),
                (String) circuit.getProperty("extra", null));
    }

    /** Properties of a circuit that come from its header. */
    public static void writeHeader(Node circuit, CircuitHeader header) {
        set(circuit, "scan", header.scan());
        circuit.setProperty("prompt", header.prompt());
        circuit.setProperty("promptTokens", header.promptTokens().toArray(String[]::new));
        circuit.setProperty("dictionary", header.dictionary());
        circuit.setProperty("dictionarySource", header.dictionarySource());
        circuit.setProperty("metadata", header.metadataJson());
        circuit.setProperty("qParams", header.qParamsJson());
        set(circuit, "extra", header.extraJson());
    }

    /** One node as a record of its file. */
    public static CircuitNodeRecord read(Node node) {
        return new CircuitNodeRecord(
                (String) node.getProperty("nodeId"),
                kind(node),
                (String) node.getProperty("featureType"),
                ((Number) node.getProperty("layer")).intValue(),
                ((Number) node.getProperty("position")).intValue(),
                (Long) node.getProperty("index", null),
                (Double) node.getProperty("activation", null),
                (Double) node.getProperty("cumulativeInfluence", null),
                (Double) node.getProperty("tokenProbability", 0.0),
                (Boolean) node.getProperty("targetLogit", false),
                (String) node.getProperty("label", ""),
                (String) node.getProperty("component", null),
                (String) node.getProperty("extra", null));
    }

    /** Properties of a node that come from its record, and its influence; not its key. */
    public static void write(Node node, CircuitNodeRecord record, int ordinal, double influence) {
        node.setProperty("nodeId", record.nodeId());
        node.setProperty("ordinal", ordinal);
        node.setProperty("featureType", record.featureType());
        node.setProperty("layer", record.layer());
        node.setProperty("position", record.position());
        node.setProperty("influence", influence);
        set(node, "index", record.featureIndex());
        set(node, "activation", record.activation());
        set(node, "cumulativeInfluence", record.cumulativeInfluence());
        set(node, "label", record.label().isEmpty() ? null : record.label());
        set(node, "component", record.component());
        set(node, "extra", record.extra());
        if (record.kind() == CircuitNodeKind.LOGIT || record.tokenProbability() != 0) {
            node.setProperty("tokenProbability", record.tokenProbability());
        }
        if (record.targetLogit()) {
            node.setProperty("targetLogit", true);
        }
    }

    private static void set(Node node, String property, Object value) {
        if (value != null) {
            node.setProperty(property, value);
        }
    }

    /** Whether a circuit is too large to be deleted in one transaction. */
    public static boolean isLarge(Node circuit) {
        return (Long) circuit.getProperty("links", 0L) > SINGLE_TRANSACTION_LINKS;
    }

    /** What was removed with a circuit. */
    public record Removed(long nodes, long links, long compressions) {}

    /**
     * Deletes a circuit with its nodes, links and compressions. A large one first disappears as a
     * whole, in one transaction, and is then deleted in batches.
     */
    public static Removed delete(Session session, Node circuit) {
        if (!isLarge(circuit)) {
            try (BatchWriter writer = BatchWriter.inCallersTransaction(session)) {
                return deleteContents(session, writer, circuit);
            }
        }
        try (BatchWriter writer = BatchWriter.batched(session, circuit)) {
            BatchWriter.Handle handle =
                    writer.handle(writer.tx().getNodeByElementId(circuit.getElementId()));
            retire(handle.node());
            writer.flush();
            Removed removed = deleteContents(session, writer, handle.node());
            writer.finish();
            return removed;
        }
    }

    /** Takes a circuit out of sight: no reader finds it or its nodes any more. */
    public static void retire(Node circuit) {
        List<Node> nodes = nodes(circuit);
        circuit.removeLabel(Names.CIRCUIT);
        circuit.addLabel(Names.STAGED_CIRCUIT);
        for (Node node : nodes) {
            node.removeLabel(Names.CIRCUIT_NODE);
            LABELS.values().forEach(node::removeLabel);
            node.removeProperty("key");
        }
    }

    /** Deletes all that hangs on a circuit or staged circuit, and itself. */
    public static Removed deleteContents(Session session, BatchWriter writer, Node circuit) {
        BatchWriter.Handle handle = writer.handle(circuit);
        List<BatchWriter.Handle> compressions = new ArrayList<>();
        try (var relationships = circuit.getRelationships(Direction.INCOMING, Names.COMPRESSES)) {
            relationships.forEach(r -> compressions.add(writer.handle(r.getStartNode())));
        }
        for (BatchWriter.Handle compression : compressions) {
            CompressionStore.delete(session, compression.node());
            writer.wrote(100_000);
        }
        List<BatchWriter.Handle> nodes = nodes(handle.node()).stream().map(writer::handle).toList();
        long links = 0;
        long done = 0;
        for (BatchWriter.Handle node : nodes) {
            session.monitor().check();
            session.monitor().progress("deleting circuit nodes", done++, nodes.size());
            Node current = node.node();
            try (var relationships = current.getRelationships()) {
                for (Relationship relationship : relationships) {
                    links += relationship.isType(Names.ATTRIBUTES_TO) ? 1 : 0;
                    relationship.delete();
                    writer.pending(300);
                }
            }
            current.delete();
            writer.wrote(300);
        }
        handle.node().delete();
        return new Removed(nodes.size(), links, compressions.size());
    }
}
