package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupportSamplerTest {

    private static final int[] POSITIONS = IntStream.range(0, 500).map(i -> 3 * i).toArray();
    private static final double[] ACTIVATIONS = lognormal(500);

    @Test
    void aFeatureWithFewFiringsKeepsThemAll() {
        Support support =
                new SupportSampler(4, 0)
                        .sample("f", new int[] {2, 5, 9}, new double[] {1, 2, 5}, null)
                        .orElseThrow();
        assertThat(support.distribution())
                .isEqualTo(new Distribution(new int[] {2, 5, 9}, new double[] {.125, .25, .625}));
        assertThat(support.firings()).isEqualTo(3);
        assertThat(support.excludedFirings()).isZero();
        assertThat(support.method()).isEqualTo(SupportMethod.ALL);
        assertThat(support.error()).contains(SupportError.NONE);
        assertThat(support.effectiveSampleSize()).isCloseTo(64.0 / 30, within(1e-14));
    }

    @Test
    void aSampleHasWeightsThatAreMultiplesOfOneDraw() {
        Support support = sample("f", ACTIVATIONS);
        assertThat(support.method()).isEqualTo(SupportMethod.SAMPLED);
        assertThat(support.firings()).isEqualTo(500);
        assertThat(support.distribution().size()).isLessThanOrEqualTo(64);
        for (double weight : support.distribution().weights()) {
            assertThat(weight * 64).isEqualTo(Math.rint(weight * 64)).isPositive();
        }
        assertThat(Arrays.stream(support.distribution().weights()).sum()).isEqualTo(1);
    }

    @Test
    void weightedMeansAreUnbiased() {
        double[] share = CompensatedSum.normalise(ACTIVATIONS);
        double[] mean = new double[share.length];
        int samples = 20_000;
        for (int s = 0; s < samples; s++) {
            Distribution drawn = sample("feature " + s, ACTIVATIONS).distribution();
            for (int k = 0; k < drawn.size(); k++) {
                mean[drawn.positions()[k] / 3] += drawn.weights()[k] / samples;
            }
        }
        for (int i = 0; i < share.length; i++) {
            double fraction = 64 * share[i] - Math.floor(64 * share[i]);
            double deviation = Math.sqrt(fraction * (1 - fraction) / samples) / 64;
            assertThat(mean[i]).isCloseTo(share[i], within(5 * deviation + 1e-12));
        }
    }

    @Test
    void everyQuantileOfTheActivationMassIsRepresented() {
        double[] share = CompensatedSum.normalise(ACTIVATIONS);
        Integer[] descending = IntStream.range(0, 500).boxed().toArray(Integer[]::new);
        Arrays.sort(descending, (i, j) -> Double.compare(share[j], share[i]));
        Distribution drawn = sample("f", ACTIVATIONS).distribution();
        double[] weight = new double[500];
        for (int k = 0; k < drawn.size(); k++) {
            weight[drawn.positions()[k] / 3] = drawn.weights()[k];
        }
        double mass = 0;
        double sampled = 0;
        for (int i : descending) {
            mass += share[i];
            sampled += weight[i];
            assertThat(sampled).isCloseTo(mass, within(1.0 / 64 + 1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {3.7, 1e-8, 1e12, 1.0 / 3, 1e-300, 1e300})
    void rescalingActivationsChangesNothing(double factor) {
        double[] scaled = Arrays.stream(ACTIVATIONS).map(a -> a * factor).toArray();
        assertThat(sample("f", scaled).distribution())
                .isEqualTo(sample("f", ACTIVATIONS).distribution());

        int[] few = {1, 2, 3};
        SupportSampler sampler = new SupportSampler(64, 1);
        double[] exact = {.3, .7, 1.9};
        double[] scaledExact = Arrays.stream(exact).map(a -> a * factor).toArray();
        assertThat(
                        sampler.sample("f", few, scaledExact, null)
                                .orElseThrow()
                                .distribution()
                                .weights())
                .containsExactly(
                        sampler.sample("f", few, exact, null)
                                .orElseThrow()
                                .distribution()
                                .weights(),
                        within(1e-15));
    }

    @Test
    void drawsDependOnSeedAndKeyOnly() {
        Distribution first = sample("f", ACTIVATIONS).distribution();
        sample("g", ACTIVATIONS);
        assertThat(sample("f", ACTIVATIONS).distribution()).isEqualTo(first);
        assertThat(sample("g", ACTIVATIONS).distribution()).isNotEqualTo(first);
        assertThat(
                        new SupportSampler(64, 8)
                                .sample("f", POSITIONS, ACTIVATIONS, null)
                                .orElseThrow()
                                .distribution())
                .isNotEqualTo(first);
    }

    @Test
    void equalActivationsAreDrawnEvenlyAlongThePositions() {
        double[] equal = new double[500];
        Arrays.fill(equal, 2);
        Distribution drawn = sample("f", equal).distribution();
        assertThat(drawn.size()).isEqualTo(64);
        for (int k = 1; k < 64; k++) {
            assertThat(drawn.positions()[k] - drawn.positions()[k - 1]).isBetween(21, 24);
        }
    }

    @Test
    void excludedAndSilentPositionsCarryNoMass() {
        BitSet excluded = new BitSet();
        excluded.set(2);
        Support support =
                new SupportSampler(64, 0)
                        .sample("f", new int[] {2, 5, 9, 11}, new double[] {90, 2, 0, 6}, excluded)
                        .orElseThrow();
        assertThat(support.distribution())
                .isEqualTo(new Distribution(new int[] {5, 11}, new double[] {.25, .75}));
        assertThat(support.firings()).isEqualTo(2);
        assertThat(support.excludedFirings()).isEqualTo(1);
    }

    @Test
    void aFeatureThatFiresNowhereHasNoDistribution() {
        BitSet excluded = new BitSet();
        excluded.set(2);
        SupportSampler sampler = new SupportSampler(64, 0);
        assertThat(sampler.sample("f", new int[] {2}, new double[] {1}, excluded)).isEmpty();
        assertThat(sampler.sample("f", new int[0], new double[0], null)).isEmpty();
    }

    @Test
    void badInputIsNamed() {
        SupportSampler sampler = new SupportSampler(64, 0);
        assertThatThrownBy(() -> sampler.sample("x/3/7", new int[] {4}, new double[] {-1}, null))
                .hasMessageContaining("feature x/3/7")
                .hasMessageContaining("at position 4 it is -1.0");
        assertThatThrownBy(
                        () -> sampler.sample("x", new int[] {4}, new double[] {Double.NaN}, null))
                .hasMessageContaining("at position 4 it is NaN");
        assertThatThrownBy(() -> sampler.sample("x", new int[] {4, 4}, new double[] {1, 1}, null))
                .hasMessageContaining("entry 1 is 4 after 4");
        assertThatThrownBy(() -> sampler.sample("x", new int[] {4, 5}, new double[] {1}, null))
                .hasMessageContaining("2 positions but 1 activations");
        assertThatThrownBy(() -> new SupportSampler(0, 0)).hasMessageContaining("got 0");
    }

    private static Support sample(String key, double[] activations) {
        return new SupportSampler(64, 7).sample(key, POSITIONS, activations, null).orElseThrow();
    }

    private static double[] lognormal(int size) {
        Random random = new Random(11);
        return IntStream.range(0, size).mapToDouble(i -> Math.exp(random.nextGaussian())).toArray();
    }
}
