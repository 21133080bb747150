package dev.sot.procedures.store;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.SupernodePartition;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.transport.circuit.Superedge;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Compressions: layers of supernodes and superedges on top of circuits, which they leave as they
 * are.
 */
public final class CompressionStore {

    private CompressionStore() {}

    /**
     * A supernode to be written.
     *
     * @param id name within the compression
     * @param label what it is called
     * @param kind feature, embedding, logit, error, or mixed
     * @param members indices of its nodes in the circuit
     * @param properties further properties
     */
    public record SupernodeRecord(
            String id,
            String label,
            String kind,
            List<Integer> members,
            Map<String, Object> properties) {}

    /**
     * Writes a compression in the transaction, replacing one of the same id.
     *
     * @param superedges between supernodes, by their indices in the list
     * @param properties properties of the compression
     */
    public static Node write(
            Transaction tx,
            String id,
            LoadedCircuit circuit,
            List<SupernodeRecord> supernodes,
            List<Superedge> superedges,
            Map<String, Object> properties) {
        Node earlier = tx.findNode(Names.COMPRESSION, "id", id);
        if (earlier != null) {
            if (!slug(earlier).equals(circuit.slug())) {
                throw new ConfigurationException(
                        "there is a compression '"
                                + id
                                + "' of circuit '"
                                + slug(earlier)
                                + "'; give another id");
            }
            delete(earlier);
        }
        Node compression = tx.createNode(Names.COMPRESSION);
        compression.setProperty("id", id);
        compression.setProperty("createdAt", ZonedDateTime.now(ZoneOffset.UTC));
        set(compression, properties);
        compression.createRelationshipTo(circuit.circuit(), Names.COMPRESSES);
        List<Node> written = new ArrayList<>(supernodes.size());
        for (SupernodeRecord supernode : supernodes) {
            Node node = tx.createNode(Names.SUPERNODE);
            node.setProperty("key", id + "/" + written.size());
            node.setProperty("supernodeId", supernode.id());
            node.setProperty("label", supernode.label());
            node.setProperty("kind", supernode.kind());
            node.setProperty("size", supernode.members().size());
            set(node, supernode.properties());
            node.createRelationshipTo(compression, Names.IN_COMPRESSION);
            for (int member : supernode.members()) {
                circuit.nodes().get(member).createRelationshipTo(node, Names.MEMBER_OF);
            }
            written.add(node);
        }
        for (Superedge superedge : superedges) {
            Relationship relationship =
                    written.get(superedge.source())
                            .createRelationshipTo(
                                    written.get(superedge.target()), Names.SUPER_ATTRIBUTES_TO);
            relationship.setProperty("weight", superedge.weight());
            relationship.setProperty("normalizedWeight", superedge.normalizedWeight());
            relationship.setProperty("positive", superedge.positive());
            relationship.setProperty("negative", superedge.negative());
            relationship.setProperty("absolute", superedge.absolute());
            relationship.setProperty("links", superedge.links());
        }
        return compression;
    }

    private static void set(Node node, Map<String, Object> properties) {
        properties.forEach(
                (key, value) -> {
                    if (value != null) {
                        node.setProperty(key, value);
                    }
                });
    }

    /** What was removed with a compression. */
    public record Removed(long supernodes, long superedges) {}

    /** Deletes a compression with its supernodes and interventions; the circuit stays. */
    public static Removed delete(Node compression) {
        List<Node> supernodes = supernodes(compression);
        long superedges = 0;
        for (Node supernode : supernodes) {
            superedges += supernode.getDegree(Names.SUPER_ATTRIBUTES_TO, Direction.OUTGOING);
        }
        InterventionStore.of(compression).forEach(CorpusStore::detachDelete);
        supernodes.forEach(CorpusStore::detachDelete);
        CorpusStore.detachDelete(compression);
        return new Removed(supernodes.size(), superedges);
    }

    /**
     * The compression of that id; without an id the only one there is.
     *
     * @throws ConfigurationException listing the compressions when that is not possible
     */
    public static Node require(Transaction tx, String id) {
        List<Node> all;
        try (ResourceIterator<Node> found = tx.findNodes(Names.COMPRESSION)) {
            all = found.stream().toList();
        }
        List<Node> fitting =
                id == null || id.isBlank()
                        ? all
                        : all.stream().filter(c -> id.equals(c.getProperty("id"))).toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        throw new ConfigurationException(
                all.isEmpty()
                        ? "there is no compression; make one with CALL sot.compress()"
                        : (id == null || id.isBlank()
                                        ? "name one compression"
                                        : "there is no compression '" + id + "'")
                                + "; the database holds "
                                + all.stream()
                                        .map(c -> "'" + c.getProperty("id") + "'")
                                        .sorted()
                                        .limit(20)
                                        .collect(Collectors.joining(", ")));
    }

    /** The compression of that id, which must be one of the circuit. */
    public static Node requireOf(Transaction tx, String id, String slug) {
        Node compression = require(tx, id);
        if (!slug(compression).equals(slug)) {
            throw new ConfigurationException(
                    "compression '"
                            + id
                            + "' is one of circuit '"
                            + slug(compression)
                            + "', not of '"
                            + slug
                            + "'");
        }
        return compression;
    }

    /** The circuit that a compression is one of. */
    public static Node circuit(Node compression) {
        return compression.getSingleRelationship(Names.COMPRESSES, Direction.OUTGOING).getEndNode();
    }

    private static String slug(Node compression) {
        return (String) circuit(compression).getProperty("slug");
    }

    /** The supernodes of a compression, in a fixed order. */
    public static List<Node> supernodes(Node compression) {
        List<Node> supernodes = new ArrayList<>();
        try (var relationships =
                compression.getRelationships(Direction.INCOMING, Names.IN_COMPRESSION)) {
            relationships.forEach(r -> supernodes.add(r.getStartNode()));
        }
        supernodes.sort(Comparator.comparingInt(s -> ((Number) s.getProperty("rank")).intValue()));
        return supernodes;
    }

    /** The superedges out of a supernode, by the rank of their targets. */
    public static List<Relationship> superedges(Node supernode) {
        List<Relationship> superedges = new ArrayList<>();
        try (var relationships =
                supernode.getRelationships(Direction.OUTGOING, Names.SUPER_ATTRIBUTES_TO)) {
            relationships.forEach(superedges::add);
        }
        superedges.sort(
                Comparator.comparingInt(
                        e -> ((Number) e.getEndNode().getProperty("rank")).intValue()));
        return superedges;
    }

    /** The members of a supernode, in the order of the circuit's file. */
    public static List<Node> members(Node supernode) {
        List<Node> members = new ArrayList<>();
        try (var relationships = supernode.getRelationships(Direction.INCOMING, Names.MEMBER_OF)) {
            relationships.forEach(r -> members.add(r.getStartNode()));
        }
        members.sort(Comparator.comparingInt(n -> ((Number) n.getProperty("ordinal")).intValue()));
        return members;
    }

    /**
     * Keeps what a person called a member in this compression.
     *
     * @return whether the node is a member
     */
    public static boolean labelMember(Node compression, Node member, String label) {
        Relationship membership = membership(compression, member);
        if (membership != null) {
            membership.setProperty("label", label);
        }
        return membership != null;
    }

    /** What a person called a member in this compression, or null. */
    public static String memberLabel(Node compression, Node member) {
        Relationship membership = membership(compression, member);
        return membership == null ? null : (String) membership.getProperty("label", null);
    }

    private static Relationship membership(Node compression, Node member) {
        try (var memberships = member.getRelationships(Direction.OUTGOING, Names.MEMBER_OF)) {
            return memberships.stream()
                    .filter(
                            m ->
                                    m.getEndNode()
                                            .getSingleRelationship(
                                                    Names.IN_COMPRESSION, Direction.OUTGOING)
                                            .getEndNode()
                                            .equals(compression))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Which of the circuit's nodes are in a supernode of the compression. */
    public static boolean[] members(Node compression, List<Node> nodes) {
        Set<String> ids = new HashSet<>();
        supernodes(compression).forEach(s -> members(s).forEach(m -> ids.add(m.getElementId())));
        boolean[] members = new boolean[nodes.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = ids.contains(nodes.get(i).getElementId());
        }
        return members;
    }

    /** Rank of the supernode that each of the circuit's nodes is in, -1 for none. */
    public static int[] assignment(Node compression, List<Node> nodes) {
        Map<String, Integer> ranks = new HashMap<>();
        for (Node supernode : supernodes(compression)) {
            members(supernode)
                    .forEach(
                            m ->
                                    ranks.put(
                                            m.getElementId(),
                                            ((Number) supernode.getProperty("rank")).intValue()));
        }
        return nodes.stream().mapToInt(n -> ranks.getOrDefault(n.getElementId(), -1)).toArray();
    }

    /**
     * The supernodes with more than one member, or with a label of their own, as the field's
     * frontends list them.
     */
    public static List<SupernodePartition.Group> groups(Node compression) {
        List<SupernodePartition.Group> groups = new ArrayList<>();
        for (Node supernode : supernodes(compression)) {
            List<Node> members = members(supernode);
            boolean drawn =
                    members.stream().noneMatch(m -> CircuitStore.kind(m) == CircuitNodeKind.ERROR);
            boolean named = Boolean.TRUE.equals(supernode.getProperty("named", false));
            if (drawn && (members.size() > 1 || named)) {
                groups.add(
                        new SupernodePartition.Group(
                                (String) supernode.getProperty("label"),
                                members.stream()
                                        .map(m -> (String) m.getProperty("nodeId"))
                                        .toList()));
            }
        }
        return groups;
    }

    /**
     * Ids of the members as pins: logits first, then the rest by falling influence; errors are
     * never pinned.
     */
    public static List<String> pins(Node compression) {
        List<Node> members = new ArrayList<>();
        for (Node supernode : supernodes(compression)) {
            for (Node member : members(supernode)) {
                if (CircuitStore.kind(member) != CircuitNodeKind.ERROR) {
                    members.add(member);
                }
            }
        }
        members.sort(
                Comparator.comparing((Node m) -> CircuitStore.kind(m) != CircuitNodeKind.LOGIT)
                        .thenComparing(m -> -(Double) m.getProperty("influence"))
                        .thenComparing(m -> ((Number) m.getProperty("ordinal")).intValue()));
        return members.stream().map(m -> (String) m.getProperty("nodeId")).toList();
    }
}
