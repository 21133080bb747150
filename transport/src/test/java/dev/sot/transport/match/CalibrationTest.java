package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Cloud;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Certified matches are wrong as seldom as they say: a dictionary with near twins is matched to
 * itself, rescaled, across disjoint halves of the prompts, with some features left without partner.
 */
class CalibrationTest {

    private static final int PROMPTS = 80;
    private static final int PER_PROMPT = 25;
    private static final int FEATURES = 120;
    private static final int DIMENSION = 8;
    private static final double[] LEVELS = {.01, .05, .1};
    private static final int SEEDS = 6;

    @Test
    void whereTargetsAreMissing() {
        Shares[] shares = shares(.3, 0);
        requireCalibrated(shares);
        assertThat(shares[1].power).isGreaterThan(.5);
    }

    @Test
    void whereFeaturesOfBothSidesAreMissing() {
        requireCalibrated(shares(.3, .3));
        requireCalibrated(shares(.6, .6));
    }

    @Test
    void wherePartnersAreMissingFromAll() {
        for (Shares shares : shares(1, 0)) {
            assertThat(shares.partnerless).isLessThanOrEqualTo(shares.level);
        }
    }

    /** Means over seeds: wrong among certified, certified among partnerless, and among right. */
    private static final class Shares {
        private final double level;
        private double wrong;
        private double partnerless;
        private double power;

        Shares(double level) {
            this.level = level;
        }
    }

    private static void requireCalibrated(Shares[] all) {
        for (Shares shares : all) {
            assertThat(shares.wrong).isLessThanOrEqualTo(shares.level);
            assertThat(shares.partnerless).isLessThanOrEqualTo(shares.level);
        }
    }

    private static Shares[] shares(double targetsMissing, double sourcesMissing) {
        Shares[] shares = Arrays.stream(LEVELS).mapToObj(Shares::new).toArray(Shares[]::new);
        for (int seed = 0; seed < SEEDS; seed++) {
            Dictionary dictionary = new Dictionary(seed);
            Random random = new Random(100 + seed);
            boolean[] source = new boolean[FEATURES];
            boolean[] target = new boolean[FEATURES];
            for (int f = 0; f < FEATURES; f++) {
                source[f] = random.nextDouble() >= sourcesMissing;
                // Without partners there are other targets: every second feature is only a target.
                target[f] =
                        targetsMissing == 1 ? f % 2 == 0 : random.nextDouble() >= targetsMissing;
                source[f] &= targetsMissing < 1 || !target[f];
            }
            dictionary.add(shares, source, target);
        }
        return shares;
    }

    /** The distances of the features on one half of the prompts to those on the other. */
    private static final class Dictionary {

        private final double[][] distance = new double[FEATURES][FEATURES];
        private final double[] firstNoise;
        private final double[] secondNoise;

        Dictionary(long seed) {
            Random random = new Random(seed);
            int rows = PROMPTS * PER_PROMPT;
            int[] prompt = IntStream.range(0, rows).map(row -> row / PER_PROMPT).toArray();
            float[] values = new float[rows * DIMENSION];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            PointTable points = new PointTable(DIMENSION, values);
            Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, 1);
            SupportBuilder builder = new SupportBuilder(SupportMethod.QUANTIZED, 16, 1);
            PromptHalves halves = new PromptHalves(prompt, PROMPTS, seed);
            List<Firings> first = new ArrayList<>();
            List<Firings> second = new ArrayList<>();
            double[] centre = new double[DIMENSION];
            for (int f = 0; f < FEATURES; f++) {
                // Every tenth is near to the one before.
                double step = f % 10 == 9 ? .8 : 0;
                for (int k = 0; k < DIMENSION; k++) {
                    centre[k] =
                            step > 0
                                    ? centre[k] + step * random.nextGaussian()
                                    : 1.2 * random.nextGaussian();
                }
                Firings all = around(centre, points, "f" + f, Math.exp(4 * random.nextGaussian()));
                first.add(halves.half(all, 0).orElseThrow());
                second.add(halves.half(all, 1).orElseThrow());
            }
            List<Cloud> from = clouds(geometry, builder, first);
            List<Cloud> to = clouds(geometry, builder, second);
            Wasserstein wasserstein = new Wasserstein(geometry);
            for (int f = 0; f < FEATURES; f++) {
                for (int g = 0; g < FEATURES; g++) {
                    distance[f][g] = wasserstein.distance(from.get(f), to.get(g));
                }
            }
            SamplingNoise noise = new SamplingNoise(geometry, builder, prompt, seed);
            firstNoise = noise.of(first, 2, Monitor.NONE);
            secondNoise = noise.of(second, 2, Monitor.NONE);
        }

        private static Firings around(
                double[] centre, PointTable points, String key, double scale) {
            double[] squared = new double[points.size()];
            for (int row = 0; row < squared.length; row++) {
                for (int k = 0; k < DIMENSION; k++) {
                    double d = points.coordinate(row, k) - centre[k];
                    squared[row] += d * d;
                }
            }
            double reach = Arrays.stream(squared).sorted().skip(60).findFirst().orElseThrow();
            int[] rows =
                    IntStream.range(0, squared.length).filter(r -> squared[r] < reach).toArray();
            double[] activations =
                    Arrays.stream(rows)
                            .mapToDouble(r -> scale * (1.2 * reach - squared[r]))
                            .toArray();
            return Firings.of(key, rows, activations, null).orElseThrow();
        }

        private static List<Cloud> clouds(
                Geometry geometry, SupportBuilder builder, List<Firings> firings) {
            return builder.build(firings, geometry.points(), 2, Monitor.NONE).stream()
                    .map(support -> geometry.cloud(support.distribution()))
                    .toList();
        }

        void add(Shares[] shares, boolean[] source, boolean[] target) {
            // A feature is its own partner, so the family's sample serves both sides.
            NullSample alone = nulls((f, g) -> h -> h != g);
            NullSample taken = nulls((f, g) -> h -> true);
            int[] sources = IntStream.range(0, FEATURES).filter(f -> source[f]).toArray();
            int[] match = Arrays.stream(sources).map(f -> nearest(f, g -> target[g])).toArray();
            double[] statistics =
                    IntStream.range(0, sources.length)
                            .mapToDouble(
                                    i ->
                                            statistic(
                                                    sources[i],
                                                    match[i],
                                                    g -> target[g],
                                                    f -> source[f]))
                            .toArray();
            double[] ifAlone = Arrays.stream(statistics).map(alone::pValue).toArray();
            int targets = (int) IntStream.range(0, FEATURES).filter(g -> target[g]).count();
            double share = NullSample.shareAlone(ifAlone, targets);
            double[] p =
                    Arrays.stream(statistics)
                            .map(s -> share * alone.pValue(s) + (1 - share) * taken.pValue(s))
                            .toArray();
            double[] q = FalseDiscoveryRate.qValues(p);
            for (Shares of : shares) {
                int certified = 0;
                int wrong = 0;
                int partnerless = 0;
                int ofPartnerless = 0;
                int right = 0;
                int ofRight = 0;
                for (int i = 0; i < sources.length; i++) {
                    boolean is = FalseDiscoveryRate.certified(p[i], q[i], of.level);
                    certified += is ? 1 : 0;
                    if (match[i] == sources[i]) {
                        right++;
                        ofRight += is ? 1 : 0;
                    } else {
                        wrong += is ? 1 : 0;
                    }
                    if (!target[sources[i]]) {
                        partnerless++;
                        ofPartnerless += is ? 1 : 0;
                    }
                }
                of.wrong += wrong / Math.max(1.0, certified) / SEEDS;
                of.partnerless += ofPartnerless / Math.max(1.0, partnerless) / SEEDS;
                of.power += ofRight / Math.max(1.0, right) / SEEDS;
            }
        }

        /** The statistics of all features, each matched with the nearest other. */
        private NullSample nulls(BiFunction<Integer, Integer, IntPredicate> rivals) {
            return NullSample.of(
                    IntStream.range(0, FEATURES)
                            .mapToDouble(
                                    f -> {
                                        int g = nearest(f, h -> h != f);
                                        return statistic(f, g, h -> h != f, rivals.apply(f, g));
                                    })
                            .toArray());
        }

        private int nearest(int f, IntPredicate targets) {
            int nearest = -1;
            for (int g = 0; g < FEATURES; g++) {
                if (targets.test(g) && (nearest < 0 || distance[f][g] < distance[f][nearest])) {
                    nearest = g;
                }
            }
            return nearest;
        }

        private double statistic(int f, int g, IntPredicate targets, IntPredicate sources) {
            double rival = Double.POSITIVE_INFINITY;
            for (int h = 0; h < FEATURES; h++) {
                if (h != g && targets.test(h)) {
                    rival = Math.min(rival, distance[f][h]);
                }
                if (h != f && sources.test(h)) {
                    rival = Math.min(rival, distance[h][g]);
                }
            }
            return MatchStatistic.of(distance[f][g], rival, firstNoise[f], secondNoise[g]);
        }
    }
}
