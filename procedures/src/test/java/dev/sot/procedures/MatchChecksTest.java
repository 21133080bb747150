package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Methods of matching beside one another, on truth that is held out or planted. */
class MatchChecksTest {

    private static final List<String> METHODS =
            List.of(
                    "wasserstein",
                    "wassersteinOneToOne",
                    "centroid",
                    "centroidCosine",
                    "activationCorrelation",
                    "jaccard",
                    "tokenHistogram",
                    "decoderCosine",
                    "encoderCosine",
                    "saeMatch");

    private static final String LAYERS =
            "dictionary: 'concepts', layers: [0], targets: {dictionary: 'concepts', layers: [1]},"
                    + " space: 'aligned'";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importBundles() {
        DictionaryBundle.write(database.importDirectory().resolve("concepts"));
        database.row("CALL sot.import.activations('concepts')");
        database.row("CALL sot.space.fit({corpus: 'concepts', method: 'aligned'})");
        SmallBundle.write(database.importDirectory().resolve("small"), 1);
        database.row("CALL sot.import.activations('small')");
        database.row("CALL sot.space.fit({corpus: 'model', name: 'small', dimension: 4})");
    }

    private static Map<String, Map<String, Object>> compared(String configuration) {
        return database.rows("CALL sot.match.compare({" + configuration + "})").stream()
                .collect(Collectors.toMap(r -> (String) r.get("method"), r -> r));
    }

    private static Map<String, Map<String, Object>> tested(String configuration) {
        return database
                .rows("CALL sot.match.selfTest({dictionary: 'concepts', " + configuration + "})")
                .stream()
                .collect(
                        Collectors.toMap(
                                r ->
                                        r.get("method")
                                                + " "
                                                + r.get("sigma")
                                                + " "
                                                + r.get("rotated"),
                                r -> r));
    }

    @Test
    void methodsAreJudgedByHeldOutPrompts() {
        List<Map<String, Object>> rows = database.rows("CALL sot.match.compare({" + LAYERS + "})");
        assertThat(rows).extracting(r -> r.get("method")).isEqualTo(METHODS);
        Map<String, Map<String, Object>> of = compared(LAYERS);
        for (String method : METHODS) {
            assertThat(of.get(method))
                    .as(method)
                    .containsEntry("available", true)
                    .containsEntry("sources", 12L)
                    .containsEntry("targets", 12L)
                    .containsEntry("matches", 12L)
                    .containsEntry("judged", 12L)
                    .containsEntry("heldOutBy", "split")
                    .containsEntry("heldOutPrompts", 20L);
        }
        assertThat(of.get("activationCorrelation"))
                .containsEntry("heldOutBestShare", 1.0)
                .containsEntry("mutualShare", 1.0)
                .containsEntry("best", true)
                .containsEntry("certified", null);
        assertThat((String) of.get("activationCorrelation").get("note"))
                .contains("best on the held-out prompts")
                .contains("recorded on the same positions");
        assertThat((Double) of.get("wasserstein").get("heldOutBestShare")).isGreaterThan(0.9);
        assertThat((Long) of.get("wasserstein").get("certified")).isNotNull();
        assertThat((Double) of.get("decoderCosine").get("heldOutBestShare"))
                .as("each layer has directions of its own")
                .isLessThan(0.6);
        assertThat((Double) of.get("activationCorrelation").get("heldOutCorrelation"))
                .isGreaterThan((Double) of.get("decoderCosine").get("heldOutCorrelation"));
        assertThat((String) of.get("saeMatch").get("note")).contains("mean activations");
        Map<String, Object> agreement = agreement(of, "wasserstein");
        assertThat(agreement).hasSize(9).doesNotContainKey("wasserstein");
        assertThat(agreement)
                .containsEntry("decoderCosine", agreement(of, "decoderCosine").get("wasserstein"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> agreement(
            Map<String, Map<String, Object>> of, String method) {
        return (Map<String, Object>) of.get(method).get("agreement");
    }

    @Test
    void withDisjointPromptsWhatNeedsSharedPositionsIsSaidToBeUnavailable() {
        Map<String, Map<String, Object>> of = compared(LAYERS + ", positions: 'disjoint'");
        for (String method : List.of("activationCorrelation", "jaccard")) {
            assertThat(of.get(method))
                    .containsEntry("available", false)
                    .containsEntry("best", null)
                    .containsEntry("matches", null)
                    .containsEntry("agreement", null)
                    .containsEntry("heldOutBestShare", null)
                    .containsEntry("note", "needs both sides recorded on the same positions");
        }
        assertThat((Double) of.get("wasserstein").get("heldOutBestShare")).isGreaterThan(0.7);
    }

    @Test
    void withoutVectorsAndSplitTheRestIsComparedAllTheSame() {
        String dictionary = "dictionary: '" + SmallBundle.DICTIONARY + "'";
        Map<String, Map<String, Object>> of =
                compared(
                        dictionary
                                + ", layers: [1], targets: {"
                                + dictionary
                                + ", layers: [2]}, space: 'small', minFirings: 4, minCorrelation:"
                                + " -1");
        assertThat(of.get("encoderCosine")).containsEntry("available", false);
        assertThat((String) of.get("saeMatch").get("note")).contains("has no vectors");
        assertThat(of.get("tokenHistogram"))
                .containsEntry("available", true)
                .containsEntry("heldOutBy", "seed")
                .containsEntry("heldOutPrompts", 6L)
                .containsEntry("judged", 8L);
    }

    @Test
    void nothingIsBestWhereNothingIsJudged() {
        String dictionary = "dictionary: '" + SmallBundle.DICTIONARY + "'";
        Map<String, Map<String, Object>> of =
                compared(
                        dictionary
                                + ", layers: [1], targets: {"
                                + dictionary
                                + ", layers: [2]}, space: 'small', minFirings: 4, minCorrelation:"
                                + " 1");
        assertThat(of.get("wasserstein"))
                .containsEntry("available", true)
                .containsEntry("judged", 0L)
                .containsEntry("best", false)
                .containsEntry("heldOutBestShare", null);
        assertThat((String) of.get("wasserstein").get("note")).contains("lower `minCorrelation`");
        assertThat((String) of.get("encoderCosine").get("note")).contains("has no vectors");
    }

    @Test
    void resultsDoNotDependOnConcurrency() {
        assertThat(compared(LAYERS + ", concurrency: 1"))
                .isEqualTo(compared(LAYERS + ", concurrency: 4"));
        String both = "layers: [1], sigma: 0.3, rotated: true, concurrency: ";
        assertThat(tested(both + 1)).isEqualTo(tested(both + 3));
    }

    @Test
    void partnersAreFoundAndVectorsOnlyInTheirOwnBasis() {
        Map<String, Map<String, Object>> of =
                tested("layers: [1], sigma: [0, 0.5], removed: 0, seed: 4");
        assertThat(of).hasSize(2 * 2 * METHODS.size());
        for (String method : List.of("decoderCosine", "encoderCosine", "saeMatch")) {
            assertThat(of.get(method + " 0.0 false")).containsEntry("recoveredShare", 1.0);
            assertThat((Double) of.get(method + " 0.0 true").get("recoveredShare"))
                    .as(method)
                    .isLessThan(0.6);
        }
        assertThat(of.get("decoderCosine 0.0 false"))
                .containsEntry("layer", 1L)
                .containsEntry("sources", 12L)
                .containsEntry("targets", 12L)
                .containsEntry("recovered", 12L)
                .containsEntry("withoutPartner", 0L)
                .containsEntry("activation", null)
                .containsEntry("repeated", null)
                .containsEntry("certified", null);
        assertThat((Double) of.get("wasserstein 0.0 false").get("recoveredShare"))
                .isGreaterThan(0.9);
        assertThat(of.get("wasserstein 0.0 true").get("recovered"))
                .isEqualTo(of.get("wasserstein 0.0 false").get("recovered"));
        assertThat(of.get("wasserstein 0.5 false")).containsEntry("activation", "topk");
        assertThat((Double) of.get("wasserstein 0.5 false").get("repeated"))
                .isCloseTo(1, within(0.01));
        assertThat(of.get("activationCorrelation 0.0 false")).containsEntry("available", false);
    }

    @Test
    void removedPartnersAreCounted() {
        Map<String, Map<String, Object>> of = tested("layers: [0], rotated: false, removed: 0.25");
        assertThat(of.get("wasserstein 0.0 false"))
                .containsEntry("sources", 9L)
                .containsEntry("targets", 9L)
                .containsEntry("withoutPartner", 3L)
                .satisfies(
                        r ->
                                assertThat(r.get("certified"))
                                        .isEqualTo(
                                                (Long) r.get("certifiedRight")
                                                        + (Long) r.get("certifiedWrong")
                                                        + (Long) r.get("certifiedWithoutPartner")));
    }

    @Test
    void whatEncodingNeedsIsImported() {
        assertThat(
                        database.row(
                                "MATCH (d:Dictionary {name: 'concepts'}) RETURN d.activation AS"
                                        + " activation"))
                .containsEntry("activation", "topk");
        assertThat(
                        database.row(
                                "MATCH (v:FeatureVectors {key: 'concepts/0/3'}) RETURN"
                                        + " v.encoderBias AS bias, v.threshold AS threshold,"
                                        + " size(v.encoder) AS size"))
                .containsEntry("threshold", null)
                .containsEntry("size", 16L)
                .satisfies(
                        r ->
                                assertThat((Double) r.get("bias"))
                                        .as("with what is subtracted before")
                                        .isNotCloseTo(DictionaryBundle.BIAS, within(1e-3)));
    }

    @Test
    void theDecoderBiasIsStoredOnceALayer() {
        assertThat(
                        database.row(
                                "MATCH (:Dictionary {name: 'concepts'})-[:HAS_LAYER]->"
                                        + "(l:DictionaryLayer {key: 'concepts/1'}) RETURN l.layer"
                                        + " AS layer, l.width AS width, l.hiddenSize AS hidden,"
                                        + " size(l.decoderBias) AS bias"))
                .containsEntry("layer", 1)
                .containsEntry("width", 12)
                .containsEntry("hidden", 16)
                .containsEntry("bias", 16L);
    }

    private static AbstractStringAssert<?> compareFails(String configuration) {
        return database.failure("CALL sot.match.compare({" + configuration + "})");
    }

    private static AbstractStringAssert<?> testFails(String configuration) {
        return database.failure("CALL sot.match.selfTest({" + configuration + "})");
    }

    @Test
    void errorsNameTheKeyAndTheRemedy() {
        compareFails("dictionary: 'concepts', space: 'aligned'").contains("`targets` is missing");
        compareFails("dictionary: 'concepts', targets: {dictionary: 'concepts'}, space: 'aligned'")
                .contains("'concepts/0/0' is a source and a target");
        compareFails(LAYERS + ", minFirings: 5000").contains("lower `minFirings`");
        compareFails(LAYERS + ", positions: 'stored'").contains("one of [all, disjoint]");
        testFails("layers: [1]").contains("`dictionary` is missing");
        testFails("dictionary: 'concepts', sigma: []").contains("`sigma` must be a number");
        testFails("dictionary: 'concepts', sigma: -1").contains("`sigma` must be a number");
        testFails("dictionary: 'concepts', minFirings: 5000, space: 'aligned'")
                .contains("no feature of layer 0 fires")
                .contains("lower `minFirings`");
        testFails(
                        "dictionary: '"
                                + SmallBundle.DICTIONARY
                                + "', layers: [2], sigma: 0.5, space: 'small', minFirings: 4")
                .contains("layer 2 cannot be perturbed")
                .contains("has no vectors")
                .contains("{sigma: 0}");
    }
}
