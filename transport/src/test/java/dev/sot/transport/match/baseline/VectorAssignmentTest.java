package dev.sot.transport.match.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorAssignmentTest {

    private final Random random = new Random(8);

    private static double cost(float[][] sources, float[][] targets, int[] assigned) {
        double cost = 0;
        double[] row = new double[targets.length];
        Likeness likeness = VectorLikeness.distance(sources, targets);
        for (int i = 0; i < assigned.length; i++) {
            likeness.of(i, row);
            cost -= assigned[i] < 0 ? 0 : row[assigned[i]];
        }
        return cost;
    }

    /** The least cost over all ways to give each source a target of its own. */
    private static double least(
            float[][] sources, float[][] targets, int[] assigned, int from, boolean[] taken) {
        if (from == sources.length) {
            return cost(sources, targets, assigned);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < targets.length; j++) {
            if (!taken[j]) {
                taken[j] = true;
                assigned[from] = j;
                least = Math.min(least, least(sources, targets, assigned, from + 1, taken));
                taken[j] = false;
            }
        }
        return least;
    }

    @Test
    void theSumIsTheLeastOfAllAssignments() {
        for (int round = 0; round < 10; round++) {
            float[][] sources = Dense.vectors(random, 5, 2);
            float[][] targets = Dense.vectors(random, 7, 2);
            double least = least(sources, targets, new int[5], 0, new boolean[7]);
            int[] assigned = VectorAssignment.of(sources, targets, 2, Monitor.NONE);
            assertThat(assigned).doesNotHaveDuplicates().doesNotContain(-1);
            assertThat(cost(sources, targets, assigned)).isCloseTo(least, within(1e-9));
            int[] back = VectorAssignment.of(targets, sources, 1, Monitor.NONE);
            assertThat(Arrays.stream(back).filter(j -> j >= 0).count()).isEqualTo(5);
            assertThat(cost(targets, sources, back)).isCloseTo(least, within(1e-9));
        }
    }

    @Test
    void aShuffledCopyIsAssignedToItself() {
        float[][] vectors = Dense.vectors(random, 300, 8);
        PlantedCopy copy = PlantedCopy.draw(300, 0, 5);
        float[][] shuffled =
                Arrays.stream(copy.original()).mapToObj(f -> vectors[f]).toArray(float[][]::new);
        assertThat(VectorAssignment.of(vectors, shuffled, 2, Monitor.NONE))
                .isEqualTo(copy.partner());
    }
}
