package dev.sot.server.bench;

import dev.sot.transport.Distribution;
import dev.sot.transport.PointTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Two dictionaries whose features are to be matched. Recorded features are those of a bundle: the
 * first half of them, which are the lower layers, against the second, each repeated with changes
 * until there are as many as asked for.
 *
 * @param points the points of all features
 * @param sources the features of the one
 * @param targets those of the other
 */
record Dictionaries(PointTable points, List<Distribution> sources, List<Distribution> targets) {

    /** A copy's points are moved by this many standard deviations along every axis. */
    private static final double POINT_NOISE = 0.1;

    /** Standard deviation of the logarithm of what a copy's weights are multiplied by. */
    private static final double WEIGHT_NOISE = 0.5;

    /** Synthetic clouds around topics that all features share, each on points of its own. */
    static Dictionaries clustered(int count, int support, int dimension, long seed) {
        PointClouds clouds = CloudKind.clustered.draw(2 * count, support, dimension, seed);
        List<Distribution> all = clouds.distributions();
        return new Dictionaries(
                clouds.points(), all.subList(0, count), all.subList(count, 2 * count));
    }

    /** Recorded features; each copy of the dictionary has all positions moved by noise. */
    static Dictionaries tiled(RecordedFeatures recorded, int count, long seed) {
        PointTable points = recorded.points();
        int dimension = points.dimension();
        List<Distribution> lower = lower(recorded.bounded());
        List<Distribution> upper = upper(recorded.bounded());
        int lowerCopies = (count + lower.size() - 1) / lower.size();
        int upperCopies = (count + upper.size() - 1) / upper.size();
        SplittableRandom random = new SplittableRandom(seed);
        float[] moved =
                new float[Math.multiplyExact(points.size() * dimension, lowerCopies + upperCopies)];
        for (int at = 0; at < moved.length; at++) {
            int row = at / dimension % points.size();
            double noise = POINT_NOISE * random.nextGaussian();
            moved[at] = (float) (points.coordinate(row, at % dimension) + noise);
        }
        return new Dictionaries(
                new PointTable(dimension, moved),
                repeated(lower, count, 0, points.size()),
                repeated(upper, count, lowerCopies, points.size()));
    }

    private static List<Distribution> repeated(
            List<Distribution> features, int count, int firstCopy, int rows) {
        List<Distribution> repeated = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            Distribution feature = features.get(c % features.size());
            int offset = (firstCopy + c / features.size()) * rows;
            int[] positions = Arrays.stream(feature.positions()).map(i -> offset + i).toArray();
            repeated.add(new Distribution(positions, feature.weights()));
        }
        return repeated;
    }

    /**
     * Recorded features on the positions of the bundle, which all share as in a database; each copy
     * has half of the feature's firings, not more than {@code support}, with other weights.
     */
    static Dictionaries shared(RecordedFeatures recorded, int count, int support, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Dictionaries(
                recorded.points(),
                varied(lower(recorded.whole()), count, support, random),
                varied(upper(recorded.whole()), count, support, random));
    }

    private static List<Distribution> varied(
            List<Distribution> features, int count, int support, SplittableRandom random) {
        List<Distribution> varied = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            Distribution feature = features.get(c % features.size());
            int size = Math.min(support, (feature.size() + 1) / 2);
            int[] kept = random.ints(0, feature.size()).distinct().limit(size).sorted().toArray();
            varied.add(
                    new Distribution(
                            Arrays.stream(kept).map(i -> feature.positions()[i]).toArray(),
                            Arrays.stream(kept)
                                    .mapToDouble(
                                            i ->
                                                    feature.weights()[i]
                                                            * Math.exp(
                                                                    WEIGHT_NOISE
                                                                            * random
                                                                                    .nextGaussian()))
                                    .toArray()));
        }
        return varied;
    }

    private static List<Distribution> lower(List<Distribution> features) {
        return features.subList(0, features.size() / 2);
    }

    private static List<Distribution> upper(List<Distribution> features) {
        return features.subList(features.size() / 2, features.size());
    }
}
