package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AgreementTest {

    @Test
    void measuresAreThoseWorkedOutByHand() {
        Agreement agreement =
                Agreement.of(new int[] {0, 0, 0, 1, 1, 1}, new int[] {0, 0, 1, 1, 2, 2});
        // Of 15 pairs 2 are together in both, 4 only in the first, 1 only in the second.
        double expected = 6.0 * 3 / 15;
        assertThat(agreement.adjustedRand())
                .isCloseTo((2 - expected) / (4.5 - expected), within(1e-15));
        assertThat(agreement.pairF1()).isCloseTo(2 * 2.0 / (6 + 3), within(1e-15));
        double information = Math.log(3) + Math.log(2) - (2 * Math.log(3) / 3 + Math.log(6) / 3);
        assertThat(agreement.normalizedMutualInformation())
                .isCloseTo(information / ((Math.log(2) + Math.log(3)) / 2), within(1e-14));
        assertThat(agreement.n()).isEqualTo(6);
    }

    @Test
    void thePartitionCountsNotItsNumbers() {
        assertThat(Agreement.of(new int[] {5, 5, 2, 9}, new int[] {0, 0, 1, 70}))
                .isEqualTo(new Agreement(1, 1, 1, 4));
    }

    @Test
    void trivialPartitionsAgreeOnlyWithThemselves() {
        int[] together = {0, 0, 0};
        int[] alone = {0, 1, 2};
        assertThat(Agreement.of(together, together)).isEqualTo(new Agreement(1, 1, 1, 3));
        assertThat(Agreement.of(alone, alone)).isEqualTo(new Agreement(1, 1, 1, 3));
        assertThat(Agreement.of(together, alone)).isEqualTo(new Agreement(0, 0, 0, 3));
        assertThat(Agreement.of(new int[] {4}, new int[] {7})).isEqualTo(new Agreement(1, 1, 1, 1));
    }

    @Test
    void onlyItemsInBothAreCompared() {
        assertThat(Agreement.of(new int[] {0, 0, -1, 1, 1}, new int[] {3, 3, 3, 4, -1}))
                .isEqualTo(new Agreement(1, 1, 1, 3));
        Agreement nothing = Agreement.of(new int[] {0, -1}, new int[] {-1, 0});
        assertThat(nothing.n()).isZero();
        assertThat(nothing.adjustedRand()).isNaN();
        assertThat(nothing.normalizedMutualInformation()).isNaN();
        assertThat(nothing.pairF1()).isNaN();
    }

    @Test
    void independentPartitionsAgreeByChance() {
        Random random = new Random(1);
        double sum = 0;
        for (int trial = 0; trial < 100; trial++) {
            int[] a = random.ints(200, 0, 10).toArray();
            int[] b = random.ints(200, 0, 10).toArray();
            Agreement there = Agreement.of(a, b);
            Agreement back = Agreement.of(b, a);
            assertThat(back.adjustedRand()).isCloseTo(there.adjustedRand(), within(1e-12));
            assertThat(back.normalizedMutualInformation())
                    .isCloseTo(there.normalizedMutualInformation(), within(1e-12));
            assertThat(back.pairF1()).isEqualTo(there.pairF1());
            sum += there.adjustedRand();
        }
        assertThat(sum / 100).isCloseTo(0, within(0.005));
    }

    @Test
    void partitionsOfDifferentItemsAreRefused() {
        assertThatThrownBy(() -> Agreement.of(new int[2], new int[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the partitions have 2 and 3 items");
    }
}
