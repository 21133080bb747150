package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GapStatisticTest {

    private static final int ITEMS = 60;

    /** Points in the plane: about the corners of a regular polygon, or all over a square. */
    private static double[] distances(int groups, long seed) {
        Random random = new Random(seed);
        double[][] points = new double[ITEMS][];
        for (int i = 0; i < ITEMS; i++) {
            double angle = 2 * Math.PI * (i % Math.max(1, groups)) / Math.max(1, groups);
            points[i] =
                    groups == 0
                            ? new double[] {random.nextDouble(), random.nextDouble()}
                            : new double[] {
                                10 * Math.cos(angle) + random.nextGaussian(),
                                10 * Math.sin(angle) + random.nextGaussian()
                            };
        }
        double[] condensed = new double[ITEMS * (ITEMS - 1) / 2];
        int k = 0;
        for (int i = 0; i < ITEMS; i++) {
            for (int j = i + 1; j < ITEMS; j++) {
                condensed[k++] =
                        Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
            }
        }
        return condensed;
    }

    private static Dendrogram tree(double[] distances, Constraints constraints) {
        return HierarchicalClustering.cluster(
                distances.clone(), ITEMS, Linkage.AVERAGE, constraints, Monitor.NONE);
    }

    private static GapStatistic gap(
            double[] distances, Dendrogram tree, Constraints constraints, int references) {
        return GapStatistic.of(
                distances, tree, Linkage.AVERAGE, constraints, references, 7, 1, Monitor.NONE);
    }

    private static int chosen(double[] distances) {
        Dendrogram tree = tree(distances, Constraints.NONE);
        return SizeCurve.of(
                        distances,
                        tree,
                        Layered.graph(ITEMS, 0.1, 1),
                        IntStream.range(0, ITEMS).toArray(),
                        Monitor.NONE)
                .withGap(gap(distances, tree, Constraints.NONE, 20))
                .choose(SizeCriterion.GAP);
    }

    @Test
    void groupsAreCountedAndWhereThereAreNoneThereIsOne() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(chosen(distances(4, seed))).isEqualTo(4);
            assertThat(chosen(distances(0, seed))).isEqualTo(1);
        }
    }

    @Test
    void aCommonFactorChangesNothing() {
        double[] distances = distances(3, 1);
        double[] larger = Arrays.stream(distances).map(d -> 1000 * d).toArray();
        GapStatistic one = gap(distances, tree(distances, Constraints.NONE), Constraints.NONE, 5);
        GapStatistic two = gap(larger, tree(larger, Constraints.NONE), Constraints.NONE, 5);
        for (int m = 1; m < ITEMS; m++) {
            assertThat(two.gap()[m]).isCloseTo(one.gap()[m], within(1e-6));
            assertThat(one.error()[m]).isPositive();
        }
        assertThat(one.gap()[0]).isNaN();
    }

    @Test
    void theSameSeedGivesTheSameStatistic() {
        double[] distances = distances(3, 2);
        Dendrogram tree = tree(distances, Constraints.NONE);
        GapStatistic one = gap(distances, tree, Constraints.NONE, 3);
        GapStatistic two = gap(distances, tree, Constraints.NONE, 3);
        assertThat(two.gap()).isEqualTo(one.gap());
        assertThat(two.error()).isEqualTo(one.error());
    }

    @Test
    void referencesAreUnderTheSameConstraints() {
        double[] distances = distances(3, 2);
        Constraints constraints =
                Constraints.builder(ITEMS)
                        .equal(IntStream.range(0, ITEMS).mapToObj(i -> i % 2).toArray())
                        .build();
        Dendrogram tree = tree(distances, constraints);
        GapStatistic gap = gap(distances, tree, constraints, 4);
        assertThat(gap.gap()).hasSize(ITEMS - 1);
        assertThat(gap.gap()[ITEMS - 2]).isFinite();
    }

    @Test
    void oneReferenceHasNoDeviation() {
        double[] distances = distances(3, 2);
        Dendrogram tree = tree(distances, Constraints.NONE);
        assertThatThrownBy(() -> gap(distances, tree, Constraints.NONE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("references is 1; at least two are needed");
    }
}
