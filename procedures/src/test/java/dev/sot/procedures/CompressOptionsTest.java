package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every option of compressing, on a circuit that the project ships. */
class CompressOptionsTest {

    private static final String CIRCUIT = "add-123-456-tens";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importAll() {
        Path demo = Path.of("../import/demo");
        database.copy(demo.resolve("bundle"), "bundle");
        database.copy(demo.resolve("circuits"), "circuits");
        database.row("CALL sot.import.circuit('circuits/add-123-456-tens.json')");
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit()");
        database.row("CALL sot.distributions.write({circuit: $slug})", "slug", CIRCUIT);
    }

    private static Map<String, Object> stats(String configuration) {
        return database.row(
                "CALL sot.compress.stats($slug, " + configuration + ")", "slug", CIRCUIT);
    }

    /** Node ids of the members of each feature supernode. */
    private static List<List<String>> supernodes(String configuration) {
        return database
                .rows(
                        "CALL sot.compress.stream($slug, "
                                + configuration
                                + ") YIELD kind, members WHERE kind = 'feature' RETURN [m IN"
                                + " members | m.nodeId] AS members",
                        "slug",
                        CIRCUIT)
                .stream()
                .map(r -> ((List<?>) r.get("members")).stream().map(String.class::cast).toList())
                .toList();
    }

    private static Map<String, Map<String, Object>> nodes() {
        Map<String, Map<String, Object>> nodes = new HashMap<>();
        database.rows(
                        "MATCH (n:FeatureNode)-[:IN_CIRCUIT]->(:Circuit {slug: $slug}), "
                                + "(n)-[:OF_FEATURE]->(f) RETURN n.nodeId AS id, n.layer AS layer,"
                                + " n.position AS position, f.key AS feature, f.concept AS"
                                + " concept",
                        "slug",
                        CIRCUIT)
                .forEach(r -> nodes.put((String) r.get("id"), r));
        return nodes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{distance: 'decoderCosine'}",
                "{distance: 'activationCorrelation'}",
                "{distance: 'activationCorrelation', level: 'node'}",
                "{distance: 'edgeProfile', linkage: 'complete'}",
                "{distance: 'edgeProfile', level: 'feature'}",
                "{level: 'node', supportSize: 8}",
                "{structureWeight: 0.5}",
                "{structureWeight: 1.0, level: 'node', supportSize: 8}",
                "{missing: 'structure'}",
                "{linkage: 'ward'}",
                "{linkage: 'single'}",
                "{grouping: 'kMedoids'}",
                "{distance: 'roleVectors', grouping: 'correlationClustering'}",
                "{grouping: 'random', seed: 3}",
                "{grouping: 'spectral', seed: 7}",
                "{grouping: 'spectral', distance: 'edgeProfile', targetSize: 9}",
                "{grouping: 'hdbscan'}",
                "{grouping: 'hdbscan', minClusterSize: 2, samples: 1}",
                "{grouping: 'correlationClustering', distance: 'roleVectors'}",
                "{grouping: 'layerPosition'}"
            })
    void everyMeasureAndGroupingGivesTheSameAtAnyConcurrency(String configuration) {
        String one = configuration.replace("}", ", concurrency: 1}");
        String four = configuration.replace("}", ", concurrency: 4}");
        List<List<String>> supernodes = supernodes(one);
        assertThat(supernodes(four)).isEqualTo(supernodes);
        Set<String> members = new HashSet<>();
        supernodes.forEach(members::addAll);
        assertThat(members).isEqualTo(nodes().keySet());
        assertThat(supernodes.stream().mapToInt(List::size).sum()).isEqualTo(members.size());
        Map<String, Object> stats = stats(configuration);
        assertThat((Double) stats.get("internalMass"))
                .isCloseTo(
                        1
                                - (Double) stats.get("cancelledMass")
                                - (Double) stats.get("retainedMass"),
                        within(1e-9));
    }

    @Test
    void noiseStaysAloneAndIsCounted() {
        Map<String, Object> stats = stats("{grouping: 'hdbscan', minClusterSize: 3, samples: 2}");
        long alone =
                supernodes("{grouping: 'hdbscan', minClusterSize: 3, samples: 2, level: 'node'}")
                        .stream()
                        .filter(members -> members.size() == 1)
                        .count();
        assertThat((Long) stats.get("noise"))
                .isPositive()
                .isLessThan((Long) stats.get("featureSupernodes"));
        assertThat(stats("{grouping: 'hdbscan', minClusterSize: 3, samples: 2, level: 'node'}"))
                .containsEntry("noise", alone);
        assertThat(stats("{}")).containsEntry("noise", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leiden", "kMeans"})
    void withoutGraphDataScienceItsGroupingsSayThatTheyNeedIt(String grouping) {
        database.failure(
                        "CALL sot.compress.stats($slug, {grouping: $grouping})",
                        "slug",
                        CIRCUIT,
                        "grouping",
                        grouping)
                .endsWith(
                        "sot.compress.stats: grouping '"
                                + grouping
                                + "' needs gds."
                                + grouping.toLowerCase(Locale.ROOT)
                                + ".stream of the Graph Data Science library, which this server"
                                + " does not have; put its jar into the plugin directory and"
                                + " restart, or choose another grouping, such as 'kMedoids' or"
                                + " 'hdbscan'");
    }

    @Test
    void differentConfigurationsHaveDifferentIds() {
        List<String> configurations =
                List.of(
                        "{targetSize: 9}",
                        "{targetSize: 9, linkage: 'average'}",
                        "{targetSize: 9, level: 'feature'}",
                        "{targetSize: 9, samePosition: true}",
                        "{targetSize: 9, structureWeight: 0.3}",
                        "{targetSize: 9, groundCost: 'cosine'}",
                        "{targetSize: 9, apart: ['layer']}",
                        "{targetSize: 9, apart: ['position']}",
                        "{targetSize: 9, grouping: 'random'}",
                        "{targetSize: 9, grouping: 'random', seed: 1}",
                        "{targetSize: 9, grouping: 'random', linkage: 'single'}",
                        "{targetSize: 9, distance: 'activationCorrelation'}",
                        "{distance: 'roleVectors', grouping: 'correlationClustering', maxDistance:"
                                + " 9}",
                        "{distance: 'roleVectors', grouping: 'correlationClustering', targetSize:"
                                + " 1}");
        Set<Object> ids = new HashSet<>();
        for (String configuration : configurations) {
            ids.add(
                    database.row("CALL sot.compress($slug, " + configuration + ")", "slug", CIRCUIT)
                            .get("id"));
        }
        ids.forEach(id -> database.row("CALL sot.compress.drop($id)", "id", id));
        assertThat(ids)
                .hasSize(configurations.size())
                .contains(CIRCUIT + "/prompt-W1-ward-9", CIRCUIT + "/edgeProfile-random-9-seed=1");
    }

    @Test
    void correlationsSayOfWhichSpacesCorpusTheyAre() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.compress($slug, {targetSize: 9, distance:"
                                + " 'activationCorrelation'})",
                        "slug",
                        CIRCUIT);
        assertThat(row)
                .containsEntry("id", CIRCUIT + "/prompt-activationCorrelation-ward-9")
                .containsEntry("space", "prompt");
        assertThat(
                        database.row(
                                "MATCH (c:Compression {id: $id}), (s:ReferenceSpace {name:"
                                        + " c.space}) RETURN c.spaceHash = s.contentHash AS same,"
                                        + " c.order AS order, c.groundCost AS groundCost",
                                "id",
                                row.get("id")))
                .containsEntry("same", true)
                .containsEntry("order", null)
                .containsEntry("groundCost", null);
        assertThat(
                        database.row(
                                "CALL sot.compress('', {dendrogram: $id, targetSize: 9})",
                                "id",
                                row.get("id")))
                .containsEntry("id", row.get("id"))
                .containsEntry("space", "prompt");
        database.row("CALL sot.compress.drop($id)", "id", row.get("id"));
    }

    @Test
    void atTheLevelOfFeaturesAllNodesOfAFeatureShareASupernode() {
        Map<String, Map<String, Object>> nodes = nodes();
        Map<Object, Integer> supernodeOf = new HashMap<>();
        List<List<String>> supernodes = supernodes("{level: 'feature', targetSize: 20}");
        for (int i = 0; i < supernodes.size(); i++) {
            for (String member : supernodes.get(i)) {
                Integer other = supernodeOf.put(nodes.get(member).get("feature"), i);
                assertThat(other == null || other == i).isTrue();
            }
        }
        assertThat(stats("{level: 'feature', targetSize: 20}"))
                .containsEntry("level", "feature")
                .containsEntry("items", (long) supernodeOf.size());
        assertThat(stats("{}"))
                .containsEntry("level", "node")
                .containsEntry("items", (long) nodes.size());
    }

    @Test
    void constraintsHoldInEverySupernode() {
        Map<String, Map<String, Object>> nodes = nodes();
        for (List<String> members :
                supernodes("{level: 'node', supportSize: 8, samePosition: true, targetSize: 1}")) {
            assertThat(members)
                    .extracting(m -> nodes.get(m).get("position"))
                    .containsOnly(nodes.get(members.get(0)).get("position"));
        }
        for (List<String> members : supernodes("{maxLayerSpan: 1, targetSize: 1}")) {
            IntSummaryStatistics layers =
                    members.stream()
                            .mapToInt(m -> ((Number) nodes.get(m).get("layer")).intValue())
                            .summaryStatistics();
            assertThat(layers.getMax() - layers.getMin()).isLessThanOrEqualTo(1);
        }
        assertThat(supernodes("{level: 'node', supportSize: 8, maxSize: 5, targetSize: 1}"))
                .allSatisfy(members -> assertThat(members).hasSizeLessThanOrEqualTo(5));
        for (List<String> members : supernodes("{apart: ['concept'], targetSize: 1}")) {
            assertThat(members)
                    .extracting(m -> nodes.get(m).get("concept"))
                    .containsOnly(nodes.get(members.get(0)).get("concept"));
        }
    }

    @Test
    void listedNodesShareASupernodeOrDoNot() {
        List<List<String>> free = supernodes("{targetSize: 8}");
        List<String> large = free.stream().filter(s -> s.size() > 2).findFirst().orElseThrow();
        Map<String, Map<String, Object>> nodes = nodes();
        String a = large.get(0);
        String b =
                large.stream()
                        .filter(
                                m ->
                                        !nodes.get(m)
                                                .get("feature")
                                                .equals(nodes.get(a).get("feature")))
                        .findFirst()
                        .orElseThrow();
        String c = free.get(free.indexOf(large) == 0 ? 1 : 0).get(0);
        String lists =
                "{targetSize: 8, mustLink: [['%s', '%s']], cannotLink: [['%s', '%s']]}"
                        .formatted(a, c, a, b);
        List<List<String>> linked = supernodes(lists);
        assertThat(linked).anySatisfy(s -> assertThat(s).contains(a, c));
        assertThat(linked).noneSatisfy(s -> assertThat(s).contains(a, b));
    }

    @Test
    void withSameSignNoSupernodePushesALogitBothWays() {
        assertThat((Long) stats("{sameSign: true, targetSize: 1}").get("featureSupernodes"))
                .isGreaterThan(1);
    }

    @Test
    void aStoredDendrogramIsCutAgainWithoutDistances() {
        database.row(
                "CALL sot.compress($slug, {id: 'first', targetSize: 20, linkage: 'complete'})",
                "slug",
                CIRCUIT);
        assertThat(supernodes("{dendrogram: 'first', targetSize: 7}"))
                .isEqualTo(supernodes("{linkage: 'complete', targetSize: 7}"));
        Map<String, Object> again =
                database.row("CALL sot.compress('', {dendrogram: 'first', targetSize: 7})");
        assertThat(again)
                .containsEntry("id", CIRCUIT + "/prompt-W1-complete-7")
                .containsEntry("featureSupernodes", 7L)
                .containsEntry("within", null);
        List<Map<String, Object>> merges =
                database.rows(
                        "CALL sot.compress.dendrogram('', {dendrogram: 'first', targetSize: 1})");
        assertThat(merges)
                .isEqualTo(
                        database.rows(
                                "CALL sot.compress.dendrogram($slug, {linkage: 'complete'})",
                                "slug",
                                CIRCUIT))
                .isEqualTo(
                        database.rows(
                                "CALL sot.compress.dendrogram('', {dendrogram: $id, targetSize:"
                                        + " 1})",
                                "id",
                                again.get("id")));
        long items = (Long) again.get("items");
        assertThat(merges).hasSize((int) items - 1);
        assertThat(merges.get(merges.size() - 1)).containsEntry("size", items);
        for (Map<String, Object> merge : merges) {
            assertThat(merge.get("leftItem") == null).isEqualTo((Long) merge.get("left") >= items);
        }
        failure("{dendrogram: 'first', linkage: 'ward'}").contains("`linkage`");
        failure("{dendrogram: 'first'}").contains("[targetSize, targetRatio, maxDistance]");
        failure("{dendrogram: 'none', targetSize: 3}").contains("'none'");
        refusesWhileChanged("MATCH (n:Circuit)", "is not what compression 'first' was made of");
        refusesWhileChanged(
                "MATCH (n:ReferenceSpace)", "the reference space 'prompt' was replaced");
        database.rows("CALL sot.compress.drop('first')");
        database.rows("CALL sot.compress.drop($id)", "id", again.get("id"));
    }

    @Test
    void theCurveHasEveryCutAndSaysWhichOneEachCriterionChooses() {
        List<Map<String, Object>> sizes =
                database.rows("CALL sot.compress.sizes($slug, {size: 'gap'})", "slug", CIRCUIT);
        long items = (Long) stats("{}").get("items");
        assertThat(sizes).hasSize((int) items);
        for (int k = 1; k < sizes.size(); k++) {
            assertThat((Double) sizes.get(k).get("internalMass"))
                    .isGreaterThanOrEqualTo((Double) sizes.get(k - 1).get("internalMass"));
        }
        for (String size : List.of("auto", "silhouette", "descriptionLength", "gap")) {
            Map<String, Object> stats = stats("{size: '" + size + "'}");
            assertThat(stats).containsEntry("sizeRule", size);
            Map<String, Object> row =
                    sizes.stream()
                            .filter(
                                    r ->
                                            r.get("featureSupernodes")
                                                    .equals(stats.get("featureSupernodes")))
                            .findFirst()
                            .orElseThrow();
            assertThat(((List<?>) row.get("chosenBy")).contains(size)).as(size).isTrue();
            for (String figure : List.of("internalMass", "retainedMass")) {
                assertThat((Double) row.get(figure))
                        .as(size + " " + figure)
                        .isCloseTo((Double) stats.get(figure), within(1e-9));
            }
        }
        assertThat(stats("{}")).containsEntry("sizeRule", "auto");
        assertThat(stats("{grouping: 'kMedoids', size: 'auto'}").get("featureSupernodes"))
                .isEqualTo(stats("{}").get("featureSupernodes"));
    }

    @Test
    void hiddenWeightAndCyclesAreKeptWithinLimits() {
        assertThat((Double) stats("{maxInternalMass: 0.05, targetSize: 1}").get("internalMass"))
                .isLessThanOrEqualTo(0.05);
        assertThat(stats("{level: 'node', supportSize: 8, acyclic: 'refuse', targetSize: 1}"))
                .containsEntry("largestCycle", 1L);
        Map<String, Object> reported = stats("{targetSize: 10}");
        assertThat((Long) reported.get("largestCycle")).isGreaterThan(1);
        assertThat(reported).containsEntry("removedSuperedges", 0L);
        Map<String, Object> collapsed = stats("{targetSize: 10, acyclic: 'collapse'}");
        assertThat((Long) collapsed.get("removedSuperedges")).isPositive();
        assertThat((Long) collapsed.get("superedges") + (Long) collapsed.get("removedSuperedges"))
                .isEqualTo(reported.get("superedges"));
        failure("{acyclic: 'refuse', grouping: 'kMedoids'}").contains("`acyclic`");
    }

    @Test
    void theHeapIsEstimated() {
        Map<String, Object> estimate =
                database.row("CALL sot.compress.estimate($slug)", "slug", CIRCUIT);
        Map<String, Object> stats = stats("{}");
        assertThat(estimate)
                .containsEntry("level", "node")
                .containsEntry("items", stats.get("items"))
                .containsEntry("nodes", stats.get("nodes"));
        assertThat((Long) estimate.get("bytesMin"))
                .isPositive()
                .isLessThanOrEqualTo((Long) estimate.get("bytesMax"));
        for (String distance :
                List.of("decoderCosine", "activationCorrelation", "edgeProfile", "roleVectors")) {
            assertThat(
                            (Long)
                                    database.row(
                                                    "CALL sot.compress.estimate($slug, {distance:"
                                                            + " $distance, level: 'node'})",
                                                    "slug",
                                                    CIRCUIT,
                                                    "distance",
                                                    distance)
                                            .get("items"))
                    .isEqualTo(nodes().size());
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        failure("{grouping: 'kMedoid'}")
                .contains(
                        "`grouping` must be one of [hierarchical, kMedoids, ",
                        "did you mean `kMedoids`?");
        failure("{distance: 'wasserstain'}").contains("did you mean `wasserstein`?");
        failure("{targetSize: 3, targetRatio: 0.1}").contains("only one of");
        failure("{distance: 'decoderCosine', order: 2}")
                .contains("`order` means nothing to distance 'decoderCosine'");
        failure("{distance: 'edgeProfile', structureWeight: 0.2}").contains("`structureWeight`");
        failure("{level: 'feature', supportSize: 8}").contains("sot.distributions.write");
        failure("{grouping: 'kMedoids', samePosition: true}")
                .contains("`samePosition` needs grouping 'hierarchical'");
        failure("{grouping: 'layerPosition', targetSize: 3}").contains("`targetSize`");
        failure("{seed: 1}").contains("no randomness");
        failure("{mustLink: [['nowhere', '0_1_2']]}")
                .contains("`mustLink` names node 'nowhere', which circuit '" + CIRCUIT);
        failure("{apart: ['colour']}").contains("'colour'");
        failure("{mustLink: 'a'}").contains("a list of lists of strings");
        String error =
                database.value(
                        "MATCH (n:EmbeddingNode)-[:IN_CIRCUIT]->({slug: $slug}) RETURN n.nodeId"
                                + " LIMIT 1",
                        "slug",
                        CIRCUIT);
        failure("{cannotLink: [['" + error + "', '" + error + "']]}").contains("is no feature");
    }

    private static void refusesWhileChanged(String match, String message) {
        database.rows(match + " SET n.kept = n.contentHash, n.contentHash = 'another'");
        for (String procedure : List.of("stats", "sizes")) {
            database.failure(
                            "CALL sot.compress."
                                    + procedure
                                    + "('', {dendrogram: 'first', targetSize: 7})")
                    .contains("sot.compress." + procedure + ": ", message);
        }
        database.rows(match + " SET n.contentHash = n.kept REMOVE n.kept");
    }

    @Test
    void aCompressionSaysHowItsDistributionsWereMade() {
        String made =
                " YIELD id MATCH (c:Compression {id: id}) RETURN c.supportMethods AS methods,"
                        + " c.supportSizes AS sizes, c.supportSeeds AS seeds";
        Map<String, Object> ofNodes =
                database.row("CALL sot.compress($slug, {supportSize: 8})" + made, "slug", CIRCUIT);
        assertThat((String[]) ofNodes.get("methods")).containsExactly("quantized");
        assertThat((int[]) ofNodes.get("sizes")).containsExactly(8);
        assertThat(ofNodes).containsEntry("seeds", null);
        database.row(
                "CALL sot.distributions.write({circuit: $slug, supportMethod: 'sampled', support:"
                        + " 16, seed: 7})",
                "slug",
                CIRCUIT);
        Map<String, Object> ofFeatures =
                database.row(
                        "CALL sot.compress($slug, {level: 'feature'})" + made, "slug", CIRCUIT);
        assertThat((String[]) ofFeatures.get("methods")).contains("sampled");
        assertThat((int[]) ofFeatures.get("sizes")).containsExactly(16);
        assertThat((long[]) ofFeatures.get("seeds")).containsExactly(7);
        database.row("CALL sot.distributions.write({circuit: $slug})", "slug", CIRCUIT);
        database.rows("MATCH (c:Compression) CALL sot.compress.drop(c.id) YIELD id RETURN id");
    }

    private static AbstractStringAssert<?> failure(String configuration) {
        return database.failure(
                "CALL sot.compress.stats($slug, " + configuration + ")", "slug", CIRCUIT);
    }
}
