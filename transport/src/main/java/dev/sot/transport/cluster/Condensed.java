package dev.sot.transport.cluster;

/**
 * The condensed form of a symmetric distance matrix: the entries above the diagonal, row by row.
 */
final class Condensed {

    private Condensed() {}

    /** Entries for n items. */
    static int length(int n) {
        return Math.toIntExact((long) n * (n - 1) / 2);
    }

    /** Where the distance between two different items is. */
    static int index(int i, int j, int n) {
        return i < j ? row(i, n) + j : row(j, n) + i;
    }

    /** What to add to j to find the distance between i and j, for i smaller than j. */
    static int row(int i, int n) {
        return (int) ((long) i * n - (long) i * (i + 1) / 2 - i - 1);
    }

    /**
     * @throws IllegalArgumentException if the matrix is not one of n items, or a distance is
     *     negative or not finite
     */
    static void check(double[] condensed, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("n is " + n + "; at least one item is needed");
        }
        if (condensed.length != (long) n * (n - 1) / 2) {
            throw new IllegalArgumentException(
                    "a condensed distance matrix of "
                            + n
                            + " items has "
                            + (long) n * (n - 1) / 2
                            + " entries, this one has "
                            + condensed.length);
        }
        int k = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++, k++) {
                if (!(condensed[k] >= 0) || condensed[k] == Double.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException(
                            "distance between items "
                                    + i
                                    + " and "
                                    + j
                                    + " is "
                                    + condensed[k]
                                    + "; it must be finite and >= 0");
                }
            }
        }
    }
}
