package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Families of random distributions, and what a search of all pairs finds among them. */
final class Families {

    private Families() {}

    /** Points around a few centres, as activations' hidden states are. */
    static PointTable clustered(Random random, int size, int dimension) {
        double[][] centres = new double[5][dimension];
        for (double[] centre : centres) {
            for (int k = 0; k < dimension; k++) {
                centre[k] = random.nextGaussian();
            }
        }
        float[] values = new float[size * dimension];
        for (int i = 0; i < size; i++) {
            double[] centre = centres[random.nextInt(centres.length)];
            for (int k = 0; k < dimension; k++) {
                values[i * dimension + k] = (float) (centre[k] + .4 * random.nextGaussian());
            }
        }
        return new PointTable(dimension, values);
    }

    /** Distributions on neighbouring rows of the table, of 1 to maxSupport points. */
    static List<Distribution> distributions(Random random, int count, int rows, int maxSupport) {
        List<Distribution> distributions = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int size = 1 + random.nextInt(maxSupport);
            int[] positions = random.ints(0, rows).distinct().limit(size).sorted().toArray();
            double[] weights =
                    IntStream.range(0, size)
                            .mapToDouble(i -> Math.exp(random.nextGaussian()))
                            .toArray();
            distributions.add(new Distribution(positions, weights));
        }
        return distributions;
    }

    static List<Cloud> clouds(Geometry geometry, List<Distribution> distributions) {
        return distributions.stream().map(geometry::cloud).toList();
    }

    static List<Cloud> clouds(Geometry geometry, long seed, int count, int maxSupport) {
        return clouds(
                geometry,
                distributions(new Random(seed), count, geometry.points().size(), maxSupport));
    }

    /** The neighbours of a source by all exact distances; {@code self} is left out. */
    static Neighbours bruteForce(
            Geometry geometry, Cloud source, int self, List<Cloud> targets, NeighbourQuery query) {
        Wasserstein wasserstein = new Wasserstein(geometry);
        double[] distance =
                targets.stream().mapToDouble(t -> wasserstein.distance(source, t)).toArray();
        int[] order =
                IntStream.range(0, targets.size())
                        .filter(t -> t != self && distance[t] <= query.maxDistance())
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer t) -> distance[t]))
                        .limit(query.k())
                        .mapToInt(t -> t)
                        .toArray();
        return new Neighbours(
                order,
                IntStream.of(order).mapToDouble(t -> distance[t]).toArray(),
                true,
                Double.NaN);
    }
}
