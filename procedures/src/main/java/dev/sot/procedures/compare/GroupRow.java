package dev.sot.procedures.compare;

import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** What a supernode of one compression and one of another have in common. */
public final class GroupRow {

    @Description("Supernode of the left compression; null for nodes that are not in it.")
    public final Node left;

    @Description("Its label.")
    public final String leftLabel;

    @Description("Supernode of the right compression; null for nodes that are not in it.")
    public final Node right;

    @Description("Its label.")
    public final String rightLabel;

    @Description("Nodes in both supernodes.")
    public final long nodes;

    @Description(
            "These as a share of the nodes in either of the two supernodes, among the nodes in both"
                    + " compressions; null when one supernode is null.")
    public final Double jaccard;

    @Description("Share of the influence of all the nodes; null when they have none.")
    public final Double influenceShare;

    @Description("Whether the two supernodes are matched with one another.")
    public final boolean matched;

    GroupRow(
            Node left,
            Node right,
            long nodes,
            Double jaccard,
            Double influenceShare,
            boolean matched) {
        this.left = left;
        this.leftLabel = left == null ? null : (String) left.getProperty("label");
        this.right = right;
        this.rightLabel = right == null ? null : (String) right.getProperty("label");
        this.nodes = nodes;
        this.jaccard = jaccard;
        this.influenceShare = influenceShare;
        this.matched = matched;
    }
}
