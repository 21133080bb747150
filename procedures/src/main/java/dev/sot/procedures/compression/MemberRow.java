package dev.sot.procedures.compression;

import java.util.List;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.procedure.Description;

/** One member of a supernode. */
public final class MemberRow {

    @Description("The circuit node.")
    public final Node member;

    @Description("Its feature; null for other kinds of nodes.")
    public final Node feature;

    @Description("Its id in the circuit's file.")
    public final String nodeId;

    @Description("Its layer.")
    public final long layer;

    @Description("Its token position.")
    public final long position;

    @Description("Its label, else its feature's; null without one.")
    public final String label;

    @Description("Its activation; null where the file has none.")
    public final Double activation;

    @Description("Its influence on the logits.")
    public final double influence;

    @Description("Its links to other members.")
    public final List<Relationship> links;

    MemberRow(Node member, Node feature, List<Relationship> links) {
        this.member = member;
        this.feature = feature;
        this.nodeId = (String) member.getProperty("nodeId");
        this.layer = ((Number) member.getProperty("layer")).intValue();
        this.position = ((Number) member.getProperty("position")).intValue();
        this.label =
                (String)
                        member.getProperty(
                                "label",
                                feature == null ? null : feature.getProperty("label", null));
        this.activation = (Double) member.getProperty("activation", null);
        this.influence = (Double) member.getProperty("influence");
        this.links = links;
    }
}
