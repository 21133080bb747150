package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
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
    void edgeProfilesCompareWhereNodesTakeFromAndGiveTo() {
        NodeKind[] kinds = new NodeKind[7];
        Arrays.fill(kinds, NodeKind.FEATURE);
        // Nodes 2, 3 and 4 read from 0 and 1 and write to 5; node 6 is isolated.
        CircuitGraph graph =
                new CircuitGraph(
                        kinds,
                        new double[7],
                        new int[] {0, 1, 0, 1, 0, 2, 3, 4},
                        new int[] {2, 2, 3, 3, 4, 5, 5, 5},
                        new double[] {3, 4, 6, 8, 1, 2, 5, -1});
        double[] d = Baselines.edgeProfileDistances(graph, new int[] {2, 4, 3, 6, 0}, Monitor.NONE);
        assertThat(Distances.get(d, 5, 0, 2)).as("proportional").isCloseTo(0, within(1e-15));
        assertThat(Distances.get(d, 5, 0, 1))
                .as("3/5 of the input alike, output opposite")
                .isCloseTo(1 - (0.6 - 1) / 2, within(1e-15));
        assertThat(Distances.get(d, 5, 0, 3)).as("isolated").isEqualTo(1);
        assertThat(Distances.get(d, 5, 0, 4)).as("nothing in common").isEqualTo(1);
    }

    @Test
    void edgeProfileDistancesAreThoseOfDenseProfiles() {
        int n = 30;
        Random random = new Random(9);
        double[][] w = new double[n][n];
        int[] source = new int[n * n];
        int[] target = new int[n * n];
        double[] weight = new double[n * n];
        int links = 0;
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < n; v++) {
                // Some nodes have no input, some no output.
                if (u % 7 != 3 && v % 5 != 2 && random.nextDouble() < 0.3) {
                    w[u][v] = random.nextGaussian();
                    source[links] = u;
                    target[links] = v;
                    weight[links++] = w[u][v];
                }
            }
        }
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, NodeKind.FEATURE);
        CircuitGraph graph =
                new CircuitGraph(
                        kinds,
                        new double[n],
                        Arrays.copyOf(source, links),
                        Arrays.copyOf(target, links),
                        Arrays.copyOf(weight, links));
        int[] nodes = IntStream.range(0, n).filter(v -> v % 3 != 1).toArray();
        double[] d = Baselines.edgeProfileDistances(graph, nodes, Monitor.NONE);
        for (int i = 0; i < nodes.length; i++) {
            for (int j = i + 1; j < nodes.length; j++) {
                double[] a = profile(w, nodes[i]);
                double[] b = profile(w, nodes[j]);
                double norm = Math.sqrt(dot(a, a) * dot(b, b));
                double expected = norm > 0 ? 1 - dot(a, b) / norm : 1;
                assertThat(Distances.get(d, nodes.length, i, j)).isCloseTo(expected, within(1e-12));
            }
        }
    }

    private static double[] profile(double[][] w, int v) {
        int n = w.length;
        double[] in = IntStream.range(0, n).mapToDouble(u -> w[u][v]).toArray();
        double[] out = w[v];
        double[] profile = new double[2 * n];
        for (int u = 0; u < n; u++) {
            profile[u] = dot(in, in) > 0 ? in[u] / Math.sqrt(dot(in, in)) : 0;
            profile[n + u] = dot(out, out) > 0 ? out[u] / Math.sqrt(dot(out, out)) : 0;
        }
        return profile;
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(k -> a[k] * b[k]).sum();
    }

    @Test
    void aNodeGivenTwiceIsRefused() {
        CircuitGraph graph =
                new CircuitGraph(
                        new NodeKind[] {NodeKind.FEATURE},
                        new double[1],
                        new int[0],
                        new int[0],
                        new double[0]);
        assertThatThrownBy(
                        () -> Baselines.edgeProfileDistances(graph, new int[] {0, 0}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node 0 is given twice");
    }

    @Test
    void cosineDistancesDependOnDirectionOnly() {
        float[][] vectors = {
            {1, 0, 0, 0, 0}, {0, 0, 0, 0, 2}, {-3, 0, 0, 0, 0}, {1, 0, 0, 0, 1}, {0, 0, 0, 0, 0}
        };
        double[] d = Baselines.cosineDistances(vectors, Monitor.NONE);
        assertThat(d)
                .containsExactly(
                        new double[] {
                            1,
                            2,
                            1 - Math.sqrt(0.5),
                            1,
                            1,
                            1 - Math.sqrt(0.5),
                            1,
                            1 + Math.sqrt(0.5),
                            1,
                            1
                        },
                        within(1e-15));
    }

    @Test
    void vectorsThatDoNotCompareAreRefused() {
        assertThatThrownBy(
                        () -> Baselines.cosineDistances(new float[][] {{1}, {1, 2}}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vector 1 has dimension 2, the first has 1");
        assertThatThrownBy(
                        () ->
                                Baselines.cosineDistances(
                                        new float[][] {{1}, {Float.NaN}}, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vector 1 has an entry that is not finite");
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
