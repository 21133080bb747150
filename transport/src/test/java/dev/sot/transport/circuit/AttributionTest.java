package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.Circuits.link;
import static dev.sot.transport.circuit.NodeKind.EMBEDDING;
import static dev.sot.transport.circuit.NodeKind.ERROR;
import static dev.sot.transport.circuit.NodeKind.FEATURE;
import static dev.sot.transport.circuit.NodeKind.LOGIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sot.transport.Monitor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {

    /** Token 0 and error 1 feed feature 2; 1, 2 and feature 4 feed logit 3; 0 feeds 4. */
    private static final NodeKind[] KINDS = {EMBEDDING, ERROR, FEATURE, LOGIT, FEATURE};

    private static final double[] PROBABILITY = {0, 0, 0, 0.8, 0};
    private static final List<Circuits.Link> LINKS =
            List.of(
                    link(0, 2, 3),
                    link(1, 2, -1),
                    link(1, 3, 1),
                    link(2, 3, -2),
                    link(0, 4, 5),
                    link(4, 3, 1));
    private static final CircuitGraph SMALL = Circuits.of(KINDS, PROBABILITY, LINKS);

    @Test
    void influenceFlowsAgainstTheLinksByShareOfAbsoluteInput() {
        // The logit's input is 1/4 error, 1/2 feature 2, 1/4 feature 4; feature 2's is 3/4 token.
        Influence influence = Attribution.influence(SMALL, Monitor.NONE);
        assertThat(influence.acyclic()).isTrue();
        assertThat(influence.iterations()).isZero();
        assertThat(influence.values())
                .containsExactly(
                        new double[] {0.8 * (0.375 + 0.25), 0.8 * 0.375, 0.4, 0, 0.2},
                        within(1e-15));
    }

    @Test
    void scoresAreSharesOfInfluence() {
        Scores scores = Attribution.scores(SMALL, Monitor.NONE);
        assertThat(scores.replacement()).isCloseTo(0.625, within(1e-15));
        // Weights: token .5, error .3, feature .4 (1/4 from errors), logit .8 (1/4), feature .2.
        assertThat(scores.completeness())
                .isCloseTo((0.5 + 0.3 + 0.4 * 0.75 + 0.8 * 0.75 + 0.2) / 2.2, within(1e-15));
    }

    @Test
    void scoresWithoutAnyInfluenceAreUndefined() {
        Scores scores = Attribution.scores(Circuits.of(KINDS, new double[5], LINKS), Monitor.NONE);
        assertThat(scores.replacement()).isNaN();
        assertThat(scores.completeness()).isNaN();
    }

    @Test
    void aSelfLinkIsSummedAsTheSeriesItIs() {
        List<Circuits.Link> links = new ArrayList<>(LINKS);
        links.add(link(2, 2, 4));
        Influence influence =
                Attribution.influence(Circuits.of(KINDS, PROBABILITY, links), Monitor.NONE);
        assertThat(influence.acyclic()).isFalse();
        assertThat(influence.iterations()).isBetween(2, 100);
        // Feature 2: x = (0.8 / 2) + x / 2; of its input 3/8 come from the token, 1/8 from errors.
        assertThat(influence.values())
                .containsExactly(
                        new double[] {0.8 * 0.375 + 0.2, 0.8 * 0.125 + 0.2, 0.8, 0, 0.2},
                        within(1e-13));
    }

    @Test
    void aSelfLinkOfWeightZeroClosesNoCycle() {
        List<Circuits.Link> links = new ArrayList<>(LINKS);
        links.add(link(2, 2, 0));
        Influence influence =
                Attribution.influence(Circuits.of(KINDS, PROBABILITY, links), Monitor.NONE);
        assertThat(influence.acyclic()).isTrue();
        assertThat(influence.values())
                .isEqualTo(Attribution.influence(SMALL, Monitor.NONE).values());
    }

    @Test
    void aCycleOnWhichNoLogitDependsEndsTheSeriesExactly() {
        List<Circuits.Link> links = new ArrayList<>(LINKS);
        links.remove(links.size() - 1);
        links.add(link(4, 4, 1));
        Influence influence =
                Attribution.influence(Circuits.of(KINDS, PROBABILITY, links), Monitor.NONE);
        assertThat(influence.acyclic()).isFalse();
        assertThat(influence.values()[4]).isZero();
    }

    @Test
    void aCycleThatFeedsOnItselfAloneIsAnError() {
        CircuitGraph graph =
                Circuits.of(
                        KINDS, PROBABILITY, List.of(link(2, 4, 1), link(4, 2, 1), link(2, 3, 1)));
        assertThatThrownBy(() -> Attribution.influence(graph, Monitor.NONE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not converged after 1000 terms");
    }

    @Test
    void relevanceFlowsAlongTheLinksByShareOfAbsoluteOutput() {
        // The token sends 3/8 to feature 2 and 5/8 to feature 4, which send all to the logit.
        assertThat(Attribution.relevance(SMALL, Monitor.NONE))
                .containsExactly(new double[] {0, 0, 0.375, 1, 0.625}, within(1e-15));
    }

    @Test
    void relevanceIsTheSumOfThePowersOfTheDenseMatrix() {
        int n = 40;
        for (long seed = 0; seed < 6; seed++) {
            CircuitGraph graph = Circuits.random(n, seed % 2 == 1, seed, Circuits.identity(n), 1);
            double[][] share = new double[n][n];
            for (int u = 0; u < n; u++) {
                double all = 0;
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    all += Math.abs(graph.outWeight(k));
                }
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    share[u][graph.outTarget(k)] = Math.abs(graph.outWeight(k)) / all;
                }
            }
            double[] term = Attribution.embeddingWeights(graph);
            assertThat(Arrays.stream(term).sum()).isCloseTo(1, within(1e-15));
            double[] sum = new double[n];
            for (int power = 0; power < 4000; power++) {
                double[] next = new double[n];
                for (int u = 0; u < n; u++) {
                    for (int v = 0; v < n; v++) {
                        next[v] += term[u] * share[u][v];
                    }
                }
                term = next;
                for (int v = 0; v < n; v++) {
                    sum[v] += term[v];
                }
            }
            assertThat(Attribution.relevance(graph, Monitor.NONE))
                    .containsExactly(sum, within(1e-10));
        }
    }

    @Test
    void effectsKeepTheSignsOfThePathsTheySumOver() {
        // 0 pushes 3 up by way of 1 and down by way of 2, each a half of 3's input.
        CircuitGraph graph =
                Circuits.of(
                        new NodeKind[] {EMBEDDING, FEATURE, FEATURE, LOGIT, LOGIT},
                        new double[] {0, 0, 0, 0.5, 0.5},
                        List.of(
                                link(0, 1, 2),
                                link(0, 2, 7),
                                link(1, 3, 3),
                                link(2, 3, -3),
                                link(2, 4, -1)));
        assertThat(Attribution.effects(graph, 3, Monitor.NONE)).containsExactly(0, 0.5, -0.5, 0, 0);
        assertThat(Attribution.effects(graph, 4, Monitor.NONE)).containsExactly(-1, 0, -1, 0, 0);
        assertThat(Attribution.effects(graph, 0, Monitor.NONE)).containsOnly(0);
    }

    @Test
    void effectsAreTheSumOfThePowersOfTheDenseSignedMatrix() {
        int n = 40;
        for (long seed = 0; seed < 6; seed++) {
            CircuitGraph graph = Circuits.random(n, seed % 2 == 1, seed, Circuits.identity(n), 1);
            int node = n - 1 - (int) (seed % 3);
            double[] term = new double[n];
            term[node] = 1;
            double[] sum = new double[n];
            for (int power = 0; power < 4000; power++) {
                double[] next = new double[n];
                for (int v = 0; v < n; v++) {
                    for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                        next[graph.inSource(k)] +=
                                graph.inWeight(k) / graph.absoluteInput(v) * term[v];
                    }
                }
                term = next;
                for (int v = 0; v < n; v++) {
                    sum[v] += term[v];
                }
            }
            assertThat(Attribution.effects(graph, node, Monitor.NONE))
                    .containsExactly(sum, within(1e-10));
        }
    }

    @Test
    void effectsOnACycleThatFeedsOnItselfAloneAreAnError() {
        CircuitGraph graph =
                Circuits.of(
                        KINDS, PROBABILITY, List.of(link(2, 4, 1), link(4, 2, 1), link(2, 3, 1)));
        assertThatThrownBy(() -> Attribution.effects(graph, 3, Monitor.NONE))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not converged after 1000 terms");
    }

    @Test
    void theCallerCanStopASeries() {
        CircuitGraph cyclic = Circuits.random(40, true, 1, Circuits.identity(40), 1);
        Monitor stop =
                new Monitor() {
                    @Override
                    public void progress(String task, long done, long total) {}

                    @Override
                    public void check() {
                        throw new IllegalStateException("stop");
                    }
                };
        for (Runnable series :
                List.<Runnable>of(
                        () -> Attribution.influence(cyclic, stop),
                        () -> Attribution.relevance(cyclic, stop),
                        () -> Attribution.effects(cyclic, 39, stop),
                        () -> Attribution.scores(cyclic, stop))) {
            assertThatThrownBy(series::run).hasMessage("stop");
        }
    }

    @Test
    void withoutTokensNothingIsRelevant() {
        NodeKind[] kinds = {ERROR, ERROR, FEATURE, LOGIT, FEATURE};
        assertThat(Attribution.relevance(Circuits.of(kinds, PROBABILITY, LINKS), Monitor.NONE))
                .containsOnly(0);
    }

    @Test
    void theSeriesAndTheSinglePassAgree() {
        int n = 60;
        CircuitGraph acyclic = Circuits.random(n, false, 3, Circuits.identity(n), 1);
        // A closed pair of features beside the circuit forces the series and changes nothing else.
        NodeKind[] kinds = new NodeKind[n + 2];
        double[] probability = new double[n + 2];
        List<Circuits.Link> links = new ArrayList<>();
        for (int v = 0; v < n; v++) {
            kinds[v] = acyclic.kind(v);
            probability[v] = acyclic.logitProbability(v);
            for (int k = acyclic.inBegin(v); k < acyclic.inEnd(v); k++) {
                links.add(link(acyclic.inSource(k), v, acyclic.inWeight(k)));
            }
        }
        kinds[n] = FEATURE;
        kinds[n + 1] = FEATURE;
        links.add(link(n, n + 1, 1));
        links.add(link(n + 1, n, 1));
        Influence series =
                Attribution.influence(Circuits.of(kinds, probability, links), Monitor.NONE);
        Influence pass = Attribution.influence(acyclic, Monitor.NONE);
        assertThat(series.acyclic()).isFalse();
        assertThat(pass.acyclic()).isTrue();
        for (int v = 0; v < n; v++) {
            assertThat(series.values()[v]).isCloseTo(pass.values()[v], within(1e-13));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void numberingOfNodesAndOrderOfLinksDoNotMatter(boolean cyclic) {
        int n = 50;
        for (long seed = 0; seed < 20; seed++) {
            CircuitGraph one = Circuits.random(n, cyclic, seed, Circuits.identity(n), 1);
            int[] number = Circuits.permutation(n, seed);
            CircuitGraph two = Circuits.random(n, cyclic, seed, number, 2);
            double[] first = Attribution.influence(one, Monitor.NONE).values();
            double[] second = Attribution.influence(two, Monitor.NONE).values();
            for (int v = 0; v < n; v++) {
                assertThat(second[number[v]]).isCloseTo(first[v], within(1e-12));
            }
            assertThat(Attribution.scores(two, Monitor.NONE).replacement())
                    .isCloseTo(Attribution.scores(one, Monitor.NONE).replacement(), within(1e-12));
            assertThat(Attribution.scores(two, Monitor.NONE).completeness())
                    .isCloseTo(Attribution.scores(one, Monitor.NONE).completeness(), within(1e-12));
            CircuitGraph shuffled = Circuits.random(n, cyclic, seed, Circuits.identity(n), 3);
            assertThat(Attribution.influence(shuffled, Monitor.NONE).values()).isEqualTo(first);
        }
    }

    @Test
    void unpinnedFeaturesBecomePartOfTheErrorAtTheirPlace() {
        // Feature 2 shares the place of error 1; feature 4 has no error at its place.
        CircuitGraph folded =
                Attribution.pinned(
                        SMALL,
                        new boolean[5],
                        new int[] {0, 1, 1, 9, 2},
                        new int[] {0, 3, 3, 3, 3});
        assertThat(folded.nodeCount()).isEqualTo(5);
        assertThat(folded.linkCount()).isEqualTo(1);
        assertThat(folded.inSource(folded.inBegin(3))).isEqualTo(1);
        assertThat(folded.inWeight(folded.inBegin(3))).isEqualTo(1 - 2);
        assertThat(Attribution.scores(folded, Monitor.NONE)).isEqualTo(new Scores(0, 0.5));
    }

    @Test
    void pinningEveryFeatureChangesNothing() {
        CircuitGraph same =
                Attribution.pinned(
                        SMALL,
                        new boolean[] {false, false, true, false, true},
                        new int[5],
                        new int[5]);
        assertThat(same.linkCount()).isEqualTo(SMALL.linkCount());
        assertThat(Attribution.scores(same, Monitor.NONE))
                .isEqualTo(Attribution.scores(SMALL, Monitor.NONE));
    }

    @TestFactory
    Stream<DynamicTest> publishedCircuitsHaveTheirScores() {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode all = CircuitFile.json(CircuitFile.shared().resolve("data/graphs/expected.json"));
        for (JsonNode expected : all) {
            String name = expected.get("file").asText();
            tests.add(
                    DynamicTest.dynamicTest(
                            name,
                            () -> {
                                CircuitGraph graph = CircuitFile.read(name).graph();
                                assertThat(graph.nodeCount())
                                        .isEqualTo(expected.get("nodes").asInt());
                                assertThat(graph.linkCount())
                                        .isEqualTo(expected.get("links").asInt());
                                assertThat(Attribution.influence(graph, Monitor.NONE).acyclic())
                                        .isTrue();
                                assertScores(Attribution.scores(graph, Monitor.NONE), expected);
                            }));
        }
        assertThat(tests).hasSize(16);
        return tests.stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dallas_plt_human_v0.json", "dallas_plt_human_v1.json"})
    void publishedSubgraphsHaveTheirScores(String name) {
        JsonNode golden =
                CircuitFile.json(
                        CircuitFile.shared().resolve("data/supernodes/golden").resolve(name));
        CircuitFile file = CircuitFile.read("dallas_ea.json");
        boolean[] pinned = new boolean[file.graph().nodeCount()];
        for (JsonNode id : golden.get("pinnedIds")) {
            pinned[file.nodes().get(id.asText())] = true;
        }
        CircuitGraph subgraph =
                Attribution.pinned(file.graph(), pinned, file.layer(), file.position());
        assertScores(
                Attribution.scores(subgraph, Monitor.NONE), golden.get("scores").get("pinned"));
        assertScores(
                Attribution.scores(file.graph(), Monitor.NONE), golden.get("scores").get("full"));
    }

    private static void assertScores(Scores scores, JsonNode expected) {
        assertThat(scores.replacement())
                .isCloseTo(expected.get("replacement").asDouble(), within(1e-9));
        assertThat(scores.completeness())
                .isCloseTo(expected.get("completeness").asDouble(), within(1e-9));
    }
}
