package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MatchStatisticTest {

    @Test
    void isContrastTimesSquaredExcess() {
        assertThat(MatchStatistic.of(3, 4, 1, 2)).isEqualTo(3.0 / 4 * 4);
        assertThat(MatchStatistic.of(30, 40, 10, 20)).isEqualTo(MatchStatistic.of(3, 4, 1, 2));
    }

    @Test
    void equalDistancesDoNotContrast() {
        assertThat(MatchStatistic.ratio(0, 0)).isEqualTo(1);
        assertThat(MatchStatistic.ratio(2, 2)).isEqualTo(1);
        assertThat(MatchStatistic.ratio(0, 2)).isZero();
        assertThat(MatchStatistic.ratio(1, 2)).isEqualTo(.5);
    }

    @Test
    void aMatchWithARivalAsNearIsNone() {
        assertThat(MatchStatistic.of(0, 0, 1, 1)).isInfinite();
        assertThat(MatchStatistic.of(0, 0, 0, 0)).isInfinite();
        assertThat(MatchStatistic.of(2, 2, 2, 2)).isInfinite();
        assertThat(MatchStatistic.of(2, 1, 2, 2)).isInfinite();
    }

    @Test
    void withoutNoiseOnlyTheSameDistributionMatches() {
        assertThat(MatchStatistic.of(1, 2, 0, 0)).isInfinite();
        assertThat(MatchStatistic.of(0, 2, 0, 0)).isZero();
    }

    @Test
    void whatIsNotKnownIsNotTested() {
        assertThat(MatchStatistic.of(1, Double.NaN, 1, 1)).isNaN();
        assertThat(MatchStatistic.of(1, 2, Double.NaN, 1)).isNaN();
    }
}
