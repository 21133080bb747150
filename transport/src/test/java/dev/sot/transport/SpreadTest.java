package dev.sot.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void figuresAreThoseOfCommonsMath() {
        Random random = new Random(11);
        for (int n : new int[] {1, 2, 3, 19, 20, 1000}) {
            double[] values = random.doubles(n).map(x -> x * x - 0.3).toArray();
            DescriptiveStatistics expected = new DescriptiveStatistics(values);
            Spread spread = Spread.sorting(values);
            assertThat(spread.min()).isEqualTo(expected.getMin());
            assertThat(spread.max()).isEqualTo(expected.getMax());
            assertThat(spread.p5()).isCloseTo(expected.getPercentile(5), within(1e-15));
            assertThat(spread.median()).isCloseTo(expected.getPercentile(50), within(1e-15));
            assertThat(spread.p95()).isCloseTo(expected.getPercentile(95), within(1e-15));
            assertThat(spread.mean()).isCloseTo(expected.getMean(), within(1e-15));
        }
    }

    @Test
    void nothingHasNoSpread() {
        Spread none = Spread.sorting(new double[0]);
        assertThat(new double[] {none.min(), none.p5(), none.median(), none.mean(), none.max()})
                .containsOnly(Double.NaN);
    }
}
