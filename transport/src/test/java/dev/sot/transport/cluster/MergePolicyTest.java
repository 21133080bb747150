package dev.sot.transport.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import dev.sot.transport.circuit.PartitionMass;
import dev.sot.transport.circuit.Quotient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MergePolicyTest {

    @Test
    void aCutKeepsThePolicyAndIsMaximal() {
        int refused = 0;
        for (long seed = 0; seed < 120; seed++) {
            Random random = new Random(seed);
            int n = 2 + random.nextInt(40);
            CircuitGraph graph = Layered.graph(n + 6, 0.02 + 0.2 * random.nextDouble(), seed);
            // Every node its own item, but for some outside and in groups that no cut changes.
            int[] block = IntStream.range(0, n + 6).map(v -> v < n + 3 ? v : -1).toArray();
            double budget = seed % 3 == 0 ? 1 : 0.3 * random.nextDouble();
            boolean acyclic = seed % 3 != 1;
            Dendrogram tree = tree(n, seed);
            MergePolicy policy = new MergePolicy(graph, block, n, budget, acyclic);
            int[] cut = policyCut(tree, policy);
            PartitionMass mass = mass(graph, block, cut);
            assertThat(keeps(mass, budget, acyclic)).isTrue();

            // Every merge of two groups of the result that the hierarchy has breaks the policy.
            for (int m = 0; m < tree.mergeCount(); m++) {
                int[] left = members(tree, tree.left(m));
                int[] right = members(tree, tree.right(m));
                if (isGroup(cut, left) && isGroup(cut, right)) {
                    int[] merged = cut.clone();
                    for (int i : right) {
                        merged[i] = cut[left[0]];
                    }
                    assertThat(keeps(mass(graph, block, merged), budget, acyclic)).isFalse();
                    refused++;
                }
            }
            assertThat(cut).isEqualTo(naive(tree, graph, block, budget, acyclic));
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void whatAllowsEverythingChangesNoCut() {
        int n = 30;
        Dendrogram tree = tree(n, 4);
        MergePolicy policy =
                new MergePolicy(
                        Layered.graph(n, 0.2, 4), IntStream.range(0, n).toArray(), n, 1, false);
        for (int k = 1; k <= n; k++) {
            assertThat(tree.cutToSize(k, policy, Monitor.NONE)).isEqualTo(tree.cutToSize(k));
            double d = tree.height(Math.min(k - 1, n - 2));
            assertThat(tree.cutAtDistance(d, policy, Monitor.NONE))
                    .isEqualTo(tree.cutAtDistance(d));
        }
    }

    @Test
    void itemsOfSeveralNodesArePoliced() {
        // 0 -> 1 -> 2: items {0, 2} and {1} depend on each other whatever is merged.
        CircuitGraph graph = chain(4);
        assertThatThrownBy(
                        () ->
                                tree(3, 1)
                                        .cutToSize(
                                                1,
                                                new MergePolicy(
                                                        graph, new int[] {0, 1, 0, 2}, 3, 1, true),
                                                Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "single items depend on each other in a circle already, and cycles can only"
                                + " be refused where there is none yet; give acyclic: 'report' or"
                                + " 'collapse' instead");
        assertThatThrownBy(
                        () ->
                                tree(3, 1)
                                        .cutToSize(
                                                1,
                                                new MergePolicy(
                                                        graph,
                                                        new int[] {0, 0, 1, 2},
                                                        3,
                                                        0.25,
                                                        false),
                                                Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("single items hide 0.333");
    }

    @Test
    void mustLinksThatBreakThePolicyAreRefused() {
        Dendrogram tree =
                HierarchicalClustering.cluster(
                        Distances.random(4, 1),
                        4,
                        Linkage.AVERAGE,
                        Constraints.builder(4).mustLink(0, 3).build(),
                        Monitor.NONE);
        MergePolicy policy = new MergePolicy(chain(4), new int[] {0, 1, 2, 3}, 4, 1, true);
        assertThatThrownBy(() -> tree.cutToSize(4, policy, Monitor.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("items \\d+ and \\d+ must link, but their group would .*");
    }

    @Test
    void impossiblePoliciesAreRefused() {
        assertThatThrownBy(() -> new MergePolicy(chain(3), new int[2], 2, 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block has 2 entries for 3 nodes");
        assertThatThrownBy(() -> new MergePolicy(chain(3), new int[3], 2, 1.5, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the budget of internal mass is 1.5; it must be between 0 and 1");
    }

    private static CircuitGraph chain(int n) {
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, NodeKind.FEATURE);
        double[] weight = new double[n - 1];
        Arrays.fill(weight, 1);
        return new CircuitGraph(
                kinds,
                new double[n],
                IntStream.range(0, n - 1).toArray(),
                IntStream.range(1, n).toArray(),
                weight);
    }

    private static Dendrogram tree(int n, long seed) {
        return HierarchicalClustering.cluster(
                Distances.random(n, seed), n, Linkage.AVERAGE, Constraints.NONE, Monitor.NONE);
    }

    private static int[] policyCut(Dendrogram tree, MergePolicy policy) {
        int[] cut = tree.cutToSize(1, policy, Monitor.NONE);
        assertThat(tree.cutAtDistance(2, policy, Monitor.NONE)).isEqualTo(cut);
        return cut;
    }

    private static boolean keeps(PartitionMass mass, double budget, boolean acyclic) {
        return mass.internalMass() <= budget + 1e-12 && (!acyclic || mass.largestCycle() <= 1);
    }

    private static PartitionMass mass(CircuitGraph graph, int[] block, int[] cut) {
        int[] groups = IntStream.of(cut).map(g -> g + 1000).toArray();
        return Quotient.of(graph, Layered.groups(block, groups)).mass();
    }

    private static int[] naive(
            Dendrogram tree, CircuitGraph graph, int[] block, double budget, boolean acyclic) {
        int[] group = IntStream.range(0, tree.itemCount()).toArray();
        for (int m = 0; m < tree.mergeCount(); m++) {
            int[] left = members(tree, tree.left(m));
            int[] right = members(tree, tree.right(m));
            if (isGroup(group, left) && isGroup(group, right)) {
                int[] merged = group.clone();
                for (int i : right) {
                    merged[i] = group[left[0]];
                }
                if (keeps(mass(graph, block, merged), budget, acyclic)) {
                    group = merged;
                }
            }
        }
        return Labels.inOrder(group);
    }

    private static boolean isGroup(int[] group, int[] members) {
        return IntStream.of(members).map(i -> group[i]).distinct().count() == 1
                && IntStream.of(group).filter(g -> g == group[members[0]]).count()
                        == members.length;
    }

    private static int[] members(Dendrogram tree, int cluster) {
        List<Integer> open = new ArrayList<>(List.of(cluster));
        List<Integer> items = new ArrayList<>();
        while (!open.isEmpty()) {
            int c = open.remove(open.size() - 1);
            if (c < tree.itemCount()) {
                items.add(c);
            } else {
                open.add(tree.left(c - tree.itemCount()));
                open.add(tree.right(c - tree.itemCount()));
            }
        }
        return items.stream().mapToInt(i -> i).toArray();
    }
}
