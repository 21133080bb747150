package dev.sot.transport.match.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.match.baseline.SparseEncoder.Activation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlantedCopyTest {

    private final Random random = new Random(21);

    @Test
    void partnersAreKnownAndSomeAreRemoved() {
        PlantedCopy copy = PlantedCopy.draw(100, 0.2, 1);
        assertThat(copy.original()).hasSize(80).doesNotHaveDuplicates();
        assertThat(Arrays.stream(copy.partner()).filter(p -> p < 0).count()).isEqualTo(20);
        for (int f = 0; f < 100; f++) {
            assertThat(copy.partner()[f] < 0 || copy.original()[copy.partner()[f]] == f).isTrue();
        }
        assertThat(Arrays.stream(copy.factor()).boxed()).allMatch(x -> x > 0.0099 && x < 100.1);
        assertThat(Arrays.stream(copy.factor()).min().orElseThrow()).isLessThan(0.1);
        assertThat(Arrays.stream(copy.factor()).max().orElseThrow()).isGreaterThan(10);
        assertThat(PlantedCopy.draw(100, 0.2, 1).factor()).isEqualTo(copy.factor());
        assertThat(PlantedCopy.draw(100, 0.2, 2).original()).isNotEqualTo(copy.original());
    }

    @Test
    void aCopyOfAnEncoderEncodesToTheCopyOfTheRecording() {
        float[][] encoder = Dense.vectors(random, 12, 5);
        double[] bias = random.doubles(12, -1, 1).toArray();
        float[] states = Dense.vectors(random, 1, 5 * 40)[0];
        Recording recording = encoded(encoder, bias, states, Activation.RELU, 0);
        PlantedCopy copy = PlantedCopy.draw(12, 0.25, 3);
        double[] copiedBias = new double[9];
        for (int j = 0; j < 9; j++) {
            copiedBias[j] = copy.factor()[j] * bias[copy.original()[j]];
        }
        Recording expected = copy.of(recording);
        Recording again = encoded(copy.encoder(encoder), copiedBias, states, Activation.RELU, 0);
        assertThat(SparseEncoder.repeated(expected, again)).isEqualTo(1);
        for (int j = 0; j < 9; j++) {
            for (int i = 0; i < expected.firings(j); i++) {
                double value = expected.values().get(j)[i];
                assertThat(again.values().get(j)[i])
                        .isCloseTo(value, within(1e-5 * copy.factor()[j]));
            }
        }
    }

    @Test
    void noiseActsOnHowStatesDifferFromTheirMean() {
        float[][] encoder = Dense.vectors(random, 6, 4);
        float[][] noisy = Perturbation.noise(encoder, 0.7, 4, Monitor.NONE);
        double[] bias = random.doubles(6, -1, 1).toArray();
        MeanState states = new MeanState(4, BitSet.valueOf(new long[] {0b1011}));
        float[] values = Dense.vectors(random, 1, 16)[0];
        states.add(0, 3, Arrays.copyOf(values, 12));
        states.add(3, 1, Arrays.copyOfRange(values, 12, 16));
        double[] mean = states.mean();
        assertThat(mean[2]).isCloseTo((values[2] + values[6] + values[14]) / 3, within(1e-6));
        double[] biases = Perturbation.biases(encoder, noisy, bias, mean);
        for (int j = 0; j < 6; j++) {
            double before = bias[j];
            double after = biases[j];
            for (int k = 0; k < 4; k++) {
                before += encoder[j][k] * mean[k];
                after += noisy[j][k] * mean[k];
            }
            assertThat(after).isCloseTo(before, within(1e-12));
        }
    }

    @Test
    void matchesAreCountedByWhetherTheyFindTheirPartner() {
        PlantedTruth truth = new PlantedTruth(new int[] {2, 0, -1, 1});
        PlantedTruth.Recovery recovery =
                truth.recovery(Counterparts.assigned(new int[] {2, 1, 0, -1}, 3));
        assertThat(recovery).isEqualTo(new PlantedTruth.Recovery(1, 1, 1));
        assertThat(recovery.wrongShare()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(truth.withPartner()).isEqualTo(3);
        assertThat(truth.withoutPartner()).isEqualTo(1);
    }

    private static Recording encoded(
            float[][] encoder, double[] bias, float[] states, Activation activation, int k) {
        double[] threshold = new double[bias.length];
        Arrays.fill(threshold, 0.5);
        SparseEncoder sparse = new SparseEncoder(encoder, bias, threshold, activation, k);
        int d = encoder[0].length;
        int count = states.length / d;
        int half = count / 2;
        sparse.encode(0, half, Arrays.copyOf(states, half * d), 1, Monitor.NONE);
        sparse.encode(
                half,
                count - half,
                Arrays.copyOfRange(states, half * d, states.length),
                3,
                Monitor.NONE);
        return sparse.recording();
    }

    @Test
    void everyActivationFunctionIsWhatItsDefinitionSays() {
        float[][] encoder = Dense.vectors(random, 30, 6);
        double[] bias = random.doubles(30, -1, 1).toArray();
        float[] states = Dense.vectors(random, 1, 6 * 50)[0];
        Recording relu = encoded(encoder, bias, states, Activation.RELU, 0);
        Recording jump = encoded(encoder, bias, states, Activation.JUMPRELU, 0);
        Recording top = encoded(encoder, bias, states, Activation.TOPK, 4);
        for (int t = 0; t < 50; t++) {
            double[] z = new double[30];
            for (int j = 0; j < 30; j++) {
                z[j] = bias[j];
                for (int k = 0; k < 6; k++) {
                    z[j] += (double) encoder[j][k] * states[6 * t + k];
                }
            }
            double[] sorted = Arrays.stream(z).sorted().toArray();
            for (int j = 0; j < 30; j++) {
                assertThat(at(relu, j, t)).isCloseTo(Math.max(0, z[j]), within(1e-12));
                assertThat(at(jump, j, t)).isCloseTo(z[j] > 0.5 ? z[j] : 0, within(1e-12));
                assertThat(at(top, j, t))
                        .isCloseTo(z[j] >= sorted[26] ? Math.max(0, z[j]) : 0, within(1e-12));
            }
        }
        assertThat(SparseEncoder.mostAtOnce(top, 50)).isEqualTo(4);
        assertThat(SparseEncoder.repeated(relu, relu)).isEqualTo(1);
        assertThat(SparseEncoder.repeated(relu, top)).isLessThan(1);
    }

    private static double at(Recording recording, int feature, int position) {
        int i = Arrays.binarySearch(recording.positions().get(feature), position);
        return i < 0 ? 0 : recording.values().get(feature)[i];
    }

    @Test
    void ofEqualValuesTheFirstFire() {
        float[][] same = {{1}, {1}, {1}};
        Recording top = encoded(same, new double[3], new float[] {2, 3}, Activation.TOPK, 2);
        assertThat(top.firingAtLeast(1)).isEqualTo(BitSet.valueOf(new long[] {0b011}));
    }

    @Test
    void noiseTurnsButKeepsLengthsAndRotationsKeepAngles() {
        float[][] vectors = Dense.vectors(random, 40, 64);
        assertThat(Perturbation.noise(vectors, 0, 1, Monitor.NONE)).isSameAs(vectors);
        float[][] noisy = Perturbation.noise(vectors, 0.5, 1, Monitor.NONE);
        assertThat(Perturbation.noise(vectors, 0.5, 1, Monitor.NONE)).isDeepEqualTo(noisy);
        Likeness cosine = VectorLikeness.cosine(vectors, noisy);
        double[] before = Products.squares(vectors);
        double[] after = Products.squares(noisy);
        for (int i = 0; i < 40; i++) {
            assertThat(after[i]).isCloseTo(before[i], within(1e-4 * before[i]));
            // A right angle on average: 1 / sqrt(1 + 0.25).
            assertThat(Dense.row(cosine, i)[i]).isCloseTo(0.894, within(0.1));
        }
        float[][] rotation = Perturbation.rotation(64, 2, Monitor.NONE);
        float[][] rotated = Perturbation.rotated(vectors, rotation, Monitor.NONE);
        float[][] rotatedNoisy = Perturbation.rotated(noisy, rotation, Monitor.NONE);
        Likeness turned = VectorLikeness.cosine(rotated, rotatedNoisy);
        for (int i = 0; i < 40; i++) {
            assertThat(Dense.row(turned, i)[i]).isCloseTo(Dense.row(cosine, i)[i], within(1e-5));
        }
        assertThat(Math.abs(Dense.row(VectorLikeness.cosine(vectors, rotated), 0)[0]))
                .isLessThan(0.7);
    }

    @Test
    void recordingsAreRestrictedSelectedAndCounted() {
        Recording recording =
                new Recording(
                        List.of(new int[] {0, 3, 5}, new int[] {3}),
                        List.of(new double[] {1, 2, 6}, new double[] {4}));
        assertThat(recording.meanActivations()).containsExactly(3, 4);
        assertThat(recording.powers(0, 2))
                .containsExactly(new double[] {1 / 36.0, 4 / 36.0, 1}, within(1e-15));
        BitSet odd = BitSet.valueOf(new long[] {0b101010});
        Recording there = recording.on(odd);
        assertThat(there.positions().get(0)).containsExactly(3, 5);
        assertThat(there.values().get(0)).containsExactly(2, 6);
        assertThat(there.firings()).isEqualTo(3);
        assertThat(there.firingAtLeast(2)).isEqualTo(BitSet.valueOf(new long[] {0b01}));
        assertThat(recording.select(new int[] {1}).values().get(0)).containsExactly(4);
    }
}
