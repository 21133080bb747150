package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * A space of the corpus {@code base} that is given {@code batch1} to {@code batch7}. Features 0 and
 * 1 of layer 1 fire in the first only, feature 2 of layer 1 from batch 3 on, feature 7 of layer 2
 * in the states of another cluster in batches than before.
 */
class DistributionAppendTest {

    private static final int BATCHES = 7;
    private static final String KEY = SmallBundle.DICTIONARY + "/";
    private static final String MOVED = KEY + "2/7";
    private static final String NEW = KEY + "1/2";
    private static final List<String> UNTOUCHED = List.of(KEY + "1/0", KEY + "1/1");

    private static final String APPEND =
            "CALL sot.distributions.append({space: 'grown', corpus: $corpus})";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importAll() {
        for (int b = 0; b <= BATCHES; b++) {
            int batch = b;
            Random random = new Random(100 + b);
            SmallBundle.writePlanted(
                    database.importDirectory().resolve(name(b)),
                    (layer, feature, position) ->
                            fires(layer, feature, position, batch, random)
                                    ? Math.exp(random.nextGaussian())
                                    : 0);
            database.row("CALL sot.import.activations($name, {corpus: $name})", "name", name(b));
        }
        database.write("tiny.json", CircuitJson.small("tiny").toString());
        database.row("CALL sot.import.circuit('tiny.json')");
    }

    private static String name(int batch) {
        return batch == 0 ? "base" : "batch" + batch;
    }

    private static boolean fires(int layer, int feature, int position, int batch, Random random) {
        boolean often = random.nextDouble() < 0.5;
        if (layer == 0 && feature < 2) {
            return feature == 1 && position % SmallBundle.TOKENS == 0;
        }
        if (layer == 1 && feature < 2) {
            return often && batch == 0;
        }
        if (layer == 1 && feature == 2) {
            return often && batch >= 3;
        }
        if (layer == 2 && feature == 7) {
            return position % SmallBundle.CLUSTERS == (batch == 0 ? 0 : 1);
        }
        return often;
    }

    private static void fit() {
        database.row(
                "CALL sot.space.fit({name: 'grown', method: 'aligned', corpus: 'base', dimension:"
                        + " 3})");
        database.row("CALL sot.distributions.write({space: 'grown', support: 8})");
    }

    @AfterEach
    void drop() {
        database.rows(
                "CALL sot.space.list() YIELD space WITH collect(space) AS spaces UNWIND spaces AS"
                        + " space CALL sot.space.drop(space) YIELD distributions RETURN space");
        database.rows("MATCH (r:MatchRun) DETACH DELETE r");
        database.rows("MATCH (s:Supernode) DETACH DELETE s");
        database.rows("MATCH (c:Compression) DETACH DELETE c");
    }

    private static Map<String, Map<String, Object>> distributions() {
        Map<String, Map<String, Object>> distributions = new HashMap<>();
        database.rows(
                        "MATCH (f:Feature)-[:HAS_DISTRIBUTION]->(d {space: 'grown'}) RETURN f.key"
                                + " AS key, properties(d) AS properties")
                .forEach(r -> distributions.put((String) r.get("key"), asMap(r.get("properties"))));
        return distributions;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    void sevenBatchesInAnyOrderAreOneBuild() {
        fit();
        Map<String, Map<String, Object>> before = distributions();
        List<Integer> order = new ArrayList<>(IntStream.rangeClosed(1, BATCHES).boxed().toList());
        Collections.shuffle(order, new Random(3));
        long newFeatures = 0;
        for (int i = 0; i < BATCHES; i++) {
            Map<String, Object> row = database.row(APPEND, "corpus", name(order.get(i)));
            assertThat(row)
                    .containsEntry("status", "appended")
                    .containsEntry("batch", i + 1L)
                    .containsEntry("positions", (long) SmallBundle.POSITIONS)
                    .containsEntry("onlyExcludedFeatures", 1L)
                    .containsEntry("withoutDistribution", 0L)
                    // The feature that fires from batch 3 on has one as soon as it fires.
                    .containsEntry("untouchedFeatures", order.get(i) < 3 ? 2 + newFeatures : 2)
                    .containsEntry("leavesSpace", false);
            newFeatures += (Long) row.get("newFeatures");
        }
        assertThat(newFeatures).isEqualTo(1);
        Map<String, Map<String, Object>> grown = distributions();
        database.row("CALL sot.distributions.write({space: 'grown', support: 8})");
        Map<String, Map<String, Object>> built = distributions();
        database.row("CALL sot.distributions.write({space: 'grown', support: 4096})");
        Map<String, Map<String, Object>> full = distributions();

        assertThat(grown.keySet()).isEqualTo(built.keySet()).hasSize(22);
        PointTable points = points("grown");
        for (String key : grown.keySet()) {
            Map<String, Object> one = grown.get(key);
            Map<String, Object> other = built.get(key);
            assertThat(one.get("firings")).isEqualTo(other.get("firings"));
            assertThat(one.get("excludedFirings")).isEqualTo(other.get("excludedFirings"));
            double mass = (Double) other.get("mass");
            assertThat((Double) one.get("mass")).isCloseTo(mass, within(1e-12 * mass));
            assertThat((double[]) one.get("firstMoments"))
                    .containsExactly((double[]) other.get("firstMoments"), within(1e-12 * mass));
            assertThat((double[]) one.get("secondMoments"))
                    .containsExactly((double[]) other.get("secondMoments"), within(1e-12 * mass));
            assertThat((Double) one.get("effectiveSampleSize"))
                    .isCloseTo((Double) other.get("effectiveSampleSize"), within(1e-10));
            if (UNTOUCHED.contains(key)) {
                assertThat(same(one)).isEqualTo(same(before.get(key)));
                continue;
            }
            for (int p = 1; p <= 2; p++) {
                double error = error(one, p);
                // A feature that is new has the default support, which all its firings fit in.
                assertThat(error > 0).as(key).isNotEqualTo(key.equals(NEW));
                assertThat(distance(points, one, full.get(key), p))
                        .isLessThanOrEqualTo(error + 1e-9);
                assertThat(distance(points, one, other, p))
                        .isLessThanOrEqualTo(error + error(other, p) + 1e-9);
            }
        }
    }

    private static double error(Map<String, Object> distribution, int order) {
        return (Double) distribution.get("supportError" + order);
    }

    /** Properties that can be compared. */
    private static Map<String, Object> same(Map<String, Object> properties) {
        Map<String, Object> same = new HashMap<>(properties);
        same.replaceAll(
                (k, v) ->
                        v instanceof double[] doubles
                                ? Arrays.toString(doubles)
                                : v instanceof int[] ints ? Arrays.toString(ints) : v);
        return same;
    }

    private static PointTable points(String space) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Map<String, Object> row :
                database.rows(
                        "MATCH (p:Points)-[:IN_SPACE]->(:ReferenceSpace {name: $space}) RETURN"
                                + " p.values AS values ORDER BY p.start",
                        "space",
                        space)) {
            float[] values = (float[]) row.get("values");
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
            bytes.asFloatBuffer().put(values);
            all.writeBytes(bytes.array());
        }
        float[] values = new float[all.size() / 4];
        ByteBuffer.wrap(all.toByteArray()).asFloatBuffer().get(values);
        return new PointTable(
                database.<Number>value(
                                "MATCH (s:ReferenceSpace {name: $space}) RETURN s.dimension",
                                "space",
                                space)
                        .intValue(),
                values);
    }

    private static double distance(
            PointTable points, Map<String, Object> a, Map<String, Object> b, int order) {
        Geometry geometry = new Geometry(points, GroundCost.EUCLIDEAN, order);
        return new Wasserstein(geometry, Monitor.NONE)
                .distance(geometry.cloud(distribution(a)), geometry.cloud(distribution(b)));
    }

    private static Distribution distribution(Map<String, Object> properties) {
        return new Distribution(
                (int[]) properties.get("positions"), (double[]) properties.get("weights"));
    }

    @Test
    void aSampleIsThatOfOneBuild() {
        fit();
        database.row(
                "CALL sot.distributions.write({space: 'grown', support: 8, supportMethod:"
                        + " 'sampled', seed: 5})");
        database.row(APPEND, "corpus", "batch1");
        Map<String, Map<String, Object>> grown = distributions();
        database.row(
                "CALL sot.distributions.write({space: 'grown', support: 8, supportMethod:"
                        + " 'sampled', seed: 5})");
        Map<String, Map<String, Object>> built = distributions();
        for (String key : grown.keySet()) {
            for (String property : List.of("positions", "weights", "supportError1", "mass")) {
                assertThat(same(grown.get(key)).get(property))
                        .as(key + " " + property)
                        .isEqualTo(same(built.get(key)).get(property));
            }
        }
    }

    @Test
    void onlyWhatRestsOnTouchedFeaturesBecomesStale() {
        fit();
        String all = "{space: 'grown', dictionary: '" + SmallBundle.DICTIONARY + "'}";
        database.row("CALL sot.distances.write(" + all + ")");
        database.row(
                "CALL sot.nearest.write({space: 'grown', dictionary: '"
                        + SmallBundle.DICTIONARY
                        + "', layers: [1], k: 1})");
        database.row("CALL sot.compress('tiny', {space: 'grown', level: 'feature', id: 'tiny'})");
        long distances = database.value("MATCH ()-[d:SEMANTIC_DISTANCE]->() RETURN count(d)");
        Map<String, Object> row = database.row(APPEND, "corpus", "batch1");
        assertThat(row)
                .containsEntry("staleDistances", distances - 1)
                .containsEntry("staleCompressions", 1L)
                .containsEntry("staleMatchRuns", 0L);
        assertThat(
                        database.<List<String>>value(
                                "MATCH (f)-[d:SEMANTIC_DISTANCE]-() WHERE d.staleSince IS NULL"
                                        + " RETURN collect(f.key)"))
                .containsExactlyInAnyOrderElementsOf(UNTOUCHED);
        assertThat((Long) row.get("staleNeighbours"))
                .isPositive()
                .isEqualTo(
                        database.<Long>value(
                                "MATCH ()-[n:NEAREST]->() WHERE n.staleSince IS NOT NULL RETURN"
                                        + " count(n)"));
        database.failure("CALL sot.evaluate('tiny')").contains("'grown'").contains("compress");

        database.row("CALL sot.distances.write(" + all + ")");
        assertThat(
                        database.<Long>value(
                                "MATCH ()-[d:SEMANTIC_DISTANCE]->() WHERE d.staleSince IS NOT NULL"
                                        + " RETURN count(d)"))
                .isZero();
        database.row("CALL sot.compress('tiny', {space: 'grown', level: 'feature', id: 'tiny'})");
        assertThat(
                        database.<Boolean>value(
                                "MATCH (c:Compression {id: 'tiny'}) RETURN c.staleSince IS NULL"))
                .isTrue();
    }

    @Test
    void aBatchIsAddedOnce() {
        fit();
        database.row(APPEND, "corpus", "batch1");
        List<Map<String, Object>> before = database.contents();
        Map<String, Map<String, Object>> distributions = distributions();
        assertThat(database.row(APPEND, "corpus", "batch1"))
                .containsEntry("status", "unchanged")
                .containsEntry("updatedFeatures", 0L)
                .containsEntry("firings", 0L);
        database.row("CALL sot.import.activations('batch1', {corpus: 'again'})");
        assertThat(database.row(APPEND, "corpus", "again"))
                .containsEntry("status", "unchanged")
                .containsEntry("corpus", "batch1")
                .containsEntry("batch", 1L);
        database.row("CALL sot.drop.corpus('again')");
        assertThat(database.row(APPEND, "corpus", "base"))
                .containsEntry("status", "unchanged")
                .containsEntry("batch", 0L);
        assertThat(database.contents()).isEqualTo(before);
        Map<String, Map<String, Object>> after = distributions();
        distributions.forEach((k, d) -> assertThat(same(after.get(k))).isEqualTo(same(d)));
    }

    @Test
    void whatWasCutShortIsCompleted() {
        fit();
        Map<String, Map<String, Object>> before = distributions();
        database.row(APPEND, "corpus", "batch1");
        Map<String, Map<String, Object>> whole = distributions();
        // As if the server had been killed before one feature was written.
        try (Transaction tx = database.service().beginTx()) {
            Node late = tx.findNode(Label.label("Distribution"), "key", MOVED + "@grown");
            before.get(MOVED).forEach(late::setProperty);
            tx.execute(
                    "MATCH (:ReferenceSpace {name: 'grown'})-[r:FITTED_ON]->({name: 'batch1'}) SET"
                            + " r.complete = false");
            tx.commit();
        }
        database.failure(APPEND, "corpus", "batch2").contains("batch1").contains("cut short");
        assertThat(database.row(APPEND, "corpus", "batch1"))
                .containsEntry("status", "completed")
                .containsEntry("updatedFeatures", 1L)
                .containsEntry("untouchedFeatures", 2L);
        Map<String, Map<String, Object>> completed = distributions();
        completed.values().forEach(d -> d.remove("updatedAt"));
        whole.values().forEach(d -> d.remove("updatedAt"));
        whole.forEach((k, d) -> assertThat(same(completed.get(k))).isEqualTo(same(d)));
        assertThat(database.row(APPEND, "corpus", "batch2")).containsEntry("batch", 2L);
    }

    @Test
    void anAppendThatIsRolledBackLeavesNothing() {
        fit();
        List<Map<String, Object>> before = database.contents();
        try (Transaction tx = database.service().beginTx()) {
            Database.rows(tx, APPEND, "corpus", "batch1");
            tx.rollback();
        }
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void writingDistributionsWaitsForABatchThatIsBeingAdded() throws Exception {
        fit();
        CompletableFuture<Map<String, Object>> writing;
        try (Transaction tx = database.service().beginTx()) {
            Database.rows(tx, APPEND, "corpus", "batch1");
            writing =
                    CompletableFuture.supplyAsync(
                            () ->
                                    database.row(
                                            "CALL sot.distributions.write({space: 'grown', support:"
                                                    + " 8})"));
            assertThatThrownBy(() -> writing.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            tx.commit();
        }
        writing.get(1, TimeUnit.MINUTES);
        Map<String, Object> moved = distributions().get(MOVED);
        assertThat(moved).containsEntry("batch", 1);
        assertThat((int) moved.get("firings") + (int) moved.get("excludedFirings"))
                .isEqualTo(
                        ((Number)
                                        database.row(
                                                        "MATCH ({key:"
                                                            + " $key})-[:HAS_ACTIVATIONS]->(a)-[:IN_CORPUS]->(c)"
                                                            + " WHERE c.name IN ['base', 'batch1']"
                                                            + " RETURN sum(a.firings) AS firings",
                                                        "key",
                                                        MOVED)
                                                .get("firings"))
                                .intValue());
    }

    @Test
    void driftIsThatOfTheFeatureThatMoved() {
        fit();
        database.failure("CALL sot.distributions.drift({space: 'grown'})").contains("append");
        database.row(APPEND, "corpus", "batch1");
        database.row(APPEND, "corpus", "batch3");
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.distributions.drift({space: 'grown', from: ['base'], concurrency:"
                                + " 1})");
        assertThat(rows).hasSize(22);
        assertThat(rows.get(0))
                .containsEntry("feature", MOVED)
                .containsEntry("beyondNoise", true)
                .containsEntry("fromFirings", 12L)
                .containsEntry("pValue", 0.05);
        assertThat((Double) rows.get(0).get("distance"))
                .isGreaterThan(2 * (Double) rows.get(0).get("noise"));
        assertThat(rows.stream().filter(r -> Boolean.TRUE.equals(r.get("beyondNoise"))).count())
                .isLessThanOrEqualTo(3);
        assertThat(rows.subList(19, 22))
                .extracting(r -> r.get("feature") + " " + r.get("distance"))
                .containsExactly(KEY + "1/0 null", KEY + "1/1 null", NEW + " null");
        // Two halves of the same.
        assertThat(
                        database.rows(
                                "CALL sot.distributions.drift({space: 'grown', from: ['batch1'],"
                                        + " to: ['batch3'], features: ['"
                                        + MOVED
                                        + "']})"))
                .extracting(r -> r.get("beyondNoise"))
                .containsExactly(false);
        assertThat(
                        database.rows(
                                "CALL sot.distributions.drift({space: 'grown', from: ['base'],"
                                        + " concurrency: 4})"))
                .isEqualTo(rows);
        database.failure("CALL sot.distributions.drift({space: 'grown', to: ['batch2']})")
                .contains("'batch2'")
                .contains("batch3");
        database.failure(
                        "CALL sot.distributions.drift({space: 'grown', from: ['base'], to:"
                                + " ['base']})")
                .contains("in common");
    }

    @ParameterizedTest
    @CsvSource({"aligned", "concat", "prompt", "tokens"})
    void aBatchLiesWhereAFitWithItPutsIt(String method) {
        for (int b = 0; b < 2; b++) {
            Random random = new Random(b);
            SmallBundle.writeLayered(
                    database.importDirectory().resolve("layered" + b),
                    (layer, feature, position) -> random.nextDouble() < 0.4 ? 1 : 0);
            database.row(
                    "CALL sot.import.activations($name, {corpus: $name})", "name", "layered" + b);
        }
        String options = method.equals("tokens") ? "" : ", dimension: 3";
        database.row(
                "CALL sot.space.fit({name: 'grown', method: $method, corpus: 'layered0'"
                        + options
                        + "})",
                "method",
                method);
        database.row("CALL sot.distributions.write({space: 'grown'})");
        if (method.equals("tokens")) {
            database.failure(
                            "CALL sot.distributions.append({space: 'grown', corpus: 'layered1',"
                                    + " support: 8})")
                    .contains("token")
                    .contains("[support, supportMethod, seed]");
        }
        database.row(APPEND, "corpus", "layered1");
        database.row(
                "CALL sot.space.fit({name: 'fitted', method: $method, "
                        + (method.equals("tokens") ? "" : "corpus: 'layered0', ")
                        + "corpora: ['layered0', 'layered1']"
                        + options
                        + "})",
                "method",
                method);
        String read =
                "MATCH (s:ReferenceSpace {name: $space}) OPTIONAL MATCH (p:Points)-[:IN_SPACE]->(s)"
                        + " WITH s, p ORDER BY p.start RETURN s.positions AS positions,"
                        + " s.excludedFirstTokens AS first, s.tokens AS tokens, s.sharedTokens AS"
                        + " shared, collect(p.excluded) AS excluded, collect(p.count) AS counts";
        assertThat(shown(database.row(read, "space", "grown")))
                .isEqualTo(shown(database.row(read, "space", "fitted")));
        PointTable grown = points("grown");
        PointTable fitted = points("fitted");
        assertThat(grown.size()).isEqualTo(fitted.size()).isEqualTo(2 * SmallBundle.POSITIONS);
        for (int p = 0; p < grown.size(); p++) {
            for (int k = 0; k < grown.dimension(); k++) {
                assertThat(grown.coordinate(p, k)).isCloseTo(fitted.coordinate(p, k), within(1e-6));
            }
        }
        database.row(
                "CALL sot.distributions.append({space: 'grown', corpus: 'layered1'}) YIELD status"
                        + " WHERE status = 'unchanged' RETURN status");
    }

    private static String shown(Map<String, Object> row) {
        return row.get("positions")
                + " "
                + row.get("first")
                + " "
                + row.get("tokens")
                + " "
                + row.get("shared")
                + " "
                + row.get("counts")
                + ((List<?>) row.get("excluded"))
                        .stream().map(e -> Arrays.toString((int[]) e)).toList();
    }

    @Test
    void whatDoesNotFitIsRefusedAndChangesNothing() {
        fit();
        SmallBundle.writeTokens(database.importDirectory().resolve("other"), "other");
        database.row("CALL sot.import.activations('other')");
        List<Map<String, Object>> before = database.contents();
        database.failure("CALL sot.distributions.append()").contains("{corpus: ...}");
        database.failure(APPEND, "corpus", "none").contains("'none'");
        database.failure(APPEND, "corpus", "other").contains("'other'").contains("model");
        assertThat(database.contents()).isEqualTo(before);
        database.row("CALL sot.drop.corpus('other')");

        SmallBundle.writeLayered(database.importDirectory().resolve("mapped"));
        database.row("CALL sot.import.activations('mapped', {corpus: 'mapped'})");
        database.row(
                "CALL sot.space.fit({name: 'turned', method: 'procrustes', corpus: 'mapped',"
                        + " dimension: 2})");
        database.failure("CALL sot.distributions.append({space: 'turned', corpus: 'batch1'})")
                .contains("'turned'")
                .contains("procrustes");
        database.row("CALL sot.space.drop('turned')");
        database.row("CALL sot.drop.corpus('mapped')");
        database.rows("MATCH (:ReferenceSpace {name: 'grown'})-[h:HAS_MAP]->() DELETE h");
        database.failure(APPEND, "corpus", "batch1").contains("sot.space.drop('grown')");
    }
}
