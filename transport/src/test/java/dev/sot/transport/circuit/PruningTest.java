package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Monitor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruningTest {

    private static final CircuitGraph GRAPH =
            Circuits.of(
                    new NodeKind[] {
                        NodeKind.EMBEDDING,
                        NodeKind.FEATURE,
                        NodeKind.FEATURE,
                        NodeKind.FEATURE,
                        NodeKind.LOGIT
                    },
                    new double[] {0, 0, 0, 0, 0.5},
                    List.of(
                            link(0, 1, 1),
                            link(0, 2, 1),
                            link(1, 2, -3),
                            link(1, 4, 6),
                            link(2, 4, -3),
                            link(3, 4, 1)));

    @Test
    void theMostInfluentialFeaturesAreKeptUntilTheyHoldTheShare() {
        double[] influence = {9, 6, 3, 1, 0};
        assertThat(Pruning.features(GRAPH, influence, 0.6))
                .containsExactly(true, true, false, false, true);
        assertThat(Pruning.features(GRAPH, influence, 0.61))
                .containsExactly(true, true, true, false, true);
        assertThat(Pruning.features(GRAPH, influence, 1))
                .containsExactly(true, true, true, true, true);
        assertThat(Pruning.features(GRAPH, influence, 0))
                .containsExactly(true, false, false, false, true);
    }

    @Test
    void linksAreRankedByTheirShareInWhatTheirTargetPassesOn() {
        double[] influence = Attribution.influence(GRAPH, Monitor.NONE).values();
        // Into the logit .30, .15 and .05 of .5; into 2, of influence .15, .0375 and .1125; into 1,
        // of influence .30 + .1125, all of it.
        CircuitGraph half = Pruning.links(GRAPH, influence, 0.5);
        assertThat(half.linkCount()).isEqualTo(2);
        assertThat(half.inSource(half.inBegin(1))).isZero();
        assertThat(half.inSource(half.inBegin(4))).isEqualTo(1);
        assertThat(half.inWeight(half.inBegin(4))).isEqualTo(6);
        assertThat(Pruning.links(GRAPH, influence, 1).linkCount()).isEqualTo(6);
        assertThat(half.kind(3)).isEqualTo(NodeKind.FEATURE);
    }
}
