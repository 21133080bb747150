package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackgroundTest {

    private static final int POSITIONS = 200;
    private static final int DIMENSION = 3;

    private final SplittableRandom random = new SplittableRandom(3);
    private final Geometry geometry = new Geometry(points(), GroundCost.EUCLIDEAN, 1);
    private final Cloud corpus =
            geometry.cloud(
                    Background.firings(IntStream.range(0, POSITIONS).toArray()).distribution());

    private PointTable points() {
        float[] values = new float[POSITIONS * DIMENSION];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new PointTable(DIMENSION, values);
    }

    private List<Cloud> features() {
        List<Cloud> features = new ArrayList<>();
        for (int f = 0; f < 30; f++) {
            int size = 1 + random.nextInt(40);
            int[] positions = random.ints(0, POSITIONS).distinct().limit(size).sorted().toArray();
            features.add(geometry.cloud(Background.firings(positions).distribution()));
        }
        return features;
    }

    @Test
    void afterItsReductionTheSourceItselfIsStillTheNearest() {
        List<Cloud> features = features();
        double[] reductions = Background.reductions(geometry, corpus, features, 2, Monitor.NONE);
        Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE);
        for (int f = 0; f < features.size(); f++) {
            double own = -reductions[f];
            for (int g = 0; g < features.size(); g++) {
                double distance = wasserstein.distance(features.get(f), features.get(g));
                assertThat(distance - reductions[g])
                        .isGreaterThanOrEqualTo(own + distance / 2 - 1e-12);
            }
        }
    }

    @Test
    void theReductionIsHalfTheDistanceFromTheCorpus() {
        List<Cloud> features = features();
        double[] reductions = Background.reductions(geometry, corpus, features, 1, Monitor.NONE);
        Wasserstein wasserstein = new Wasserstein(geometry, Monitor.NONE);
        assertThat(reductions)
                .containsExactly(
                        features.stream()
                                .mapToDouble(f -> wasserstein.distance(f, corpus) / 2)
                                .toArray());
        assertThat(Arrays.stream(reductions).min().orElseThrow()).isPositive();
    }
}
