package dev.sot.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void theMedianNeedsNoOrder() {
        assertThat(Figures.median(new double[] {3, 1, 2})).isEqualTo(2);
        assertThat(Figures.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
        assertThat(Figures.median(new double[] {7})).isEqualTo(7);
    }

    @Test
    void figuresHaveThreeDigits() {
        assertThat(Figures.rounded(0.012345)).isEqualTo(0.0123);
        assertThat(Figures.rounded(99.96)).isEqualTo(100L);
        assertThat(Figures.rounded(21538.4)).isEqualTo(21538L);
        assertThat(Figures.rounded(0)).isEqualTo(0.0);
        assertThat(Figures.rounded(Double.NaN)).isEqualTo(Double.NaN);
    }

    @Test
    void theLargestDifferenceIsRelativeAndNeverHidesANaN() {
        assertThat(Figures.relativeDifference(new double[] {1, 4}, new double[] {1, 5}))
                .isEqualTo(0.25);
        assertThat(Figures.relativeDifference(new double[] {0, 2}, new double[] {0, 2})).isZero();
        assertThat(Figures.relativeDifference(new double[] {0, 2}, new double[] {0.5, 2}))
                .isEqualTo(0.5);
        assertThat(
                        Figures.relativeDifference(
                                new double[] {1, 2, 3}, new double[] {1, Double.NaN, 3}))
                .isNaN();
        assertThat(Figures.agree(1e-7)).isTrue();
        assertThat(Figures.agree(1e-5)).isFalse();
        assertThat(Figures.agree(Double.NaN)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Figures.relativeDifference(new double[1], new double[2]));
    }

    @Test
    void aQuantileIsAValueThatEnoughOthersDoNotExceed() {
        double[] values = {5, 3, 1, 2, 4};
        assertThat(Figures.quantile(values, 0.05)).isEqualTo(1);
        assertThat(Figures.quantile(values, 0.2)).isEqualTo(1);
        assertThat(Figures.quantile(values, 0.5)).isEqualTo(3);
        assertThat(Figures.quantile(values, 1)).isEqualTo(5);
    }

    @Test
    void rankCorrelationSeesOrderAlone() {
        double[] x = {1, 2, 3, 4};
        assertThat(Figures.rankCorrelation(x, new double[] {1, 8, 27, 64})).isEqualTo(1);
        assertThat(Figures.rankCorrelation(x, new double[] {9, 7, 5, 3})).isEqualTo(-1);
        // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4.
        assertThat(Figures.rankCorrelation(new double[] {0, 6, 6, 7}, new double[] {1, 3, 2, 4}))
                .isEqualTo(4.5 / Math.sqrt(4.5 * 5));
        assertThat(Figures.rankCorrelation(x, new double[] {1, 1, 1, 1})).isNaN();
    }
}
