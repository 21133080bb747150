package dev.sot.transport;

import java.util.List;

/**
 * A symmetric matrix of distances with a zero diagonal.
 *
 * <p>Stored condensed, as scipy does: the upper triangle row by row, {@code (0,1), (0,2), ...,
 * (1,2), ...}, {@code size (size - 1) / 2} values.
 */
public final class DistanceMatrix {

    /** The largest matrix whose condensed form fits an array. */
    public static final int MAX_SIZE = 65_536;

    private final int size;
    private final double[] condensed;
    private final double largestGap;

    private DistanceMatrix(int size, double[] condensed, double largestGap) {
        this.size = size;
        this.condensed = condensed;
        this.largestGap = largestGap;
    }

    /**
     * A matrix over given distances.
     *
     * @param size number of objects, not negative
     * @param condensed the upper triangle row by row; not copied
     */
    public static DistanceMatrix of(int size, double[] condensed) {
        if (condensed.length != length(size)) {
            throw new IllegalArgumentException(
                    "a matrix of "
                            + size
                            + " objects has "
                            + length(size)
                            + " distances, got "
                            + condensed.length);
        }
        return new DistanceMatrix(size, condensed, Double.NaN);
    }

    /**
     * The exact Wasserstein distances of all pairs. The result does not depend on concurrency.
     *
     * @param clouds the distributions, at most {@link #MAX_SIZE}
     * @param geometry the geometry that made them
     * @param concurrency number of threads, at least 1
     * @param monitor told of the pairs done as "distances"; stops the computation within about 50
     *     ms
     * @throws IllegalArgumentException if a cloud is of another geometry
     */
    public static DistanceMatrix compute(
            List<Cloud> clouds, Geometry geometry, int concurrency, Monitor monitor) {
        Cloud[] all = clouds.toArray(Cloud[]::new);
        double[] condensed = new double[length(all.length)];
        Pairs progress = new Pairs(condensed.length, monitor);
        Workers.run(
                all.length - 1,
                concurrency,
                monitor,
                inner -> {
                    Wasserstein wasserstein = new Wasserstein(geometry, inner);
                    return i -> {
                        double gap = 0;
                        for (int j = i + 1; j < all.length; j++) {
                            inner.check();
                            condensed[index(all.length, i, j)] =
                                    wasserstein.distance(all[i], all[j]);
                            gap = Math.max(gap, wasserstein.dualityGap());
                        }
                        progress.done(all.length - 1 - i, gap);
                    };
                });
        return new DistanceMatrix(all.length, condensed, progress.largestGap);
    }

    /** The number of objects. */
    public int size() {
        return size;
    }

    /** The distance of objects i and j. */
    public double get(int i, int j) {
        if (i == j) {
            return 0;
        }
        return condensed[i < j ? index(size, i, j) : index(size, j, i)];
    }

    /**
     * The distances among some of the objects. O(objects^2).
     *
     * @param objects which, in the order that they are to have
     */
    public DistanceMatrix among(int[] objects) {
        double[] chosen = new double[length(objects.length)];
        int next = 0;
        for (int i = 0; i < objects.length; i++) {
            for (int j = i + 1; j < objects.length; j++) {
                chosen[next++] = get(objects[i], objects[j]);
            }
        }
        return new DistanceMatrix(objects.length, chosen, largestGap);
    }

    /** The upper triangle row by row; not a copy. */
    public double[] condensed() {
        return condensed;
    }

    /**
     * The largest relative {@linkplain Wasserstein#dualityGap duality gap} of the distances, which
     * certifies them all; NaN for distances that were given.
     */
    public double largestGap() {
        return largestGap;
    }

    /** The number of distances of a matrix of that size. */
    public static int length(int size) {
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "a distance matrix holds at most " + MAX_SIZE + " objects, got " + size);
        }
        return (int) ((long) size * (size - 1) / 2);
    }

    private static int index(int size, int i, int j) {
        return (int) ((long) i * (2L * size - i - 1) / 2) + j - i - 1;
    }

    /** Counts finished pairs over all workers; reports them one at a time, ascending. */
    private static final class Pairs {
        private final long total;
        private final Monitor monitor;
        private long done;
        private double largestGap;

        Pairs(long total, Monitor monitor) {
            this.total = total;
            this.monitor = monitor;
        }

        synchronized void done(int pairs, double gap) {
            done += pairs;
            largestGap = Math.max(largestGap, gap);
            monitor.progress("distances", done, total);
        }
    }
}
