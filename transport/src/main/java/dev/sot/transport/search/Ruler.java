package dev.sot.transport.search;

import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;

/**
 * Turns a lower bound on the Euclidean W_q between clouds in kernel coordinates, a <i>length</i>,
 * into one on the distance of their geometry. Write s for the squared Euclidean distance of two
 * points, in units of the geometry.
 *
 * <ul>
 *   <li>Euclidean cost: the distance is W_q itself, with q the order.
 *   <li>Squared Euclidean cost: at order 1 the distance is {@code W_2^2}; at order 2 it is {@code
 *       min (sum s^2 P)^(1/2) >= min sum s P = W_2^2} by Jensen's inequality.
 *   <li>Cosine cost: the same for the normalised points, halved, as {@code 1 - cos = s / 2}.
 *   <li>Zero-one cost: points that differ are at most a diameter apart, so {@code W_1 <= diameter
 *       TV}; the distance is TV at order 1 and its root at order 2. In kernel coordinates the
 *       diameter is at most 2.
 * </ul>
 */
final class Ruler {

    private final GroundCost cost;
    private final boolean root;
    private final boolean squared;
    private final double scale;

    Ruler(Geometry geometry) {
        this.cost = geometry.cost();
        this.root = geometry.order() == 2;
        this.squared = squared(cost, geometry.order());
        this.scale = geometry.scale();
    }

    /** Whether lengths bound W_2 for a cost and an order; else they bound W_1. */
    static boolean squared(GroundCost cost, int order) {
        return cost == GroundCost.EUCLIDEAN ? order == 2 : cost != GroundCost.ZERO_ONE;
    }

    /** Whether lengths bound W_2; else they bound W_1. */
    boolean squared() {
        return squared;
    }

    /** The bound on the distance that follows from a length; ascending. */
    double distance(double length) {
        double euclidean = length * scale;
        return switch (cost) {
            case EUCLIDEAN -> euclidean;
            case SQUARED_EUCLIDEAN -> euclidean * euclidean;
            case COSINE -> euclidean * euclidean / 2;
            case ZERO_ONE -> root ? Math.sqrt(length / DIAMETER) : length / DIAMETER;
        };
    }

    /** The inverse of {@link #distance}, to rounding. */
    double length(double distance) {
        return switch (cost) {
            case EUCLIDEAN -> distance / scale;
            case SQUARED_EUCLIDEAN -> Math.sqrt(distance) / scale;
            case COSINE -> Math.sqrt(2 * distance) / scale;
            case ZERO_ONE -> (root ? distance * distance : distance) * DIAMETER;
        };
    }

    /** Twice the largest norm of a point in kernel coordinates, with room for rounding. */
    private static final double DIAMETER = 2 + 0x1p-20;
}
