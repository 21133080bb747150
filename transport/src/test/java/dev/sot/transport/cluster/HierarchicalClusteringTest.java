package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HierarchicalClusteringTest {

    private static Dendrogram cluster(double[] condensed, int n) {
        return HierarchicalClustering.averageLinkage(condensed, n, Monitor.NONE);
    }

    @Test
    void mergesAreAtMeanDistances() {
        Dendrogram tree = cluster(Distances.ofPoints(10, 0, 1, 4, 10), 5);
        assertThat(tree.itemCount()).isEqualTo(5);
        assertThat(tree.mergeCount()).isEqualTo(4);
        // {0,4} at 0, {1,2} at 1, item 3 joins {1,2} at 3.5, the rest at (10 + 9 + 6) / 3.
        assertThat(IntStream.range(0, 4).map(tree::left)).containsExactly(0, 1, 3, 5);
        assertThat(IntStream.range(0, 4).map(tree::right)).containsExactly(4, 2, 6, 7);
        assertThat(IntStream.range(0, 4).map(tree::size)).containsExactly(2, 2, 3, 5);
        assertThat(IntStream.range(0, 4).mapToDouble(tree::height).toArray())
                .containsExactly(new double[] {0, 1, 3.5, 25.0 / 3}, within(1e-14));
    }

    @Test
    void groupsAreNumberedByTheirSmallestMember() {
        Dendrogram tree = cluster(Distances.ofPoints(10, 0, 1, 4, 10), 5);
        assertThat(tree.cutToSize(5)).containsExactly(0, 1, 2, 3, 4);
        assertThat(tree.cutToSize(4)).containsExactly(0, 1, 2, 3, 0);
        assertThat(tree.cutToSize(3)).containsExactly(0, 1, 1, 2, 0);
        assertThat(tree.cutToSize(2)).containsExactly(0, 1, 1, 1, 0);
        assertThat(tree.cutToSize(1)).containsExactly(0, 0, 0, 0, 0);
    }

    @Test
    void aDistanceCutIncludesMergesAtThatDistance() {
        Dendrogram tree = cluster(Distances.ofPoints(10, 0, 1, 4, 10), 5);
        assertThat(tree.cutAtDistance(0)).isEqualTo(tree.cutToSize(4));
        assertThat(tree.cutAtDistance(0.999)).isEqualTo(tree.cutToSize(4));
        assertThat(tree.cutAtDistance(1)).isEqualTo(tree.cutToSize(3));
        assertThat(tree.cutAtDistance(Double.POSITIVE_INFINITY)).isEqualTo(tree.cutToSize(1));
    }

    @Test
    void oneItemIsOneGroup() {
        Dendrogram tree = cluster(new double[0], 1);
        assertThat(tree.mergeCount()).isZero();
        assertThat(tree.cutToSize(1)).containsExactly(0);
        assertThat(tree.cutAtDistance(0)).containsExactly(0);
    }

    @Test
    void distinctDistancesGiveTheNaiveHierarchy() {
        for (long seed = 0; seed < 40; seed++) {
            int n = 2 + (int) seed;
            double[] condensed = Distances.random(n, seed);
            Dendrogram tree = cluster(condensed, n);
            List<List<Integer>> clusters = singletons(n);
            for (int m = 0; m < n - 1; m++) {
                assertThat(tree.cutToSize(n - m)).isEqualTo(labels(clusters, n));
                assertThat(tree.height(m))
                        .isCloseTo(mergeNearest(clusters, condensed, n), within(1e-12));
            }
        }
    }

    @Test
    void tiedDistancesGiveOneOfTheNaiveHierarchies() {
        for (long seed = 0; seed < 60; seed++) {
            int n = 2 + (int) seed / 2;
            double[] condensed =
                    seed % 2 == 0
                            ? Distances.tied(n, seed)
                            : Distances.ofPoints(
                                    new Random(seed).ints(n, 0, 6).asDoubleStream().toArray());
            Dendrogram tree = cluster(condensed, n);
            // Each merge must join two clusters at the smallest distance that then exists.
            List<List<Integer>> made = singletons(n);
            List<List<Integer>> current = singletons(n);
            for (int m = 0; m < n - 1; m++) {
                List<Integer> left = made.get(tree.left(m));
                List<Integer> right = made.get(tree.right(m));
                assertThat(current).contains(left, right);
                double smallest = Double.POSITIVE_INFINITY;
                for (List<Integer> a : current) {
                    for (List<Integer> b : current) {
                        if (a != b) {
                            smallest = Math.min(smallest, mean(a, b, condensed, n));
                        }
                    }
                }
                assertThat(mean(left, right, condensed, n)).isCloseTo(smallest, within(1e-12));
                assertThat(tree.height(m)).isCloseTo(smallest, within(1e-12));
                List<Integer> joined = new ArrayList<>(left);
                joined.addAll(right);
                current.remove(left);
                current.remove(right);
                current.add(joined);
                made.add(joined);
                assertThat(tree.size(m)).isEqualTo(joined.size());
            }
        }
    }

    @Test
    void heightsNeverDescendAndCutsAreNested() {
        for (long seed = 0; seed < 20; seed++) {
            int n = 40;
            Dendrogram tree =
                    cluster(seed % 2 == 0 ? Distances.tied(n, seed) : Distances.random(n, seed), n);
            for (int m = 1; m < n - 1; m++) {
                assertThat(tree.height(m)).isGreaterThanOrEqualTo(tree.height(m - 1));
            }
            for (int k = 1; k < n; k++) {
                int[] coarse = tree.cutToSize(k);
                int[] fine = tree.cutToSize(k + 1);
                assertThat(IntStream.of(coarse).distinct().count()).isEqualTo(k);
                int[] parent = new int[k + 1];
                Arrays.fill(parent, -1);
                for (int i = 0; i < n; i++) {
                    assertThat(parent[fine[i]]).isIn(-1, coarse[i]);
                    parent[fine[i]] = coarse[i];
                }
            }
        }
    }

    @Test
    void theOrderOfItemsDoesNotMatterWhenDistancesDiffer() {
        int n = 50;
        for (long seed = 0; seed < 10; seed++) {
            double[] condensed = Distances.random(n, seed);
            List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
            Collections.shuffle(order, new Random(seed));
            int[] shuffled = order.stream().mapToInt(i -> i).toArray();
            Dendrogram one = cluster(condensed, n);
            Dendrogram two = cluster(Distances.reorder(condensed, shuffled), n);
            for (int k = 1; k <= n; k++) {
                int[] first = one.cutToSize(k);
                int[] second = two.cutToSize(k);
                int[] expected = IntStream.of(shuffled).map(i -> first[i]).toArray();
                assertThat(Agreement.of(second, expected).adjustedRand()).isEqualTo(1);
            }
        }
    }

    @Test
    void theMatrixIsLeftAsItWas() {
        double[] condensed = Distances.random(20, 5);
        double[] before = condensed.clone();
        cluster(condensed, 20);
        assertThat(condensed).isEqualTo(before);
    }

    @Test
    void itStopsWhenTold() {
        Monitor impatient =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        throw new CancellationException();
                    }
                };
        assertThatThrownBy(
                        () ->
                                HierarchicalClustering.averageLinkage(
                                        Distances.random(5, 1), 5, impatient))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void whatIsNoDistanceMatrixIsRefused() {
        assertThatThrownBy(() -> cluster(new double[4], 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a condensed distance matrix of 3 items has 3 entries, this one has 4");
        assertThatThrownBy(() -> cluster(new double[] {1, 1, Double.NaN}, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("distance between items 1 and 2 is NaN; it must be finite and >= 0");
        assertThatThrownBy(() -> cluster(new double[] {1, -1, 1}, 3))
                .hasMessageContaining("items 0 and 2 is -1.0");
        assertThatThrownBy(() -> cluster(new double[0], 0)).hasMessageContaining("n is 0");
    }

    @Test
    void impossibleCutsAreRefused() {
        Dendrogram tree = cluster(Distances.random(5, 1), 5);
        assertThatThrownBy(() -> tree.cutToSize(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot cut 5 items into 6 groups; 1 to 5 can");
        assertThatThrownBy(() -> tree.cutToSize(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.cutAtDistance(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<List<Integer>> singletons(int n) {
        List<List<Integer>> clusters = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            clusters.add(List.of(i));
        }
        return clusters;
    }

    /** Merges the two nearest clusters and returns their distance. */
    private static double mergeNearest(List<List<Integer>> clusters, double[] condensed, int n) {
        double smallest = Double.POSITIVE_INFINITY;
        int x = -1;
        int y = -1;
        for (int a = 0; a < clusters.size(); a++) {
            for (int b = a + 1; b < clusters.size(); b++) {
                double d = mean(clusters.get(a), clusters.get(b), condensed, n);
                if (d < smallest) {
                    smallest = d;
                    x = a;
                    y = b;
                }
            }
        }
        List<Integer> joined = new ArrayList<>(clusters.get(x));
        joined.addAll(clusters.remove(y));
        clusters.set(x, joined);
        return smallest;
    }

    private static double mean(List<Integer> a, List<Integer> b, double[] condensed, int n) {
        double sum = 0;
        for (int i : a) {
            for (int j : b) {
                sum += Distances.get(condensed, n, i, j);
            }
        }
        return sum / (a.size() * b.size());
    }

    private static int[] labels(List<List<Integer>> clusters, int n) {
        List<List<Integer>> sorted = new ArrayList<>(clusters);
        sorted.sort((a, b) -> Collections.min(a) - Collections.min(b));
        int[] group = new int[n];
        for (int g = 0; g < sorted.size(); g++) {
            for (int i : sorted.get(g)) {
                group[i] = g;
            }
        }
        return group;
    }
}
