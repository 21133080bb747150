package dev.sot.procedures.nearest;

import dev.sot.transport.search.Neighbours;
import java.util.Optional;
import org.neo4j.graphdb.Node;
import org.neo4j.procedure.Description;

/** A feature and one of its nearest neighbours. */
public final class NearestRow {

    @Description("The feature whose neighbours were looked for.")
    public final Node source;

    @Description("The neighbour.")
    public final Node target;

    @Description("1 for the nearest.")
    public final long rank;

    @Description("Their exact distance.")
    public final double distance;

    @Description(
            "No target whose distance to the source was not computed is nearer than this; null"
                    + " where all were.")
    public final Double lower;

    @Description("Whether no other target belongs here; false only where the budget ran out.")
    public final boolean proved;

    @Description(
            "The distance of the distributions over all firings is at least this; null where a"
                    + " support's error is not known.")
    public final Double fullLower;

    @Description("And at most this.")
    public final Double fullUpper;

    NearestRow(Node source, Node target, Neighbours neighbours, int i, Optional<Double> error) {
        this.source = source;
        this.target = target;
        this.rank = i + 1L;
        this.distance = neighbours.distances()[i];
        this.lower = Double.isInfinite(neighbours.remaining()) ? null : neighbours.remaining();
        this.proved = neighbours.proved();
        this.fullLower = error.map(e -> Math.max(0, distance - e)).orElse(null);
        this.fullUpper = error.map(e -> distance + e).orElse(null);
    }
}
