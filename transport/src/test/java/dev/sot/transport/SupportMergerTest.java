package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SupportMergerTest {

    private static final int POSITIONS = 300;
    private static final int TOKENS = 11;

    /** Position i has token i modulo TOKENS. */
    private static final PointTable TABLE =
            new PointTable(1, IntStream.range(0, POSITIONS).mapToDouble(i -> i % TOKENS).toArray());

    private static Firings firings(Random random, double scale) {
        double[] activations =
                random.doubles(POSITIONS).map(a -> a < 0.5 ? 0 : scale * a * a).toArray();
        return Firings.of("f", IntStream.range(0, POSITIONS).toArray(), activations, null)
                .orElseThrow();
    }

    private static Support merged(Firings firings) {
        return SupportBuilder.merged().build(List.of(firings), TABLE, 1, Monitor.NONE).get(0);
    }

    @Test
    void aPointKeepsItsStrongestFiringWithTheMassOfAll() {
        Firings firings =
                Firings.of(
                                "f",
                                new int[] {0, 1, TOKENS, 2 * TOKENS, 3 * TOKENS},
                                new double[] {1, 2, 3, 3, 1},
                                null)
                        .orElseThrow();
        Support kept = merged(firings);
        assertThat(kept.distribution().positions()).containsExactly(1, TOKENS);
        assertThat(kept.distribution().weights())
                .containsExactly(new double[] {0.2, 0.8}, within(1e-15));
        assertThat(kept.method()).isEqualTo(SupportMethod.MERGED);
        assertThat(kept.error()).contains(SupportError.NONE);
        assertThat(kept.firings()).isEqualTo(5);
    }

    @Test
    void distancesAreTheTotalVariationOfTheTokens() {
        Random random = new Random(5);
        Geometry geometry = new Geometry(TABLE, GroundCost.ZERO_ONE, 1);
        for (int trial = 0; trial < 20; trial++) {
            Firings f = firings(random, 1);
            Firings g = firings(random, 7);
            double[] difference = new double[TOKENS];
            add(f, 0.5, difference);
            add(g, -0.5, difference);
            double variation = 0;
            for (double d : difference) {
                variation += Math.abs(d);
            }
            Wasserstein wasserstein = new Wasserstein(geometry);
            assertThat(
                            wasserstein.distance(
                                    geometry.cloud(merged(f).distribution()),
                                    geometry.cloud(merged(g).distribution())))
                    .isCloseTo(variation, within(1e-12));
            assertThat(
                            wasserstein.distance(
                                    geometry.cloud(merged(f).distribution()),
                                    geometry.cloud(f.distribution())))
                    .isCloseTo(0, within(1e-14));
        }
    }

    private static void add(Firings firings, double factor, double[] tokens) {
        Distribution all = firings.distribution();
        for (int i = 0; i < all.size(); i++) {
            tokens[all.positions()[i] % TOKENS] += factor * all.weights()[i];
        }
    }

    @Test
    void rescalingKeepsThePositions() {
        for (double scale : new double[] {1e-9, 1 / 3.0, 1234.5}) {
            assertThat(merged(firings(new Random(6), scale)).distribution().positions())
                    .isEqualTo(merged(firings(new Random(6), 1)).distribution().positions());
        }
    }

    @Test
    void firingsOnDifferentPointsAreAllKept() {
        Firings firings =
                Firings.of("f", new int[] {3, 5}, new double[] {1, 1}, null).orElseThrow();
        assertThat(merged(firings).method()).isEqualTo(SupportMethod.ALL);
    }
}
