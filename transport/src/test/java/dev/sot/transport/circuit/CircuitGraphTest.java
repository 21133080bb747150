package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static dev.sot.transport.circuit.NodeKind.FEATURE;
import static dev.sot.transport.circuit.NodeKind.LOGIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitGraphTest {

    private static final NodeKind[] KINDS = {FEATURE, FEATURE, LOGIT};
    private static final double[] PROBABILITY = {0, 0, 0.5};

    @Test
    void rowsAreSortedByTheOtherEnd() {
        CircuitGraph graph =
                Circuits.of(
                        KINDS,
                        PROBABILITY,
                        List.of(
                                link(1, 2, 3),
                                link(0, 2, -2),
                                link(0, 1, 1),
                                link(1, 1, 4),
                                link(2, 2, 0)));
        assertThat(graph.nodeCount()).isEqualTo(3);
        assertThat(graph.linkCount()).isEqualTo(5);
        assertThat(graph.kind(2)).isEqualTo(LOGIT);
        assertThat(graph.logitProbability(2)).isEqualTo(0.5);
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        for (int v = 0; v < 3; v++) {
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                in.append(graph.inSource(k) + ">" + v + ":" + graph.inWeight(k) + " ");
            }
            for (int k = graph.outBegin(v); k < graph.outEnd(v); k++) {
                out.append(v + ">" + graph.outTarget(k) + ":" + graph.outWeight(k) + " ");
            }
        }
        assertThat(in).hasToString("0>1:1.0 1>1:4.0 0>2:-2.0 1>2:3.0 2>2:0.0 ");
        assertThat(out).hasToString("0>1:1.0 0>2:-2.0 1>1:4.0 1>2:3.0 2>2:0.0 ");
        assertThat(graph.absoluteInput(2)).isEqualTo(5);
    }

    @Test
    void aLinkOutOfTheGraphIsRefused() {
        assertThatThrownBy(() -> Circuits.of(KINDS, PROBABILITY, List.of(link(0, 3, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target of link 0 is node 3; nodes are numbered 0 to 2");
    }

    @Test
    void aWeightThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> Circuits.of(KINDS, PROBABILITY, List.of(link(0, 1, Double.NaN))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight of link 0 from node 0 to node 1 is NaN");
    }

    @Test
    void parallelLinksAreRefused() {
        assertThatThrownBy(
                        () ->
                                Circuits.of(
                                        KINDS,
                                        PROBABILITY,
                                        List.of(link(0, 1, 1), link(1, 2, 1), link(0, 1, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than one link from node 0 to node 1");
    }

    @Test
    void onlyLogitsHaveAProbability() {
        assertThatThrownBy(() -> Circuits.of(KINDS, new double[] {0.1, 0, 0.5}, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node 0 is FEATURE with probability 0.1");
        assertThatThrownBy(() -> Circuits.of(KINDS, new double[] {0, 0, -0.5}, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("probability of node 2 is -0.5");
    }

    @Test
    void mergingSumsTheLinksOfNodesThatOneStandsFor() {
        int n = 20;
        for (long seed = 0; seed < 5; seed++) {
            CircuitGraph graph = Circuits.random(n, true, seed, Circuits.identity(n), 1);
            // Features 6 and 11 stand for two more each.
            int[] representative = Circuits.identity(n);
            representative[8] = 6;
            representative[13] = 6;
            representative[12] = 11;
            representative[7] = 11;
            CircuitGraph merged = graph.merged(representative);
            double[][] expected = new double[n][n];
            boolean[][] linked = new boolean[n][n];
            for (int u = 0; u < n; u++) {
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    int v = representative[graph.outTarget(k)];
                    expected[representative[u]][v] += graph.outWeight(k);
                    linked[representative[u]][v] = true;
                }
            }
            assertThat(merged.nodeCount()).isEqualTo(n);
            int links = 0;
            for (int u = 0; u < n; u++) {
                assertThat(merged.kind(u)).isEqualTo(graph.kind(u));
                assertThat(merged.logitProbability(u)).isEqualTo(graph.logitProbability(u));
                for (int v = 0; v < n; v++) {
                    links += linked[u][v] ? 1 : 0;
                }
                for (int k = merged.outBegin(u); k < merged.outEnd(u); k++) {
                    int v = merged.outTarget(k);
                    assertThat(linked[u][v]).isTrue();
                    assertThat(merged.outWeight(k)).isCloseTo(expected[u][v], within(1e-14));
                }
            }
            assertThat(merged.linkCount()).isEqualTo(links);
        }
    }

    @Test
    void whereNothingIsMergedTheLinksStay() {
        CircuitGraph graph = Circuits.random(20, true, 3, Circuits.identity(20), 1);
        CircuitGraph merged = graph.merged(Circuits.identity(20));
        assertThat(merged.linkCount()).isEqualTo(graph.linkCount());
        for (int k = 0; k < graph.linkCount(); k++) {
            assertThat(merged.inSource(k)).isEqualTo(graph.inSource(k));
            assertThat(merged.inWeight(k)).isEqualTo(graph.inWeight(k));
        }
    }

    @Test
    void opposedLinksThatMeetLeaveOneOfWeightZeroAndLinksWithinALoop() {
        CircuitGraph graph =
                Circuits.of(
                        KINDS,
                        PROBABILITY,
                        List.of(link(0, 2, 1.5), link(1, 2, -1.5), link(0, 1, 4)));
        CircuitGraph merged = graph.merged(new int[] {0, 0, 2});
        assertThat(merged.linkCount()).isEqualTo(2);
        assertThat(merged.outTarget(0)).isZero();
        assertThat(merged.outWeight(0)).isEqualTo(4);
        assertThat(merged.outTarget(1)).isEqualTo(2);
        assertThat(merged.outWeight(1)).isZero();
    }

    @Test
    void whatStandsForOthersMustStandForItself() {
        CircuitGraph graph = Circuits.of(KINDS, PROBABILITY, List.of(link(0, 1, 1)));
        assertThatThrownBy(() -> graph.merged(new int[] {1, 0, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node 1 stands for another, but not for itself");
        assertThatThrownBy(() -> graph.merged(new int[] {0, 3, 2}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> graph.merged(new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("representative has 2 entries for 3 nodes");
    }
}
