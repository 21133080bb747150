package dev.sot.procedures.distance;

import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** The distance of two features. */
public final class DistanceRow {

    @Description("A feature.")
    public final Node feature1;

    @Description("Another.")
    public final Node feature2;

    @Description("Their distance.")
    public final double distance;

    DistanceRow(Node feature1, Node feature2, double distance) {
        this.feature1 = feature1;
        this.feature2 = feature2;
        this.distance = distance;
    }
}
