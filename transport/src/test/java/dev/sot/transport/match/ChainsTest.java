package dev.sot.transport.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.match.Chains.Link;
import dev.sot.transport.match.Chains.Path;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainsTest {

    /** Layers in which all features fire. */
    private static Chains chains(int[] sizes, List<List<Link>> links) {
        return Chains.of(sizes, links, Collections.nCopies(sizes.length, new BitSet()));
    }

    /** Four layers: 0 persists to the end; 1 splits in two, which merge; 2 dies; 3 is born late. */
    private static final Chains CHAINS =
            chains(
                    new int[] {3, 4, 3, 2},
                    List.of(
                            List.of(new Link(1, 2), new Link(0, 0), new Link(1, 1), new Link(0, 0)),
                            List.of(new Link(0, 0), new Link(1, 1), new Link(2, 1), new Link(3, 2)),
                            List.of(new Link(0, 1))));

    @Test
    void saysWhatBecomesOfEachFeature() {
        assertThat(CHAINS.fates(0, 0)).containsExactly(Fate.PERSISTS);
        assertThat(CHAINS.fates(0, 1)).containsExactly(Fate.SPLITS);
        assertThat(CHAINS.fates(0, 2)).containsExactly(Fate.DIES);
        assertThat(CHAINS.fates(1, 0)).containsExactly(Fate.PERSISTS);
        assertThat(CHAINS.fates(1, 1)).containsExactly(Fate.MERGES);
        assertThat(CHAINS.fates(1, 2)).containsExactly(Fate.MERGES);
        assertThat(CHAINS.fates(1, 3)).containsExactly(Fate.BORN, Fate.PERSISTS);
        assertThat(CHAINS.fates(2, 1)).containsExactly(Fate.DIES);
        assertThat(CHAINS.fates(3, 0)).containsExactly(Fate.BORN);
        assertThat(CHAINS.fates(3, 1)).isEmpty();
    }

    @Test
    void countsFates() {
        assertThat(CHAINS.count(0, Fate.BORN)).isZero();
        assertThat(CHAINS.count(1, Fate.PERSISTS)).isEqualTo(2);
        assertThat(CHAINS.count(1, Fate.MERGES)).isEqualTo(2);
        assertThat(CHAINS.count(2, Fate.DIES)).isEqualTo(2);
        assertThat(CHAINS.count(3, Fate.DIES)).isZero();
    }

    @Test
    void followsFeaturesAsLongAsTheyPersist() {
        assertThat(CHAINS.paths())
                .containsExactly(new Path(0, List.of(0, 0, 0, 1)), new Path(1, List.of(3, 2)));
    }

    @Test
    void aSplitCanMergeElsewhere() {
        Chains chains =
                chains(
                        new int[] {2, 2},
                        List.of(List.of(new Link(0, 0), new Link(0, 1), new Link(1, 1))));
        assertThat(chains.fates(0, 0)).containsExactly(Fate.SPLITS, Fate.MERGES);
        assertThat(chains.fates(0, 1)).containsExactly(Fate.MERGES);
        assertThat(chains.paths()).isEmpty();
    }

    @Test
    void oneLayerSaysNothing() {
        Chains chains = chains(new int[] {2}, List.of());
        assertThat(chains.fates(0, 1)).isEmpty();
        assertThat(chains.paths()).isEmpty();
    }

    @Test
    void saysNothingElseOfSilentFeatures() {
        BitSet silent = BitSet.valueOf(new long[] {0b10});
        Chains chains =
                Chains.of(
                        new int[] {2, 2, 2},
                        List.of(List.of(new Link(0, 0)), List.of()),
                        List.of(silent, silent, new BitSet()));
        assertThat(chains.fates(0, 1)).containsExactly(Fate.SILENT);
        assertThat(chains.fates(1, 1)).containsExactly(Fate.SILENT);
        assertThat(chains.fates(2, 1)).containsExactly(Fate.BORN);
        assertThat(chains.count(1, Fate.SILENT)).isEqualTo(1);
        assertThat(chains.count(1, Fate.DIES)).isEqualTo(1);
        assertThat(chains.count(1, Fate.BORN)).isZero();
        assertThatThrownBy(
                        () ->
                                Chains.of(
                                        new int[] {2, 2},
                                        List.of(List.of(new Link(0, 1))),
                                        List.of(new BitSet(), silent)))
                .hasMessageContaining("silent");
    }

    @Test
    void refusesLinksOutsideTheLayers() {
        assertThatThrownBy(() -> chains(new int[] {1, 1}, List.of(List.of(new Link(0, 1)))))
                .hasMessageContaining("from layer 0")
                .hasMessageContaining("target=1");
        assertThatThrownBy(() -> chains(new int[] {1, 1}, List.of()))
                .hasMessageContaining("2 layers");
    }
}
