package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static dev.sot.transport.circuit.NodeKind.EMBEDDING;
import static dev.sot.transport.circuit.NodeKind.ERROR;
import static dev.sot.transport.circuit.NodeKind.FEATURE;
import static dev.sot.transport.circuit.NodeKind.LOGIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcyclicCollapseTest {

    private static AcyclicCollapse collapse(
            NodeKind[] kinds, int[] layer, int[] position, Circuits.Link... links) {
        int n = kinds.length;
        CircuitGraph graph = Circuits.of(kinds, new double[n], List.of(links));
        int[] group = Circuits.identity(n);
        return AcyclicCollapse.of(Quotient.of(graph, group), graph, group, layer, position);
    }

    private static NodeKind[] features(int n) {
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, FEATURE);
        return kinds;
    }

    @Test
    void ofTwoOppositeSuperedgesTheLargerStaysLessTheOther() {
        AcyclicCollapse found =
                collapse(
                        features(6),
                        new int[] {0, 1, 2, 3, 4, 5},
                        new int[6],
                        link(0, 1, -5),
                        link(1, 0, 2),
                        link(2, 3, 3),
                        link(3, 2, -3),
                        link(4, 5, 7));
        assertThat(found.superedges())
                .extracting(Superedge::source, Superedge::target, Superedge::weight)
                .containsExactly(tuple(0, 1, -3.0), tuple(4, 5, 7.0));
        assertThat(found.removedMass()).isCloseTo(1 - 10.0 / 20, within(1e-15));
        assertThat(found.opposed()).isEqualTo(2);
        assertThat(found.backward()).isZero();
    }

    @Test
    void superedgesAgainstTheOrderOfLayersAreRemoved() {
        AcyclicCollapse found =
                collapse(
                        features(4),
                        new int[] {2, 1, 1, 1},
                        new int[] {0, 5, 3, 3},
                        link(0, 1, 1),
                        link(1, 0, 4),
                        link(1, 2, 1),
                        link(2, 3, 1),
                        link(3, 0, 2));
        // The order is 2, 3 (by number), 1 (by position), 0 (by layer).
        assertThat(found.superedges())
                .extracting(Superedge::source, Superedge::target)
                .containsExactly(tuple(1, 0), tuple(2, 3), tuple(3, 0));
        assertThat(found.opposed()).isEqualTo(1);
        assertThat(found.backward()).isEqualTo(1);
        assertThat(found.removedMass()).isCloseTo(3.0 / 9, within(1e-15));
    }

    @Test
    void embeddingsAndErrorsComeFirstAndLogitsLast() {
        AcyclicCollapse found =
                collapse(
                        new NodeKind[] {LOGIT, FEATURE, ERROR, EMBEDDING},
                        new int[] {0, 0, 9, 9},
                        new int[4],
                        link(3, 1, 1),
                        link(2, 1, 1),
                        link(1, 0, 1),
                        link(3, 0, 1));
        assertThat(found.superedges()).hasSize(4);
        assertThat(found.removedMass()).isZero();
    }

    /** An independent reading of the published code, on dense matrices. */
    private static double[][] published(double[][] m, double[] depth, double[] mean, int[] first) {
        int n = m.length;
        double[][] out = new double[n][];
        Arrays.setAll(out, i -> m[i].clone());
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double a = Math.abs(out[i][j]);
                double b = Math.abs(out[j][i]);
                if (a == 0 || b == 0) {
                    continue;
                }
                out[i][j] = a > b ? Math.signum(out[i][j]) * (a - b) : 0;
                out[j][i] = b > a ? Math.signum(out[j][i]) * (b - a) : 0;
            }
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (i, j) -> {
                    if (depth[i] != depth[j]) {
                        return Double.compare(depth[i], depth[j]);
                    }
                    if (mean[i] != mean[j]) {
                        return Double.compare(mean[i], mean[j]);
                    }
                    return first[i] != first[j]
                            ? Integer.compare(first[i], first[j])
                            : Integer.compare(i, j);
                });
        int[] rank = new int[n];
        for (int r = 0; r < n; r++) {
            rank[order[r]] = r;
        }
        for (int t = 0; t < n; t++) {
            for (int s = 0; s < n; s++) {
                if (rank[s] > rank[t]) {
                    out[t][s] = 0;
                }
            }
        }
        return out;
    }

    @Test
    void theResultIsThatOfThePublishedArithmeticAndAcyclic() {
        int n = 60;
        int groups = 12;
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            NodeKind[] kinds = new NodeKind[n];
            int[] group = new int[n];
            for (int v = 0; v < n; v++) {
                kinds[v] = v < 4 ? EMBEDDING : v >= n - 3 ? LOGIT : FEATURE;
                // Groups 0, 1 are tokens, 10, 11 logits.
                group[v] = v < 4 ? v % 2 : v >= n - 3 ? 10 + v % 2 : 2 + random.nextInt(groups - 4);
            }
            int[] layer = random.ints(n, 0, 6).toArray();
            int[] position = random.ints(n, 0, 3).toArray();
            double[][] a = new double[n][n];
            int[] pairs = IntStream.range(0, n * n).filter(p -> p / n != p % n).toArray();
            pairs = Arrays.stream(pairs).filter(p -> random.nextDouble() < 0.1).toArray();
            for (int p : pairs) {
                // Small whole numbers, so that opposite sums tie.
                a[p / n][p % n] = random.nextInt(5) - 2;
            }
            CircuitGraph graph =
                    new CircuitGraph(
                            kinds,
                            new double[n],
                            Arrays.stream(pairs).map(p -> p % n).toArray(),
                            Arrays.stream(pairs).map(p -> p / n).toArray(),
                            Arrays.stream(pairs).mapToDouble(p -> a[p / n][p % n]).toArray());
            AcyclicCollapse found =
                    AcyclicCollapse.of(Quotient.of(graph, group), graph, group, layer, position);

            double[][] m = new double[groups][groups];
            double before = 0;
            for (int v = 0; v < n; v++) {
                for (int u = 0; u < n; u++) {
                    if (group[u] != group[v]) {
                        m[group[v]][group[u]] += a[v][u];
                    }
                }
            }
            double[] depth = new double[groups];
            double[] mean = new double[groups];
            int[] first = new int[groups];
            for (int g = 0; g < groups; g++) {
                int own = g;
                int[] members = IntStream.range(0, n).filter(v -> group[v] == own).toArray();
                if (g < 2 || g >= 10) {
                    depth[g] = g < 2 ? -1e9 : 1e9;
                    continue;
                }
                int[] layers = Arrays.stream(members).map(v -> layer[v]).sorted().toArray();
                int c = layers.length;
                depth[g] = c == 0 ? 0 : (layers[(c - 1) / 2] + layers[c / 2]) / 2.0;
                mean[g] = Arrays.stream(layers).average().orElse(0);
                first[g] = Arrays.stream(members).map(v -> position[v]).min().orElse(0);
            }
            double[][] expected = published(m, depth, mean, first);
            double[][] got = new double[groups][groups];
            for (Superedge edge : found.superedges()) {
                got[edge.target()][edge.source()] = edge.weight();
                assertThat(edge.positive() + edge.negative())
                        .isCloseTo(edge.weight(), within(1e-12));
                assertThat(edge.positive() - edge.negative())
                        .isCloseTo(edge.absolute(), within(1e-12));
            }
            double after = 0;
            for (int t = 0; t < groups; t++) {
                assertThat(got[t]).containsExactly(expected[t], within(1e-12));
                before += Arrays.stream(m[t]).map(Math::abs).sum();
                after += Arrays.stream(expected[t]).map(Math::abs).sum();
            }
            assertThat(found.removedMass()).isCloseTo(1 - after / before, within(1e-12));
            assertThat(largestCycle(found.superedges(), groups)).isEqualTo(1);
        }
    }

    /** Over superedges of weight 0 too. */
    private static int largestCycle(List<Superedge> superedges, int groups) {
        int[] begin = new int[groups + 1];
        superedges.forEach(e -> begin[e.source() + 1]++);
        Arrays.parallelPrefix(begin, Integer::sum);
        return StrongComponents.largest(
                begin, superedges.stream().mapToInt(Superedge::target).toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dallas_plt_human_v0", "dallas_plt_human_v1"})
    void aPartitionMadeByHandBecomesAcyclic(String partition) {
        CircuitFile file = CircuitFile.read("dallas_ea.json");
        JsonNode supernodes =
                CircuitFile.json(
                        CircuitFile.shared()
                                .resolve("data/supernodes")
                                .resolve(partition + ".json"));
        int n = file.graph().nodeCount();
        int[] group = Circuits.identity(n);
        int next = n;
        for (JsonNode supernode : supernodes.get("supernodes")) {
            for (int m = 1; m < supernode.size(); m++) {
                Integer node = file.nodes().get(supernode.get(m).asText());
                if (node != null) {
                    group[node] = next;
                }
            }
            next++;
        }
        Quotient quotient = Quotient.of(file.graph(), group);
        assertThat(quotient.mass().largestCycle()).isGreaterThan(1);
        AcyclicCollapse found =
                AcyclicCollapse.of(quotient, file.graph(), group, file.layer(), file.position());
        assertThat(largestCycle(found.superedges(), next)).isEqualTo(1);
        assertThat(found.removedMass()).isBetween(0.0, 0.05);
        assertThat(found.superedges().size())
                .isEqualTo(quotient.superedges().size() - found.opposed() - found.backward());
    }

    @Test
    void everyNodeNeedsItsLayer() {
        CircuitGraph graph = Circuits.of(features(2), new double[2], List.of());
        Quotient quotient = Quotient.of(graph, new int[2]);
        assertThatThrownBy(
                        () ->
                                AcyclicCollapse.of(
                                        quotient, graph, new int[2], new int[1], new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group, layer and position have 2, 1 and 2 entries for 2 nodes");
    }
}
