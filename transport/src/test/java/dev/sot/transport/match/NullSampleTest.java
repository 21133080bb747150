package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NullSampleTest {

    @Test
    void pValuesCountTheNullStatisticsAsSmall() {
        NullSample sample = NullSample.of(new double[] {3, 1, Double.NaN, 2, 2});
        assertThat(sample.size()).isEqualTo(4);
        assertThat(sample.pValue(.5)).isEqualTo(1 / 5.0);
        assertThat(sample.pValue(2)).isEqualTo(4 / 5.0);
        assertThat(sample.pValue(9)).isEqualTo(1);
        assertThat(sample.pValue(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(sample.pValue(Double.NaN)).isNaN();
    }

    @Test
    void aSmallSampleCertifiesNothing() {
        NullSample sample = NullSample.of(new Random(1).doubles(18).toArray());
        assertThat(sample.smallestPValue()).isGreaterThan(.05);
        assertThat(sample.pValue(0)).isEqualTo(sample.smallestPValue());
        assertThat(NullSample.of(new double[0]).pValue(0)).isEqualTo(1);
    }

    @Test
    void pValuesOfWhatIsExchangeableAreSmallAsOftenAsTheySay() {
        Random random = new Random(2);
        for (double level : new double[] {.01, .05, .1, .5}) {
            int small = 0;
            int draws = 20_000;
            for (int d = 0; d < draws; d++) {
                // Coarse values, so that there are ties.
                double[] sample = random.doubles(120).map(s -> Math.floor(s * 40)).toArray();
                double p = NullSample.of(sample).pValue(Math.floor(random.nextDouble() * 40));
                small += p <= level ? 1 : 0;
            }
            assertThat(small / (double) draws)
                    .isLessThanOrEqualTo(level + 3 * Math.sqrt(level / draws));
        }
    }

    @Test
    void targetsThatNoSourceClearlyMatchesMayBeAlone() {
        double[] pValues = {.01, .2, .5, .6, Double.NaN, 1};
        assertThat(NullSample.shareAlone(pValues, 10)).isEqualTo(1);
        assertThat(NullSample.shareAlone(pValues, 4)).isEqualTo(1);
        assertThat(NullSample.shareAlone(new double[100], 100)).isEqualTo(.02);
        assertThat(NullSample.shareAlone(new double[90], 100)).isEqualTo(.22);
        assertThat(NullSample.shareAlone(new double[0], 0)).isEqualTo(1);
    }
}
