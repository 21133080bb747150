package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestGraphTest {

    @Test
    void itemsAreJoinedWhereOneIsAmongTheNearestOfTheOther() {
        // 0 and 1 are near, 4 is nearest to 1, 9 to 4.
        double[] d = Distances.ofPoints(0, 1, 4, 9);
        NearestGraph graph = NearestGraph.of(d, 4, 1, Monitor.NONE);
        assertThat(graph.source()).containsExactly(0, 1, 2);
        assertThat(graph.target()).containsExactly(1, 2, 3);
        assertThat(graph.weight())
                .containsExactly(
                        new double[] {Math.exp(-1), Math.exp(-9.0 / 3), Math.exp(-25.0 / 15)},
                        within(1e-15));
    }

    @Test
    void theGraphIsThatOfAPlainSearch() {
        for (int trial = 0; trial < 60; trial++) {
            int n = 2 + trial % 20;
            int k = 1 + trial % 6;
            double[] d = trial % 2 == 0 ? Distances.random(n, trial) : Distances.tied(n, trial);
            boolean[][] joined = new boolean[n][n];
            double[] scale = new double[n];
            for (int i = 0; i < n; i++) {
                int item = i;
                List<Integer> nearest =
                        IntStream.range(0, n)
                                .filter(j -> j != item)
                                .boxed()
                                .sorted(
                                        Comparator.comparingDouble(
                                                j -> Distances.get(d, n, item, j)))
                                .limit(k)
                                .toList();
                for (int j : nearest) {
                    joined[Math.min(i, j)][Math.max(i, j)] = true;
                }
                scale[i] = Distances.get(d, n, i, nearest.get(nearest.size() - 1));
            }
            NearestGraph graph = NearestGraph.of(d, n, k, Monitor.NONE);
            double[] similarities = NearestGraph.similarities(d, n, k, Monitor.NONE);
            int next = 0;
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    double distance = Distances.get(d, n, i, j);
                    double scales = scale[i] * scale[j];
                    double weight =
                            distance == 0
                                    ? 1
                                    : scales > 0 ? Math.exp(-distance * distance / scales) : 0;
                    assertThat(Distances.get(similarities, n, i, j))
                            .isCloseTo(weight, within(1e-15));
                    if (joined[i][j] && weight > 0) {
                        assertThat(graph.source()[next]).isEqualTo(i);
                        assertThat(graph.target()[next]).isEqualTo(j);
                        assertThat(graph.weight()[next]).isCloseTo(weight, within(1e-15));
                        next++;
                    }
                }
            }
            assertThat(graph.source()).hasSize(next);
            assertThat(graph.target()).hasSize(next);
            assertThat(graph.weight()).hasSize(next);
        }
    }

    @Test
    void weightsDoNotDependOnTheUnitOfDistances() {
        double[] d = Distances.random(30, 2);
        double[] other = Arrays.stream(d).map(x -> 1024 * x).toArray();
        assertThat(NearestGraph.of(other, 30, 4, Monitor.NONE).weight())
                .isEqualTo(NearestGraph.of(d, 30, 4, Monitor.NONE).weight());
    }

    @Test
    void oneItemHasNoNearest() {
        assertThat(NearestGraph.of(new double[0], 1, 5, Monitor.NONE).source()).isEmpty();
        assertThat(NearestGraph.similarities(new double[0], 1, 5, Monitor.NONE)).isEmpty();
    }

    @Test
    void atLeastOneNearestIsNeeded() {
        assertThatThrownBy(() -> NearestGraph.of(new double[1], 2, 0, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("k is 0; at least one is needed");
    }
}
