package dev.sot.procedures.compression;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
import dev.sot.procedures.store.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Shows what is inside a supernode. */
final class Expand {

    private final Session session;

    Expand(Session session) {
        this.session = session;
    }

    Stream<MemberRow> run(Object argument) {
        Node supernode = supernode(argument);
        List<Membership> members = CompressionStore.memberships(supernode);
        Set<Node> nodes = new HashSet<>();
        members.forEach(m -> nodes.add(m.node()));
        String graph =
                CompressionStore.name(
                        supernode
                                .getSingleRelationship(Names.IN_COMPRESSION, Direction.OUTGOING)
                                .getEndNode());
        return members.stream()
                .map(
                        member -> {
                            session.monitor().check();
                            return new MemberRow(
                                    circuit(member.node(), graph),
                                    member,
                                    feature(member),
                                    links(member.node(), nodes));
                        });
    }

    private static String circuit(Node node, String graph) {
        return node.hasLabel(Names.CIRCUIT_NODE)
                ? CircuitStore.slug(CircuitStore.circuit(node))
                : graph;
    }

    private Node feature(Membership member) {
        return member.feature() == null
                ? null
                : session.tx().findNode(Names.FEATURE, "key", member.feature());
    }

    /** Attribution links of an imported node; all relationships of one of the user's own. */
    private static List<Relationship> links(Node node, Set<Node> members) {
        List<Relationship> links = new ArrayList<>();
        try (var relationships =
                node.hasLabel(Names.CIRCUIT_NODE)
                        ? node.getRelationships(Direction.OUTGOING, Names.ATTRIBUTES_TO)
                        : node.getRelationships(Direction.OUTGOING)) {
            relationships.stream()
                    .filter(r -> members.contains(r.getEndNode()))
                    .forEach(links::add);
        }
        return links;
    }

    private Node supernode(Object argument) {
        if (argument instanceof Node node && node.hasLabel(Names.SUPERNODE)) {
            return node;
        }
        if (argument instanceof String key) {
            Node node = session.tx().findNode(Names.SUPERNODE, "key", key);
            if (node != null) {
                return node;
            }
            throw new ConfigurationException(
                    "sot.expand: there is no supernode '"
                            + key
                            + "'; keys are compression/number, as in MATCH (s:Supernode) RETURN"
                            + " s.key");
        }
        throw new ConfigurationException(
                "sot.expand: argument `supernode` must be a :Supernode node or its key");
    }
}
