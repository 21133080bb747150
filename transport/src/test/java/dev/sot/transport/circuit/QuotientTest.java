package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotientTest {

    private static CircuitGraph features(int n, Circuits.Link... links) {
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, NodeKind.FEATURE);
        return Circuits.of(kinds, new double[n], List.of(links));
    }

    @Test
    void superedgesCarryAllSumsOfTheirLinks() {
        CircuitGraph graph =
                features(
                        6,
                        link(0, 2, 3),
                        link(1, 2, -1),
                        link(0, 3, -2),
                        link(2, 3, 2),
                        link(5, 3, 4),
                        link(3, 4, 7),
                        link(1, 4, 0));
        Quotient quotient = Quotient.of(graph, new int[] {10, 10, 4, 4, 7, -1});

        // External input: 4 of 4 for node 2, 6 of 8 for node 3 (the outsider's 4 counts), so r is
        // 4/7 and 3/7.
        assertThat(quotient.superedges()).hasSize(3);
        Superedge edge = quotient.superedges().get(1);
        assertThat(edge.normalizedWeight())
                .isCloseTo(2.0 / 4 * 4 / 7 - 2.0 / 6 * 3 / 7, within(1e-15));
        assertThat(quotient.superedges())
                .containsExactly(
                        new Superedge(4, 7, 7, 1, 7, 0, 7, 1),
                        new Superedge(10, 4, 0, edge.normalizedWeight(), 3, -3, 6, 3),
                        new Superedge(10, 7, 0, 0, 0, 0, 0, 1));
        PartitionMass mass = quotient.mass();
        assertThat(mass.internalMass()).isCloseTo(2.0 / 15, within(1e-15));
        assertThat(mass.cancelledMass()).isCloseTo(6.0 / 15, within(1e-15));
        assertThat(mass.retainedMass()).isCloseTo(7.0 / 15, within(1e-15));
        assertThat(mass.largestCycle()).isEqualTo(1);
        assertThat(mass.superedges()).isEqualTo(3);
    }

    @Test
    void aGroupWithoutExternalInputReceivesNothing() {
        CircuitGraph graph = features(3, link(0, 1, 2), link(1, 0, 1), link(2, 0, 0));
        Quotient quotient = Quotient.of(graph, new int[] {0, 0, 1});
        assertThat(quotient.superedges()).containsExactly(new Superedge(1, 0, 0, 0, 0, 0, 0, 1));
        assertThat(quotient.mass()).isEqualTo(new PartitionMass(1, 0, 0, 1, 1));
    }

    @Test
    void selfLinksCountAsInternal() {
        Quotient quotient =
                Quotient.of(features(2, link(0, 0, -3), link(0, 1, 1)), new int[] {0, 1});
        assertThat(quotient.superedges()).containsExactly(new Superedge(0, 1, 1, 1, 1, 0, 1, 1));
        assertThat(quotient.mass().internalMass()).isEqualTo(0.75);
    }

    @Test
    void emptyPartitionsKeepAllOfNothing() {
        CircuitGraph graph = features(2, link(0, 1, 1));
        assertThat(Quotient.of(graph, new int[] {-1, -1}).mass())
                .isEqualTo(new PartitionMass(0, 0, 1, 0, 0));
        assertThat(Quotient.of(graph, new int[] {3, -1}).mass())
                .isEqualTo(new PartitionMass(0, 0, 1, 1, 0));
    }

    @Test
    void aGroupPerNodeIsRequired() {
        assertThatThrownBy(() -> Quotient.of(features(2), new int[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("group has 3 entries for 2 nodes");
    }

    @Test
    void groupingCanCloseCycles() {
        // 0 -> 1 -> 2 -> 3 with {0, 2} together: an antiparallel pair; 3 stays outside the cycle.
        CircuitGraph chain = features(4, link(0, 1, 1), link(1, 2, 1), link(2, 3, 1));
        assertThat(Quotient.of(chain, new int[] {0, 1, 0, 2}).mass().largestCycle()).isEqualTo(2);
        assertThat(Quotient.of(chain, new int[] {0, 1, 2, 3}).mass().largestCycle()).isEqualTo(1);
    }

    @Test
    void aLongChainOfGroupsDoesNotOverflowTheStack() {
        int n = 200_000;
        Circuits.Link[] links = new Circuits.Link[n];
        for (int v = 0; v < n; v++) {
            links[v] = link(v, (v + 1) % n, 1);
        }
        assertThat(Quotient.of(features(n, links), Circuits.identity(n)).mass().largestCycle())
                .isEqualTo(n);
    }

    @Test
    void largestCycleIsTheLargestSetOfGroupsThatReachEachOther() {
        Random random = new Random(11);
        for (int trial = 0; trial < 100; trial++) {
            int n = 12;
            boolean[][] reaches = new boolean[n][n];
            List<Circuits.Link> links = new ArrayList<>();
            for (int u = 0; u < n; u++) {
                reaches[u][u] = true;
                for (int v = 0; v < n; v++) {
                    if (u != v && random.nextDouble() < 0.09) {
                        links.add(link(u, v, 1));
                        reaches[u][v] = true;
                    }
                }
            }
            for (int k = 0; k < n; k++) {
                for (int u = 0; u < n; u++) {
                    for (int v = 0; v < n; v++) {
                        reaches[u][v] |= reaches[u][k] && reaches[k][v];
                    }
                }
            }
            int largest = 0;
            for (int u = 0; u < n; u++) {
                int mutual = 0;
                for (int v = 0; v < n; v++) {
                    mutual += reaches[u][v] && reaches[v][u] ? 1 : 0;
                }
                largest = Math.max(largest, mutual);
            }
            CircuitGraph graph = features(n, links.toArray(new Circuits.Link[0]));
            assertThat(Quotient.of(graph, Circuits.identity(n)).mass().largestCycle())
                    .as("trial %d", trial)
                    .isEqualTo(largest);
        }
    }

    @Test
    void noMassIsLostOrMade() {
        int n = 60;
        for (long seed = 0; seed < 20; seed++) {
            CircuitGraph graph = Circuits.random(n, true, seed, Circuits.identity(n), 1);
            int[] group = randomGroups(n, seed);
            Quotient quotient = Quotient.of(graph, group);
            double absolute = 0;
            double external = 0;
            double[] intoTarget = new double[8];
            for (Superedge e : quotient.superedges()) {
                assertThat(e.positive() - e.negative()).isCloseTo(e.absolute(), within(1e-12));
                assertThat(e.positive() + e.negative()).isCloseTo(e.weight(), within(1e-12));
                assertThat(e.source()).isNotEqualTo(e.target());
                absolute += e.absolute();
                intoTarget[e.target()] += Math.abs(e.normalizedWeight());
            }
            for (int v = 0; v < n; v++) {
                for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                    int from = group[graph.inSource(k)];
                    if (group[v] >= 0 && from >= 0 && from != group[v]) {
                        external += Math.abs(graph.inWeight(k));
                    }
                }
            }
            assertThat(absolute).isCloseTo(external, within(1e-10));
            for (double total : intoTarget) {
                assertThat(total).isLessThanOrEqualTo(1 + 1e-12);
            }
            PartitionMass mass = quotient.mass();
            assertThat(mass.internalMass() + mass.cancelledMass() + mass.retainedMass())
                    .isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void numberingOfNodesAndOrderOfLinksDoNotMatter() {
        int n = 60;
        for (long seed = 0; seed < 20; seed++) {
            int[] number = Circuits.permutation(n, seed);
            int[] group = randomGroups(n, seed);
            int[] renumbered = new int[n];
            for (int v = 0; v < n; v++) {
                renumbered[number[v]] = group[v];
            }
            Quotient one =
                    Quotient.of(Circuits.random(n, true, seed, Circuits.identity(n), 1), group);
            Quotient two = Quotient.of(Circuits.random(n, true, seed, number, 2), renumbered);
            assertThat(two.superedges()).hasSameSizeAs(one.superedges());
            for (int e = 0; e < one.superedges().size(); e++) {
                Superedge a = one.superedges().get(e);
                Superedge b = two.superedges().get(e);
                assertThat(b.source()).isEqualTo(a.source());
                assertThat(b.target()).isEqualTo(a.target());
                assertThat(b.links()).isEqualTo(a.links());
                assertThat(b.weight()).isCloseTo(a.weight(), within(1e-12));
                assertThat(b.absolute()).isCloseTo(a.absolute(), within(1e-12));
                assertThat(b.normalizedWeight()).isCloseTo(a.normalizedWeight(), within(1e-12));
            }
            assertThat(two.mass().internalMass())
                    .isCloseTo(one.mass().internalMass(), within(1e-12));
            assertThat(two.mass().cancelledMass())
                    .isCloseTo(one.mass().cancelledMass(), within(1e-12));
            assertThat(two.mass().largestCycle()).isEqualTo(one.mass().largestCycle());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dallas_plt_human_v0.json", "dallas_plt_human_v1.json"})
    void publishedPartitionsHaveTheirSuperedges(String name) {
        JsonNode golden =
                CircuitFile.json(
                        CircuitFile.shared().resolve("data/supernodes/golden").resolve(name));
        Map<String, Integer> groupOf = new HashMap<>();
        Quotient quotient = publishedPartition(golden, groupOf);
        Map<List<Integer>, Superedge> byEnds = new HashMap<>();
        for (Superedge e : quotient.superedges()) {
            byEnds.put(List.of(e.source(), e.target()), e);
        }
        assertThat(byEnds).hasSize(golden.get("superedges").size());
        for (JsonNode expected : golden.get("superedges")) {
            Superedge edge =
                    byEnds.get(
                            List.of(
                                    groupOf.get(expected.get("source").asText()),
                                    groupOf.get(expected.get("target").asText())));
            assertThat(edge.normalizedWeight())
                    .isCloseTo(expected.get("weight").asDouble(), within(1e-9));
            assertThat(edge.weight()).isCloseTo(expected.get("rawSum").asDouble(), within(1e-9));
            assertThat(edge.links()).isEqualTo(expected.get("memberLinks").asInt());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dallas_plt_human_v0.json, 10, 33, 0.233, 3",
        "dallas_plt_human_v1.json, 12, 42, 0.179, 1"
    })
    void publishedPartitionsHideAndCloseWhatWasMeasured(
            String name, int groups, int superedges, double internal, int largestCycle) {
        JsonNode golden =
                CircuitFile.json(
                        CircuitFile.shared().resolve("data/supernodes/golden").resolve(name));
        assertThat(golden.get("nodes")).hasSize(groups);
        PartitionMass mass = publishedPartition(golden, new HashMap<>()).mass();
        assertThat(mass.superedges()).isEqualTo(superedges);
        assertThat(mass.internalMass()).isCloseTo(internal, within(5e-4));
        assertThat(mass.cancelledMass()).isCloseTo(0.006, within(2e-3));
        assertThat(mass.largestCycle()).isEqualTo(largestCycle);
    }

    private static Quotient publishedPartition(JsonNode golden, Map<String, Integer> groupOf) {
        CircuitFile file = CircuitFile.read("dallas_ea.json");
        int[] group = new int[file.graph().nodeCount()];
        Arrays.fill(group, -1);
        for (JsonNode supernode : golden.get("nodes")) {
            int number = groupOf.size();
            groupOf.put(supernode.get("id").asText(), number);
            for (JsonNode member : supernode.get("members")) {
                group[file.nodes().get(member.asText())] = number;
            }
        }
        return Quotient.of(file.graph(), group);
    }

    private static int[] randomGroups(int n, long seed) {
        Random random = new Random(seed);
        int[] group = new int[n];
        for (int v = 0; v < n; v++) {
            group[v] = random.nextInt(9) - 1;
        }
        return group;
    }
}
