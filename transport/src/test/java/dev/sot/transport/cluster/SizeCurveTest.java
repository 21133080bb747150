package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import dev.sot.transport.circuit.PartitionMass;
import dev.sot.transport.circuit.Quotient;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SizeCurveTest {

    private record Case(
            int n, double[] distances, Dendrogram tree, CircuitGraph graph, int[] block) {

        static Case random(long seed) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(35);
            double[] distances =
                    seed % 3 == 0 ? Distances.tied(n, seed) : Distances.random(n, seed);
            Rules rules = seed % 2 == 0 ? Rules.none(n) : Rules.random(n, seed);
            Dendrogram tree =
                    HierarchicalClustering.cluster(
                            distances.clone(),
                            n,
                            Linkage.values()[(int) (seed % 4)],
                            rules.constraints(),
                            Monitor.NONE);
            // Items of no, one or several nodes, three other groups, nodes outside.
            int nodes = n + 10;
            int[] block = random.ints(nodes, -1, n + 3).toArray();
            return new Case(n, distances, tree, Layered.graph(nodes, 0.3, seed), block);
        }

        SizeCurve curve() {
            return SizeCurve.of(distances, tree, graph, block, Monitor.NONE);
        }
    }

    @Test
    void everyCutIsMeasuredAsItWouldBeByItself() {
        for (long seed = 0; seed < 60; seed++) {
            Case random = Case.random(seed);
            int size = random.tree.leafCount();
            for (SizePoint point : random.curve().points()) {
                assertThat(point.size()).isEqualTo(size--);
                int[] cut = random.tree.cutToSize(point.size());
                double silhouette =
                        PartitionQuality.of(random.distances, random.n, cut, Monitor.NONE)
                                .silhouette();
                assertThat(point.silhouette())
                        .satisfiesAnyOf(
                                s -> assertThat(s).isCloseTo(silhouette, within(1e-12)),
                                s -> assertThat(s).isNaN().isEqualTo(silhouette));
                assertThat(point.dispersion())
                        .isCloseTo(dispersion(random.distances, random.n, cut), within(1e-12));
                PartitionMass mass =
                        Quotient.of(random.graph, Layered.groups(random.block, cut)).mass();
                assertThat(point.internalMass()).isCloseTo(mass.internalMass(), within(1e-12));
                assertThat(point.cancelledMass()).isCloseTo(mass.cancelledMass(), within(1e-12));
                assertThat(point.retainedMass()).isCloseTo(mass.retainedMass(), within(1e-12));
            }
            assertThat(size + 1).isEqualTo(random.tree.rootCount());
        }
    }

    @Test
    void coarserCutsHideMoreAndKeepLess() {
        for (long seed = 0; seed < 30; seed++) {
            SizePoint finer = null;
            for (SizePoint point : Case.random(seed).curve().points()) {
                if (finer != null) {
                    assertThat(point.internalMass()).isGreaterThanOrEqualTo(finer.internalMass());
                    assertThat(point.retainedMass()).isLessThanOrEqualTo(finer.retainedMass());
                    assertThat(point.height()).isGreaterThanOrEqualTo(finer.height());
                }
                finer = point;
            }
        }
    }

    @Test
    void descriptionLengthsAreTheSumOfTheirTerms() {
        for (long seed = 0; seed < 40; seed++) {
            Case random = Case.random(seed);
            for (SizePoint point : random.curve().points()) {
                int[] cut = random.tree.cutToSize(point.size());
                assertThat(point.descriptionLength()).isCloseTo(bits(random, cut), within(1e-8));
            }
        }
    }

    private static double dispersion(double[] distances, int n, int[] cut) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double own = 0;
            int members = 0;
            for (int j = 0; j < n; j++) {
                if (cut[i] == cut[j]) {
                    own += Distances.get(distances, n, i, j);
                    members++;
                }
            }
            sum += own / members;
        }
        return sum / n;
    }

    /** Straight from the definition, with exact binomial coefficients. */
    private static double bits(Case random, int[] cut) {
        CircuitGraph graph = random.graph;
        int[] group = Layered.groups(random.block, IntStream.of(cut).map(g -> g + 1000).toArray());
        double total = 0;
        int links = 0;
        for (int u = 0; u < group.length; u++) {
            for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                if (group[u] >= 0 && group[graph.outTarget(k)] >= 0 && graph.outWeight(k) != 0) {
                    total += Math.abs(graph.outWeight(k));
                    links++;
                }
            }
        }
        double quantum = links == 0 ? 1 : total / links;
        while (true) {
            double loss = 0;
            long quanta = 0;
            long carrying = 0;
            Map<Integer, long[]> edges = new TreeMap<>();
            for (int u = 0; u < group.length; u++) {
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    int v = graph.outTarget(k);
                    double w = graph.outWeight(k);
                    if (group[u] < 0 || group[v] < 0) {
                        continue;
                    }
                    long count = Math.round(Math.abs(w) / quantum);
                    loss += Math.abs(Math.abs(w) - count * quantum);
                    quanta += count;
                    if (count > 0) {
                        carrying++;
                        long[] edge =
                                edges.computeIfAbsent(
                                        group[u] * 10000 + group[v],
                                        key ->
                                                new long[] {
                                                    0,
                                                    0,
                                                    0,
                                                    0,
                                                    count(group, key / 10000)
                                                            * count(group, key % 10000)
                                                });
                        edge[w > 0 ? 0 : 1] += count;
                        edge[w > 0 ? 2 : 3]++;
                    }
                }
            }
            if (loss > 0.01 * total) {
                quantum /= 2;
                continue;
            }
            int n = random.n;
            int groups = (int) IntStream.of(cut).distinct().count();
            long all = groups + Math.max(n, Arrays.stream(random.block).max().orElse(-1) + 1) - n;
            double bits = log2(n) + choose(n - 1, groups - 1) + factorial(n);
            for (int g = 0; g < groups; g++) {
                bits -= factorial(count(cut, g));
            }
            bits += log2(all * all + 1.0) + choose(all * all, edges.size());
            bits += choose(carrying - 1, edges.size() - 1);
            long signs = 0;
            for (long[] edge : edges.values()) {
                long count = edge[2] + edge[3];
                signs += (edge[2] > 0 ? 1 : 0) + (edge[3] > 0 ? 1 : 0);
                bits += log2(count + 1.0) + choose(edge[4], count) + choose(count, edge[2]);
                bits += choose(edge[0] - 1, edge[2] - 1) + choose(edge[1] - 1, edge[3] - 1);
            }
            bits += choose(quanta - carrying + signs - 1, signs - 1);
            return bits;
        }
    }

    private static long count(int[] group, int label) {
        return Arrays.stream(group).filter(g -> g == label).count();
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    private static double factorial(long n) {
        double bits = 0;
        for (long k = 2; k <= n; k++) {
            bits += log2(k);
        }
        return bits;
    }

    private static double choose(long n, long k) {
        BigInteger ways = BigInteger.ONE;
        for (long i = 1; i <= k; i++) {
            ways = ways.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
        }
        int shift = Math.max(0, ways.bitLength() - 1000);
        return log2(ways.shiftRight(shift).doubleValue()) + shift;
    }

    @Test
    void logarithmsOfFactorialsAreContinuous() {
        double sum = 0;
        for (int n = 1; n < 5000; n++) {
            sum += log2(n);
            assertThat(Bits.factorial(n)).isCloseTo(sum, within(1e-11 * (1 + sum)));
        }
        assertThat(Bits.choose(5, 2)).isCloseTo(log2(10), within(1e-13));
        assertThat(Bits.choose(5, 0)).isZero();
        assertThat(Bits.choose(5, 5)).isZero();
        assertThat(Bits.choose(-1, -1)).isZero();
    }

    @Test
    void plantedGroupsAreCounted() {
        int n = 120;
        int[] planted = Planted.groups(n, 12, 5);
        double[] distances = Planted.distances(planted, 6);
        Dendrogram tree =
                HierarchicalClustering.cluster(
                        distances.clone(), n, Linkage.AVERAGE, Constraints.NONE, Monitor.NONE);
        SizeCurve curve =
                SizeCurve.of(
                        distances,
                        tree,
                        Layered.graph(n, 0.1, 7),
                        IntStream.range(0, n).toArray(),
                        Monitor.NONE);
        assertThat(curve.choose(SizeCriterion.SILHOUETTE)).isEqualTo(12);
        assertThat(curve.choose(SizeCriterion.AUTO)).isEqualTo(12);
    }

    @Test
    void aFewOutliersDoNotDecideTheAutomaticChoice() {
        // Twenty groups of five on a line, and two items far away.
        Random random = new Random(3);
        double[] x = new double[102];
        for (int i = 0; i < 100; i++) {
            x[i] = 10 * (i / 5) + 3 * random.nextDouble();
        }
        x[100] = 2000;
        x[101] = 2001;
        double[] distances = Distances.ofPoints(x);
        Dendrogram tree =
                HierarchicalClustering.cluster(
                        distances.clone(), 102, Linkage.AVERAGE, Constraints.NONE, Monitor.NONE);
        SizeCurve curve =
                SizeCurve.of(
                        distances,
                        tree,
                        Layered.graph(102, 0.1, 7),
                        IntStream.range(0, 102).toArray(),
                        Monitor.NONE);
        assertThat(curve.choose(SizeCriterion.SILHOUETTE)).isEqualTo(2);
        assertThat(curve.choose(SizeCriterion.AUTO)).isEqualTo(21);
    }

    @Test
    void itemsAtOnePlaceAreOneGroup() {
        Dendrogram tree =
                HierarchicalClustering.cluster(
                        new double[6], 4, Linkage.AVERAGE, Constraints.NONE, Monitor.NONE);
        SizeCurve curve =
                SizeCurve.of(
                        new double[6],
                        tree,
                        Layered.graph(4, 1, 1),
                        IntStream.range(0, 4).toArray(),
                        Monitor.NONE);
        assertThat(curve.choose(SizeCriterion.AUTO)).isEqualTo(1);
    }

    @Test
    void groupsThatExplainTheLinksMakeThemShort() {
        // Four roles of thirty nodes each; links lead from each role to the next only.
        int n = 120;
        int[] role = IntStream.range(0, n).map(i -> i / 30).toArray();
        Random random = new Random(2);
        int[] source = new int[n * n];
        int[] target = new int[n * n];
        int links = 0;
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < n; v++) {
                if (role[v] == role[u] + 1 && random.nextDouble() < 0.5) {
                    source[links] = u;
                    target[links++] = v;
                }
            }
        }
        double[] weight = new double[links];
        Arrays.fill(weight, 1);
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, NodeKind.FEATURE);
        CircuitGraph graph =
                new CircuitGraph(
                        kinds,
                        new double[n],
                        Arrays.copyOf(source, links),
                        Arrays.copyOf(target, links),
                        weight);
        double[] distances = Planted.distances(role, 6);
        Dendrogram tree =
                HierarchicalClustering.cluster(
                        distances.clone(), n, Linkage.AVERAGE, Constraints.NONE, Monitor.NONE);
        SizeCurve curve =
                SizeCurve.of(distances, tree, graph, IntStream.range(0, n).toArray(), Monitor.NONE);
        assertThat(curve.choose(SizeCriterion.DESCRIPTION_LENGTH)).isEqualTo(4);
    }

    @Test
    void itStopsWhenTold() {
        Case random = Case.random(2);
        for (int checks = 1; checks < 5; checks++) {
            Monitor stop = new Stop(checks);
            assertThatThrownBy(
                            () ->
                                    SizeCurve.of(
                                            random.distances,
                                            random.tree,
                                            random.graph,
                                            random.block,
                                            stop))
                    .isInstanceOf(Stop.Stopped.class);
        }
    }
}
