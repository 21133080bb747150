package dev.sot.procedures.store;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.SupernodePartition;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.transport.circuit.Superedge;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
     * A node in a supernode, as it was when it was compressed. In a graph of the user's own the
     * node itself need not have these properties, so they stand on the relationship.
     *
     * @param node the node
     * @param ordinal its index in what was compressed
     * @param kind its kind
     * @param feature key of its feature, null without one
     * @param layer its layer, -1 where not known
     * @param position its token position, -1 where not known
     * @param influence its influence on the logits of its circuit
     * @param label what a person called it in this compression, null without
     */
    public record Membership(
            Node node,
            int ordinal,
            CircuitNodeKind kind,
            String feature,
            int layer,
            int position,
            double influence,
            String label) {

        private static Membership of(Relationship membership) {
            return new Membership(
                    membership.getStartNode(),
                    (Integer) membership.getProperty("ordinal"),
                    CircuitNodeKind.valueOf(
                            ((String) membership.getProperty("kind")).toUpperCase(Locale.ROOT)),
                    (String) membership.getProperty("feature", null),
                    (Integer) membership.getProperty("layer"),
                    (Integer) membership.getProperty("position"),
                    (Double) membership.getProperty("influence"),
                    (String) membership.getProperty("label", null));
        }

        private static void write(LoadedCircuit circuit, int index, Node supernode) {
            Relationship membership =
                    circuit.nodes().get(index).createRelationshipTo(supernode, Names.MEMBER_OF);
            membership.setProperty("ordinal", index);
            membership.setProperty("kind", circuit.kind(index).name().toLowerCase(Locale.ROOT));
            if (circuit.features()[index] != null) {
                membership.setProperty("feature", circuit.features()[index].getProperty("key"));
            }
            membership.setProperty("layer", circuit.layer()[index]);
            membership.setProperty("position", circuit.position()[index]);
            membership.setProperty("influence", circuit.influence()[index]);
        }
    }

    /**
     * Writes a compression in the caller's transaction, replacing one of the same id. Whoever else
     * compresses one of the circuits waits until that transaction ends.
     *
     * @param superedges between supernodes, by their indices in the list
     * @param properties properties of the compression
     * @throws ConfigurationException when the id is that of a compression of something else
     */
    public static Node write(
            Session session,
            String id,
            LoadedCircuit circuit,
            List<SupernodeRecord> supernodes,
            List<Superedge> superedges,
            Map<String, Object> properties) {
        Transaction tx = session.tx();
        circuit.circuits().forEach(tx::acquireWriteLock);
        Node earlier = tx.findNode(Names.COMPRESSION, "id", id);
        if (earlier != null) {
            if (!name(earlier).equals(circuit.name())
                    || !circuits(earlier).equals(circuit.circuits())) {
                throw new ConfigurationException(
                        "there is a compression '"
                                + id
                                + "' of "
                                + described(earlier)
                                + "; give another id");
            }
            delete(session, earlier);
        }
        Node compression = tx.createNode(Names.COMPRESSION);
        compression.setProperty("id", id);
        compression.setProperty("circuit", circuit.name());
        compression.setProperty("createdAt", ZonedDateTime.now(ZoneOffset.UTC));
        set(compression, properties);
        circuit.circuits().forEach(c -> compression.createRelationshipTo(c, Names.COMPRESSES));
        Progress progress =
                new Progress(
                        session, "writing supernodes", circuit.nodes().size() + superedges.size());
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
                progress.step();
                Membership.write(circuit, member, node);
            }
            written.add(node);
        }
        for (Superedge superedge : superedges) {
            progress.step();
            Relationship relationship =
                    written.get(superedge.source())
                            .createRelationshipTo(
                                    written.get(superedge.target()), Names.SUPER_ATTRIBUTES_TO);
            relationship.setProperty("weight", superedge.weight());
            relationship.setProperty("normalizedWeight", superedge.normalizedWeight());
            relationship.setProperty("positive", superedge.positive());
            relationship.setProperty("negative", superedge.negative());
            relationship.setProperty("absolute", superedge.absolute());
            relationship.setProperty("cancelled", superedge.cancelled());
            relationship.setProperty("links", superedge.links());
        }
        return compression;
    }

    /** Counts what has been written or deleted, and stops when the transaction is terminated. */
    private static final class Progress {

        private static final int STEP = 256;

        private final Session session;
        private final String task;
        private final long total;
        private long done;

        private Progress(Session session, String task, long total) {
            this.session = session;
            this.task = task;
            this.total = total;
        }

        private void step() {
            if (done++ % STEP == 0) {
                session.monitor().check();
                session.monitor().progress(task, done, total);
            }
        }
    }

    private static void set(Node node, Map<String, Object> properties) {
        properties.forEach(
                (key, value) -> {
                    if (value != null) {
                        node.setProperty(key, value);
                    }
                });
    }

    /**
     * Marks the compressions in a space that group features whose distributions change.
     *
     * @param features keys of the features
     * @return how many are marked that were not
     */
    public static long markStale(
            Session session,
            Transaction tx,
            String space,
            Set<String> features,
            ZonedDateTime now) {
        List<Node> compressions;
        try (ResourceIterator<Node> found = tx.findNodes(Names.COMPRESSION)) {
            compressions =
                    found.stream()
                            .filter(c -> space.equals(c.getProperty("space", null)))
                            .filter(c -> !c.hasProperty(DistributionStore.STALE_SINCE))
                            .toList();
        }
        long marked = 0;
        for (Node compression : compressions) {
            session.monitor().check();
            if (supernodes(compression).stream().anyMatch(s -> hasAny(s, features))) {
                compression.setProperty(DistributionStore.STALE_SINCE, now);
                marked++;
            }
        }
        return marked;
    }

    private static boolean hasAny(Node supernode, Set<String> features) {
        try (var memberships = supernode.getRelationships(Direction.INCOMING, Names.MEMBER_OF)) {
            return memberships.stream()
                    .anyMatch(m -> features.contains(m.getProperty("feature", "")));
        }
    }

    /** What was removed with a compression. */
    public record Removed(long supernodes, long superedges) {}

    /** Deletes a compression with its supernodes and interventions; what it compresses stays. */
    public static Removed delete(Session session, Node compression) {
        List<Node> supernodes = supernodes(compression);
        Progress progress = new Progress(session, "deleting supernodes", supernodes.size());
        long superedges = 0;
        for (Node supernode : supernodes) {
            progress.step();
            // Each is counted at the first of its ends, and gone before the second.
            superedges += supernode.getDegree(Names.SUPER_ATTRIBUTES_TO, Direction.BOTH);
            CorpusStore.detachDelete(supernode);
        }
        InterventionStore.of(compression).forEach(CorpusStore::detachDelete);
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

    /** The compression of that id, which must be one of the circuit, alone or among others. */
    public static Node requireOf(Transaction tx, String id, String slug) {
        Node compression = require(tx, id);
        circuit(compression, Optional.of(slug));
        return compression;
    }

    /** What a compression compresses goes by this name. */
    public static String name(Node compression) {
        return (String) compression.getProperty("circuit");
    }

    /**
     * The circuits that a compression compresses together, in the order of their slugs; none when
     * it compresses a graph of the user's own.
     */
    public static List<Node> circuits(Node compression) {
        List<Node> circuits = new ArrayList<>();
        try (var relationships =
                compression.getRelationships(Direction.OUTGOING, Names.COMPRESSES)) {
            relationships.forEach(r -> circuits.add(r.getEndNode()));
        }
        circuits.sort(Comparator.comparing(CircuitStore::slug));
        return circuits;
    }

    /**
     * The circuit that a compression compresses.
     *
     * @throws ConfigurationException when it compresses several, or a graph of the user's own
     */
    public static Node circuit(Node compression) {
        List<Node> circuits = circuits(compression);
        if (circuits.size() != 1) {
            throw new ConfigurationException(
                    "compression '"
                            + compression.getProperty("id")
                            + "' is one of "
                            + described(compression)
                            + "; this needs one of a single circuit");
        }
        return circuits.get(0);
    }

    /**
     * One of the circuits that a compression compresses.
     *
     * @param slug which one; may be empty for the compression of a single circuit
     * @throws ConfigurationException when it does not compress that circuit, or none is named where
     *     there are several, or it compresses a graph of the user's own
     */
    public static Node circuit(Node compression, Optional<String> slug) {
        if (slug.isEmpty()) {
            return circuit(compression);
        }
        return circuits(compression).stream()
                .filter(c -> slug.get().equals(CircuitStore.slug(c)))
                .findFirst()
                .orElseThrow(() -> notOf(compression, slug.get()));
    }

    private static ConfigurationException notOf(Node compression, String slug) {
        return new ConfigurationException(
                "compression '"
                        + compression.getProperty("id")
                        + "' is one of "
                        + described(compression)
                        + ", not of '"
                        + slug
                        + "'");
    }

    private static String described(Node compression) {
        List<Node> circuits = circuits(compression);
        return circuits.isEmpty()
                ? "the graph '" + name(compression) + "'"
                : (circuits.size() == 1 ? "circuit " : "the circuits ")
                        + circuits.stream()
                                .map(c -> "'" + CircuitStore.slug(c) + "'")
                                .collect(Collectors.joining(", "));
    }

    /** The supernodes of a compression, in a fixed order. */
    public static List<Node> supernodes(Node compression) {
        List<Node> supernodes = new ArrayList<>();
        try (var relationships =
                compression.getRelationships(Direction.INCOMING, Names.IN_COMPRESSION)) {
            relationships.forEach(r -> supernodes.add(r.getStartNode()));
        }
        supernodes.sort(Comparator.comparingInt(CompressionStore::rank));
        return supernodes;
    }

    /** The superedges out of a supernode, by the rank of their targets. */
    public static List<Relationship> superedges(Node supernode) {
        List<Relationship> superedges = new ArrayList<>();
        try (var relationships =
                supernode.getRelationships(Direction.OUTGOING, Names.SUPER_ATTRIBUTES_TO)) {
            relationships.forEach(superedges::add);
        }
        superedges.sort(Comparator.comparingInt(e -> rank(e.getEndNode())));
        return superedges;
    }

    /** The rank of a supernode in its compression. */
    public static int rank(Node supernode) {
        return ((Number) supernode.getProperty("rank")).intValue();
    }

    /** The nodes in a supernode, in the order of what was compressed. */
    public static List<Node> members(Node supernode) {
        return memberships(supernode).stream().map(Membership::node).toList();
    }

    /** The members of a supernode, in the order of what was compressed. */
    public static List<Membership> memberships(Node supernode) {
        List<Membership> members = new ArrayList<>();
        try (var relationships = supernode.getRelationships(Direction.INCOMING, Names.MEMBER_OF)) {
            relationships.forEach(r -> members.add(Membership.of(r)));
        }
        members.sort(Comparator.comparingInt(Membership::ordinal));
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

    /** Which of some nodes are in a supernode of the compression. O(members + nodes). */
    public static boolean[] members(Node compression, List<Node> nodes) {
        int[] assignment = assignment(compression, nodes);
        boolean[] members = new boolean[assignment.length];
        for (int i = 0; i < members.length; i++) {
            members[i] = assignment[i] >= 0;
        }
        return members;
    }

    /** Rank of the supernode that each of some nodes is in, -1 for none. O(members + nodes). */
    public static int[] assignment(Node compression, List<Node> nodes) {
        Map<Node, Integer> ranks = new HashMap<>();
        for (Node supernode : supernodes(compression)) {
            int rank = rank(supernode);
            try (var memberships =
                    supernode.getRelationships(Direction.INCOMING, Names.MEMBER_OF)) {
                memberships.forEach(m -> ranks.put(m.getStartNode(), rank));
            }
        }
        return nodes.stream().mapToInt(n -> ranks.getOrDefault(n, -1)).toArray();
    }

    /**
     * The supernodes with more than one member in a circuit, or with a label of their own, as the
     * field's frontends list them.
     *
     * @param nodes the circuit's nodes: members in other circuits are left out
     */
    public static List<SupernodePartition.Group> groups(Node compression, List<Node> nodes) {
        Set<Node> ofCircuit = new HashSet<>(nodes);
        List<SupernodePartition.Group> groups = new ArrayList<>();
        for (Node supernode : supernodes(compression)) {
            List<Membership> members = members(supernode, ofCircuit);
            boolean drawn = members.stream().noneMatch(m -> m.kind() == CircuitNodeKind.ERROR);
            boolean named = Boolean.TRUE.equals(supernode.getProperty("named", false));
            if (drawn && (members.size() > 1 || named && !members.isEmpty())) {
                groups.add(
                        new SupernodePartition.Group(
                                (String) supernode.getProperty("label"),
                                members.stream()
                                        .map(m -> (String) m.node().getProperty("nodeId"))
                                        .toList()));
            }
        }
        return groups;
    }

    /**
     * Ids of the members as pins: logits first, then the rest by falling influence; errors are
     * never pinned.
     *
     * @param nodes the circuit's nodes: members in other circuits are left out
     */
    public static List<String> pins(Node compression, List<Node> nodes) {
        Set<Node> ofCircuit = new HashSet<>(nodes);
        List<Membership> members = new ArrayList<>();
        for (Node supernode : supernodes(compression)) {
            for (Membership member : members(supernode, ofCircuit)) {
                if (member.kind() != CircuitNodeKind.ERROR) {
                    members.add(member);
                }
            }
        }
        members.sort(
                Comparator.comparing((Membership m) -> m.kind() != CircuitNodeKind.LOGIT)
                        .thenComparing(m -> -m.influence())
                        .thenComparing(Membership::ordinal));
        return members.stream().map(m -> (String) m.node().getProperty("nodeId")).toList();
    }

    private static List<Membership> members(Node supernode, Set<Node> ofCircuit) {
        return memberships(supernode).stream().filter(m -> ofCircuit.contains(m.node())).toList();
    }
}
