package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;

/**
 * What the distances of a geometry have to do with Euclidean ones. With V_p for the Wasserstein
 * distance of order p and Euclidean ground cost between the embedded clouds, which for the cosine
 * cost are those of the normalised points:
 *
 * <ul>
 *   <li>Euclidean: {@code W_p = V_p};
 *   <li>squared Euclidean: {@code W_1 = V_2^2} and, by Jensen's inequality, {@code W_2 >= W_1};
 *   <li>cosine: {@code 1 - cos = |x - y|^2 / 2}, so {@code W_1 = V_2^2 / 2} and {@code W_2 >= W_1}.
 * </ul>
 *
 * <p>A lower bound on {@code V_order} thus becomes one on the geometry's distance.
 */
final class Embedding {

    private final Geometry geometry;
    private final int order;

    Embedding(Geometry geometry) {
        if (geometry.cost() == GroundCost.ZERO_ONE) {
            throw new IllegalArgumentException(
                    "the zero-one ground cost has a closed form and no approximations; compute the"
                            + " exact distance");
        }
        this.geometry = geometry;
        this.order = geometry.cost() == GroundCost.EUCLIDEAN ? geometry.order() : 2;
    }

    /** The order of the Euclidean distance V that the geometry's rests on. */
    int order() {
        return order;
    }

    /** The geometry's distance, or bound on it, from that of V. */
    double distance(double euclidean) {
        return switch (geometry.cost()) {
            case EUCLIDEAN -> euclidean;
            case SQUARED_EUCLIDEAN -> euclidean * euclidean;
            case COSINE -> euclidean * euclidean / 2;
            case ZERO_ONE -> throw new IllegalStateException();
        };
    }

    /** Whether the geometry's distance is a square of V, up to a factor. */
    boolean squares() {
        return geometry.cost() != GroundCost.EUCLIDEAN;
    }

    /** {@code c^p} from the squared Euclidean distance of two embedded points. */
    double power(double squared) {
        return switch (geometry.cost()) {
            case EUCLIDEAN -> geometry.order() == 1 ? Math.sqrt(squared) : squared;
            case SQUARED_EUCLIDEAN -> geometry.order() == 1 ? squared : squared * squared;
            case COSINE -> geometry.order() == 1 ? squared / 2 : squared * squared / 4;
            case ZERO_ONE -> throw new IllegalStateException();
        };
    }

    /** The Euclidean distance of two embedded points from {@code c^p}. */
    double length(double power) {
        double distance = geometry.distance(power);
        return switch (geometry.cost()) {
            case EUCLIDEAN -> distance;
            case SQUARED_EUCLIDEAN -> Math.sqrt(distance);
            case COSINE -> Math.sqrt(2 * distance);
            case ZERO_ONE -> throw new IllegalStateException();
        };
    }

    /** The geometry's distance from the optimum of {@code sum c^p P}. */
    double root(double optimum) {
        return geometry.distance(optimum);
    }

    /** The points of a cloud in double precision. */
    Placed place(Cloud cloud) {
        if (cloud.geometry() != geometry) {
            throw new IllegalArgumentException("the cloud belongs to another geometry");
        }
        double[] weights = new double[cloud.size()];
        double[][] points = new double[cloud.size()][geometry.points().dimension()];
        double largest = 0;
        for (int i = 0; i < points.length; i++) {
            weights[i] = cloud.weight(i);
            geometry.place(cloud.position(i), points[i]);
            largest = Math.max(largest, Vectors.dot(points[i], points[i]));
        }
        return new Placed(cloud, weights, points, Math.sqrt(largest));
    }

    /**
     * Relative rounding error of a sum of terms, with room for what went into them.
     *
     * @param terms how many are added
     */
    static double rounding(int terms) {
        return (terms + 512) * 0x1p-52;
    }

    /**
     * A cloud's embedded points.
     *
     * @param cloud the cloud
     * @param weights mass of each point
     * @param points a row a point
     * @param radius largest norm of a row
     */
    record Placed(Cloud cloud, double[] weights, double[][] points, double radius) {

        int size() {
            return weights.length;
        }

        /** The points' coordinates, a row an axis. */
        double[][] axes() {
            double[][] axes = new double[points[0].length][points.length];
            for (int i = 0; i < points.length; i++) {
                for (int k = 0; k < axes.length; k++) {
                    axes[k][i] = points[i][k];
                }
            }
            return axes;
        }

        double[] mean() {
            double[] mean = new double[points[0].length];
            for (int i = 0; i < points.length; i++) {
                Vectors.add(mean, weights[i], points[i]);
            }
            return mean;
        }
    }
}
