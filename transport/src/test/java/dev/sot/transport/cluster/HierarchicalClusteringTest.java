package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HierarchicalClusteringTest {

    private static Dendrogram cluster(double[] condensed, int n) {
        return cluster(condensed, n, Linkage.AVERAGE, Constraints.NONE);
    }

    private static Dendrogram cluster(
            double[] condensed, int n, Linkage linkage, Constraints constraints) {
        return HierarchicalClustering.cluster(
                condensed.clone(), n, linkage, constraints, Monitor.NONE);
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

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void distinctDistancesGiveTheNaiveHierarchy(Linkage linkage) {
        for (long seed = 0; seed < 60; seed++) {
            int n = 2 + (int) seed / 2;
            double[] condensed = Distances.random(n, seed);
            Rules rules = seed % 2 == 0 ? Rules.none(n) : Rules.random(n, seed);
            Dendrogram tree = cluster(condensed, n, linkage, rules.constraints());
            List<List<Integer>> clusters = rules.components();
            assertThat(tree.leafCount()).isEqualTo(clusters.size());
            assertThat(tree.cutToSize(n)).isEqualTo(labels(clusters, n));
            for (int m = tree.requiredMerges(); m < tree.mergeCount(); m++) {
                assertThat(tree.cutToSize(n - m)).isEqualTo(labels(clusters, n));
                assertThat(tree.height(m))
                        .isCloseTo(
                                Math.max(0, mergeNearest(clusters, condensed, n, linkage, rules)),
                                within(1e-12));
            }
            assertThat(tree.rootCount()).isEqualTo(clusters.size());
            assertThat(mergeNearest(clusters, condensed, n, linkage, rules))
                    .isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(tree.cutToSize(1)).isEqualTo(labels(clusters, n));
            assertThat(tree.cutAtDistance(1e9)).isEqualTo(labels(clusters, n));
        }
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void tiedDistancesGiveOneOfTheNaiveHierarchies(Linkage linkage) {
        for (long seed = 0; seed < 90; seed++) {
            int n = 2 + (int) seed / 3;
            double[] condensed =
                    seed % 2 == 0
                            ? Distances.tied(n, seed)
                            : Distances.ofPoints(
                                    new Random(seed).ints(n, 0, 6).asDoubleStream().toArray());
            Rules rules = seed % 3 == 0 ? Rules.none(n) : Rules.random(n, seed);
            Dendrogram tree = cluster(condensed, n, linkage, rules.constraints());
            // Each merge must join two clusters at the smallest distance that then exists.
            List<List<Integer>> made = new ArrayList<>(singletons(n));
            List<List<Integer>> current = singletons(n);
            for (int m = 0; m < tree.mergeCount(); m++) {
                List<Integer> left = made.get(tree.left(m));
                List<Integer> right = made.get(tree.right(m));
                assertThat(current).contains(left, right);
                if (m < tree.requiredMerges()) {
                    assertThat(tree.height(m)).isZero();
                } else {
                    double smallest = smallest(current, condensed, n, linkage, rules);
                    assertThat(rules.allow(left, right)).isTrue();
                    assertThat(distance(linkage, left, right, condensed, n))
                            .isCloseTo(smallest, within(1e-7));
                    assertThat(tree.height(m)).isCloseTo(Math.max(0, smallest), within(1e-7));
                }
                List<Integer> joined = new ArrayList<>(left);
                joined.addAll(right);
                current.remove(left);
                current.remove(right);
                current.add(joined);
                made.add(joined);
                assertThat(tree.size(m)).isEqualTo(joined.size());
            }
            assertThat(smallest(current, condensed, n, linkage, rules))
                    .isEqualTo(Double.POSITIVE_INFINITY);
        }
    }

    @Test
    void wardsHeightsAreThoseOfCentroidsInThePlane() {
        int n = 40;
        double[][] points = points(n, 3);
        Dendrogram tree = cluster(euclidean(points), n, Linkage.WARD, Constraints.NONE);
        List<List<Integer>> made = singletons(n);
        for (int m = 0; m < n - 1; m++) {
            List<Integer> a = made.get(tree.left(m));
            List<Integer> b = made.get(tree.right(m));
            double[] difference = centroid(points, a);
            double[] other = centroid(points, b);
            double square = 0;
            for (int d = 0; d < 2; d++) {
                square += (difference[d] - other[d]) * (difference[d] - other[d]);
            }
            double share = 2.0 * a.size() * b.size() / (a.size() + b.size());
            assertThat(tree.height(m)).isCloseTo(Math.sqrt(share * square), within(1e-10));
            List<Integer> joined = new ArrayList<>(a);
            joined.addAll(b);
            made.add(joined);
        }
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void aCommonFactorScalesTheHeights(Linkage linkage) {
        double[] condensed = Distances.random(30, 8);
        double[] huge = Arrays.stream(condensed).map(d -> d * 0x1p600).toArray();
        Dendrogram tree = cluster(condensed, 30, linkage, Constraints.NONE);
        Dendrogram scaled = cluster(huge, 30, linkage, Constraints.NONE);
        for (int m = 0; m < 29; m++) {
            assertThat(scaled.left(m)).isEqualTo(tree.left(m));
            assertThat(scaled.height(m)).isEqualTo(tree.height(m) * 0x1p600);
        }
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void plantedClustersAreFound(Linkage linkage) {
        int n = 120;
        Random random = new Random(4);
        double[][] points = new double[n][];
        int[] planted = new int[n];
        for (int i = 0; i < n; i++) {
            planted[i] = i < 6 ? i : random.nextInt(6);
            points[i] =
                    new double[] {
                        10 * planted[i] + random.nextDouble(),
                        7 * (planted[i] % 3) + random.nextDouble()
                    };
        }
        Dendrogram tree = cluster(euclidean(points), n, linkage, Constraints.NONE);
        assertThat(Agreement.of(tree.cutToSize(6), planted).adjustedRand()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void heightsNeverDescendAndCutsAreNested(Linkage linkage) {
        for (long seed = 0; seed < 40; seed++) {
            int n = 40;
            Rules rules = seed % 4 < 2 ? Rules.none(n) : Rules.random(n, seed);
            double[] condensed =
                    seed % 2 == 0 ? Distances.tied(n, seed) : Distances.random(n, seed);
            Dendrogram tree = cluster(condensed, n, linkage, rules.constraints());
            for (int m = 1; m < tree.mergeCount(); m++) {
                assertThat(tree.height(m)).isGreaterThanOrEqualTo(tree.height(m - 1));
            }
            for (int k = tree.rootCount(); k < tree.leafCount(); k++) {
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

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void theOrderOfItemsDoesNotMatterWhenDistancesDiffer(Linkage linkage) {
        int n = 50;
        for (long seed = 0; seed < 10; seed++) {
            double[] condensed = Distances.random(n, seed);
            List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
            Collections.shuffle(order, new Random(seed));
            int[] shuffled = order.stream().mapToInt(i -> i).toArray();
            Rules rules = Rules.random(n, seed);
            Dendrogram one = cluster(condensed, n, linkage, rules.constraints());
            Dendrogram two =
                    cluster(
                            Distances.reorder(condensed, shuffled),
                            n,
                            linkage,
                            rules.reorder(shuffled).constraints());
            assertThat(two.rootCount()).isEqualTo(one.rootCount());
            for (int k = 1; k <= n; k++) {
                int[] first = one.cutToSize(k);
                int[] second = two.cutToSize(k);
                int[] expected = IntStream.of(shuffled).map(i -> first[i]).toArray();
                assertThat(Agreement.of(second, expected).adjustedRand()).isEqualTo(1);
            }
        }
    }

    @Test
    void theMatrixIsUsedUp() {
        double[] condensed = Distances.random(20, 5);
        HierarchicalClustering.cluster(
                condensed, 20, Linkage.AVERAGE, Constraints.NONE, Monitor.NONE);
        assertThat(condensed).containsOnly(Double.NaN);
    }

    @Test
    void constraintsAreOnTheSameItems() {
        Constraints constraints = Constraints.builder(4).build();
        assertThatThrownBy(() -> cluster(Distances.random(5, 1), 5, Linkage.AVERAGE, constraints))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the constraints are on 4 items, the distances on 5");
    }

    @Test
    void aHierarchyIsWhatItsMergesSay() {
        Dendrogram tree = cluster(Distances.random(30, 2), 30);
        Dendrogram again =
                Dendrogram.of(
                        30,
                        0,
                        IntStream.range(0, 29).map(tree::left).toArray(),
                        IntStream.range(0, 29).map(tree::right).toArray(),
                        IntStream.range(0, 29).mapToDouble(tree::height).toArray());
        for (int k = 1; k <= 30; k++) {
            assertThat(again.cutToSize(k)).isEqualTo(tree.cutToSize(k));
        }
        assertThatThrownBy(
                        () ->
                                Dendrogram.of(
                                        3, 0, new int[] {0, 0}, new int[] {1, 2}, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "merge 1 of clusters 0 and 2 is none of two different roots made before"
                                + " it, smaller number first");
        assertThatThrownBy(
                        () ->
                                Dendrogram.of(
                                        3,
                                        0,
                                        new int[] {0, 2},
                                        new int[] {1, 3},
                                        new double[] {2, 1}))
                .hasMessage("merge 1 has height 1.0, below the merge before it or 0");
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
                                HierarchicalClustering.cluster(
                                        Distances.random(5, 1),
                                        5,
                                        Linkage.AVERAGE,
                                        Constraints.NONE,
                                        impatient))
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

    /**
     * Merges the two nearest clusters that may merge and returns their distance; infinite without
     * such.
     */
    private static double mergeNearest(
            List<List<Integer>> clusters, double[] condensed, int n, Linkage linkage, Rules rules) {
        double smallest = Double.POSITIVE_INFINITY;
        int x = -1;
        int y = -1;
        for (int a = 0; a < clusters.size(); a++) {
            for (int b = a + 1; b < clusters.size(); b++) {
                double d = distance(linkage, clusters.get(a), clusters.get(b), condensed, n);
                if (d < smallest && rules.allow(clusters.get(a), clusters.get(b))) {
                    smallest = d;
                    x = a;
                    y = b;
                }
            }
        }
        if (x >= 0) {
            List<Integer> joined = new ArrayList<>(clusters.get(x));
            joined.addAll(clusters.remove(y));
            clusters.set(x, joined);
        }
        return smallest;
    }

    private static double smallest(
            List<List<Integer>> clusters, double[] condensed, int n, Linkage linkage, Rules rules) {
        return mergeNearest(new ArrayList<>(clusters), condensed, n, linkage, rules);
    }

    /** By the definition of each linkage, not by its recurrence. */
    private static double distance(
            Linkage linkage, List<Integer> a, List<Integer> b, double[] condensed, int n) {
        DoubleSummaryStatistics between = new DoubleSummaryStatistics();
        a.forEach(i -> b.forEach(j -> between.accept(Distances.get(condensed, n, i, j))));
        return switch (linkage) {
            case AVERAGE -> between.getAverage();
            case COMPLETE -> between.getMax();
            case SINGLE -> between.getMin();
            case WARD -> {
                double share = (double) a.size() * b.size() / (a.size() + b.size());
                double means =
                        2 * meanSquare(a, b, condensed, n)
                                - meanSquare(a, a, condensed, n)
                                - meanSquare(b, b, condensed, n);
                yield Math.signum(means) * Math.sqrt(Math.abs(share * means));
            }
        };
    }

    private static double meanSquare(List<Integer> a, List<Integer> b, double[] condensed, int n) {
        double sum = 0;
        for (int i : a) {
            for (int j : b) {
                double d = Distances.get(condensed, n, i, j);
                sum += d * d;
            }
        }
        return sum / (a.size() * b.size());
    }

    private static double[][] points(int n, long seed) {
        Random random = new Random(seed);
        double[][] points = new double[n][];
        Arrays.setAll(points, i -> new double[] {random.nextGaussian(), random.nextGaussian()});
        return points;
    }

    private static double[] euclidean(double[][] points) {
        double[] condensed = new double[points.length * (points.length - 1) / 2];
        int k = 0;
        for (int i = 0; i < points.length; i++) {
            for (int j = i + 1; j < points.length; j++) {
                condensed[k++] =
                        Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
            }
        }
        return condensed;
    }

    private static double[] centroid(double[][] points, List<Integer> members) {
        return new double[] {
            members.stream().mapToDouble(i -> points[i][0]).average().orElseThrow(),
            members.stream().mapToDouble(i -> points[i][1]).average().orElseThrow()
        };
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
