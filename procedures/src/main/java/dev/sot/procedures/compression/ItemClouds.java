package dev.sot.procedures.compression;

import dev.sot.procedures.distance.FeatureClouds;
import dev.sot.transport.Cloud;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The distributions that items were compared by.
 *
 * @param space the reference space
 * @param clouds the distributions
 * @param cloud for each item the index of its distribution, -1 without one
 * @param positions corpus position of each row that the clouds rest on
 */
record ItemClouds(Node space, List<Cloud> clouds, int[] cloud, int[] positions) {

    /** The distributions of the items' features. */
    static ItemClouds of(FeatureClouds clouds, int[] cloud) {
        return new ItemClouds(clouds.space(), clouds.clouds(), cloud, clouds.positions());
    }

    /** An item's distribution, if it has one. */
    Optional<Cloud> of(int item) {
        return cloud[item] < 0 ? Optional.empty() : Optional.of(clouds.get(cloud[item]));
    }

    /** The name of the space. */
    String spaceName() {
        return (String) space.getProperty("name");
    }
}
