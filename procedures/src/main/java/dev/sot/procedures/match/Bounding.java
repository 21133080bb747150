package dev.sot.procedures.match;

import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.store.SpaceStore;
import java.util.Arrays;
import java.util.List;
import org.neo4j.graphdb.Node;

/**
 * Whether a call says how the supports of distributions are bounded.
 *
 * @param keys by which it can be said
 * @param given whether one of them is given
 */
record Bounding(List<String> keys, boolean given) {

    /** What a configuration says, before it is finished. */
    static Bounding of(Configuration c, String... keys) {
        return new Bounding(List.of(keys), Arrays.stream(keys).anyMatch(c::has));
    }

    /**
     * Checks that the supports asked for can be had in a space.
     *
     * @throws ConfigurationException where they are exact and were to be bounded
     */
    void requireFitting(Node space) {
        if (given && SpaceStore.isOfTokens(space)) {
            throw new ConfigurationException(
                    "in the reference space '"
                            + space.getProperty("name")
                            + "' distributions have a position for each token; leave "
                            + keys
                            + " out");
        }
    }
}
