package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Certified matches are wrong as seldom as they say: a dictionary with near twins is matched to
 * itself, rescaled, across disjoint halves of the prompts, with some features left without partner.
 */
class CalibrationTest {

    private static final int FEATURES = 120;
    private static final double[] LEVELS = {.01, .05, .1};
    private static final int SEEDS = 6;
    private static final List<PlantedDictionary> DICTIONARIES =
            IntStream.range(0, SEEDS)
                    .mapToObj(seed -> new PlantedDictionary(FEATURES, seed))
                    .toList();

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
            add(shares, DICTIONARIES.get(seed), source, target);
        }
        return shares;
    }

    private static void add(
            Shares[] shares, PlantedDictionary dictionary, boolean[] source, boolean[] target) {
        int[] sources = IntStream.range(0, FEATURES).filter(f -> source[f]).toArray();
        int[] targets = IntStream.range(0, FEATURES).filter(g -> target[g]).toArray();
        List<Match> matches =
                new Matching(
                                dictionary.problem(sources, targets),
                                Correction.BACKGROUND,
                                2,
                                Blocks.atOnce(Monitor.NONE))
                        .matches(Assignment.NEAREST, 1);
        for (Shares of : shares) {
            int certified = 0;
            int wrong = 0;
            int partnerless = 0;
            int ofPartnerless = 0;
            int right = 0;
            int ofRight = 0;
            for (Match match : matches) {
                int feature = sources[match.source()];
                boolean is = match.certified(of.level);
                certified += is ? 1 : 0;
                if (targets[match.target()] == feature) {
                    right++;
                    ofRight += is ? 1 : 0;
                } else {
                    wrong += is ? 1 : 0;
                }
                if (!target[feature]) {
                    partnerless++;
                    ofPartnerless += is ? 1 : 0;
                }
            }
            of.wrong += wrong / Math.max(1.0, certified) / SEEDS;
            of.partnerless += ofPartnerless / Math.max(1.0, partnerless) / SEEDS;
            of.power += ofRight / Math.max(1.0, right) / SEEDS;
        }
    }
}
