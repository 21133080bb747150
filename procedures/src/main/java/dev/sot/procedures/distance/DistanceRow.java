package dev.sot.procedures.distance;

import java.util.Optional;
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

    @Description(
            "The distance of the distributions over all firings is at least this; null where a"
                    + " support's error is not known.")
    public final Double fullLower;

    @Description("And at most this.")
    public final Double fullUpper;

    DistanceRow(Node feature1, Node feature2, double distance, Optional<Double> error) {
        this.feature1 = feature1;
        this.feature2 = feature2;
        this.distance = distance;
        this.fullLower = error.map(e -> Math.max(0, distance - e)).orElse(null);
        this.fullUpper = error.map(e -> distance + e).orElse(null);
    }
}
