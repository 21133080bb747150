package dev.sot.transport.match;

import dev.sot.transport.Cloud;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.Workers;
import java.util.Arrays;
import java.util.List;

/**
 * What is near to everything: the whole corpus, rho. A target g that fires everywhere is near to
 * all sources, and the nearest of many that it has nothing to do with. Matches are therefore ranked
 * by
 *
 * <pre>    s(f, g) = W(f, g) - W(g, rho) / 2,</pre>
 *
 * so that of targets as near, the one that is more than the corpus at large comes first. By the
 * triangle inequality {@code s(f, g) >= (W(f, g) - W(f, rho)) / 2}, with equality for {@code g =
 * f}: a target that is the source itself still comes before all others, which it would not if more
 * than half were taken off. A factor on a feature's activations changes nothing.
 */
public final class Background {

    /** Points that the corpus is to be reduced to. */
    public static final int POINTS = 256;

    private static final int MOST_POSITIONS = 16_384;

    private Background() {}

    /**
     * The corpus: equal weights on its positions, or on 16,384 of them drawn without repetition.
     *
     * @param positions those that are not excluded, ascending, at least one
     */
    public static Firings firings(int[] positions) {
        int[] kept =
                positions.length <= MOST_POSITIONS
                        ? positions
                        : Arrays.copyOf(Shuffle.of(positions, 0), MOST_POSITIONS);
        Arrays.sort(kept);
        double[] weights = new double[kept.length];
        Arrays.fill(weights, 1);
        return Firings.of("the corpus", kept, weights, null).orElseThrow();
    }

    /**
     * What is taken off distances to features, {@code W(g, rho) / 2}.
     *
     * @param geometry the geometry that made all clouds
     * @param corpus the cloud of the corpus
     * @param features the features
     * @param concurrency number of threads, at least 1
     * @param monitor checked in all long loops
     */
    public static double[] reductions(
            Geometry geometry,
            Cloud corpus,
            List<Cloud> features,
            int concurrency,
            Monitor monitor) {
        double[] reductions = new double[features.size()];
        Workers.run(
                reductions.length,
                concurrency,
                monitor,
                inner -> {
                    Wasserstein wasserstein = new Wasserstein(geometry, inner);
                    return i -> reductions[i] = wasserstein.distance(features.get(i), corpus) / 2;
                });
        return reductions;
    }
}
