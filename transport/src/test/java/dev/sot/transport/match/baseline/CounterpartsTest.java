package dev.sot.transport.match.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CounterpartsTest {

    /** Likeness by a table. */
    private record Table(double[]... rows) implements Likeness {
        @Override
        public int sources() {
            return rows.length;
        }

        @Override
        public int targets() {
            return rows[0].length;
        }

        @Override
        public void of(int source, double[] into) {
            System.arraycopy(rows[source], 0, into, 0, into.length);
        }
    }

    private static final double NONE = Double.NEGATIVE_INFINITY;

    @Test
    void theMostAlikeAreFoundBothWaysAndTheFirstOfEqualOnes() {
        Counterparts found =
                Counterparts.nearest(
                        new Table(
                                new double[] {1, 5, 5},
                                new double[] {2, 5, 0},
                                new double[] {NONE, NONE, NONE}),
                        2,
                        Monitor.NONE);
        assertThat(found.target()).containsExactly(1, 1, -1);
        assertThat(found.reverse()).containsExactly(1, 0, 0);
        assertThat(found.matches()).isEqualTo(2);
        assertThat(found.mutualShare()).isEqualTo(0.5);
    }

    @Test
    void theResultDoesNotDependOnConcurrency() {
        Random random = new Random(1);
        double[][] rows = new double[200][50];
        for (double[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] = random.nextInt(9);
            }
        }
        Counterparts one = Counterparts.nearest(new Table(rows), 1, Monitor.NONE);
        Counterparts four = Counterparts.nearest(new Table(rows), 4, Monitor.NONE);
        assertThat(four.target()).isEqualTo(one.target());
        assertThat(four.reverse()).isEqualTo(one.reverse());
    }

    @Test
    void agreementCountsWhereBothGiveATarget() {
        Counterparts one = Counterparts.assigned(new int[] {0, 1, 2, -1}, 4);
        Counterparts other = Counterparts.assigned(new int[] {0, 2, -1, 1}, 4);
        assertThat(one.agreement(other)).isEqualTo(0.5).isEqualTo(other.agreement(one));
        assertThat(one.mutualShare()).isEqualTo(1);
        assertThat(one.of(BitSet.valueOf(new long[] {0b1010})).target())
                .containsExactly(-1, 1, -1, -1);
        assertThat(one.reverse()).containsExactly(0, 1, 2, -1);
        assertThat(one.agreement(Counterparts.assigned(new int[] {-1, -1, -1, 1}, 4))).isNaN();
    }

    @Test
    void theJudgeCountsOnlySourcesThatBelongSomewhere() {
        Table heldOut =
                new Table(
                        new double[] {0.9, 0.2},
                        new double[] {0.4, 0.3},
                        new double[] {0.1, 0.2},
                        new double[] {NONE, 0.3});
        List<HeldOutJudge.Verdict> verdicts =
                HeldOutJudge.judge(
                        heldOut,
                        List.of(
                                Counterparts.assigned(new int[] {0, 1, 0, 1}, 2),
                                Counterparts.assigned(new int[] {-1, 0, 1, 0}, 2)),
                        0.3,
                        2,
                        Monitor.NONE);
        assertThat(verdicts.get(0).sources()).isEqualTo(3);
        assertThat(verdicts.get(0).right()).isEqualTo(2);
        assertThat(verdicts.get(0).rightShare()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(verdicts.get(0).meanCorrelation()).isCloseTo(0.5, within(1e-15));
        assertThat(verdicts.get(0).precision()).isEqualTo(verdicts.get(0).rightShare());
        assertThat(verdicts.get(1).right()).isEqualTo(1);
        assertThat(verdicts.get(1).matched()).isEqualTo(2);
        assertThat(verdicts.get(1).precision()).isEqualTo(0.5);
        assertThat(verdicts.get(1).meanCorrelation()).isCloseTo(0.4, within(1e-15));
    }
}
