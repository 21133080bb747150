package dev.sot.procedures.distance;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.SupportError;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * The distributions of features in one space, ready to be compared.
 *
 * @param space the reference space
 * @param features the features that have a distribution there
 * @param withoutDistribution those selected that have none
 * @param geometry the space's points, as far as they are needed, with a ground cost and an order
 * @param clouds one a feature
 * @param positions corpus position of each row of the geometry's table
 * @param errors for each feature, how far its distribution is from the full one; empty where not
 *     known
 */
public record FeatureClouds(
        Node space,
        List<Node> features,
        List<Node> withoutDistribution,
        Geometry geometry,
        List<Cloud> clouds,
        int[] positions,
        List<Optional<SupportError>> errors) {

    /** The name of the space. */
    public String spaceName() {
        return (String) space.getProperty("name");
    }

    /**
     * How far the distance of two features may be from that of their full distributions; empty
     * where the error of one of them is not known for this ground cost.
     */
    public Optional<Double> error(int feature, int other) {
        return error(geometry, errors.get(feature), errors.get(other));
    }

    /** The same for two features with such errors. */
    public static Optional<Double> error(
            Geometry geometry, Optional<SupportError> one, Optional<SupportError> two) {
        if (one.isEmpty() || two.isEmpty()) {
            return Optional.empty();
        }
        double sum = one.get().of(geometry.order()) + two.get().of(geometry.order());
        // Errors are Euclidean; an error of 0 is one by any measure.
        return geometry.cost() == GroundCost.EUCLIDEAN || sum == 0
                ? Optional.of(sum)
                : Optional.empty();
    }
}
