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
 * <pre>    s(f, g) = W(f, g) - W(g, rho),</pre>
 *
 * how much nearer the target is to the source than to the corpus at large; of one source's targets,
 * those that are near to it for what sets it apart come first. By the triangle inequality {@code
 * |s| <= W(f, rho)}. A factor on a feature's activations changes nothing.
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
     * The distance of features from the corpus.
     *
     * @param geometry the geometry that made all clouds
     * @param corpus the cloud of the corpus
     * @param features the features
     * @param concurrency number of threads, at least 1
     * @param monitor checked in all long loops
     */
    public static double[] distances(
            Geometry geometry,
            Cloud corpus,
            List<Cloud> features,
            int concurrency,
            Monitor monitor) {
        double[] distances = new double[features.size()];
        Workers.run(
                distances.length,
                concurrency,
                monitor,
                inner -> {
                    Wasserstein wasserstein = new Wasserstein(geometry, inner);
                    return i -> distances[i] = wasserstein.distance(features.get(i), corpus);
                });
        return distances;
    }
}
