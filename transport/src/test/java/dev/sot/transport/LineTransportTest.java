package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.LineTransport.Measure;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTransportTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void agreesWithTheLinearProgramme(int order) {
        Random random = new Random(40);
        for (int trial = 0; trial < 200; trial++) {
            int n = 1 + random.nextInt(30);
            int m = 1 + random.nextInt(30);
            // A coarse grid makes duplicates and ties.
            double[] x = points(random, n, trial % 2 == 0);
            double[] y = points(random, m, trial % 2 == 0);
            double[] a = weights(random, n);
            double[] b = weights(random, m);
            double[] cost = new double[n * m];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    cost[i * m + j] = Math.pow(Math.abs(x[i] - y[j]), order);
                }
            }
            double optimum = new ExactTransport().solve(cost, a, b).cost();
            assertThat(LineTransport.optimum(Measure.of(x, a), Measure.of(y, b), order))
                    .isCloseTo(optimum, within(1e-13 * (1 + optimum)));
        }
    }

    @Test
    void orderOneIsTheAreaBetweenTheDistributionFunctions() {
        Measure f = Measure.of(new double[] {0, 1, 3}, new double[] {.5, .25, .25});
        Measure g = Measure.of(new double[] {2}, new double[] {1});
        assertThat(LineTransport.distance(f, g, 1)).isEqualTo(.5 * 2 + .25 + .25);
        assertThat(LineTransport.distance(f, g, 2)).isEqualTo(Math.sqrt(.5 * 4 + .25 + .25));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void equalMeasuresHaveNoDistanceWhateverTheirFormAndTheirRounding(int order) {
        Random random = new Random(41);
        for (int trial = 0; trial < 50; trial++) {
            double[] x = points(random, 25, trial % 2 == 0);
            double[] a = weights(random, 25);
            Measure f = Measure.of(x, a);
            double[] thirds = Arrays.stream(a).map(w -> w / 3).toArray();
            assertThat(LineTransport.distance(f, Measure.of(x, thirds), order)).isZero();
            double[] reversed = IntStream.range(0, 25).mapToDouble(i -> x[24 - i]).toArray();
            double[] reversedWeights = IntStream.range(0, 25).mapToDouble(i -> a[24 - i]).toArray();
            assertThat(LineTransport.distance(f, Measure.of(reversed, reversedWeights), order))
                    .isZero();
            double[] halves = new double[50];
            double[] twice = new double[50];
            for (int i = 0; i < 50; i++) {
                twice[i] = x[i % 25];
                halves[i] = a[i % 25] * (i < 25 ? .3 : .7);
            }
            assertThat(LineTransport.distance(f, Measure.of(twice, halves), order)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void isSymmetricBitForBitScalesAndIsUnmovedByTranslation(int order) {
        Random random = new Random(42);
        for (int trial = 0; trial < 50; trial++) {
            double[] x = points(random, 20, false);
            double[] y = points(random, 33, false);
            double[] a = weights(random, 20);
            double[] b = weights(random, 33);
            Measure f = Measure.of(x, a);
            Measure g = Measure.of(y, b);
            double distance = LineTransport.distance(f, g, order);
            assertThat(LineTransport.distance(g, f, order)).isEqualTo(distance);
            assertThat(
                            LineTransport.distance(
                                    Measure.of(scaled(x, -0x1p20), a),
                                    Measure.of(scaled(y, -0x1p20), b),
                                    order))
                    .isCloseTo(distance * 0x1p20, within(1e-13 * 0x1p20));
            double[] shifted = Arrays.stream(x).map(value -> value + 2).toArray();
            assertThat(LineTransport.distance(f, Measure.of(shifted, a), order))
                    .isCloseTo(2, within(1e-13));
        }
    }

    @Test
    void aTinyMassFarAwayCounts() {
        Measure f = Measure.of(new double[] {0, 1e9}, new double[] {1, 1e-12});
        Measure g = Measure.of(new double[] {0}, new double[] {1});
        assertThat(LineTransport.distance(f, g, 1)).isCloseTo(1e-3, within(1e-14));
    }

    @Test
    void refusesWhatIsNoMeasure() {
        assertThatThrownBy(() -> Measure.of(new double[0], new double[0]))
                .hasMessageContaining("at least one point, got 0 points");
        assertThatThrownBy(() -> Measure.of(new double[] {Double.NaN}, new double[] {1}))
                .hasMessageContaining("point 0 is NaN");
        assertThatThrownBy(() -> Measure.of(new double[] {1, 2}, new double[] {0, 0}))
                .hasMessageContaining("all weights of a measure are zero");
        Measure f = Measure.of(new double[] {1}, new double[] {1});
        assertThatThrownBy(() -> LineTransport.distance(f, f, 3))
                .hasMessage("order must be 1 or 2, got 3");
    }

    private static double[] points(Random random, int size, boolean coarse) {
        return IntStream.range(0, size)
                .mapToDouble(i -> coarse ? random.nextInt(6) - 3 : random.nextGaussian())
                .toArray();
    }

    private static double[] weights(Random random, int size) {
        return IntStream.range(0, size)
                .mapToDouble(i -> Math.exp(2 * random.nextGaussian()))
                .toArray();
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }
}
