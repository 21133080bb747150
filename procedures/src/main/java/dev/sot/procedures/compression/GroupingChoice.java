package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.cluster.Linkage;
import java.util.stream.Stream;

/**
 * How items are grouped.
 *
 * @param method the method
 * @param linkage distance of two groups that are merged; also of the hierarchy by which another
 *     method's number of groups is chosen
 * @param seed of methods with randomness
 * @param neighbours nearest items that each is joined to, of LEIDEN
 * @param gamma resolution of LEIDEN
 * @param minClusterSize fewest items of a group, of HDBSCAN
 * @param samples items around one that make a core, of HDBSCAN
 * @param dimension coordinates that distances are turned into, of K_MEANS
 */
record GroupingChoice(
        Method method,
        Linkage linkage,
        long seed,
        int neighbours,
        double gamma,
        int minClusterSize,
        int samples,
        int dimension) {

    private static final int NEIGHBOURS = 10;

    private static final int MIN_CLUSTER_SIZE = 5;

    private static final int DIMENSION = 16;

    /** A method with what it has by default. */
    GroupingChoice(Method method, Linkage linkage, long seed) {
        this(method, linkage, seed, NEIGHBOURS, 1, MIN_CLUSTER_SIZE, MIN_CLUSTER_SIZE, DIMENSION);
    }

    /** Methods of grouping. */
    enum Method {
        /** Merging the two nearest groups until none may merge, and cutting that hierarchy. */
        HIERARCHICAL,
        /** Around items whose distances to their groups are small in sum. */
        K_MEDOIDS,
        /** So that pairs nearer than a threshold share a group, and others do not. */
        CORRELATION_CLUSTERING,
        /** By the leading eigenvectors of the similarities. */
        SPECTRAL,
        /** By density; what is in sparse regions stays alone. */
        HDBSCAN,
        /** Communities of the graph of nearest items, by Graph Data Science. */
        LEIDEN,
        /** Around means of coordinates, by Graph Data Science. */
        K_MEANS,
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
            return this != LAYER_POSITION && this != HDBSCAN && this != LEIDEN;
        }

        /**
         * What items are compared by where nothing is said: places and chance need no activations.
         */
        Measure measure(Configuration c) {
            return (this == LAYER_POSITION || this == RANDOM) && !c.has("space")
                    ? Measure.EDGE_PROFILE
                    : Measure.WASSERSTEIN;
        }

        /** Whether its groups are those of a hierarchy, or of their sizes. */
        boolean cutsHierarchy() {
            return this == HIERARCHICAL || this == RANDOM;
        }

        /** Whether a distance can say how many groups. */
        boolean takesDistance() {
            return this == HIERARCHICAL || this == CORRELATION_CLUSTERING || this == RANDOM;
        }

        /** Whether it knows how many groups when it is not asked for a number. */
        boolean findsSize() {
            return !takesSize() || this == CORRELATION_CLUSTERING;
        }

        /** Whether it is one of the library's. */
        boolean needsGraphDataScience() {
            return this == LEIDEN || this == K_MEANS;
        }

        /** Whether it depends on chance. */
        boolean isRandom() {
            return this == RANDOM || this == SPECTRAL || this == LEIDEN || this == K_MEANS;
        }
    }

    static GroupingChoice of(Configuration c) {
        Method method = c.oneOf("grouping", Method.HIERARCHICAL);
        String name = "means nothing to grouping '" + Configuration.name(method) + "'";
        Linkage linkage = Linkage.WARD;
        boolean chosenOnHierarchy =
                method.findsSize()
                        ? method.takesSize() && c.has("size")
                        : Stream.of("targetSize", "targetRatio", "maxDistance").noneMatch(c::has);
        if (method.cutsHierarchy() || chosenOnHierarchy) {
            linkage = c.oneOf("linkage", linkage);
        } else {
            c.refuse(
                    "linkage",
                    name
                            + (method.takesSize()
                                    ? ", unless `size` chooses the number of groups on a hierarchy"
                                    : ""));
        }
        long seed = 42;
        if (method.isRandom()) {
            seed = c.longInteger("seed", seed);
        } else {
            c.refuse("seed", name + ", which has no randomness");
        }
        boolean leiden = method == Method.LEIDEN;
        boolean hdbscan = method == Method.HDBSCAN;
        int minClusterSize = whole(c, hdbscan, "minClusterSize", MIN_CLUSTER_SIZE, 2, name);
        return new GroupingChoice(
                method,
                linkage,
                seed,
                whole(c, leiden, "neighbours", NEIGHBOURS, 1, name),
                gamma(c, leiden, name),
                minClusterSize,
                whole(c, hdbscan, "samples", minClusterSize, 1, name),
                whole(c, method == Method.K_MEANS, "dimension", DIMENSION, 1, name));
    }

    private static int whole(
            Configuration c, boolean used, String key, int value, int least, String otherwise) {
        if (!used) {
            c.refuse(key, otherwise);
            return value;
        }
        return c.integer(key, value, least, 100_000);
    }

    private static double gamma(Configuration c, boolean used, String otherwise) {
        if (!used) {
            c.refuse("gamma", otherwise);
            return 1;
        }
        return c.number("gamma", 1, 0, 1e6);
    }

    /** What the grouping is called where people read it. */
    String name() {
        return shortName() + (method == Method.HIERARCHICAL ? " linkage" : "");
    }

    /** The linkage of a hierarchy, else the method. */
    String shortName() {
        return Configuration.name(method == Method.HIERARCHICAL ? linkage : method);
    }

    /** Bytes of heap that grouping so many items takes beside their distances. */
    long bytes(int items) {
        long copy = 8L * DistanceMatrix.length(items);
        return switch (method) {
            case HIERARCHICAL, RANDOM, HDBSCAN -> copy;
            // Costs of pairs, and of groups.
            case CORRELATION_CLUSTERING -> 2 * copy;
            // The products of coordinates, and what their eigenvectors are computed in.
            case K_MEANS -> 4 * copy;
            // Two views and their mean, the matrix of the eigenvectors, and its copy.
            case SPECTRAL -> 7 * copy;
            case LEIDEN -> 100L * items * Math.min(neighbours, items);
            case K_MEDOIDS, LAYER_POSITION -> 0;
        };
    }
}
