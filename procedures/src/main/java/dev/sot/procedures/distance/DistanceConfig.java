package dev.sot.procedures.distance;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.GroundCost;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/**
 * Which Wasserstein distance: shared by everything that computes one.
 *
 * @param space name of the reference space; by default the only one
 * @param order 1 for W1, 2 for W2
 * @param cost the ground cost asked for; by default what suits the space
 */
public record DistanceConfig(Optional<String> space, int order, Optional<GroundCost> cost) {

    private static final String COST = "groundCost";

    /** The distance that is meant where nothing is said. */
    public static DistanceConfig in(Optional<String> space) {
        return new DistanceConfig(space, 1, Optional.empty());
    }

    /** Reads the distance's keys from a configuration. */
    public static DistanceConfig of(Configuration c) {
        return new DistanceConfig(
                c.optionalString("space"),
                c.integer("order", 1, 1, 2),
                c.has(COST)
                        ? Optional.of(
                                GroundCosts.read(
                                        c,
                                        COST,
                                        GroundCost.EUCLIDEAN,
                                        GroundCost.COSINE,
                                        GroundCost.ZERO_ONE))
                        : Optional.empty());
    }

    /** Reads a configuration that has no other keys. */
    static DistanceConfig only(String procedure, Map<String, Object> given) {
        Configuration c = new Configuration(procedure, given);
        DistanceConfig config = of(c);
        c.finish();
        return config;
    }

    /**
     * The ground cost in a space: between tokens 0 or 1, elsewhere by default Euclidean.
     *
     * @throws ConfigurationException when the space has not the one asked for
     */
    public GroundCost groundCost(Node space) {
        boolean tokens = SpaceStore.isOfTokens(space);
        GroundCost chosen = cost.orElse(tokens ? GroundCost.ZERO_ONE : GroundCost.EUCLIDEAN);
        if (tokens != (chosen == GroundCost.ZERO_ONE)) {
            throw new ConfigurationException(
                    "the reference space '"
                            + space.getProperty("name")
                            + (tokens
                                    ? "' has no geometry: its tokens are equal or not, and its only"
                                            + " ground cost is 'zeroOne'"
                                    : "' is no space of tokens, between which alone the ground"
                                            + " cost is 'zeroOne'")
                            + "; leave `groundCost` out, or choose another {space: ...}");
        }
        return chosen;
    }

    /** The name of the ground cost in a space, as in configurations. */
    public String groundCostName(Node space) {
        return GroundCosts.name(groundCost(space));
    }

    /** Shows the ground cost of a space in a configuration with its defaults. */
    public void note(Node space, Map<String, Object> effective) {
        effective.put(COST, groundCostName(space));
    }

    /** Whether a stored distance is this one in a space. */
    public boolean isKindOf(Relationship relationship, Node spaceNode) {
        return relationship.getProperty("space").equals(spaceNode.getProperty("name"))
                && relationship.getProperty("order").equals(order)
                && relationship.getProperty(COST).equals(groundCostName(spaceNode));
    }
}
