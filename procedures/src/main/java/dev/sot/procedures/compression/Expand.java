package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.Names;
import java.util.List;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Shows what is inside a supernode. */
final class Expand {

    private final Session session;

    Expand(Session session) {
        this.session = session;
    }

    Stream<MemberRow> run(Object argument) {
        List<Node> members = CompressionStore.members(supernode(argument));
        List<Relationship> links =
                CircuitStore.links(members).map(CircuitStore.Link::relationship).toList();
        return members.stream()
                .map(
                        member ->
                                new MemberRow(
                                        member,
                                        CircuitStore.kind(member) == CircuitNodeKind.FEATURE
                                                ? CircuitStore.feature(member)
                                                : null,
                                        links.stream()
                                                .filter(l -> l.getStartNode().equals(member))
                                                .toList()));
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
