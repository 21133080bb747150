package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From files to supernodes on the data that the project ships. */
class DemonstrationTest {

    private static final String CIRCUIT = "add-123-456-tens";
    private static final String PARTITION =
            "MATCH (s:Supernode)-[:IN_COMPRESSION]->(:Compression {id: $id}) MATCH"
                    + " (n)-[:MEMBER_OF]->(s) WITH s, n ORDER BY n.key WITH s, collect(n.key) AS"
                    + " members RETURN s.label AS label, s.kind AS kind, members ORDER BY"
                    + " members[0]";

    @RegisterExtension static final Database database = Database.withSchema();

    private static Map<String, Object> activations;
    private static Map<String, Object> space;
    private static Map<String, Object> distributions;
    private static List<Map<String, Object>> circuits;
    private static List<String> features;

    @BeforeAll
    static void importAll() {
        Path demo = Path.of("../import/demo");
        database.copy(demo.resolve("bundle"), "bundle");
        database.copy(demo.resolve("circuits"), "circuits");
        circuits = database.rows("CALL sot.import.circuits('circuits')");
        activations = database.row("CALL sot.import.activations('bundle')");
        space = database.row("CALL sot.space.fit()");
        distributions = database.row("CALL sot.distributions.write()");
        features =
                database
                        .rows(
                                "MATCH (:Circuit {slug:"
                                    + " $slug})<-[:IN_CIRCUIT]-(:FeatureNode)-[:OF_FEATURE]->(f)-[:HAS_DISTRIBUTION]->()"
                                    + " RETURN DISTINCT f.key AS key ORDER BY key",
                                "slug",
                                CIRCUIT)
                        .stream()
                        .map(r -> (String) r.get("key"))
                        .toList();
    }

    @Test
    void everythingThatIsShippedIsImported() {
        assertThat(circuits)
                .hasSizeGreaterThanOrEqualTo(10)
                .extracting(r -> r.get("status"))
                .containsOnly("imported");
        JsonNode manifest =
                CircuitJson.read(database.importDirectory().resolve("bundle/manifest.json"));
        assertThat(activations)
                .containsEntry("status", "imported")
                .containsEntry("positions", manifest.get("positions").asLong())
                .containsEntry("prompts", manifest.get("prompts").asLong());
        assertThat((Long) database.value("MATCH (p:TokenPosition) RETURN count(p)"))
                .isEqualTo(manifest.get("positions").asLong());
        assertThat((Double) space.get("explainedVariance")).isBetween(0.0, 1.0);
        assertThat((Long) space.get("excludedFirstTokens"))
                .isEqualTo(manifest.get("prompts").asLong());
        assertThat((Long) distributions.get("distributions"))
                .isEqualTo(
                        (Long) distributions.get("features")
                                - (Long) distributions.get("silentFeatures")
                                - (Long) distributions.get("onlyExcludedFeatures"))
                .isEqualTo(
                        (Long)
                                database.value(
                                        "MATCH (:Feature)-[:HAS_DISTRIBUTION]->(d) RETURN"
                                                + " count(d)"));
        assertThat(database.rows("CALL sot.list() YIELD type RETURN DISTINCT type"))
                .extracting(r -> r.get("type"))
                .contains("model", "dictionary", "corpus", "space", "circuit");
    }

    @Test
    void everyStepSaysWhenThereIsNothingToDo() {
        List<Map<String, Object>> before = database.contents();
        assertThat(database.rows("CALL sot.import.circuits('circuits')"))
                .extracting(r -> r.get("status"))
                .containsOnly("unchanged");
        assertThat(database.row("CALL sot.import.activations('bundle')"))
                .containsEntry("status", "unchanged");
        assertThat(database.row("CALL sot.space.fit()")).containsEntry("status", "unchanged");
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void aDistributionsWeightsArePositiveAndSumToOne() {
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.distributions.stream({circuit: $slug}) YIELD feature, positions,"
                            + " weights RETURN feature, size(positions) = size(weights) AS"
                            + " sameLength, reduce(s = 0.0, w IN weights | s + w) AS sum, all(w IN"
                            + " weights WHERE w > 0) AS positive",
                        "slug",
                        CIRCUIT);
        assertThat(rows).hasSize(features.size());
        assertThat(rows)
                .allSatisfy(
                        r -> {
                            assertThat(r)
                                    .containsEntry("sameLength", true)
                                    .containsEntry("positive", true);
                            assertThat((Double) r.get("sum")).isCloseTo(1, within(1e-6));
                        });
    }

    private static double distance(Object f, Object g, Map<String, Object> configuration) {
        return database.<Double>value(
                "RETURN sot.distance($f, $g, $configuration)",
                "f",
                f,
                "g",
                g,
                "configuration",
                configuration);
    }

    @Test
    void distanceIsAMetric() {
        for (Map<String, Object> configuration :
                List.<Map<String, Object>>of(
                        Map.of(), Map.of("order", 2L), Map.of("groundCost", "cosine"))) {
            String a = features.get(0);
            String b = features.get(features.size() / 2);
            String c = features.get(features.size() - 1);
            double ab = distance(a, b, configuration);
            assertThat(ab).as(configuration.toString()).isPositive();
            assertThat(distance(b, a, configuration)).isCloseTo(ab, within(1e-12 * ab));
            assertThat(distance(a, a, configuration)).isZero();
            if (!configuration.containsKey("groundCost")) {
                assertThat(distance(a, c, configuration))
                        .isLessThanOrEqualTo(ab + distance(b, c, configuration) + 1e-9);
            }
        }
    }

    @Test
    void featuresCanBeGivenAsNodes() {
        assertThat(
                        (Double)
                                database.value(
                                        "MATCH (f:Feature {key: $f}), (g:Feature {key: $g}) RETURN"
                                                + " sot.distance(f, g)",
                                        "f",
                                        features.get(0),
                                        "g",
                                        features.get(1)))
                .isEqualTo(distance(features.get(0), features.get(1), Map.of()));
    }

    @Test
    void aPlanMovesAllMassAtTheCostOfTheDistance() {
        for (int i = 1; i < 6; i++) {
            String f = features.get(0);
            String g = features.get(i * (features.size() - 1) / 5);
            Map<String, Object> plan =
                    database.row(
                            "CALL sot.plan($f, $g) YIELD mass, groundDistance, sourceContext RETURN"
                                    + " sum(mass) AS mass, sum(mass * groundDistance) AS cost,"
                                    + " min(mass) AS least, all(c IN collect(sourceContext) WHERE c"
                                    + " CONTAINS '[') AS contexts",
                            "f",
                            f,
                            "g",
                            g);
            assertThat((Double) plan.get("mass")).isCloseTo(1, within(1e-9));
            assertThat((Double) plan.get("least")).isPositive();
            assertThat((Double) plan.get("cost")).isCloseTo(distance(f, g, Map.of()), within(1e-9));
            assertThat(plan).containsEntry("contexts", true);
            Map<String, Object> second =
                    database.row(
                            "CALL sot.plan($f, $g, {order: 2}) YIELD mass, groundDistance RETURN"
                                    + " sqrt(sum(mass * groundDistance * groundDistance)) AS cost",
                            "f",
                            f,
                            "g",
                            g);
            assertThat((Double) second.get("cost"))
                    .isCloseTo(distance(f, g, Map.of("order", 2L)), within(1e-9));
        }
    }

    private static List<Map<String, Object>> distances(String configuration) {
        return database.rows(
                "CALL sot.distances.stream("
                        + configuration
                        + ") YIELD feature1, feature2, distance RETURN feature1.key AS f,"
                        + " feature2.key AS g, distance",
                "slug",
                CIRCUIT,
                "features",
                features.subList(0, 20));
    }

    @Test
    void theStreamHasEveryPairOnceWithItsDistance() {
        List<Map<String, Object>> rows = distances("{circuit: $slug}");
        assertThat(rows).hasSize(features.size() * (features.size() - 1) / 2);
        Set<Set<Object>> pairs = new HashSet<>();
        rows.forEach(r -> pairs.add(Set.of(r.get("f"), r.get("g"))));
        assertThat(pairs).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i += rows.size() / 10) {
            Map<String, Object> row = rows.get(i);
            double single = distance(row.get("f"), row.get("g"), Map.of());
            assertThat((Double) row.get("distance")).isCloseTo(single, within(1e-9 * single));
        }
    }

    @Test
    void neitherConcurrencyNorTheOrderOfFeaturesChangesABit() {
        List<Map<String, Object>> rows = distances("{circuit: $slug, concurrency: 1}");
        assertThat(distances("{circuit: $slug, concurrency: 4}")).isEqualTo(rows);
        assertThat(distances("{circuit: $slug, concurrency: 3}")).isEqualTo(rows);
        assertThat(distances("{features: reverse($features)}"))
                .isEqualTo(distances("{features: $features}"))
                .isEqualTo(
                        rows.stream()
                                .filter(r -> features.subList(0, 20).contains(r.get("f")))
                                .filter(r -> features.subList(0, 20).contains(r.get("g")))
                                .toList());
    }

    @Test
    void storedDistancesAreThoseOfTheStreamAndAreReplaced() {
        List<Map<String, Object>> rows = distances("{features: $features}");
        Map<String, Object> stats =
                database.row(
                        "CALL sot.distances.stats({features: $features})",
                        "features",
                        features.subList(0, 20));
        double median = (Double) stats.get("median");
        long near = rows.stream().filter(r -> (Double) r.get("distance") <= median).count();
        assertThat(stats).containsEntry("pairs", (long) rows.size());
        assertThat((Double) stats.get("mean"))
                .isCloseTo(
                        rows.stream()
                                .mapToDouble(r -> (Double) r.get("distance"))
                                .average()
                                .orElseThrow(),
                        within(1e-9));
        assertThat(near).isBetween(1L, rows.size() - 1L);

        String write = "CALL sot.distances.write({features: $features, maxDistance: $max})";
        assertThat(database.row(write, "features", features.subList(0, 20), "max", median))
                .containsEntry("written", near)
                .containsEntry("beyondMaxDistance", rows.size() - near)
                .containsEntry("deleted", 0L);
        assertThat(
                        database.rows(
                                "MATCH (f:Feature)-[d:SEMANTIC_DISTANCE]->(g) RETURN f.key AS f,"
                                        + " g.key AS g, d.distance AS distance"))
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().filter(r -> (Double) r.get("distance") <= median).toList());
        assertThat(database.row(write, "features", features.subList(0, 20), "max", 1e9))
                .containsEntry("written", (long) rows.size())
                .containsEntry("beyondMaxDistance", 0L)
                .containsEntry("deleted", near);
        assertThat((Long) database.value("MATCH ()-[d:SEMANTIC_DISTANCE]->() RETURN count(d)"))
                .isEqualTo(rows.size());
        database.rows("MATCH ()-[d:SEMANTIC_DISTANCE]->() DELETE d");
    }

    private static Map<String, Object> compress(String slug, String id, Object... further) {
        Map<String, Object> configuration = new java.util.HashMap<>();
        configuration.put("id", id);
        for (int i = 0; i < further.length; i += 2) {
            configuration.put((String) further[i], further[i + 1]);
        }
        return database.row(
                "CALL sot.compress($slug, $configuration)",
                "slug",
                slug,
                "configuration",
                configuration);
    }

    @Test
    void whatIsStoredIsWhatIsStreamedAndSummarised() {
        Map<String, Object> written = compress(CIRCUIT, "stored", "targetSize", 12L);
        Map<String, Object> stats =
                database.row("CALL sot.compress.stats($slug, {targetSize: 12})", "slug", CIRCUIT);
        for (String column :
                List.of(
                        "circuit",
                        "space",
                        "nodes",
                        "featureNodes",
                        "withoutDistance",
                        "featureSupernodes",
                        "supernodes",
                        "superedges",
                        "within",
                        "between",
                        "silhouette",
                        "internalMass",
                        "cancelledMass",
                        "retainedMass",
                        "largestCycle")) {
            assertThat(stats.get(column)).as(column).isEqualTo(written.get(column));
        }
        assertThat(written).containsEntry("id", "stored").containsEntry("featureSupernodes", 12L);
        assertThat(stats.get("id")).isNull();
        List<Map<String, Object>> streamed =
                database.rows(
                        "CALL sot.compress.stream($slug, {targetSize: 12}) YIELD rank, label, kind,"
                                + " members UNWIND members AS n WITH rank, label, kind, n ORDER BY"
                                + " n.key WITH rank, label, kind, collect(n.key) AS members RETURN"
                                + " label, kind, members ORDER BY members[0]",
                        "slug",
                        CIRCUIT);
        assertThat(streamed).hasSize(((Long) written.get("supernodes")).intValue());
        assertThat(database.rows(PARTITION, "id", "stored")).isEqualTo(streamed);
        assertThat(
                        (Long)
                                database.value(
                                        "MATCH (:Compression {id: 'stored'})<-[:IN_COMPRESSION]-()"
                                                + "-[e:SUPER_ATTRIBUTES_TO]->() RETURN count(e)"))
                .isEqualTo(written.get("superedges"));
    }

    @Test
    void everyNodeIsInOneSupernodeOfItsOwnKind() {
        compress(CIRCUIT, "members");
        assertThat(
                        database.rows(
                                "MATCH (n:CircuitNode)-[:IN_CIRCUIT]->(:Circuit {slug: $slug}) WITH"
                                    + " n, COUNT {"
                                    + " (n)-[:MEMBER_OF]->()-[:IN_COMPRESSION]->(:Compression {id:"
                                    + " 'members'}) } AS memberships WHERE memberships <> 1 RETURN"
                                    + " n.key",
                                "slug",
                                CIRCUIT))
                .isEmpty();
        assertThat(
                        database.rows(
                                "MATCH"
                                    + " (n:CircuitNode)-[:MEMBER_OF]->(s)-[:IN_COMPRESSION]->(:Compression"
                                    + " {id: 'members'}) WITH s, collect(DISTINCT head([l IN"
                                    + " labels(n) WHERE l <> 'CircuitNode'])) AS kinds, count(n) AS"
                                    + " size WHERE size(kinds) <> 1 OR toLower(kinds[0]) <> s.kind"
                                    + " + 'node' OR size <> s.size RETURN s.key"))
                .isEmpty();
        assertThat(
                        (Double)
                                database.value(
                                        "MATCH (s:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->"
                                                + "(:Compression {id: 'members'}) RETURN"
                                                + " sum(s.influenceShare)"))
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void superedgesAreTheSumsOfTheLinksBetweenTheirMembers() {
        Map<String, Object> result = compress(CIRCUIT, "sums");
        List<Map<String, Object>> summed =
                database.rows(
                        "MATCH (c:Compression {id: 'sums'})<-[:IN_COMPRESSION]-(s)<-[:MEMBER_OF]-"
                            + "(a)-[l:ATTRIBUTES_TO]->(b)-[:MEMBER_OF]->(t)-[:IN_COMPRESSION]->(c)"
                            + " WHERE s <> t WITH s, t, sum(l.weight) AS weight, sum(abs(l.weight))"
                            + " AS absolute, sum(CASE WHEN l.weight > 0 THEN l.weight ELSE 0 END)"
                            + " AS positive, count(l) AS links OPTIONAL MATCH"
                            + " (s)-[e:SUPER_ATTRIBUTES_TO]->(t) RETURN weight, absolute, positive,"
                            + " links, e.weight AS w, e.absolute AS a, e.positive AS p, e.negative"
                            + " AS n, e.links AS k");
        assertThat(summed).hasSize(((Long) result.get("superedges")).intValue());
        double between = 0;
        double carried = 0;
        for (Map<String, Object> superedge : summed) {
            double absolute = (Double) superedge.get("absolute");
            between += absolute;
            carried += Math.abs((Double) superedge.get("w"));
            assertThat((Double) superedge.get("w"))
                    .isCloseTo((Double) superedge.get("weight"), within(1e-9));
            assertThat((Double) superedge.get("a")).isCloseTo(absolute, within(1e-9));
            assertThat((Double) superedge.get("p"))
                    .isCloseTo(((Number) superedge.get("positive")).doubleValue(), within(1e-9));
            assertThat((Double) superedge.get("p") + (Double) superedge.get("n"))
                    .isCloseTo((Double) superedge.get("w"), within(1e-9));
            assertThat(((Number) superedge.get("k")).longValue()).isEqualTo(superedge.get("links"));
        }
        double total =
                database.<Double>value(
                        "MATCH (:Circuit {slug: $slug})<-[:IN_CIRCUIT]-(n)-[l:ATTRIBUTES_TO]->()"
                                + " RETURN sum(abs(l.weight))",
                        "slug",
                        CIRCUIT);
        assertThat((Double) result.get("internalMass"))
                .isCloseTo(1 - between / total, within(1e-9));
        assertThat((Double) result.get("retainedMass")).isCloseTo(carried / total, within(1e-9));
    }

    @Test
    void theSameCallGivesTheSamePartitionAndReplacesIt() {
        compress(CIRCUIT, "again", "targetSize", 15L, "concurrency", 1L);
        List<Map<String, Object>> first = database.rows(PARTITION, "id", "again");
        List<Map<String, Object>> contents = database.contents();
        compress(CIRCUIT, "again", "targetSize", 15L, "concurrency", 4L);
        assertThat(database.rows(PARTITION, "id", "again")).isEqualTo(first);
        assertThat(database.contents()).isEqualTo(contents);
    }

    @Test
    void theSizeIsSetByNumberRatioOrDistance() {
        Map<String, Object> all = compress(CIRCUIT, "size", "targetSize", 9L);
        assertThat(all).containsEntry("featureSupernodes", 9L);
        long grouped = (Long) all.get("featureNodes") - (Long) all.get("withoutDistance");
        long items = (Long) all.get("items");
        assertThat((Long) compress(CIRCUIT, "size", "targetRatio", 0.5).get("featureSupernodes"))
                .isBetween(grouped / 2 - 1, grouped / 2 + 1);
        long far = (Long) compress(CIRCUIT, "size", "maxDistance", 1e9).get("featureSupernodes");
        long near = (Long) compress(CIRCUIT, "size", "maxDistance", 0.0).get("featureSupernodes");
        assertThat(far).isEqualTo(1);
        assertThat(near).isEqualTo(grouped);
        Map<String, Object> one = compress(CIRCUIT, "size", "targetSize", 1L);
        assertThat(one).containsEntry("featureSupernodes", 1L);
        assertThat(one.get("silhouette")).isNull();
        assertThat(compress(CIRCUIT, "size", "targetSize", 1_000_000L))
                .containsEntry("featureSupernodes", items);
    }

    @Test
    void theOrderOfNodesAndLinksInTheFileChangesNoSupernodeAndNoSuperedge() {
        JsonNode original =
                CircuitJson.read(
                        database.importDirectory().resolve("circuits/" + CIRCUIT + ".json"));
        database.write("shuffled.json", CircuitJson.shuffled(original, "shuffled", 3).toString());
        database.row("CALL sot.import.circuit('shuffled.json')");
        compress(CIRCUIT, "in order", "targetSize", 20L);
        compress("shuffled", "out of order", "targetSize", 20L);
        assertThat(partition("out of order")).isEqualTo(partition("in order"));
        List<Map<String, Object>> expected = superedges("in order");
        List<Map<String, Object>> actual = superedges("out of order");
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).get("ends")).isEqualTo(expected.get(i).get("ends"));
            assertThat((Double) actual.get(i).get("weight"))
                    .isCloseTo((Double) expected.get(i).get("weight"), within(1e-12));
            assertThat((Double) actual.get(i).get("normalizedWeight"))
                    .isCloseTo((Double) expected.get(i).get("normalizedWeight"), within(1e-12));
        }
        database.row("CALL sot.drop.circuit('shuffled')");
    }

    private static List<Map<String, Object>> partition(String id) {
        return database.rows(
                "MATCH (n)-[:MEMBER_OF]->(s:Supernode)-[:IN_COMPRESSION]->(:Compression {id: $id})"
                        + " WITH s, n ORDER BY n.nodeId WITH s, collect(n.nodeId) AS members"
                        + " RETURN s.label AS label, members ORDER BY members[0]",
                "id",
                id);
    }

    private static List<Map<String, Object>> superedges(String id) {
        return database.rows(
                "MATCH (c:Compression {id:"
                    + " $id})<-[:IN_COMPRESSION]-(s)-[e:SUPER_ATTRIBUTES_TO]->(t) MATCH"
                    + " (a)-[:MEMBER_OF]->(s) MATCH (b)-[:MEMBER_OF]->(t) WITH e, min(a.nodeId) + '"
                    + " ' + min(b.nodeId) AS ends RETURN ends, e.weight AS weight,"
                    + " e.normalizedWeight AS normalizedWeight ORDER BY ends",
                "id",
                id);
    }

    @Test
    void expandShowsTheMembersWithTheLinksAmongThem() {
        compress(CIRCUIT, "expanded", "targetSize", 8L);
        for (Map<String, Object> supernode :
                database.rows(
                        "MATCH (s:Supernode)-[:IN_COMPRESSION]->(:Compression {id: 'expanded'})"
                                + " RETURN s.key AS key, s.size AS size, COUNT {"
                                + " (s)<-[:MEMBER_OF]-()-[:ATTRIBUTES_TO]->()-[:MEMBER_OF]->(s) }"
                                + " AS links")) {
            Map<String, Object> row =
                    database.row(
                            "CALL sot.expand($key) YIELD member, feature, links RETURN"
                                    + " count(member) AS size, sum(size(links)) AS links,"
                                    + " count(DISTINCT feature) AS features",
                            "key",
                            supernode.get("key"));
            assertThat((Long) row.get("size"))
                    .isEqualTo(((Number) supernode.get("size")).longValue());
            assertThat(row).containsEntry("links", supernode.get("links"));
        }
        database.failure("CALL sot.expand('nothing')").contains("nothing").contains("supernode");
    }

    @Test
    void anIdBelongsToOneCircuit() {
        compress(CIRCUIT, "taken");
        database.failure("CALL sot.compress('add-333-666-thousands', {id: 'taken'})")
                .contains("'taken'")
                .contains(CIRCUIT);
    }

    @Test
    void droppingACompressionLeavesTheCircuitAsItWas() {
        List<Map<String, Object>> before = database.contents();
        Map<String, Object> written = compress(CIRCUIT, "dropped");
        assertThat(database.contents()).isNotEqualTo(before);
        assertThat(database.row("CALL sot.compress.drop('dropped')"))
                .containsEntry("supernodes", written.get("supernodes"))
                .containsEntry("superedges", written.get("superedges"));
        assertThat(database.contents()).isEqualTo(before);
        database.failure("CALL sot.compress.drop('dropped')").contains("'dropped'");
    }

    @Test
    void anExportedCompressionCanBeImportedAgain() {
        compress(CIRCUIT, "exported", "targetSize", 10L);
        Map<String, Object> exported =
                database.row(
                        "CALL sot.export.circuit($slug, 'with-supernodes.json', {compression:"
                                + " 'exported', overwrite: true})",
                        "slug",
                        CIRCUIT);
        assertThat((Long) exported.get("supernodes")).isPositive();
        JsonNode qParams =
                CircuitJson.read(database.importDirectory().resolve("with-supernodes.json"))
                        .get("qParams");
        List<Set<String>> groups = new ArrayList<>();
        qParams.get("supernodes")
                .forEach(
                        g -> {
                            Set<String> members = new HashSet<>();
                            g.forEach(m -> members.add(m.asText()));
                            members.remove(g.get(0).asText());
                            groups.add(members);
                        });
        List<Set<String>> stored =
                database
                        .rows(
                                "MATCH (n:FeatureNode)-[:MEMBER_OF]->(s {kind: 'feature'})"
                                        + "-[:IN_COMPRESSION]->(:Compression {id: 'exported'}) WITH"
                                        + " s, collect(n.nodeId) AS members WHERE size(members) > 1"
                                        + " RETURN members")
                        .stream()
                        .<Set<String>>map(r -> new HashSet<>(strings(r.get("members"))))
                        .toList();
        assertThat(groups).containsAll(stored);
    }

    private static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }
}
