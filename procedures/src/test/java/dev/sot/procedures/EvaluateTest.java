package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A compression beside its baselines, on a circuit whose groups are planted. */
class EvaluateTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void load() {
        Planted.load(database);
    }

    private static Map<String, Object> compress(String configuration) {
        return database.row("CALL sot.compress('planted', " + configuration + ")");
    }

    private static Map<String, Map<String, Object>> evaluate(String arguments) {
        return database.rows("CALL sot.evaluate(" + arguments + ")").stream()
                .collect(
                        Collectors.toMap(
                                r -> (String) r.get("partition"),
                                Function.identity(),
                                (a, b) -> a,
                                LinkedHashMap::new));
    }

    private static double figure(Map<String, Object> row, String column) {
        return (Double) row.get(column);
    }

    @Test
    void plantedGroupsAreFoundAndBeatChance() {
        Map<String, Object> written = compress("{id: 'four', targetSize: 4}");
        Map<String, Map<String, Object>> rows = evaluate("'four', {referenceProperty: 'planted'}");
        assertThat(rows.keySet())
                .startsWith("compression", "random", "random5", "random95", "layerPosition")
                .endsWith(
                        "decoderCosine",
                        "activationCorrelation",
                        "edgeProfile",
                        "roleVectors",
                        "spectral");
        Map<String, Object> compression = rows.get("compression");
        assertThat(compression)
                .containsEntry("adjustedRand", 1.0)
                .containsEntry("normalizedMutualInformation", 1.0)
                .containsEntry("pairF1", 1.0)
                .containsEntry("supernodes", 4L)
                .containsEntry("largestSupernode", 12.0)
                .containsEntry("referenceNodes", 48L)
                .containsEntry("faithfulness", null);
        for (String figure :
                List.of(
                        "within",
                        "between",
                        "silhouette",
                        "internalMass",
                        "cancelledMass",
                        "retainedMass")) {
            assertThat(figure(compression, figure))
                    .as(figure)
                    .isCloseTo((Double) written.get(figure), within(1e-9));
        }
        Map<String, Object> random = rows.get("random");
        assertThat(figure(compression, "silhouette")).isGreaterThan(figure(random, "silhouette"));
        assertThat(figure(compression, "coactivation"))
                .isGreaterThan(figure(rows.get("random95"), "coactivation"));
        // Not 0: the two nodes of a feature stay together.
        assertThat(figure(random, "adjustedRand")).isBetween(-0.05, 0.15);
        assertThat(figure(random, "expectedPairF1")).isBetween(0.2, 0.3);
        for (String column : List.of("silhouette", "retainedMass", "adjustedRand")) {
            assertThat(figure(random, column))
                    .isBetween(
                            figure(rows.get("random5"), column),
                            figure(rows.get("random95"), column));
        }
        assertThat(rows.get("activationCorrelation"))
                .containsEntry("adjustedRand", 1.0)
                .containsEntry("supernodes", 4L);
        assertThat(rows.get("spectral")).containsEntry("supernodes", 4L);
        // The bundle has no vectors.
        assertThat(rows.get("decoderCosine"))
                .containsEntry("supernodes", null)
                .containsEntry("retainedMass", null);
        assertThat(rows.get("layerPosition")).containsEntry("supernodes", 3L);
        assertThat(figure(compression, "replacementScore"))
                .isEqualTo(
                        (Double)
                                database.row("CALL sot.score('planted', {compression: 'four'})")
                                        .get("replacementScore"));
    }

    @Test
    void plantedGroupsDoNotDependOnWhatNobodyShouldDependOn() {
        List<Map<String, Object>> rows =
                database.rows("CALL sot.compress.stability('planted', {targetSize: 4})");
        assertThat(rows)
                .filteredOn(r -> !List.of("size", "bootstrap").contains(r.get("factor")))
                .hasSize(9)
                .allSatisfy(r -> assertThat(r).containsEntry("adjustedRand", 1.0));
        // Of twelve prompts a resample may have none of a group's three.
        assertThat(rows)
                .filteredOn(r -> r.get("variant").equals("mean"))
                .singleElement()
                .satisfies(r -> assertThat(figure(r, "adjustedRand")).isGreaterThan(0.9));
    }

    @Test
    void aCompressionAgreesWithItself() {
        compress("{id: 'self', targetSize: 7, distance: 'edgeProfile', linkage: 'complete'}");
        Map<String, Map<String, Object>> rows = evaluate("'self', {reference: 'self'}");
        assertThat(rows.get("compression")).containsEntry("adjustedRand", 1.0);
        // The same method on the same items makes the same groups.
        assertThat(rows.get("edgeProfile")).containsEntry("adjustedRand", 1.0);
        // It may be measured by another distance than it was made by.
        assertThat(evaluate("'self', {space: 'aligned', level: 'feature'}").get("compression"))
                .extractingByKey("silhouette")
                .isNotEqualTo(rows.get("compression").get("silhouette"));
    }

    @Test
    void baselinesHeedTheCompressionsConstraints() {
        compress("{id: 'narrow', targetSize: 9, level: 'node', samePosition: true}");
        Map<String, Map<String, Object>> rows =
                evaluate("'narrow', {referenceProperty: 'planted', draws: 3}");
        assertThat(rows.get("edgeProfile")).containsEntry("supernodes", 9L);
        assertThat(rows.get("roleVectors").get("supernodes")).isEqualTo(9L);
    }

    @Test
    void theSameBytesAtAnyConcurrency() {
        compress("{id: 'twice', targetSize: 5, level: 'node', supportSize: 4}");
        String call = "CALL sot.evaluate('twice', {referenceProperty: 'planted', concurrency: %d})";
        assertThat(database.rows(call.formatted(4))).isEqualTo(database.rows(call.formatted(1)));
    }

    @Test
    void aPartitionMadeByHandIsMeasuredAsFarAsThatIsPossible() {
        database.write(
                "hand.json",
                "{\"qParams\": {\"pinnedIds\": [\"0_1_1\", \"0_1_2\", \"1_5_1\", \"1_2_1\","
                        + " \"2_2_2\", \"4_42_2\"], \"supernodes\": [[\"a\", \"0_1_1\", \"1_5_1\"],"
                        + " [\"b\", \"0_1_2\", \"1_2_1\", \"2_2_2\"]]}}");
        database.row("CALL sot.import.supernodes('planted', 'hand.json', {id: 'hand'})");
        Map<String, Object> row =
                evaluate("'hand', {referenceProperty: 'planted'}").get("compression");
        assertThat(row)
                .containsEntry("supernodes", 2L)
                .containsEntry("largestSupernode", 3.0)
                .containsEntry("referenceNodes", 5L);
        assertThat(figure(row, "replacementScore")).isBetween(0.0, 1.0);
    }

    @Test
    void circuitsCompressedTogetherAreEvaluatedTogether() {
        database.write("second.json", Planted.circuit("second").toString());
        database.row("CALL sot.import.circuit('second.json')");
        database.row("CALL sot.compress(['planted', 'second'], {id: 'joint', targetSize: 4})");
        assertThat(evaluate("'joint', {referenceProperty: 'planted', draws: 5}").get("compression"))
                .containsEntry("adjustedRand", 1.0)
                .containsEntry("referenceNodes", 96L);
        database.row("CALL sot.drop.circuit('second')");
    }

    @Test
    void aGraphOfOnesOwnIsEvaluatedWithoutDistributions() {
        database.row(
                "CALL sot.compress('mine', {id: 'mine', distance: 'edgeProfile', targetSize: 6,"
                        + " nodeQuery: 'MATCH (n:FeatureNode) RETURN n AS node', relationshipQuery:"
                        + " 'MATCH (a:FeatureNode)-[r:ATTRIBUTES_TO]->(b:FeatureNode) RETURN a AS"
                        + " source, b AS target, r.weight AS weight'})");
        Map<String, Map<String, Object>> rows = evaluate("'mine', {draws: 5}");
        assertThat(rows.get("compression"))
                .containsEntry("supernodes", 6L)
                .containsEntry("coactivation", null)
                .containsEntry("replacementScore", null)
                .containsEntry("adjustedRand", null);
        assertThat(figure(rows.get("compression"), "silhouette"))
                .isGreaterThan(figure(rows.get("random"), "silhouette"));
        assertThat(rows.get("activationCorrelation")).containsEntry("supernodes", null);
        assertThat(rows.get("edgeProfile")).containsEntry("supernodes", 6L);
    }

    @Test
    void faithfulnessIsWhatWasImported() {
        compress("{id: 'measured', targetSize: 6}");
        String hash =
                database.value(
                        "CALL sot.export.interventions('measured', 'list.jsonl') YIELD partition");
        database.write(
                "results.jsonl",
                "{\"format\":\"sot-intervention-results/1\",\"model\":\"m\",\"prompts\":9,"
                        + "\"promptSet\":\"p\",\"others\":\"mean\",\"results\":1}\n"
                        + "{\"compression\":\"measured\",\"partition\":\""
                        + hash
                        + "\",\"kind\":\"average\",\"measures\":{\"faithfulness\":0.875}}\n");
        database.rows("CALL sot.import.interventions('results.jsonl')");
        Map<String, Map<String, Object>> rows = evaluate("'measured', {draws: 2}");
        assertThat(rows.get("compression")).containsEntry("faithfulness", 0.875);
        assertThat(rows.get("random")).containsEntry("faithfulness", null);
    }

    @Test
    void problemsAreNamed() {
        compress("{id: 'wrong', targetSize: 3}");
        database.failure("CALL sot.evaluate('none')").contains("'none'");
        database.failure("CALL sot.evaluate('wrong', {reference: 'a', referenceProperty: 'b'})")
                .contains("only one of the configuration keys [reference, referenceProperty]");
        database.failure("CALL sot.evaluate('wrong', {referenceProperty: 'plantd'})")
                .contains("has a property 'plantd'");
        database.failure("CALL sot.evaluate('wrong', {distance: 'euclid'})").contains("`distance`");
        database.failure("CALL sot.evaluate('wrong', {draw: 3})").contains("did you mean `draws`?");
    }
}
