package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nearest neighbours are those that all distances give. */
class NearestTest {

    private static final String ALL = "dictionary: '" + SmallBundle.DICTIONARY + "'";
    private static final long PRESENT = SmallBundle.LAYERS * SmallBundle.WIDTH - 2L;

    @RegisterExtension static final Database database = Database.withSchema();

    private static Map<String, Double> distances;

    @BeforeAll
    static void importSmallData() {
        database.write("tiny.json", CircuitJson.small("tiny").toString());
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.circuit('tiny.json')");
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit({dimension: 4})");
        database.row("CALL sot.distributions.write({support: 8})");
        distances = new HashMap<>();
        for (Map<String, Object> row :
                database.rows(
                        "CALL sot.distances.stream({"
                                + ALL
                                + "}) YIELD feature1 AS f, feature2 AS g, distance RETURN f.key AS"
                                + " f, g.key AS g, distance")) {
            distances.put(row.get("f") + " " + row.get("g"), (Double) row.get("distance"));
            distances.put(row.get("g") + " " + row.get("f"), (Double) row.get("distance"));
        }
    }

    /** Neighbours by source, as "key distance" in the order of their ranks. */
    private static Map<String, List<String>> nearest(String configuration) {
        Map<String, List<String>> found = new HashMap<>();
        for (Map<String, Object> row :
                database.rows(
                        "CALL sot.nearest.stream({"
                                + configuration
                                + "}) YIELD source, target, rank, distance RETURN source.key AS f,"
                                + " target.key AS g, rank, distance")) {
            List<String> row1 =
                    found.computeIfAbsent((String) row.get("f"), key -> new ArrayList<>());
            row1.add(row.get("g") + " " + row.get("distance"));
            assertThat(row.get("rank")).isEqualTo((long) row1.size());
        }
        return found;
    }

    private static List<String> bruteForce(String source, int k, double within, String prefix) {
        return distances.entrySet().stream()
                .filter(e -> e.getKey().startsWith(source + " " + prefix))
                .filter(e -> e.getValue() <= within)
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .limit(k)
                .map(e -> e.getKey().split(" ")[1] + " " + e.getValue())
                .toList();
    }

    @Test
    void theNearestAreThoseOfAllDistances() {
        Map<String, List<String>> found = nearest(ALL);
        assertThat(found).hasSize((int) PRESENT);
        found.forEach(
                (source, neighbours) ->
                        assertThat(neighbours)
                                .isEqualTo(bruteForce(source, 5, Double.MAX_VALUE, "")));
        assertThat(nearest(ALL + ", concurrency: 1")).isEqualTo(found);
    }

    @Test
    void aDistanceAloneGivesAllWithinAndWithKTheNearestOfThem() {
        double far = distances.values().stream().sorted().toList().get(distances.size() / 2);
        nearest(ALL + ", maxDistance: " + far)
                .forEach(
                        (source, neighbours) ->
                                assertThat(neighbours).isEqualTo(bruteForce(source, 99, far, "")));
        nearest(ALL + ", k: 2, maxDistance: " + far)
                .forEach(
                        (source, neighbours) ->
                                assertThat(neighbours).isEqualTo(bruteForce(source, 2, far, "")));
    }

    @Test
    void targetsMayBeOthersAndNoFeatureIsItsOwnNeighbour() {
        String layer = SmallBundle.DICTIONARY + "/2/";
        Map<String, List<String>> found =
                nearest(ALL + ", k: 3, targets: {" + ALL + ", layers: [2]}");
        assertThat(found).hasSize((int) PRESENT);
        found.forEach(
                (source, neighbours) ->
                        assertThat(neighbours)
                                .isEqualTo(bruteForce(source, 3, Double.MAX_VALUE, layer)));
        String one = SmallBundle.DICTIONARY + "/1/3";
        assertThat(nearest("features: ['" + one + "'], targets: {" + ALL + "}"))
                .containsOnlyKeys(one)
                .containsValue(bruteForce(one, 5, Double.MAX_VALUE, ""));
    }

    @Test
    void aQueryMayChooseTheFeatures() {
        String layer = "MATCH (f:Feature {layer: 2}) RETURN f";
        assertThat(nearest("featureQuery: '" + layer + "', targets: {" + ALL + "}"))
                .isEqualTo(nearest(ALL + ", layers: [2], targets: {" + ALL + "}"));
        assertThat(
                        nearest(
                                ALL
                                        + ", targets: {featureQuery: '"
                                        + layer
                                        + " UNION ALL "
                                        + layer
                                        + "'}"))
                .isEqualTo(nearest(ALL + ", targets: {" + ALL + ", layers: [2]}"));
        failure("featureQuery: 'MATCH (f:Feature) SET f.seen = true RETURN f'")
                .contains("`featureQuery` is not a query that only reads, and was not run");
        failure("featureQuery: 'MATCH (f:Feature) RETURN f, f.key'")
                .contains("one column of :Feature nodes, got the columns [f, f.key]");
        failure("featureQuery: 'MATCH (c:Corpus) RETURN c'").contains("must return :Feature nodes");
        failure("featureQuery: 'MATCH (f'").contains("`featureQuery` fails");
        failure(ALL + ", featureQuery: '" + layer + "'").contains("give only one of");
        failure(ALL + ", targets: {featureQuery: 'MATCH (f:Nothing) RETURN f'}")
                .contains("no target is selected");
    }

    @Test
    void aBudgetIsKeptAndWhatItLeavesOpenIsSaid() {
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.nearest.stream({"
                                + ALL
                                + ", k: 3, budget: 3, groundCost: 'cosine', order: 2})");
        assertThat(rows).isNotEmpty().extracting(r -> r.get("proved")).contains(false);
        Map<String, Object> stats =
                database.row(
                        "CALL sot.nearest.stats({"
                                + ALL
                                + ", k: 3, budget: 3, groundCost: 'cosine', order: 2})");
        assertThat((Long) stats.get("exact")).isBetween(1L, 3 * PRESENT);
        assertThat((Long) stats.get("open")).isPositive();
        assertThat((Long) stats.get("proved")).isLessThan(PRESENT);
        assertThat(database.row("CALL sot.nearest.stats({" + ALL + "})"))
                .containsEntry("sources", PRESENT)
                .containsEntry("targets", PRESENT)
                .containsEntry("sourcesWithoutDistribution", 2L)
                .containsEntry("proved", PRESENT)
                .containsEntry("neighbours", 5 * PRESENT)
                .containsEntry("pairs", PRESENT * (PRESENT - 1))
                .containsEntry("open", 0L)
                .satisfies(
                        s ->
                                assertThat(
                                                (Long) s.get("excludedBySummary")
                                                        + (Long) s.get("excludedByPotential")
                                                        + (Long) s.get("excludedByDual")
                                                        + (Long) s.get("exact"))
                                        .isEqualTo(PRESENT * (PRESENT - 1)));
    }

    @Test
    void theDistancesOfTheFullDistributionsAreBracketed() {
        String neighbours = "CALL sot.nearest.stream({" + ALL + ", k: 99";
        String pairs =
                "}) YIELD source, target, distance, fullLower, fullUpper RETURN source.key + ' ' +"
                        + " target.key AS pair, distance, fullLower, fullUpper ORDER BY pair";
        List<Map<String, Object>> kept = database.rows(neighbours + pairs);
        List<Map<String, Object>> full;
        database.row("CALL sot.distributions.write({support: 4000})");
        try {
            full = database.rows(neighbours + pairs);
        } finally {
            database.row("CALL sot.distributions.write({support: 8})");
        }
        assertThat(kept).hasSameSizeAs(full).hasSize((int) (PRESENT * (PRESENT - 1)));
        for (int i = 0; i < kept.size(); i++) {
            double distance = (Double) full.get(i).get("distance");
            assertThat(full.get(i))
                    .containsEntry("pair", kept.get(i).get("pair"))
                    .containsEntry("fullLower", distance)
                    .containsEntry("fullUpper", distance);
            assertThat(distance)
                    .isBetween(
                            (Double) kept.get(i).get("fullLower"),
                            (Double) kept.get(i).get("fullUpper"));
        }
        assertThat(kept)
                .anySatisfy(r -> assertThat(r.get("fullUpper")).isNotEqualTo(r.get("distance")));
        for (Map<String, Object> row :
                database.rows(
                        "CALL sot.distances.stream({"
                                + ALL
                                + "}) YIELD feature1, feature2, fullLower, fullUpper RETURN"
                                + " feature1.key + ' ' + feature2.key AS pair, fullLower,"
                                + " fullUpper")) {
            assertThat(kept)
                    .filteredOn(r -> r.get("pair").equals(row.get("pair")))
                    .singleElement()
                    .satisfies(
                            r ->
                                    assertThat(row)
                                            .containsEntry("fullLower", r.get("fullLower"))
                                            .containsEntry("fullUpper", r.get("fullUpper")));
        }
        assertThat(
                        database.rows(
                                neighbours
                                        + ", groundCost: 'cosine'}) YIELD fullUpper RETURN"
                                        + " count(fullUpper) AS known"))
                .as("errors are Euclidean")
                .containsExactly(Map.of("known", 0L));
    }

    @Test
    void writingAgainReplacesAndLeavesOtherKindsAlone() {
        try {
            assertThat(database.row("CALL sot.nearest.write({" + ALL + "})"))
                    .containsEntry("written", 5 * PRESENT)
                    .containsEntry("deleted", 0L)
                    .containsEntry("proved", PRESENT);
            database.row("CALL sot.nearest.write({" + ALL + ", order: 2, k: 1})");
            List<Map<String, Object>> before = database.contents();
            assertThat(database.row("CALL sot.nearest.write({" + ALL + "})"))
                    .containsEntry("deleted", 5 * PRESENT);
            assertThat(database.contents()).isEqualTo(before);
            String one = SmallBundle.DICTIONARY + "/1/3";
            assertThat(
                            database.rows(
                                    "MATCH (f:Feature {key: $f})-[n:NEAREST {order: 1}]->(g)"
                                            + " RETURN g.key + ' ' + n.distance AS neighbour,"
                                            + " properties(n) AS properties ORDER BY n.rank",
                                    "f",
                                    one))
                    .extracting(r -> r.get("neighbour"))
                    .containsExactlyElementsOf(bruteForce(one, 5, Double.MAX_VALUE, ""));
            assertThat(
                            database.row(
                                    "MATCH ({key: $f})-[n:NEAREST {order: 2}]->() RETURN keys(n) AS"
                                            + " keys, n.rank AS rank, n.space AS space,"
                                            + " n.groundCost AS cost, n.proved AS proved",
                                    "f",
                                    one))
                    .containsEntry("rank", 1)
                    .containsEntry("space", "aligned")
                    .containsEntry("cost", "euclidean")
                    .containsEntry("proved", true);
            database.row("CALL sot.distributions.write({features: [$f], support: 8})", "f", one);
            assertThat(database.rows("MATCH ({key: $f})-[n:NEAREST]-() RETURN n", "f", one))
                    .as("stale once a distribution changes")
                    .isEmpty();
        } finally {
            database.rows("MATCH ()-[n:NEAREST]->() DELETE n");
        }
    }

    @Test
    void theEstimateGrowsWithWhatIsAskedFor() {
        Map<String, Object> small = database.row("CALL sot.nearest.estimate({" + ALL + ", k: 1})");
        Map<String, Object> large =
                database.row("CALL sot.nearest.estimate({" + ALL + ", k: 20, concurrency: 8})");
        assertThat(small).containsEntry("sources", PRESENT).containsEntry("targets", PRESENT);
        assertThat((Long) small.get("bytesMin")).isLessThanOrEqualTo((Long) small.get("bytesMax"));
        assertThat((Long) large.get("bytesMax")).isGreaterThan((Long) small.get("bytesMax"));
        assertThat((String) large.get("requiredMemory")).contains("KiB ... ");
        double sum =
                (Double) large.get("heapPercentageMin") - (Double) large.get("heapPercentageMax");
        assertThat(sum).isCloseTo(0, within(1.0));
    }

    private static AbstractStringAssert<?> failure(String configuration) {
        return database.failure("CALL sot.nearest.stats({" + configuration + "})");
    }

    @Test
    void errorsNameTheKeyAndTheRemedy() {
        failure("targets: 7").contains("`targets` must be a map");
        failure("targets: {}").contains("`targets` chooses nothing").contains("targets.circuit");
        failure("targets: {dictionray: 'a'}")
                .contains("unexpected configuration key `targets.dictionray`")
                .contains("did you mean `dictionary`");
        failure("targets: {circuit: 'tiny', dictionary: 'a'}")
                .contains("targets.features, targets.featureQuery]");
        failure("targets: {layers: [1]}").contains("`targets.layers` goes with `dictionary`");
        failure("k: 0").contains("`k`");
        failure("budget: 0").contains("`budget`");
        failure("maxDistance: -1").contains("`maxDistance`");
        failure("kk: 1").contains("did you mean `k`");
        failure("features: ['" + SmallBundle.DICTIONARY + "/0/0'], targets: {" + ALL + "}")
                .contains("no source has a distribution in the reference space 'aligned'")
                .contains("sot.distributions.write");
        failure(ALL + ", targets: {features: ['" + SmallBundle.DICTIONARY + "/0/0']}")
                .contains("no target has a distribution")
                .contains("one space");
        failure("features: [], targets: {" + ALL + "}").contains("no source is selected");
    }
}
