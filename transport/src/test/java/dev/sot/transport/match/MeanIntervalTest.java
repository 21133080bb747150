package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeanIntervalTest {

    @Test
    void aMeanHasItsStandardError() {
        MeanInterval interval = MeanInterval.of(new double[] {1, 2, 3, 3});
        assertThat(interval.mean()).isEqualTo(2.25);
        assertThat(interval.error()).isCloseTo(Math.sqrt(2.75 / 3 / 4), within(1e-15));
        assertThat(interval.upper() - interval.mean())
                .isCloseTo(1.959964 * interval.error(), within(1e-6));
    }

    @Test
    void fewValuesHaveNoInterval() {
        assertThat(MeanInterval.of(new double[] {3}).mean()).isEqualTo(3);
        assertThat(MeanInterval.of(new double[] {3}).lower()).isNaN();
        assertThat(MeanInterval.of(new double[0]).mean()).isNaN();
    }

    /** Of a difference that is known, about 95 in 100 intervals hold it. */
    @Test
    void intervalsHoldTheTruthAsOftenAsTheySay() {
        Random random = new Random(1);
        long held =
                IntStream.range(0, 2_000)
                        .filter(
                                trial -> {
                                    MeanInterval difference =
                                            MeanInterval.of(verdicts(random, 0.5, 120))
                                                    .minus(
                                                            MeanInterval.of(
                                                                    verdicts(random, 0.2, 90)));
                                    return difference.lower() <= 0.6 && difference.upper() >= 0.6;
                                })
                        .count();
        assertThat(held).isBetween(1_870L, 1_930L);
    }

    /** 3 with a probability, else 1. */
    private static double[] verdicts(Random random, double similar, int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> random.nextDouble() < similar ? 3 : 1)
                .toArray();
    }
}
