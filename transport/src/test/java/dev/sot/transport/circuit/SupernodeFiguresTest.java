package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static dev.sot.transport.circuit.NodeKind.EMBEDDING;
import static dev.sot.transport.circuit.NodeKind.FEATURE;
import static dev.sot.transport.circuit.NodeKind.LOGIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SupernodeFiguresTest {

    private static final Offset<Double> EXACT = within(1e-15);

    /** Token 0 feeds features 1 and 2, 1 feeds 2 and 3, 2 feeds 3 and 4; logits 4 and 5. */
    private static final CircuitGraph GRAPH =
            Circuits.of(
                    new NodeKind[] {EMBEDDING, FEATURE, FEATURE, FEATURE, LOGIT, LOGIT},
                    new double[] {0, 0, 0, 0, 0.5, 0.25},
                    List.of(
                            link(0, 1, 2),
                            link(0, 2, -1),
                            link(1, 2, 4),
                            link(1, 3, 1),
                            link(2, 3, -3),
                            link(2, 4, 2),
                            link(3, 4, 6),
                            link(3, 5, 1)));

    @Test
    void massesAreSharesOfTheGroupsOwnLinks() {
        // {1, 2} hides 4; into it +2 and -1 cancel 2; into 3 +1 and -3 cancel 2; 20 in all.
        int[] group = {9, 3, 3, 5, 7, 7};
        SupernodeFigures figures =
                SupernodeFigures.of(GRAPH, group, Quotient.of(GRAPH, group), Monitor.NONE);
        assertThat(figures.internalMass()).containsExactly(new double[] {0.2, 0, 0, 0}, EXACT);
        assertThat(figures.cancelledMass()).containsExactly(new double[] {0.1, 0.1, 0, 0}, EXACT);
        // The logits take 2 from {1, 2} and 7 from 3, which takes all its input from {1, 2}.
        assertThat(figures.influence())
                .containsExactly(new double[] {0.75, 0.75 * 7 / 9, 0, 0.75}, EXACT);
    }

    @Test
    void groupsOfOneNodeHaveTheInfluenceOfTheNode() {
        int n = 40;
        for (long seed = 0; seed < 10; seed++) {
            CircuitGraph graph = Circuits.random(n, false, seed, Circuits.identity(n), 1);
            int[] group = Circuits.identity(n);
            SupernodeFigures figures =
                    SupernodeFigures.of(graph, group, Quotient.of(graph, group), Monitor.NONE);
            double[] influence = Attribution.influence(graph, Monitor.NONE).values();
            for (int v = 0; v < n; v++) {
                assertThat(figures.influence()[v]).isCloseTo(influence[v], within(1e-12));
            }
            assertThat(figures.internalMass()).containsOnly(0);
            assertThat(figures.cancelledMass()).containsOnly(0);
        }
    }

    @Test
    void massesAddUpToThoseOfThePartition() {
        int n = 60;
        for (long seed = 0; seed < 20; seed++) {
            CircuitGraph graph = Circuits.random(n, true, seed, Circuits.identity(n), 1);
            Random random = new Random(seed);
            int[] group = random.ints(n, -1, 8).toArray();
            Quotient quotient = Quotient.of(graph, group);
            SupernodeFigures figures = SupernodeFigures.of(graph, group, quotient, Monitor.NONE);
            assertThat(Arrays.stream(figures.internalMass()).sum())
                    .isCloseTo(quotient.mass().internalMass(), within(1e-12));
            assertThat(Arrays.stream(figures.cancelledMass()).sum())
                    .isCloseTo(quotient.mass().cancelledMass(), within(1e-12));
        }
    }

    @Test
    void aCycleWithoutOtherInputHasNoInfluence() {
        int[] group = {0, 1, 2, 1, 3, 3};
        // {1, 3} and 2 feed each other; without the token nothing else feeds them.
        group[0] = -1;
        SupernodeFigures figures =
                SupernodeFigures.of(GRAPH, group, Quotient.of(GRAPH, group), Monitor.NONE);
        assertThat(figures.influence()).containsOnly(Double.NaN);
    }

    @Test
    void withoutWeightAllSharesAreZero() {
        CircuitGraph graph =
                Circuits.of(
                        new NodeKind[] {FEATURE, FEATURE}, new double[2], List.of(link(0, 1, 0)));
        int[] group = {0, 1};
        SupernodeFigures figures =
                SupernodeFigures.of(graph, group, Quotient.of(graph, group), Monitor.NONE);
        assertThat(figures.influence()).containsOnly(0);
        assertThat(figures.internalMass()).containsOnly(0);
        assertThat(figures.cancelledMass()).containsOnly(0);
        assertThat(
                        SupernodeFigures.of(
                                        graph,
                                        new int[] {-1, -1},
                                        Quotient.of(graph, new int[] {-1, -1}),
                                        Monitor.NONE)
                                .influence())
                .isEmpty();
    }
}
