package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Features are compared by the tokens they fire on, without hidden states. */
class TokenSpaceTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void fit() {
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        SmallBundle.writeTokens(database.importDirectory().resolve("other"), "other");
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.import.activations('other')");
        database.row("CALL sot.space.fit({method: 'tokens', corpus: 'model'})");
        database.row("CALL sot.distributions.write({space: 'tokens'})");
        database.row(
                "CALL sot.space.fit({method: 'tokens', name: 'both', corpora: ['other',"
                        + " 'model']})");
        database.row("CALL sot.distributions.write({space: 'both'})");
    }

    /** The share of each token in a feature's activations, from what was imported. */
    private static Map<String, Double> profile(String feature) {
        List<Map<String, Object>> firings =
                database.rows(
                        "MATCH (f:Feature {key: $feature})-[:HAS_ACTIVATIONS]->(a:Activations)"
                                + "-[:IN_CORPUS]->(c:Corpus) UNWIND range(0, size(a.positions) - 1)"
                                + " AS i MATCH (t:TokenPosition {key: c.name + '/' +"
                                + " a.positions[i]}) WHERE t.position > 0 RETURN t.token AS token,"
                                + " a.values[i] AS value",
                        "feature",
                        feature);
        double sum = firings.stream().mapToDouble(f -> (Double) f.get("value")).sum();
        return firings.stream()
                .collect(
                        Collectors.groupingBy(
                                f -> (String) f.get("token"),
                                Collectors.summingDouble(f -> (Double) f.get("value") / sum)));
    }

    private static double totalVariation(String f, String g) {
        Map<String, Double> one = profile(f);
        Map<String, Double> other = profile(g);
        Set<String> tokens = new TreeSet<>(one.keySet());
        tokens.addAll(other.keySet());
        return tokens.stream()
                        .mapToDouble(
                                t ->
                                        Math.abs(
                                                one.getOrDefault(t, 0.0)
                                                        - other.getOrDefault(t, 0.0)))
                        .sum()
                / 2;
    }

    @Test
    void aSpaceOfTokensHasNoGeometry() {
        Map<String, Object> row =
                database.row("CALL sot.space.fit({method: 'tokens', corpus: 'model'})");
        assertThat(row)
                .containsEntry("space", "tokens")
                .containsEntry("status", "unchanged")
                .containsEntry("method", "tokens")
                .containsEntry("layer", null)
                .containsEntry("explainedVariance", null)
                .containsEntry("backend", null)
                .containsEntry("tokens", 7L)
                .containsEntry("sharedTokens", 7L)
                .containsEntry("excludedFirstTokens", 12L);
        assertThat(row.get("configuration").toString()).doesNotContain("whiten");
    }

    @Test
    void distancesAreTotalVariations() {
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.distances.stream({space: 'tokens', dictionary: $dictionary})"
                                + " YIELD feature1, feature2, distance, fullLower, fullUpper RETURN"
                                + " feature1.key AS f, feature2.key AS g, distance, fullLower,"
                                + " fullUpper",
                        "dictionary",
                        SmallBundle.DICTIONARY);
        assertThat(rows).hasSizeGreaterThan(100);
        for (Map<String, Object> row : rows) {
            double distance = (Double) row.get("distance");
            assertThat(distance)
                    .isCloseTo(
                            totalVariation((String) row.get("f"), (String) row.get("g")),
                            within(1e-9));
            assertThat(row)
                    .containsEntry("fullLower", distance)
                    .containsEntry("fullUpper", distance);
        }
    }

    @Test
    void supportsAreExact() {
        assertThat(database.row("CALL sot.distributions.stats({space: 'tokens'})"))
                .containsEntry("meanSupportError1", 0.0);
        for (Map<String, Object> row :
                database.rows(
                        "MATCH (d:Distribution {space: 'tokens'}) RETURN d.support AS support,"
                                + " d.supportMethod AS method, d.firings AS firings")) {
            assertThat((Integer) row.get("support")).isLessThanOrEqualTo(7);
        }
        database.failure("CALL sot.distributions.write({space: 'tokens', support: 8})")
                .contains("'tokens'")
                .contains("no error")
                .contains("[support, supportMethod, seed]");
    }

    @Test
    void nearestNeighboursPlansAndCompressionsWork() {
        String f = SmallBundle.DICTIONARY + "/1/0";
        Map<String, Object> nearest =
                database.row(
                        "CALL sot.nearest.stream({space: 'tokens', features: [$f], targets:"
                                + " {dictionary: $dictionary, layers: [2]}, k: 1}) YIELD target,"
                                + " distance RETURN target.key AS g, distance",
                        "f",
                        f,
                        "dictionary",
                        SmallBundle.DICTIONARY);
        assertThat((Double) nearest.get("distance"))
                .isCloseTo(totalVariation(f, (String) nearest.get("g")), within(1e-9));
        double moved =
                database.value(
                        "CALL sot.plan($f, $g, {space: 'tokens'}) YIELD sourceToken, targetToken,"
                                + " mass, groundDistance WITH * WHERE (sourceToken = targetToken) ="
                                + " (groundDistance = 0) RETURN sum(mass * groundDistance)",
                        "f",
                        f,
                        "g",
                        nearest.get("g"));
        assertThat(moved).isCloseTo((Double) nearest.get("distance"), within(1e-9));
    }

    @Test
    void circuitsAreCompressedByTokens() {
        database.write("small.json", CircuitJson.small("small").toString());
        database.row("CALL sot.import.circuit('small.json')");
        Map<String, Object> row =
                database.row("CALL sot.compress('small', {space: 'tokens', targetSize: 2})");
        assertThat(row.get("configuration").toString()).contains("groundCost=zeroOne");
        assertThat(
                        database.<String>value(
                                "MATCH (c:Compression {id: $id}) RETURN c.groundCost",
                                "id",
                                row.get("id")))
                .isEqualTo("zeroOne");
        assertThat(database.rows("CALL sot.evaluate($id)", "id", row.get("id"))).isNotEmpty();
        assertThat(
                        database.row(
                                "CALL sot.compress.stats('small', {space: 'tokens', level: 'node',"
                                        + " targetSize: 2})"))
                .containsEntry("level", "node");
        assertThat(
                        database.rows(
                                "CALL sot.compress.stream('small', {space: 'both', level:"
                                        + " 'feature', targetSize: 2})"))
                .isNotEmpty();
        database.failure(
                        "CALL sot.compress.stats('small', {space: 'both', level: 'node',"
                                + " targetSize: 2})")
                .contains("'both'")
                .contains("several corpora, [model, other]");
    }

    @Test
    void supportsOfMatchesAreNotBounded() {
        String f = SmallBundle.DICTIONARY + "/1/0";
        for (String call :
                List.of(
                        "compare({dictionary: $dictionary, layers: [1], targets: {dictionary:"
                                + " $dictionary, layers: [2]}, ",
                        "selfTest({dictionary: $dictionary, ",
                        "evidence('" + f + "', '" + f + "', {")) {
            database.failure(
                            "CALL sot.match." + call + "space: 'tokens', support: 8})",
                            "dictionary",
                            SmallBundle.DICTIONARY)
                    .contains("'tokens'", "a position for each token", "leave [support] out");
        }
    }

    @Test
    void geometryIsRefused() {
        String features = "features: ['" + SmallBundle.DICTIONARY + "/1/0']";
        database.failure(
                        "CALL sot.distances.stats({space: 'tokens', groundCost: 'euclidean', "
                                + features
                                + "})")
                .contains("'tokens'")
                .contains("no geometry")
                .contains("zeroOne");
        for (String key : List.of("dimension: 3", "layer: 2", "whiten: false", "sinkFactor: 2")) {
            database.failure(
                            "CALL sot.space.fit({method: 'tokens', name: 'wrong', corpus: 'model', "
                                    + key
                                    + "})")
                    .contains("`" + key.split(":")[0] + "`")
                    .contains("hidden states");
        }
        database.failure("CALL sot.space.fit({method: 'aligned', corpora: ['model']})")
                .contains("`corpora`")
                .contains("{corpus: ...}");
        database.failure(
                        "CALL sot.space.fit({method: 'tokens', corpora: ['model'], corpus:"
                                + " 'model'})")
                .contains("takes the place");
    }

    /** The other corpus is of another model, without states, and has other ids for the tokens. */
    @Test
    void featuresOfDifferentModelsAreComparedByTheirTokens() {
        database.failure("CALL sot.drop.corpus('other')").contains("'other'");
        Map<String, Object> space =
                database.row(
                        "CALL sot.space.fit({method: 'tokens', name: 'both', corpora: ['model',"
                                + " 'other']})");
        assertThat(space)
                .containsEntry("status", "unchanged")
                .containsEntry("tokens", 9L)
                .containsEntry("sharedTokens", 5L)
                .containsEntry("positions", 2L * SmallBundle.POSITIONS);
        Map<String, Object> counts = new HashMap<>();
        for (Map<String, Object> row :
                database.rows(
                        "CALL sot.nearest.stream({space: 'both', dictionary: $dictionary, targets:"
                                + " {dictionary: 'other/dictionary'}, k: 2}) YIELD source, target,"
                                + " distance RETURN source.key AS f, target.key AS g, distance",
                        "dictionary",
                        SmallBundle.DICTIONARY)) {
            counts.put((String) row.get("f"), row.get("g"));
            assertThat((Double) row.get("distance"))
                    .isCloseTo(
                            totalVariation((String) row.get("f"), (String) row.get("g")),
                            within(1e-9));
        }
        assertThat(counts).hasSizeGreaterThan(15);
        String f = SmallBundle.DICTIONARY + "/1/0";
        String g = "other/dictionary/1/0";
        for (Map<String, Object> flow :
                database.rows(
                        "CALL sot.plan($f, $g, {space: 'both'}) YIELD sourceToken, targetToken,"
                                + " groundDistance RETURN *",
                        "f",
                        f,
                        "g",
                        g)) {
            assertThat(profile(f)).containsKey((String) flow.get("sourceToken"));
            assertThat(profile(g)).containsKey((String) flow.get("targetToken"));
        }
    }

    @Test
    void featuresOfDifferentModelsAreMatched() {
        List<Map<String, Object>> matches =
                database.rows(
                        "CALL sot.match.stream({space: 'both', exponent: 1, dictionary:"
                            + " $dictionary, layers: [1], targets: {dictionary: 'other/dictionary',"
                            + " layers: [1]}}) YIELD source, target, distance RETURN source.key AS"
                            + " f, target.key AS g, distance",
                        "dictionary",
                        SmallBundle.DICTIONARY);
        assertThat(matches).hasSize(SmallBundle.WIDTH);
        for (Map<String, Object> match : matches) {
            assertThat((Double) match.get("distance"))
                    .isCloseTo(
                            totalVariation((String) match.get("f"), (String) match.get("g")),
                            within(1e-9));
        }
    }
}
