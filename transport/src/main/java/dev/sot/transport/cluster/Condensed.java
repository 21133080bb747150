package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;

/**
 * The condensed form of a symmetric distance matrix: the entries above the diagonal, row by row.
 */
final class Condensed {

    /** Items whose distances are read together: one cache line of a column. */
    static final int LANES = 8;

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
     * Adds the distances of a few consecutive items to all others up by group. Reads the matrix
     * along its rows, and columns one cache line at a time.
     *
     * @param begin first of the items
     * @param lanes how many they are, at most {@link #LANES}
     * @param group group of every item, or -1 for one that does not count
     * @param sums where the sum of item {@code begin + lane} over group g is added, at {@code g *
     *     LANES + lane}
     */
    static void addRows(
            double[] condensed, int n, int begin, int lanes, int[] group, double[] sums) {
        for (int j = 0; j < begin + lanes; j++) {
            if (group[j] >= 0) {
                int row = row(j, n) + begin;
                int sum = group[j] * LANES;
                for (int lane = Math.max(0, j - begin + 1); lane < lanes; lane++) {
                    sums[sum + lane] += condensed[row + lane];
                }
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            int row = row(begin + lane, n);
            for (int j = begin + lane + 1; j < n; j++) {
                if (group[j] >= 0) {
                    sums[group[j] * LANES + lane] += condensed[row + j];
                }
            }
        }
    }

    /**
     * @throws IllegalArgumentException if the matrix is not one of n items, or a distance is
     *     negative or not finite
     */
    static void check(double[] condensed, int n, Monitor monitor) {
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
            monitor.check();
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
