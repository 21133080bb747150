package dev.sot.procedures.store;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.InterventionList.Group;
import dev.sot.formats.InterventionList.Member;
import dev.sot.formats.InterventionList.Partition;
import dev.sot.procedures.config.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.neo4j.graphdb.Node;

/** A stored compression as a model can be run with it: which features are grouped, and where. */
public final class CompressedFeatures {

    private CompressedFeatures() {}

    /**
     * The features of a compression, at their positions, by supernode.
     *
     * @throws ConfigurationException when it is not of a single circuit, groups nothing that a
     *     model has, or has features of several dictionaries
     */
    public static Partition of(Node compression) {
        String id = (String) compression.getProperty("id");
        Node circuit = CompressionStore.circuit(compression);
        List<Group> groups = new ArrayList<>();
        for (Node supernode : CompressionStore.supernodes(compression)) {
            List<Member> members =
                    CompressionStore.members(supernode).stream()
                            .filter(CompressedFeatures::isFeature)
                            .map(CompressedFeatures::member)
                            .toList();
            if (!members.isEmpty()) {
                groups.add(new Group((String) supernode.getProperty("key"), members));
            }
        }
        if (groups.isEmpty()) {
            throw new ConfigurationException(
                    "compression '"
                            + id
                            + "' has no supernode with a feature of a dictionary, so there is"
                            + " nothing to intervene on in a model");
        }
        return new Partition(
                id,
                (String) circuit.getProperty("slug"),
                (String) circuit.getProperty("dictionary"),
                readout(circuit),
                groups);
    }

    /** Whether a member is a feature of a dictionary. */
    private static boolean isFeature(Node node) {
        return node.hasLabel(CircuitStore.label(CircuitNodeKind.FEATURE));
    }

    private static Member member(Node node) {
        if (node.hasProperty("component")) {
            throw new ConfigurationException(
                    "circuit node '"
                            + node.getProperty("key")
                            + "' is of one of several dictionaries of its circuit ("
                            + node.getProperty("component")
                            + "); interventions can name features of a single dictionary only");
        }
        return new Member(
                ((Number) node.getProperty("layer")).intValue(),
                ((Number) node.getProperty("index")).longValue(),
                position(node));
    }

    private static List<Integer> readout(Node circuit) {
        TreeSet<Integer> positions = new TreeSet<>();
        for (Node node : CircuitStore.nodes(circuit)) {
            if (node.hasLabel(CircuitStore.label(CircuitNodeKind.LOGIT))) {
                positions.add(position(node));
            }
        }
        return List.copyOf(positions);
    }

    private static int position(Node node) {
        return ((Number) node.getProperty("position")).intValue();
    }
}
