package dev.sot.procedures.distance;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.GroundCost;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Relationship;

/**
 * Which Wasserstein distance: shared by everything that computes one.
 *
 * @param space name of the reference space; by default the only one
 * @param order 1 for W1, 2 for W2
 * @param groundCost euclidean or cosine
 */
public record DistanceConfig(Optional<String> space, int order, GroundCost groundCost) {

    /** Reads the distance's keys from a configuration. */
    public static DistanceConfig of(Configuration c) {
        return new DistanceConfig(
                c.optionalString("space"),
                c.integer("order", 1, 1, 2),
                GroundCosts.read(c, "groundCost", GroundCost.EUCLIDEAN, GroundCost.COSINE));
    }

    /** Reads a configuration that has no other keys. */
    static DistanceConfig only(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        DistanceConfig config = of(c);
        c.finish();
        return config;
    }

    /** Whether a stored distance is this one in the space of that name. */
    public boolean isKindOf(Relationship relationship, String spaceName) {
        return relationship.getProperty("space").equals(spaceName)
                && relationship.getProperty("order").equals(order)
                && relationship.getProperty("groundCost").equals(groundCostName());
    }

    /** The ground cost's name in configurations. */
    public String groundCostName() {
        return GroundCosts.name(groundCost);
    }
}
