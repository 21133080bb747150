package dev.sot.procedures.compare;

import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** A node that two compressions group differently. */
public final class MovedRow {

    @Description("The node.")
    public final Node node;

    @Description("Its influence on the logits.")
    public final double influence;

    @Description("Its supernode in the left compression.")
    public final Node left;

    @Description("Label of that supernode.")
    public final String leftLabel;

    @Description("Its supernode in the right compression.")
    public final Node right;

    @Description("Label of that supernode.")
    public final String rightLabel;

    @Description(
            "The right supernode that is matched with the left one, where the node would be had it"
                    + " stayed; null when none is.")
    public final Node match;

    @Description("Label of that supernode.")
    public final String matchLabel;

    @Description("Jaccard index of the left supernode with its match; 0 without one.")
    public final double matchJaccard;

    MovedRow(Node node, double influence, Node left, Node right, Node match, double matchJaccard) {
        this.node = node;
        this.influence = influence;
        this.left = left;
        this.leftLabel = (String) left.getProperty("label");
        this.right = right;
        this.rightLabel = (String) right.getProperty("label");
        this.match = match;
        this.matchLabel = match == null ? null : (String) match.getProperty("label");
        this.matchJaccard = matchJaccard;
    }
}
