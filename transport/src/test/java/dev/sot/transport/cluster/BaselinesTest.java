package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselinesTest {

    @Test
    void aRandomPartitionKeepsSizesAndOutsiders() {
        int[] group = {7, 7, 7, -1, 2, 2, 5, -1};
        int[] random = Baselines.randomSameSizes(group, 42);
        assertThat(sorted(random)).isEqualTo(sorted(group));
        assertThat(random[3]).isEqualTo(-1);
        assertThat(random[7]).isEqualTo(-1);
        assertThat(group).containsExactly(7, 7, 7, -1, 2, 2, 5, -1);
        assertThat(Baselines.randomSameSizes(group, 42)).isEqualTo(random);
    }

    @Test
    void randomPartitionsAreUniform() {
        int[] group = {0, 0, 1, 1};
        int[] together = new int[4];
        for (int seed = 0; seed < 6000; seed++) {
            int[] random = Baselines.randomSameSizes(group, seed * 7919L);
            for (int j = 1; j < 4; j++) {
                together[j] += random[0] == random[j] ? 1 : 0;
            }
        }
        for (int j = 1; j < 4; j++) {
            assertThat(together[j]).isBetween(1850, 2150);
        }
    }

    @Test
    void sizeMatchedGroupsAreMadeLargestFirstAroundTheBestSeed() {
        // Three points about 0, a tight pair at 50 and 50.1, one alone at 100.
        double[] distances = Distances.ofPoints(0, 50, 1, 100, 50.1, -1);
        assertThat(Baselines.sizeMatched(distances, 6, new int[] {1, 2, 3}, Monitor.NONE))
                .containsExactly(2, 1, 2, 0, 1, 2);
        assertThat(Baselines.sizeMatched(distances, 6, new int[] {2}, Monitor.NONE))
                .containsExactly(-1, 0, -1, -1, 0, -1);
    }

    @Test
    void sizeMatchedTiesGoToTheFirstItems() {
        assertThat(Baselines.sizeMatched(new double[15], 6, new int[] {2, 3, 1}, Monitor.NONE))
                .containsExactly(1, 1, 1, 0, 0, 2);
    }

    @Test
    void sizeMatchedGroupsAreThoseOfAPlainSearch() {
        Random random = new Random(5);
        for (int trial = 0; trial < 40; trial++) {
            int n = 5 + random.nextInt(30);
            double[] distances =
                    trial % 2 == 0 ? Distances.random(n, trial) : Distances.tied(n, trial);
            int[] sizes = new int[n];
            int groups = 0;
            for (int left = n; left > 0; left -= sizes[groups++]) {
                sizes[groups] = 1 + random.nextInt(Math.min(left, 6));
            }
            sizes = Arrays.copyOf(sizes, groups);
            int[] group = Baselines.sizeMatched(distances, n, sizes, Monitor.NONE);
            assertThat(group).isEqualTo(plainSizeMatched(distances, n, sizes));
            for (int g = 0; g < groups; g++) {
                int label = g;
                assertThat(IntStream.of(group).filter(x -> x == label).count()).isEqualTo(sizes[g]);
            }
        }
    }

    private static int[] plainSizeMatched(double[] distances, int n, int[] sizes) {
        int[] group = new int[n];
        Arrays.fill(group, -1);
        List<Integer> order =
                IntStream.range(0, sizes.length)
                        .boxed()
                        .sorted((g, h) -> sizes[h] - sizes[g])
                        .toList();
        for (int g : order) {
            List<Integer> best = null;
            double bestSum = Double.POSITIVE_INFINITY;
            for (int s = 0; s < n; s++) {
                if (group[s] >= 0) {
                    continue;
                }
                int seed = s;
                List<Integer> members =
                        IntStream.range(0, n)
                                .filter(i -> i != seed && group[i] < 0)
                                .boxed()
                                .sorted(
                                        (i, j) ->
                                                Double.compare(
                                                        Distances.get(distances, n, seed, i),
                                                        Distances.get(distances, n, seed, j)))
                                .limit(sizes[g] - 1)
                                .toList();
                double sum =
                        members.stream()
                                .mapToDouble(i -> Distances.get(distances, n, seed, i))
                                .reduce(0, Double::sum);
                if (sum < bestSum) {
                    bestSum = sum;
                    best =
                            IntStream.concat(IntStream.of(seed), members.stream().mapToInt(i -> i))
                                    .boxed()
                                    .toList();
                }
            }
            for (int i : best) {
                group[i] = g;
            }
        }
        return group;
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(
                        () ->
                                Baselines.sizeMatched(
                                        new double[3], 3, new int[] {2, 2}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group sizes add up to 4, but there are only 3 items");
        assertThatThrownBy(
                        () -> Baselines.sizeMatched(new double[3], 3, new int[] {0}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a group size is 0; least is 1");
    }

    @Test
    void itemsWithEqualKeysShareAGroup() {
        Object[] keys = {List.of(3, 1), List.of(2, 1), List.of(3, 1), List.of(3, 2)};
        assertThat(Baselines.byKey(keys)).containsExactly(0, 1, 0, 2);
    }

    private static int[] sorted(int[] values) {
        return IntStream.of(values).sorted().toArray();
    }
}
