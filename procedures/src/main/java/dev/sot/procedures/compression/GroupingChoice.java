package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.Linkage;

/**
 * How items are grouped.
 *
 * @param method the method
 * @param linkage distance of two groups that are merged; also of the hierarchy by which another
 *     method's number of groups is chosen
 * @param seed of methods with randomness
 */
record GroupingChoice(Method method, Linkage linkage, long seed) {

    /** Methods of grouping. */
    enum Method {
        /** Merging the two nearest groups until none may merge, and cutting that hierarchy. */
        HIERARCHICAL,
        /** Around items whose distances to their groups are small in sum. */
        K_MEDOIDS,
        /** So that pairs nearer than a threshold share a group, and others do not. */
        CORRELATION_CLUSTERING,
        /** Items in the same layer at the same position. */
        LAYER_POSITION,
        /** At random, in groups of the sizes that the hierarchy has. */
        RANDOM;

        /** Whether it heeds constraints on what may share a group. */
        boolean takesConstraints() {
            return this == HIERARCHICAL || this == CORRELATION_CLUSTERING;
        }

        /** Whether it makes as many groups as it is asked for. */
        boolean takesSize() {
            return this != LAYER_POSITION;
        }

        /** Whether a distance can say how many groups. */
        boolean takesDistance() {
            return this == HIERARCHICAL || this == CORRELATION_CLUSTERING || this == RANDOM;
        }

        /** Whether it knows how many groups when it is not asked for a number. */
        boolean findsSize() {
            return this == LAYER_POSITION || this == CORRELATION_CLUSTERING;
        }

        /** Whether it depends on chance. */
        boolean isRandom() {
            return this == RANDOM;
        }
    }

    static GroupingChoice of(Configuration c) {
        Method method = c.oneOf("grouping", Method.HIERARCHICAL);
        String name = "means nothing to grouping '" + Configuration.name(method) + "'";
        Linkage linkage = Linkage.AVERAGE;
        if (method.takesSize()) {
            linkage = c.oneOf("linkage", Linkage.AVERAGE);
        } else {
            c.refuse("linkage", name);
        }
        long seed = 42;
        if (method.isRandom()) {
            seed = c.longInteger("seed", seed);
        } else {
            c.refuse("seed", name + ", which has no randomness");
        }
        return new GroupingChoice(method, linkage, seed);
    }

    /** What the grouping is called where people read it. */
    String name() {
        return method == Method.HIERARCHICAL
                ? Configuration.name(linkage) + " linkage"
                : Configuration.name(method);
    }

    /** Bytes of heap that grouping so many items takes beside their distances. */
    long bytes(int items) {
        long copy = 8L * DistanceMatrix.length(items);
        return switch (method) {
            case HIERARCHICAL, RANDOM, CORRELATION_CLUSTERING, K_MEDOIDS -> copy;
            case LAYER_POSITION -> 0;
        };
    }
}
