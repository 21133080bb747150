package dev.sot.procedures.compare;

import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** A supernode of a joint compression in one of its circuits. */
public final class CircuitSupernodeRow {

    @Description("The supernode.")
    public final Node supernode;

    @Description("Its label.")
    public final String label;

    @Description("The circuit.")
    public final String circuit;

    @Description("Its members there.")
    public final long members;

    @Description("Their share of the influence of the circuit's features.")
    public final double influenceShare;

    CircuitSupernodeRow(Node supernode, String circuit, long members, double influenceShare) {
        this.supernode = supernode;
        this.label = (String) supernode.getProperty("label");
        this.circuit = circuit;
        this.members = members;
        this.influenceShare = influenceShare;
    }
}
