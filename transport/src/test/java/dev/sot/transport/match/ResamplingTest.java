package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.Wasserstein;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Halves, noise, margins and bootstrap on features that fire around points of their own. */
class ResamplingTest {

    private static final int PROMPTS = 60;
    private static final int PER_PROMPT = 20;
    private static final int ROWS = PROMPTS * PER_PROMPT;
    private static final int[] PROMPT =
            IntStream.range(0, ROWS).map(row -> row / PER_PROMPT).toArray();

    private static final Geometry GEOMETRY = geometry();
    private static final SupportBuilder BUILDER =
            new SupportBuilder(SupportMethod.QUANTIZED, 16, 1);

    private static Geometry geometry() {
        Random random = new Random(4);
        float[] values = new float[ROWS * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Geometry(new PointTable(3, values), GroundCost.EUCLIDEAN, 1);
    }

    /** Fires on some of the rows near a row. */
    private static Firings near(String key, int row, double share, double scale) {
        Random random = new Random(key.hashCode());
        PointTable points = GEOMETRY.points();
        int[] rows =
                IntStream.range(0, ROWS)
                        .filter(r -> points.squaredDistance(r, row) < 1.5)
                        .filter(r -> random.nextDouble() < share)
                        .toArray();
        double[] activations =
                Arrays.stream(rows)
                        .mapToDouble(r -> scale * (2 - points.squaredDistance(r, row)))
                        .toArray();
        return Firings.of(key, rows, activations, null).orElseThrow();
    }

    @Test
    void halvesShareNoPromptAndLoseNoFiring() {
        PromptHalves halves = new PromptHalves(PROMPT, PROMPTS, 7);
        Firings all = near("a", 3, 1, 1);
        Firings first = halves.half(all, 0).orElseThrow();
        Firings second = halves.half(all, 1).orElseThrow();
        assertThat(first.size() + second.size()).isEqualTo(all.size());
        Set<Integer> prompts = new HashSet<>();
        Arrays.stream(first.distribution().positions()).forEach(p -> prompts.add(PROMPT[p]));
        assertThat(Arrays.stream(second.distribution().positions()).map(p -> PROMPT[p]).boxed())
                .doesNotContainAnyElementsOf(prompts);
        assertThat(Arrays.stream(first.distribution().weights()).sum()).isBetween(.999, 1.001);
        Firings one = Firings.of("one", new int[] {5}, new double[] {2}, null).orElseThrow();
        assertThat(halves.half(one, 0).isPresent()).isNotEqualTo(halves.half(one, 1).isPresent());
    }

    @Test
    void halvesFollowTheSeed() {
        Firings all = near("a", 3, 1, 1);
        assertThat(new PromptHalves(PROMPT, PROMPTS, 7).half(all, 0))
                .isEqualTo(new PromptHalves(PROMPT, PROMPTS, 7).half(all, 0))
                .isNotEqualTo(new PromptHalves(PROMPT, PROMPTS, 8).half(all, 0));
    }

    @Test
    void noiseBoundsTheErrorInTheMean() {
        // The truth is the feature over all rows; samples of prompts err from it.
        Firings truth = near("truth", 9, 1, 1);
        Wasserstein wasserstein = new Wasserstein(GEOMETRY);
        double error = 0;
        double noise = 0;
        int samples = 30;
        for (int s = 0; s < samples; s++) {
            Firings sample =
                    new PromptHalves(PROMPT, PROMPTS, s)
                            .half(new PromptHalves(PROMPT, PROMPTS, 99 + s).half(truth, 0).get(), 0)
                            .orElseThrow();
            error +=
                    wasserstein.distance(
                            GEOMETRY.cloud(sample.distribution()),
                            GEOMETRY.cloud(truth.distribution()));
            noise += noise(sample, 3)[0];
        }
        assertThat(noise).isGreaterThan(error).isLessThan(4 * error);
    }

    @Test
    void noiseNeedsTwoPromptsAndIgnoresScaleAndOrder() {
        Firings a = near("a", 3, .3, 1);
        Firings scaled = near("a", 3, .3, 1e6 / 3);
        Firings b = near("b", 70, .3, 1);
        double[] both = noise(3, a, b);
        double[] turned = noise(3, b, scaled);
        assertThat(turned[0]).isEqualTo(both[1]);
        assertThat(turned[1])
                .isCloseTo(both[0], org.assertj.core.data.Percentage.withPercentage(1e-9));
        Firings one = Firings.of("one", new int[] {0, 1}, new double[] {1, 2}, null).orElseThrow();
        assertThat(noise(one, 3)[0]).isNaN();
    }

    @Test
    void aMarginAboveItsBoundHolds() {
        assertThat(MarginCondition.of(1, 4.5, 1, .2, 1).holds()).isTrue();
        assertThat(MarginCondition.of(1, 4.5, 1, .2, 1).bound()).isEqualTo(3.2);
        assertThat(MarginCondition.of(1, 4, 1, .2, 1).holds()).isFalse();
        assertThat(MarginCondition.of(1, 9, Double.NaN, 0, 0).holds()).isFalse();
        assertThat(MarginCondition.of(1, Double.NaN, 0, 0, 0).holds()).isFalse();
    }

    @Test
    void aClearMatchStaysTheBestAndATossUpDoesNot() {
        List<Firings> sources = List.of(near("s", 3, .2, 1), near("s2", 3, .2, 5));
        List<Firings> targets =
                List.of(near("t", 3, .2, 9), near("far", 700, .3, 1), near("t2", 3, .2, 1));
        MatchStability stability = new MatchStability(GEOMETRY, BUILDER, PROMPT, PROMPTS, 40, 11);
        int[][] candidates = {{0, 1}, {0, 2}};
        double[] shares = stability.shares(sources, targets, candidates, 2, Monitor.NONE);
        assertThat(shares[0]).isEqualTo(1);
        assertThat(shares[1]).isBetween(.02, .98);
        assertThat(stability.shares(sources, targets, candidates, 1, Monitor.NONE))
                .isEqualTo(shares);
        assertThat(stability.shares(sources, targets, new int[][] {{}, {1, 0}}, 1, Monitor.NONE))
                .containsExactly(Double.NaN, 0);
    }

    @Test
    void aFeatureThatIsNotDrawnLosesTheResample() {
        Firings once = Firings.of("once", new int[] {5}, new double[] {1}, null).orElseThrow();
        double share =
                new MatchStability(GEOMETRY, BUILDER, PROMPT, PROMPTS, 200, 11)
                        .shares(List.of(once), List.of(once), new int[][] {{0}}, 1, Monitor.NONE)[
                        0];
        // A prompt is drawn at least once with probability 1 - (1 - 1/60)^60.
        assertThat(share).isBetween(.53, .74);
    }

    private static double[] noise(Firings feature, long seed) {
        return noise(seed, feature);
    }

    private static double[] noise(long seed, Firings... features) {
        return new SamplingNoise(GEOMETRY, BUILDER, PROMPT, seed)
                .of(List.of(features), 2, Monitor.NONE);
    }
}
