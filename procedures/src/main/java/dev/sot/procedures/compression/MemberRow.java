package dev.sot.procedures.compression;

import dev.sot.procedures.store.CompressionStore.Membership;
import java.util.List;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.procedure.Description;

/** One member of a supernode. */
public final class MemberRow {

    @Description("The circuit's name.")
    public final String circuit;

    @Description("The node.")
    public final Node member;

    @Description("Its feature; null for other kinds of nodes, or when the feature is gone.")
    public final Node feature;

    @Description("Its id in the circuit's file; null in a graph of your own without one.")
    public final String nodeId;

    @Description("Its layer; null where not known.")
    public final Long layer;

    @Description("Its token position; null where not known.")
    public final Long position;

    @Description("Its label, else its feature's; null without one.")
    public final String label;

    @Description("Its activation; null where the file has none.")
    public final Double activation;

    @Description("Its influence on the logits.")
    public final double influence;

    @Description("Its links to other members.")
    public final List<Relationship> links;

    MemberRow(String circuit, Membership member, Node feature, List<Relationship> links) {
        Node node = member.node();
        this.circuit = circuit;
        this.member = node;
        this.feature = feature;
        this.nodeId = text(node, "nodeId");
        this.layer = member.layer() < 0 ? null : (Long) (long) member.layer();
        this.position = member.position() < 0 ? null : (Long) (long) member.position();
        String own = text(node, "label");
        this.label = own != null || feature == null ? own : text(feature, "label");
        this.activation =
                node.getProperty("activation", null) instanceof Number number
                        ? (Double) number.doubleValue()
                        : null;
        this.influence = member.influence();
        this.links = links;
    }

    private static String text(Node node, String property) {
        return node.getProperty(property, null) instanceof String text ? text : null;
    }
}
