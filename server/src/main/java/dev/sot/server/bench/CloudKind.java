package dev.sot.server.bench;

import dev.sot.server.bench.PointClouds.PointCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * Distributions from which benchmark clouds are drawn. Coordinates are scaled so that points have a
 * norm of about 1 in any dimension. The same arguments give the same clouds on every machine.
 */
public enum CloudKind {
    /** Isotropic Gaussian points about a Gaussian mean, exponential weights. */
    random,
    /** The same points, all weights equal: optimal plans are assignments. */
    uniform,
    /**
     * What features' activations look like: 48 Gaussian topic centres that all clouds share; a
     * cloud takes three of them with shares from a Dirichlet distribution (concentration 1/2); a
     * point is a centre, plus noise of half its scale in six directions of its topic, plus
     * isotropic noise of 0.15; weights are log-normal.
     */
    clustered;

    private static final int TOPICS = 48;
    private static final int TOPICS_OF_A_CLOUD = 3;
    private static final int RANK = 6;
    private static final double TOPIC_NOISE = 0.5;
    private static final double NOISE = 0.15;

    /**
     * Draws clouds.
     *
     * @param count number of clouds
     * @param size points of each, at least 1
     * @param dimension coordinates of a point, at least 1
     * @param seed another seed gives other clouds of the same distribution
     */
    public PointClouds draw(int count, int size, int dimension, long seed) {
        RandomGenerator random =
                new SplittableRandom(((seed * 3 + ordinal()) * 65_537 + dimension) * 65_537 + size);
        Topics topics = this == clustered ? Topics.draw(random, dimension) : null;
        List<PointCloud> clouds = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            float[] coordinates =
                    topics == null
                            ? gaussian(random, size, dimension)
                            : topics.cloud(random, size, dimension);
            double[] weights = DoubleStream.generate(() -> weight(random)).limit(size).toArray();
            double sum = DoubleStream.of(weights).sum();
            for (int i = 0; i < size; i++) {
                weights[i] /= sum;
            }
            clouds.add(new PointCloud(weights, coordinates));
        }
        return new PointClouds(dimension, clouds);
    }

    private double weight(RandomGenerator random) {
        return switch (this) {
            case random -> random.nextExponential();
            case uniform -> 1;
            case clustered -> Math.exp(random.nextGaussian());
        };
    }

    private static float[] gaussian(RandomGenerator random, int size, int dimension) {
        double scale = 1 / Math.sqrt(dimension);
        double[] mean = gaussians(random, dimension, scale);
        float[] coordinates = new float[size * dimension];
        for (int i = 0; i < coordinates.length; i++) {
            coordinates[i] = (float) (mean[i % dimension] + scale * random.nextGaussian());
        }
        return coordinates;
    }

    private static double[] gaussians(RandomGenerator random, int count, double scale) {
        return DoubleStream.generate(() -> scale * random.nextGaussian()).limit(count).toArray();
    }

    /**
     * What clustered clouds share.
     *
     * @param centre {@code [topic][dimension]}
     * @param direction {@code [topic][rank * dimension]}, row-major
     */
    private record Topics(double[][] centre, double[][] direction) {

        static Topics draw(RandomGenerator random, int dimension) {
            double scale = 1 / Math.sqrt(dimension);
            double[][] centre = new double[TOPICS][];
            double[][] direction = new double[TOPICS][];
            for (int t = 0; t < TOPICS; t++) {
                centre[t] = gaussians(random, dimension, scale);
                direction[t] = gaussians(random, RANK * dimension, scale);
            }
            return new Topics(centre, direction);
        }

        float[] cloud(RandomGenerator random, int size, int dimension) {
            int[] topics = random.ints(0, TOPICS).distinct().limit(TOPICS_OF_A_CLOUD).toArray();
            double[] shares = new double[TOPICS_OF_A_CLOUD];
            for (int t = 0; t < shares.length; t++) {
                // The square of a Gaussian has a gamma distribution of shape 1/2; normalised, such
                // are Dirichlet.
                double normal = random.nextGaussian();
                shares[t] = normal * normal;
            }
            float[] coordinates = new float[size * dimension];
            for (int i = 0; i < size; i++) {
                int topic = topics[pick(random, shares)];
                double[] noise = gaussians(random, RANK, TOPIC_NOISE / Math.sqrt(RANK));
                for (int k = 0; k < dimension; k++) {
                    double value = centre[topic][k];
                    for (int r = 0; r < RANK; r++) {
                        value += noise[r] * direction[topic][r * dimension + k];
                    }
                    value += NOISE / Math.sqrt(dimension) * random.nextGaussian();
                    coordinates[i * dimension + k] = (float) value;
                }
            }
            return coordinates;
        }

        private static int pick(RandomGenerator random, double[] shares) {
            double at = random.nextDouble() * DoubleStream.of(shares).sum();
            int picked = 0;
            while (picked < shares.length - 1 && at >= shares[picked]) {
                at -= shares[picked++];
            }
            return picked;
        }
    }
}
