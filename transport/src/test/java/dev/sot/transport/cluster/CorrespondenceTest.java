package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CorrespondenceTest {

    @Test
    void renumberedGroupsAreFound() {
        Correspondence found =
                Correspondence.of(new int[] {0, 0, 2, 2, 3}, new int[] {7, 7, 0, 0, 1});
        assertThat(found.partner()).containsExactly(7, -1, 0, 1);
        assertThat(found.jaccard()).containsExactly(1, 0, 1, 1);
    }

    @Test
    void ofTwoGroupsThatBecomeOneTheMoreSimilarKeepsIt() {
        Correspondence found =
                Correspondence.of(new int[] {0, 0, 1, 1, 1}, new int[] {0, 0, 0, 0, 0});
        assertThat(found.partner()).containsExactly(-1, 0);
        assertThat(found.jaccard()).containsExactly(0, 0.6);
    }

    @Test
    void equalOverlapsGoToTheSmallerNumbers() {
        assertThat(Correspondence.of(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}).partner())
                .containsExactly(0, 1);
    }

    @Test
    void itemsInOnlyOnePartitionDoNotCount() {
        Correspondence found =
                Correspondence.of(new int[] {0, 0, 0, -1, 1}, new int[] {0, -1, -1, 0, -1});
        assertThat(found.partner()).containsExactly(0, -1);
        assertThat(found.jaccard()).containsExactly(1, 0);
    }

    @Test
    void partitionsOfDifferentItemsAreRefused() {
        assertThatThrownBy(() -> Correspondence.of(new int[2], new int[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the partitions have 2 and 3 items");
    }
}
