package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.graphdb.Transaction;

/** Compressions of graphs that people have in their database, without importing them. */
class OwnGraphTest {

    private static final String NODES =
            "MATCH (n:Unit {run: $run}) RETURN n AS node, n.what AS kind, n.depth AS layer, n.place"
                    + " AS position, n.p AS probability, n.feature AS feature";
    private static final String LINKS =
            "MATCH (a:Unit {run: $run})-[r:DRIVES]->(b) RETURN a AS source, b AS target, r.effect"
                    + " AS weight";
    private static final Map<String, Object> QUERIES =
            Map.of(
                    "nodeQuery",
                    NODES,
                    "relationshipQuery",
                    LINKS,
                    "parameters",
                    Map.of("run", "r1"),
                    "distance",
                    "edgeProfile",
                    "targetSize",
                    2L);
    private static final Map<String, Object> LABELS =
            Map.ofEntries(
                    Map.entry("nodeLabels", List.of("Unit")),
                    Map.entry("relationshipTypes", List.of("DRIVES")),
                    Map.entry("weightProperty", "effect"),
                    Map.entry("kindProperty", "what"),
                    Map.entry("layerProperty", "depth"),
                    Map.entry("positionProperty", "place"),
                    Map.entry("probabilityProperty", "p"),
                    Map.entry("featureProperty", "feature"),
                    Map.entry("distance", "edgeProfile"),
                    Map.entry("targetSize", 2L));
    private static final String PARTITION =
            "MATCH (n)-[:MEMBER_OF]->(s)-[:IN_COMPRESSION]->(:Compression {id: $id}) WITH s, n"
                    + " ORDER BY n.name WITH s, collect(n.name) AS members RETURN s.kind AS kind,"
                    + " members ORDER BY members[0]";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void features() {
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.rows("CALL sot.import.activations('bundle')");
        database.rows("CALL sot.space.fit({dimension: 4})");
        database.rows("CALL sot.distributions.write()");
    }

    @BeforeEach
    void graph() {
        database.rows("MATCH (n) WHERE n:Unit OR n:Compression OR n:Supernode DETACH DELETE n");
        database.rows(
                "CREATE (e:Unit {run: 'r1', name: 'e', what: 'embedding', place: 0}) CREATE (a:Unit"
                    + " {run: 'r1', name: 'a', depth: 0, place: 1, feature:"
                    + " 'model/dictionary/1/2'}) CREATE (b:Unit {run: 'r1', name: 'b', depth: 0,"
                    + " place: 1, feature: 'model/dictionary/1/3'}) CREATE (c:Unit {run: 'r1',"
                    + " name: 'c', depth: 1, place: 2, feature: 'model/dictionary/2/3'}) CREATE"
                    + " (d:Unit {run: 'r1', name: 'd', depth: 1, place: 2, feature:"
                    + " 'no/such/feature'}) CREATE (l:Unit {run: 'r1', name: 'l', what: 'logit', p:"
                    + " 0.5}) CREATE (e)-[:DRIVES {effect: 1}]->(a), (e)-[:DRIVES {effect:"
                    + " 2.0}]->(b), (a)-[:DRIVES {effect: 1.0}]->(c), (a)-[:DRIVES {effect:"
                    + " -0.5}]->(d), (b)-[:DRIVES {effect: 1.5}]->(c), (b)-[:DRIVES {effect:"
                    + " -1.0}]->(d), (c)-[:DRIVES {effect: 2.0}]->(l), (d)-[:DRIVES {effect:"
                    + " 1.0}]->(l)");
    }

    @Test
    void twoQueriesAreCompressedLikeLabelsAndTypes() {
        Map<String, Object> byQueries = compress("queries", QUERIES);
        Map<String, Object> byLabels = compress("labels", LABELS);
        assertThat(byQueries)
                .containsEntry("circuit", "mine")
                .containsEntry("nodes", 6L)
                .containsEntry("featureNodes", 4L)
                .containsEntry("featureSupernodes", 2L);
        assertThat(byLabels)
                .usingRecursiveComparison()
                .ignoringFields("id", "configuration")
                .ignoringFieldsMatchingRegexes(".*Millis")
                .isEqualTo(byQueries);
        assertThat(database.rows(PARTITION, "id", "queries"))
                .isEqualTo(database.rows(PARTITION, "id", "labels"))
                .extracting(r -> r.get("members"))
                .containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"), List.of("l"));
    }

    @Test
    void nodesWithoutLinksAreNotGroupedByLinks() {
        database.rows("CREATE (:Unit {run: 'r1', name: 'alone', depth: 0, place: 3})");
        assertThat(compress("labels", LABELS)).containsEntry("featureSupernodes", 2L);
        assertThat(database.rows(PARTITION, "id", "labels"))
                .extracting(r -> r.get("members"))
                .contains(List.of("alone"), List.of("a", "b"));
        database.failure(
                        "CALL sot.compress('mine', $c)",
                        "c",
                        with(LABELS, "relationshipTypes", List.of("NO_SUCH")))
                .contains("'mine' has a link of any weight; ")
                .contains("compare by what needs no links: {distance: 'wasserstein'}");
        Map<String, Object> places = with(LABELS, "relationshipTypes", List.of("NO_SUCH"));
        places.remove("targetSize");
        places.put("grouping", "layerPosition");
        places.put("distance", "wasserstein");
        assertThat(compress("places", places)).containsEntry("featureSupernodes", 2L);
    }

    private static Map<String, Object> compress(String id, Map<String, Object> configuration) {
        return database.row(
                "CALL sot.compress('mine', $configuration)"
                        + " YIELD id, circuit, nodes, featureNodes, featureSupernodes, supernodes,"
                        + " superedges, internalMass, cancelledMass, retainedMass RETURN *",
                "configuration",
                with(configuration, "id", id));
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> copy = new java.util.TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }

    @Test
    void influenceIsThatOfAnImport() {
        compress("own", QUERIES);
        List<Map<String, Object>> influences =
                database.rows(
                        "MATCH (n)-[m:MEMBER_OF]->() RETURN n.name AS name, m.influence AS"
                                + " influence, m.layer AS layer, m.kind AS kind, m.feature AS"
                                + " feature ORDER BY name");
        // Two thirds of the logit's input come from c, and of c's 2.5 one from a.
        assertThat((Double) influences.get(2).get("influence")).isCloseTo(1.0 / 3, within(1e-15));
        assertThat((Double) influences.get(0).get("influence"))
                .isCloseTo(0.5 * (2.0 / 3 / 2.5 + 1.0 / 3 / 3), within(1e-15));
        assertThat(influences.get(0))
                .containsEntry("layer", 0)
                .containsEntry("kind", "feature")
                .containsEntry("feature", "model/dictionary/1/2");
        assertThat(influences.get(3)).containsEntry("feature", null);
        assertThat(influences.get(4)).containsEntry("layer", -1).containsEntry("kind", "embedding");
    }

    @Test
    void distributionsOfImportedFeaturesGroupOnesOwnNodes() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.compress('mine', $c) YIELD withoutDistance, items, space RETURN"
                                + " *",
                        "c",
                        with(with(QUERIES, "distance", "wasserstein"), "targetSize", 1L));
        assertThat(row).containsEntry("withoutDistance", 1L).containsEntry("items", 3L);
    }

    @Test
    void theGraphIsLeftAsItIsAndDropRemovesAllOfOurs() {
        List<Map<String, Object>> before = database.contents();
        compress("own", QUERIES);
        assertThat(
                        database.rows(
                                "MATCH (n:Unit) RETURN labels(n) AS labels, size(keys(n)) AS keys,"
                                        + " COUNT {(n)-->()} - COUNT {(n)-->(:Supernode)} AS out"
                                        + " ORDER BY n.name"))
                .extracting(r -> r.get("labels"))
                .containsOnly(List.of("Unit"));
        database.rows("CALL sot.compress.drop('own')");
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void supernodesOfItAreExpandedAndListed() {
        compress("own", QUERIES);
        assertThat(
                        database.rows(
                                "CALL sot.expand('own/0') YIELD circuit, member, feature, nodeId,"
                                    + " layer, label, links RETURN circuit, member.name AS name,"
                                    + " feature.key AS feature, nodeId, layer, size(links) AS"
                                    + " links"))
                .allSatisfy(
                        r ->
                                assertThat(r)
                                        .containsEntry("circuit", "mine")
                                        .containsEntry("nodeId", null)
                                        .containsEntry("links", 0L))
                .hasSize(2);
        assertThat(
                        database.rows(
                                "CALL sot.list() YIELD type, name WHERE type = 'compression' RETURN"
                                        + " name"))
                .containsExactly(Map.of("name", "own"));
    }

    @Test
    void aQueryThatWritesIsRefusedBeforeItRuns() {
        for (String query :
                List.of(
                        "CREATE (n:Unit) RETURN n AS node",
                        "MATCH (n:Unit) SET n.x = 1 RETURN n AS node",
                        "CALL sot.schema.create() YIELD name MATCH (n:Unit) RETURN n AS node",
                        "MATCH (n:Unit) CALL { WITH n CREATE (m) RETURN m } RETURN n AS node")) {
            List<Map<String, Object>> before = database.contents();
            database.failure(
                            "CALL sot.compress('mine', $c)", "c", with(QUERIES, "nodeQuery", query))
                    .contains("`nodeQuery` is not a query that only reads, and was not run");
            assertThat(database.contents()).as(query).isEqualTo(before);
        }
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        fails("nodeQuery", "MATCH (n:Unit) RETURN n").contains("needed are also [node]");
        fails("nodeQuery", "MATCH (n:Unit) RETURN n AS node, 1 AS level")
                .contains("returns columns that mean nothing: [level]");
        fails("nodeQuery", "MATCH (n:Unit) RETURN n.name AS node")
                .contains("column `node` of `nodeQuery` must be a node");
        fails("nodeQuery", "MATCH (n:Unit)--() RETURN n AS node").contains("in two rows");
        fails("nodeQuery", "MATCH (n:Unit) RETURN n AS node, 'token' AS kind")
                .contains("must be one of [feature, embedding, error, logit], got token");
        fails("nodeQuery", "MATCH (n:Unit) RETURN n AS node, 'x' AS layer")
                .contains("the layer of node :Unit")
                .contains("must be a whole number, got x");
        fails("nodeQuery", "MATCH (n:Unit) RETURN n AS node, 2 AS probability, 'logit' AS kind")
                .contains("must be a number from 0 to 1, got 2");
        fails("nodeQuery", "MATCH (n:Unit) RETURN n AS node, 3 AS feature")
                .contains("must be a :Feature node or its key, got 3");
        fails("nodeQuery", "MATCH (n:Nothing) RETURN n AS node").contains("there is no node in it");
        fails("nodeQuery", "MATCH (n:Unit) RETRUN n AS node").contains("`nodeQuery` fails: ");
        fails("nodeQuery", "MATCH (n:Unit) WHERE n.name <> 'a' RETURN n AS node")
                .contains(", which `nodeQuery` does not return");
        fails("relationshipQuery", "MATCH (a:Unit)-[r]->(b) RETURN a AS source, b AS target")
                .contains("needed are also [weight]");
        fails(
                        "relationshipQuery",
                        "MATCH (a:Unit)-[r]->(b) RETURN a AS source, b AS target, r.w AS weight")
                .contains("must be a finite number, got null");
        fails(
                        "relationshipQuery",
                        "MATCH (a:Unit)-[r]->(b) UNWIND [1, 2] AS w RETURN a AS source, b AS"
                                + " target, w AS weight")
                .contains("there are two links from")
                .contains("sum(r.weight)");
        database.failure(
                        "CALL sot.compress('mine', $c)",
                        "c",
                        with(QUERIES, "nodeLabels", List.of()))
                .contains("`nodeLabels` goes with `relationshipTypes`");
        database.failure(
                        "CALL sot.compress('mine', $c)",
                        "c",
                        with(QUERIES, "layerProperty", "depth"))
                .contains("a query returns the column `layer` instead");
        database.failure("CALL sot.compress($c)", "c", List.of()).contains("is an empty list");
        database.failure("CALL sot.compress(null, $c)", "c", QUERIES)
                .contains("argument `circuit` must be a name");
        database.failure(
                        "CALL sot.compress('mine', $c)",
                        "c",
                        with(
                                with(QUERIES, "samePosition", true),
                                "nodeQuery",
                                "MATCH (n:Unit) RETURN n AS node"))
                .contains("`samePosition` needs the position of every feature node");
        database.failure("CALL sot.compress('', {nodeQuery: 'x'})")
                .contains("`nodeQuery` goes with `relationshipQuery`");
    }

    private static org.assertj.core.api.AbstractStringAssert<?> fails(String key, String query) {
        return database.failure("CALL sot.compress('mine', $c)", "c", with(QUERIES, key, query));
    }

    @Test
    void aCycleThatInfluenceCannotLeaveIsNamed() {
        database.rows(
                "MATCH (c:Unit {name: 'c'})-[r:DRIVES]->() MATCH (a {name: 'a'}) MATCH"
                        + " ()-[s:DRIVES]->(a) DELETE s WITH DISTINCT a, c MATCH"
                        + " (b:Unit)-[t:DRIVES]->(c) WHERE b <> a DELETE t WITH DISTINCT a, c"
                        + " CREATE (c)-[:DRIVES {effect: 1.0}]->(a)");
        database.failure("CALL sot.compress('mine', $c)", "c", QUERIES)
                .contains("graph 'mine': influence has not converged");
    }

    @Test
    void selectionsUnderOneNameHaveDifferentIds() {
        List<Map<String, Object>> selections =
                List.of(
                        QUERIES,
                        with(QUERIES, "parameters", Map.of("run", "r1", "unused", 1L)),
                        with(QUERIES, "nodeQuery", NODES + " ORDER BY n.name"),
                        LABELS,
                        with(LABELS, "nodeLabels", List.of("Unit", "Other")));
        Set<Object> ids = new HashSet<>();
        for (Map<String, Object> selection : selections) {
            ids.add(
                    database.value(
                            "CALL sot.compress('mine', $c) YIELD id RETURN id", "c", selection));
        }
        assertThat(ids)
                .hasSize(selections.size())
                .allSatisfy(
                        id ->
                                assertThat((String) id)
                                        .matches("mine/edgeProfile-ward-2-graph=[0-9a-f]{8}"));
        Object again =
                database.value("CALL sot.compress('mine', $c) YIELD id RETURN id", "c", LABELS);
        assertThat(again).isIn(ids);
    }

    @Test
    void cyclesThatAreThereAlreadyAreReportedOrCollapsedNotRefused() {
        database.rows(
                "MATCH (a:Unit {name: 'a'}), (c:Unit {name: 'c'}) CREATE (c)-[:DRIVES {effect:"
                        + " 0.5}]->(a)");
        database.failure("CALL sot.compress('mine', $c)", "c", with(QUERIES, "acyclic", "refuse"))
                .endsWith("; give acyclic: 'report' or 'collapse' instead");
        for (String acyclic : List.of("report", "collapse")) {
            compress(acyclic, with(with(QUERIES, "acyclic", acyclic), "targetSize", 4L));
        }
    }

    @Test
    void severalCompressionsStandSideBySideAndEachIsReplacedWhole() {
        compress("one", QUERIES);
        compress("two", with(QUERIES, "targetSize", 3L));
        List<Map<String, Object>> two = database.rows(PARTITION, "id", "two");
        compress("one", with(QUERIES, "targetSize", 1L));
        assertThat(database.rows(PARTITION, "id", "two")).isEqualTo(two);
        assertThat(database.rows(PARTITION, "id", "one")).hasSize(3);
        database.failure("CALL sot.compress('other', $c)", "c", with(QUERIES, "id", "one"))
                .contains("there is a compression 'one' of the graph 'mine'; give another id");
        try (Transaction tx = database.service().beginTx()) {
            Database.rows(tx, "CALL sot.compress('mine', $c)", "c", with(QUERIES, "id", "one"));
            tx.rollback();
        }
        assertThat(database.rows(PARTITION, "id", "one")).hasSize(3);
    }
}
