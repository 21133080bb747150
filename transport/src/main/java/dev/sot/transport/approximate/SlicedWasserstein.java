package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.LineTransport.Measure;
import java.util.Random;

/**
 * Sliced Wasserstein distances, scaled to compare with W: the mean over random directions of the
 * squared distance of the projections,
 *
 * <pre>    V^2 = d / L sum_l W_p(f projected on u_l, g projected on u_l)^2,</pre>
 *
 * p = 1 or 2; for p = 2 it is d times the Monte-Carlo estimate of the sliced distance of Rabin,
 * Peyre, Delon and Bernot, Wasserstein Barycenter and Its Application to Texture Mixing (2011).
 *
 * <p>Directions are drawn in frames of up to d that are orthonormal. Each frame bounds the distance
 * from below by the argument of {@link CoordinateTransport}, with certainty and not only in the
 * mean; the lower bound is that of the best frame. With complete frames V is their quadratic mean
 * and so is no more than W; with fewer than d directions V may exceed W. For the squared Euclidean
 * and cosine costs V^2 of order 2 is meant, halved for cosine.
 *
 * <p>The standard error is that of L independent directions; those of a frame repel each other,
 * which makes the true error smaller. Seeded and deterministic. A sketch takes {@code O(L n (d +
 * log n))}, a pair {@code O(L (n + m))}, the frames {@code O(L d min(L, d))} once.
 */
public final class SlicedWasserstein implements Approximation<SlicedWasserstein.Slices> {

    /** The number of directions used where none is asked for. */
    public static final int DEFAULT_DIRECTIONS = 128;

    private final Embedding embedding;
    private final double[][] directions;

    /**
     * Estimates of the distances of a geometry, of any order and any cost but zero-one.
     *
     * @param geometry makes the clouds
     * @param directions L, at least 2
     * @param seed chooses the directions
     */
    public SlicedWasserstein(Geometry geometry, int directions, long seed) {
        if (directions < 2) {
            throw new IllegalArgumentException("directions must be at least 2, got " + directions);
        }
        this.embedding = new Embedding(geometry);
        this.directions = frames(directions, geometry.points().dimension(), new Random(seed));
    }

    /** A cloud's projections on all directions. */
    public static final class Slices {
        private final Measure[] lines;
        private final double radius;
        private final int size;

        Slices(Measure[] lines, double radius, int size) {
            this.lines = lines;
            this.radius = radius;
            this.size = size;
        }
    }

    /**
     * A sliced distance.
     *
     * @param estimate V with the certified lower bound
     * @param standardError of V, from the spread over directions
     */
    public record Sliced(Estimate estimate, double standardError) {}

    @Override
    public Slices sketch(Cloud cloud) {
        Embedding.Placed placed = embedding.place(cloud);
        Measure[] lines = new Measure[directions.length];
        double[] projected = new double[placed.size()];
        for (int l = 0; l < lines.length; l++) {
            for (int i = 0; i < projected.length; i++) {
                projected[i] = Vectors.dot(directions[l], placed.points()[i]);
            }
            lines[l] = Measure.of(projected, placed.weights());
        }
        return new Slices(lines, placed.radius(), placed.size());
    }

    @Override
    public Estimate estimate(Slices f, Slices g) {
        return sliced(f, g).estimate();
    }

    /** The sliced distance with its standard error. */
    public Sliced sliced(Slices f, Slices g) {
        int dimension = directions[0].length;
        int count = directions.length;
        double sum = 0;
        double squares = 0;
        double best = 0;
        double frame = 0;
        for (int l = 0; l < count; l++) {
            double squared = CoordinateTransport.squared(f.lines[l], g.lines[l], embedding.order());
            sum += squared;
            squares += squared * squared;
            frame = l % dimension == 0 ? squared : frame + squared;
            best = Math.max(best, frame);
        }
        double mean = sum / count;
        double value = Math.sqrt(dimension * mean);
        double variance = Math.max(0, squares / count - mean * mean) / (count - 1);
        // The error of a root is half as large relative to it, and that of its square as large.
        double relative = mean == 0 ? 0 : Math.sqrt(variance) / mean;
        double distance = embedding.distance(value);
        double error = Embedding.rounding(f.size + g.size + 4 * dimension);
        double lower =
                CoordinateTransport.certified(best, f.radius + g.radius, error, embedding.order());
        return new Sliced(
                Estimate.bounded(distance, embedding.distance(lower)),
                embedding.squares() ? relative * distance : relative / 2 * distance);
    }

    /** Gaussian directions, each made orthogonal to those before it in its frame. */
    private static double[][] frames(int count, int dimension, Random random) {
        double[][] frames = new double[count][dimension];
        for (int l = 0; l < count; l++) {
            double[] direction = frames[l];
            for (int k = 0; k < dimension; k++) {
                direction[k] = random.nextGaussian();
            }
            normalise(direction);
            // Twice is enough (Kahan; Parlett, The Symmetric Eigenvalue Problem, 1980).
            for (int pass = 0; pass < 2; pass++) {
                for (int earlier = l - l % dimension; earlier < l; earlier++) {
                    Vectors.add(
                            direction, -Vectors.dot(direction, frames[earlier]), frames[earlier]);
                }
                normalise(direction);
            }
        }
        return frames;
    }

    private static void normalise(double[] direction) {
        double norm = Math.sqrt(Vectors.dot(direction, direction));
        for (int k = 0; k < direction.length; k++) {
            direction[k] /= norm;
        }
    }
}
