package dev.sot.transport.approximate;

import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.PointTable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Tables of points and distributions on them, of the kinds that break approximations. */
enum Clouds {
    /** Isotropic. */
    RANDOM,
    /** Far from the origin, a few tight clusters. */
    CLUSTERED,
    /** In a subspace of two dimensions. */
    FLAT,
    /** Few distinct points, each many times. */
    DUPLICATE;

    static final int TABLE = 120;

    PointTable table(Random random, int dimension) {
        double[] values = new double[TABLE * dimension];
        double[] directions = random.doubles(2L * dimension).toArray();
        for (int i = 0; i < TABLE; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            for (int k = 0; k < dimension; k++) {
                values[i * dimension + k] =
                        switch (this) {
                            case RANDOM -> random.nextGaussian();
                            case CLUSTERED -> 100 + (i % 3 + k) % 3 + 0.1 * random.nextGaussian();
                            case FLAT -> x * directions[k] + y * directions[dimension + k];
                            case DUPLICATE -> 1 + (i % 7) * (k + 1) % 5;
                        };
            }
        }
        return new PointTable(dimension, values);
    }

    /** Distributions of 1, 2, many and all points, with weights of very different size. */
    static List<Distribution> distributions(Random random) {
        return IntStream.of(1, 1, 2, 5, 20, 20, 40, TABLE)
                .mapToObj(
                        size -> {
                            int[] positions =
                                    random.ints(0, TABLE).distinct().limit(size).sorted().toArray();
                            double[] weights = new double[size];
                            Arrays.setAll(weights, i -> Math.exp(2 * random.nextGaussian()));
                            return new Distribution(positions, weights);
                        })
                .toList();
    }

    Geometry geometry(int seed, int dimension, GroundCost cost, int order) {
        return new Geometry(table(new Random(seed), dimension), cost, order);
    }

    static List<Cloud> clouds(Geometry geometry, int seed) {
        return distributions(new Random(seed)).stream().map(geometry::cloud).toList();
    }
}
