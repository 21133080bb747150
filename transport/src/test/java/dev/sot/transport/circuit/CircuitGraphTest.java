package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static dev.sot.transport.circuit.NodeKind.FEATURE;
import static dev.sot.transport.circuit.NodeKind.LOGIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
