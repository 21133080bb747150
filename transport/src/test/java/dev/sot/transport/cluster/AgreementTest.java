package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
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
        assertThat(agreement.rand()).isCloseTo((2 + 8) / 15.0, within(1e-15));
        assertThat(agreement.pairPrecision()).isCloseTo(2.0 / 6, within(1e-15));
        assertThat(agreement.pairRecall()).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(agreement.pairF1()).isCloseTo(2 * 2.0 / (6 + 3), within(1e-15));
        double information = Math.log(3) + Math.log(2) - (2 * Math.log(3) / 3 + Math.log(6) / 3);
        assertThat(agreement.normalizedMutualInformation())
                .isCloseTo(information / ((Math.log(2) + Math.log(3)) / 2), within(1e-14));
        assertThat(agreement.n()).isEqualTo(6);
    }

    @Test
    void thePartitionCountsNotItsNumbers() {
        assertThat(Agreement.of(new int[] {5, 5, 2, 9}, new int[] {0, 0, 1, 70}))
                .isEqualTo(same(4));
    }

    private static Agreement same(int n) {
        return new Agreement(1, 1, 1, 1, 1, 1, n);
    }

    @Test
    void trivialPartitionsAgreeOnlyWithThemselves() {
        int[] together = {0, 0, 0};
        int[] alone = {0, 1, 2};
        assertThat(Agreement.of(together, together)).isEqualTo(same(3));
        assertThat(Agreement.of(alone, alone))
                .isEqualTo(new Agreement(1, 1, 1, Double.NaN, Double.NaN, 1, 3));
        assertThat(Agreement.of(together, alone))
                .isEqualTo(new Agreement(0, 0, 0, 0, Double.NaN, 0, 3));
        assertThat(Agreement.of(new int[] {4}, new int[] {7}))
                .isEqualTo(new Agreement(1, 1, 1, Double.NaN, Double.NaN, 1, 1));
    }

    @Test
    void onlyItemsInBothAreCompared() {
        assertThat(Agreement.of(new int[] {0, 0, -1, 1, 1}, new int[] {3, 3, 3, 4, -1}))
                .isEqualTo(same(3));
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
            assertThat(back.rand()).isEqualTo(there.rand());
            assertThat(back.pairPrecision()).isEqualTo(there.pairRecall());
            sum += there.adjustedRand();
        }
        assertThat(sum / 100).isCloseTo(0, within(0.005));
    }

    @Test
    void whatIsExpectedIsTheMeanOverAllPermutations() {
        int[] a = {0, 0, 0, 1, 1, 2, -1};
        int[] b = {0, 0, 1, 1, 1, 2, 0};
        List<Agreement> all = new ArrayList<>();
        permute(Arrays.copyOf(a, 6), 0, p -> all.add(Agreement.of(p, Arrays.copyOf(b, 6))));
        assertThat(all).hasSize(720);
        Agreement expected = Agreement.expected(a, b);
        assertMean(all, Agreement::rand, expected.rand());
        assertMean(all, Agreement::adjustedRand, expected.adjustedRand());
        assertMean(
                all,
                Agreement::normalizedMutualInformation,
                expected.normalizedMutualInformation());
        assertMean(all, Agreement::pairPrecision, expected.pairPrecision());
        assertMean(all, Agreement::pairRecall, expected.pairRecall());
        assertMean(all, Agreement::pairF1, expected.pairF1());
        assertThat(expected.n()).isEqualTo(6);
    }

    private static void assertMean(
            List<Agreement> all, ToDoubleFunction<Agreement> measure, double expected) {
        assertThat(expected)
                .isCloseTo(
                        all.stream().mapToDouble(measure).average().orElseThrow(), within(1e-12));
    }

    private static void permute(int[] items, int from, Consumer<int[]> sink) {
        if (from == items.length) {
            sink.accept(items.clone());
        }
        for (int i = from; i < items.length; i++) {
            swap(items, from, i);
            permute(items, from + 1, sink);
            swap(items, from, i);
        }
    }

    private static void swap(int[] items, int i, int j) {
        int item = items[i];
        items[i] = items[j];
        items[j] = item;
    }

    @Test
    void manyItemsAreExpectedToAgreeAsTheyDo() {
        int[] a = new Random(2).ints(5_000, 0, 400).toArray();
        int[] b = new Random(3).ints(5_000, 0, 150).toArray();
        Agreement expected = Agreement.expected(a, b);
        Agreement found = Agreement.of(a, b);
        assertThat(found.normalizedMutualInformation())
                .isCloseTo(expected.normalizedMutualInformation(), within(0.01));
        assertThat(found.rand()).isCloseTo(expected.rand(), within(0.001));
        assertThat(found.pairF1()).isCloseTo(expected.pairF1(), within(0.001));
    }

    @Test
    void whatCannotDifferIsExpectedToBeTheSame() {
        int[] alone = {0, 1, 2};
        Agreement expected = Agreement.expected(alone, new int[] {3, 2, 1});
        assertThat(expected.adjustedRand()).isEqualTo(1);
        assertThat(expected.normalizedMutualInformation()).isEqualTo(1);
        assertThat(expected.rand()).isEqualTo(1);
        assertThat(Agreement.expected(new int[] {-1}, new int[] {0}).rand()).isNaN();
    }

    @Test
    void partitionsOfDifferentItemsAreRefused() {
        assertThatThrownBy(() -> Agreement.of(new int[2], new int[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the partitions have 2 and 3 items");
    }
}
