package dev.sot.transport.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.Cloud;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.Workers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairMemoryTest {

    private static final List<Cloud> NONE = List.of();

    @Test
    void knowsClouds() {
        Geometry geometry =
                new Geometry(Families.clustered(new Random(1), 50, 3), GroundCost.EUCLIDEAN, 1);
        List<Cloud> clouds = Families.clouds(geometry, 2, 5, 8);
        PairMemory memory = new PairMemory(clouds, 10);
        assertThat(clouds.stream().map(memory::number)).containsExactly(0, 1, 2, 3, 4);
        assertThat(memory.number(Families.clouds(geometry, 2, 1, 8).get(0))).isEqualTo(-1);
    }

    @Test
    void recallsDistancesAndBoundsFromEitherSide() {
        PairMemory memory = new PairMemory(NONE, 10);
        assertThat(memory.recall(3, 7)).isNaN();
        memory.bound(3, 7, 0.25);
        assertThat(memory.recall(7, 3)).isEqualTo(-0.25);
        assertThat(PairMemory.isBound(memory.recall(3, 7))).isTrue();
        memory.distance(7, 3, 0.5);
        assertThat(memory.recall(3, 7)).isEqualTo(0.5);
        assertThat(PairMemory.isBound(memory.recall(3, 7))).isFalse();
        memory.bound(3, 7, 0.25);
        assertThat(memory.recall(3, 7)).isEqualTo(0.5);
    }

    @Test
    void tellsNothingFromNoDistanceAndNoBound() {
        PairMemory memory = new PairMemory(NONE, 10);
        memory.distance(0, 1, 0);
        memory.bound(0, 2, 0);
        assertThat(memory.recall(0, 1)).isZero();
        assertThat(PairMemory.isBound(memory.recall(0, 1))).isFalse();
        assertThat(PairMemory.isBound(memory.recall(0, 2))).isTrue();
        assertThat(memory.recall(1, 2)).isNaN();
    }

    @Test
    void remembersNothingOfUnknownClouds() {
        PairMemory memory = new PairMemory(NONE, 10);
        memory.distance(-1, 2, 3);
        assertThat(memory.recall(-1, 2)).isNaN();
    }

    @Test
    void forgetsWhatItHasNoRoomFor() {
        PairMemory memory = new PairMemory(NONE, 3);
        int kept = 0;
        for (int i = 1; i < 100; i++) {
            memory.distance(0, i, i);
        }
        for (int i = 1; i < 100; i++) {
            double recalled = memory.recall(0, i);
            if (!Double.isNaN(recalled)) {
                kept++;
                assertThat(recalled).isEqualTo(i);
            }
        }
        assertThat(kept).isEqualTo(3);
        assertThat(Double.isNaN(new PairMemory(NONE, 0).recall(0, 1))).isTrue();
    }

    @Test
    void holdsWhatManyThreadsKnow() {
        int clouds = 200;
        PairMemory memory = new PairMemory(NONE, clouds * clouds / 2);
        Workers.run(
                clouds,
                4,
                Monitor.NONE,
                monitor ->
                        one -> {
                            for (int other = 0; other < clouds; other++) {
                                if (other != one) {
                                    memory.bound(one, other, .5);
                                    memory.distance(one, other, one + other);
                                }
                            }
                        });
        for (int one = 0; one < clouds; one++) {
            for (int other = 0; other < one; other++) {
                assertThat(memory.recall(one, other)).isEqualTo(one + other);
            }
        }
    }

    @Test
    void takesNoMoreThanSaid() {
        assertThat(PairMemory.bytes(0, 1L << 40)).isEqualTo(256 << 20);
        assertThat(PairMemory.bytes(0, 100)).isEqualTo(256 * 16);
        assertThat(PairMemory.bytes(10, 0)).isEqualTo(480 + 16);
    }
}
