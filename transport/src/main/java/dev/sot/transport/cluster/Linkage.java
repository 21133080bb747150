package dev.sot.transport.cluster;

/**
 * The distance between two clusters, from the distances d between their members.
 *
 * <p>All four are computed by the recurrence of Lance and Williams (1967), which gives the distance
 * of the union of A and B to a third cluster C from those among A, B and C. All four are reducible:
 * when A and B are nearest to each other, the distance of their union to C is at least the smaller
 * of d(A, C) and d(B, C).
 */
public enum Linkage {

    /** Mean distance between their members (UPGMA; Sokal and Michener 1958). */
    AVERAGE {
        @Override
        double merged(double toA, double toB, double between, int a, int b, int c) {
            double mean = toA + (toB - toA) * ((double) b / (a + b));
            return Math.min(Math.max(mean, Math.min(toA, toB)), Math.max(toA, toB));
        }
    },

    /** Largest distance between their members. */
    COMPLETE {
        @Override
        double merged(double toA, double toB, double between, int a, int b, int c) {
            return Math.max(toA, toB);
        }
    },

    /** Smallest distance between their members. */
    SINGLE {
        @Override
        double merged(double toA, double toB, double between, int a, int b, int c) {
            return Math.min(toA, toB);
        }
    },

    /**
     * Ward (1963): the root of twice the growth of the sum of squares within clusters. For members
     * at any distances, Euclidean or not, it is what the recurrence on squared distances gives:
     *
     * <pre>
     *   d(A, B)^2 = |A| |B| / (|A| + |B|) (2 m(A, B) - m(A, A) - m(B, B))
     * </pre>
     *
     * with m(X, Y) the mean of the squared distances over all |X| |Y| pairs of members, those of an
     * item with itself included. For Euclidean distances this equals 2 |A| |B| / (|A| + |B|) times
     * the squared distance of the centroids; two single items are at their own distance; SciPy's
     * {@code ward} has the same heights. For other distances there are no centroids, but
     * reducibility holds all the same, since the recurrence needs nothing of the distances but that
     * A and B are nearest to each other. Only clusters that {@link Constraints} force together may
     * not have been: they can be at a negative square from others, which counts as nearer than 0,
     * with height 0.
     */
    WARD {
        @Override
        double merged(double toA, double toB, double between, int a, int b, int c) {
            double sum = (double) a + b + c;
            return ((a + c) * toA + (b + c) * toB - c * between) / sum;
        }
    };

    /**
     * Distance of the union of A and B to C; for Ward all distances are squares. Rounding can take
     * Ward's below what reducibility allows.
     *
     * @param toA distance between A and C, finite
     * @param toB distance between B and C, finite
     * @param between distance between A and B, finite
     * @param a number of items in A
     * @param b number of items in B
     * @param c number of items in C
     */
    abstract double merged(double toA, double toB, double between, int a, int b, int c);
}
