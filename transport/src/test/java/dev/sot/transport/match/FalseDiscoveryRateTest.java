package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FalseDiscoveryRateTest {

    @Test
    void qValuesAreThoseOfTheDefinition() {
        double[] p = {.04, .9, .001, Double.NaN, .02, .6, .021};
        // Six are tested, of which two exceed one half: an estimated 6 without a partner.
        double[] q = FalseDiscoveryRate.qValues(p);
        assertThat(q[2]).isCloseTo(.006, within(1e-15));
        assertThat(q[6]).isCloseTo(6 * .021 / 3, within(1e-15));
        assertThat(q[4]).isEqualTo(q[6]);
        assertThat(q[0]).isCloseTo(.06, within(1e-15));
        assertThat(q[5]).isCloseTo(.72, within(1e-15));
        assertThat(q[1]).isCloseTo(.9, within(1e-15));
        assertThat(q[3]).isNaN();
        assertThat(FalseDiscoveryRate.qValues(new double[0])).isEmpty();
    }

    @Test
    void aMatchIsCertifiedOnlyByBothValues() {
        assertThat(FalseDiscoveryRate.certified(.05, .05, .05)).isTrue();
        assertThat(FalseDiscoveryRate.certified(.06, .01, .05)).isFalse();
        assertThat(FalseDiscoveryRate.certified(.01, .06, .05)).isFalse();
        assertThat(FalseDiscoveryRate.certified(Double.NaN, Double.NaN, .05)).isFalse();
    }

    @Test
    void theShareOfWrongOnesAmongThoseCertifiedIsAtMostTheLevel() {
        Random random = new Random(1);
        for (double share : new double[] {.1, .3, .6, .9, 1}) {
            for (double level : new double[] {.01, .05, .1}) {
                double wrongShare = 0;
                int runs = 400;
                for (int run = 0; run < runs; run++) {
                    // Partnerless features have the law of the sample, the others lower values.
                    double[] sample = random.doubles(500).toArray();
                    NullSample nulls = NullSample.of(sample);
                    int m = 200;
                    double[] p = new double[m];
                    for (int i = 0; i < m; i++) {
                        double s = random.nextDouble();
                        p[i] = nulls.pValue(i < share * m ? s : s * s * s * s / 20);
                    }
                    double[] q = FalseDiscoveryRate.qValues(p);
                    int[] certified =
                            IntStream.range(0, m)
                                    .filter(i -> FalseDiscoveryRate.certified(p[i], q[i], level))
                                    .toArray();
                    long wrong = Arrays.stream(certified).filter(i -> i < share * m).count();
                    wrongShare += wrong / Math.max(1.0, certified.length) / runs;
                }
                assertThat(wrongShare).as(share + " at " + level).isLessThan(level * 1.25 + .005);
            }
        }
    }
}
