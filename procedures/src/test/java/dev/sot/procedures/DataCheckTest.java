package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is worth knowing of imported data before it is used. */
class DataCheckTest {

    private static final List<String> FITTED =
            List.of("reconstruction", "barycentreIdentity", "optimality", "offSupport");

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importBundles() {
        ConvergedBundle.write(database.importDirectory().resolve("converged"));
        DictionaryBundle.write(database.importDirectory().resolve("concepts"));
        SmallBundle.write(database.importDirectory().resolve("small"), 1);
        for (String bundle : List.of("converged", "concepts", "small")) {
            database.row("CALL sot.import.activations($bundle)", "bundle", bundle);
        }
    }

    private static List<Map<String, Object>> rows(String configuration) {
        return database.rows("CALL sot.check({" + configuration + "})");
    }

    /** Rows by check, of those of one layer. */
    private static Map<String, Map<String, Object>> layer(long layer, String configuration) {
        return rows(configuration).stream()
                .filter(row -> row.get("dictionary") != null)
                .filter(row -> Long.valueOf(layer).equals(row.get("layer")))
                .collect(Collectors.toMap(row -> (String) row.get("check"), row -> row));
    }

    private static List<Map<String, Object>> features(String configuration) {
        return database.rows("CALL sot.check.features({" + configuration + "})");
    }

    @Test
    void aConvergedDictionaryIsOkAndAPerturbedAtomShowsUp() {
        String converged = "corpus: 'converged', maxIdentityError: 1e-6";
        Map<String, Map<String, Object>> whole = layer(0, converged);
        assertThat(whole.get("barycentreIdentity"))
                .containsEntry("status", "ok")
                .containsEntry("count", 0L)
                .containsEntry("of", 24L)
                .containsEntry("threshold", 1e-6)
                .containsEntry("remedy", null);
        assertThat((Double) whole.get("barycentreIdentity").get("worst")).isLessThan(1e-6);
        assertThat((Double) whole.get("optimality").get("worst")).isLessThan(1e-6);
        assertThat(details(whole.get("barycentreIdentity")))
                .containsEntry("lambdaGiven", false)
                .containsEntry("positions", 192L)
                .containsEntry("offSupportPositions", 192L)
                .satisfies(
                        d ->
                                assertThat((Double) d.get("lambda"))
                                        .isCloseTo(ConvergedBundle.LAMBDA, within(1e-6)));
        assertThat(whole.get("deadFeatures"))
                .containsEntry("status", "look")
                .containsEntry("count", 1L)
                .containsEntry("of", 25L)
                .containsEntry("examples", List.of("converged/0/24"));

        Map<String, Map<String, Object>> perturbed = layer(1, converged + ", lambda: 0.3");
        assertThat(perturbed.get("barycentreIdentity"))
                .containsEntry("status", "look")
                .containsEntry("count", 1L)
                .containsEntry("examples", List.of("converged/1/" + ConvergedBundle.PERTURBED));
        assertThat((Double) perturbed.get("barycentreIdentity").get("worst")).isGreaterThan(0.01);
        assertThat(details(perturbed.get("optimality")))
                .containsEntry("lambda", 0.3)
                .containsEntry("lambdaGiven", true);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(Map<String, Object> row) {
        return (Map<String, Object>) row.get("details");
    }

    @Test
    void featuresHaveTheFiguresThatTheirDefinitionsSay() {
        Recorded recorded = Recorded.of("concepts", 1, DictionaryBundle.WIDTH);
        List<Map<String, Object>> rows = features("corpus: 'concepts', lambda: 0.1");
        assertThat(rows).hasSize(2 * DictionaryBundle.WIDTH);
        double squares = 0;
        int firings = 0;
        for (int f = 0; f < DictionaryBundle.WIDTH; f++) {
            double norm = recorded.norm(f);
            for (int t = 0; t < recorded.positions(); t++) {
                if (recorded.counts(t) && recorded.codes()[f][t] > 0) {
                    squares += Math.pow(norm * recorded.codes()[f][t], 2);
                    firings++;
                }
            }
        }
        for (int f = 0; f < DictionaryBundle.WIDTH; f++) {
            Map<String, Object> row = rows.get(DictionaryBundle.WIDTH + f);
            assertThat(row)
                    .containsEntry("feature", "concepts/1/" + f)
                    .containsEntry("corpus", "concepts")
                    .containsEntry("unavailable", null)
                    .containsEntry("layerLambda", 0.1);
            double[] rho = new double[recorded.dimension()];
            double[] mean = new double[recorded.dimension()];
            double sum = 0;
            double sumOfSquares = 0;
            double spread = 0;
            double elsewhere = 0;
            double norm = recorded.norm(f);
            for (int t = 0; t < recorded.positions(); t++) {
                if (!recorded.counts(t)) {
                    continue;
                }
                double[] residual = recorded.residual(t);
                double beyond = -0.1;
                for (int k = 0; k < rho.length; k++) {
                    beyond += recorded.decoder()[f][k] / norm * residual[k];
                }
                double z = norm * recorded.codes()[f][t];
                if (z == 0) {
                    elsewhere = Math.max(elsewhere, beyond);
                    continue;
                }
                sum += z;
                sumOfSquares += z * z;
                spread += beyond * beyond;
                for (int k = 0; k < rho.length; k++) {
                    rho[k] += z * residual[k];
                    mean[k] += z * (recorded.states()[t][k] - recorded.bias()[k]);
                }
            }
            double error = 0;
            double length = 0;
            double own = 0;
            for (int k = 0; k < rho.length; k++) {
                double atom = recorded.decoder()[f][k] / norm;
                error += Math.pow(rho[k] / sum - 0.1 * atom, 2);
                length += Math.pow(mean[k] / sum, 2);
                own += rho[k] / sum * atom;
            }
            assertThat((Double) row.get("identityError"))
                    .isCloseTo(Math.sqrt(error / length), within(1e-10));
            assertThat((Double) row.get("lambda")).isCloseTo(own, within(1e-10));
            assertThat((Double) row.get("optimalityResidual"))
                    .isCloseTo(Math.sqrt(spread / sumOfSquares), within(1e-10));
            assertThat((Double) row.get("offSupportViolation"))
                    .isCloseTo(elsewhere / Math.sqrt(squares / firings), within(1e-10));
            assertThat((Double) row.get("decoderNorm")).isCloseTo(norm, within(1e-10));
            assertThat((Double) row.get("effectiveSampleSize"))
                    .isCloseTo(sum * sum / sumOfSquares, within(1e-8));
        }
    }

    /** What the database holds of a layer, read by queries. */
    private record Recorded(
            float[][] decoder, float[] bias, double[][] codes, float[][] states, int tokens) {

        static Recorded of(String name, int layer, int width) {
            float[] values =
                    database.value(
                            "MATCH (h:HiddenStates {key: $key}) RETURN h.values",
                            "key",
                            name + "/" + layer + "/0");
            float[] bias =
                    database.value(
                            "MATCH (l:DictionaryLayer {key: $key}) RETURN l.decoderBias",
                            "key",
                            name + "/" + layer);
            int positions = values.length / bias.length;
            float[][] decoder = new float[width][];
            double[][] codes = new double[width][positions];
            for (int f = 0; f < width; f++) {
                String key = name + "/" + layer + "/" + f;
                decoder[f] =
                        database.value(
                                "MATCH (v:FeatureVectors {key: $key}) RETURN v.decoder",
                                "key",
                                key);
                for (Map<String, Object> firing :
                        database.rows(
                                "MATCH (a:Activations {key: $key}) UNWIND range(0, a.firings - 1)"
                                        + " AS i RETURN a.positions[i] AS position, a.values[i]"
                                        + " AS value",
                                "key",
                                key + "@" + name)) {
                    codes[f][((Number) firing.get("position")).intValue()] =
                            ((Number) firing.get("value")).doubleValue();
                }
            }
            float[][] states = new float[positions][bias.length];
            for (int t = 0; t < positions; t++) {
                System.arraycopy(values, t * bias.length, states[t], 0, bias.length);
            }
            return new Recorded(decoder, bias, codes, states, DictionaryBundle.TOKENS);
        }

        int positions() {
            return states.length;
        }

        int dimension() {
            return bias.length;
        }

        boolean counts(int t) {
            return t % tokens != 0;
        }

        double norm(int f) {
            double sum = 0;
            for (float value : decoder[f]) {
                sum += (double) value * value;
            }
            return Math.sqrt(sum);
        }

        double[] residual(int t) {
            double[] residual = new double[bias.length];
            for (int k = 0; k < bias.length; k++) {
                residual[k] = (double) states[t][k] - bias[k];
                for (int f = 0; f < decoder.length; f++) {
                    residual[k] -= codes[f][t] * decoder[f][k];
                }
            }
            return residual;
        }
    }

    @Test
    void whatCannotBeCheckedIsSaidWithTheReason() {
        Map<String, Map<String, Object>> last = layer(2, "corpus: 'model'");
        for (String check : FITTED) {
            assertThat(last.get(check))
                    .containsEntry("status", "unavailable")
                    .containsEntry("count", null)
                    .containsEntry(
                            "meaning",
                            "the transcoder reconstructs `mlp`, and the states of the layer are"
                                    + " those of `resid`");
        }
        assertThat((String) layer(0, "corpus: 'model'").get("optimality").get("meaning"))
                .isEqualTo("the corpus has no states of the layer");
        assertThat(last.get("featuresWithoutVectors"))
                .containsEntry("status", "look")
                .containsEntry("count", 8L);
        assertThat(features("corpus: 'model', dictionary: 'model/dictionary', layers: [2]"))
                .hasSize(8)
                .allSatisfy(
                        row ->
                                assertThat(row)
                                        .containsEntry("identityError", null)
                                        .containsEntry("decoderNorm", null)
                                        .satisfies(
                                                r ->
                                                        assertThat((String) r.get("unavailable"))
                                                                .contains("`mlp`")));
    }

    @Test
    void featuresThatDoNotFireOrOnlyOnSinksAreCounted() {
        Map<String, Map<String, Object>> first = layer(0, "corpus: 'model', minFirings: 25");
        assertThat(first.get("deadFeatures"))
                .containsEntry("examples", List.of("model/dictionary/0/0"));
        assertThat(first.get("featuresOnlyOnExcluded"))
                .containsEntry("examples", List.of("model/dictionary/0/1"));
        long rare =
                features("corpus: 'model'").stream()
                        .limit(SmallBundle.WIDTH)
                        .filter(row -> (Long) row.get("firings") > 0)
                        .filter(row -> (Long) row.get("firings") < 25)
                        .count();
        assertThat(first.get("rareFeatures")).containsEntry("count", rare).containsEntry("of", 7L);
        assertThat(features("corpus: 'model'").get(0))
                .containsEntry("verdicts", List.of("featuresWithoutVectors", "deadFeatures"))
                .containsEntry("effectiveSampleSize", 0.0);
    }

    @Test
    void positionsAndTheirStatesAreChecked() {
        Map<String, Map<String, Object>> of =
                rows("corpus: 'converged'").stream()
                        .filter(row -> row.get("dictionary") == null)
                        .collect(
                                Collectors.toMap(
                                        row -> row.get("check") + " " + row.get("layer"),
                                        row -> row));
        assertThat(of)
                .containsOnlyKeys(
                        "firstTokens null",
                        "positionsWithoutStates 0",
                        "positionsWithoutStates 1",
                        "massivePositions 0",
                        "massivePositions 1");
        assertThat(of.get("firstTokens null"))
                .as("every prompt begins with the same token, and it is not left out")
                .containsEntry("status", "look")
                .containsEntry("count", 16L)
                .containsEntry("of", 16L);
        assertThat(of.get("massivePositions 0")).containsEntry("count", 0L);
        assertThat(rows("corpus: 'converged', excludeFirstToken: true, sinkFactor: 1.5"))
                .filteredOn(row -> row.get("check").equals("massivePositions"))
                .allSatisfy(row -> assertThat((Long) row.get("count")).isPositive());
        assertThat(rows("corpus: 'model'"))
                .filteredOn(row -> row.get("check").equals("layersWithoutStates"))
                .singleElement()
                .satisfies(
                        row ->
                                assertThat(row)
                                        .containsEntry("count", 2L)
                                        .containsEntry(
                                                "examples",
                                                List.of(
                                                        "model/dictionary/0",
                                                        "model/dictionary/1")));
    }

    @Test
    void withoutTheDecoderBiasTheRemedyIsToImportAgain() {
        database.rows("MATCH (l:DictionaryLayer {key: 'concepts/0'}) REMOVE l.decoderBias");
        try {
            Map<String, Object> row = layer(0, "corpus: 'concepts'").get("barycentreIdentity");
            assertThat(row)
                    .containsEntry("status", "unavailable")
                    .containsEntry(
                            "remedy",
                            "import the dictionary's weights, or drop the corpus and import its"
                                    + " bundle again");
        } finally {
            database.rows("CALL sot.drop.corpus('concepts')");
            database.rows("CALL sot.import.activations('concepts')");
        }
        assertThat(layer(0, "corpus: 'concepts'").get("barycentreIdentity"))
                .extracting("status")
                .isNotEqualTo("unavailable");
    }

    @Test
    void resultsDoNotDependOnConcurrencyAndEveryRowSaysWhatItIs() {
        List<Map<String, Object>> one = rows("concurrency: 1");
        assertThat(rows("concurrency: 4")).isEqualTo(one);
        assertThat(one)
                .allSatisfy(
                        row -> {
                            assertThat((String) row.get("meaning")).isNotBlank();
                            assertThat(row.get("remedy") == null)
                                    .isEqualTo(row.get("status").equals("ok"));
                        });
        assertThat(one.stream().map(row -> row.get("corpus")).distinct())
                .isEqualTo(Stream.of("concepts", "converged", "model").toList());
    }

    @Test
    void errorsNameTheRemedy() {
        database.failure("CALL sot.check({layers: [1]})").contains("goes with `dictionary`");
        database.failure("CALL sot.check({dictionary: 'nothing'})")
                .contains("there is no dictionary 'nothing'")
                .contains("converged");
        database.failure("CALL sot.check({dictionary: 'converged', layers: [7]})")
                .contains("has features in the layers [0, 1]");
        database.failure("CALL sot.check({corpus: 'nothing'})").contains("there is no corpus");
        database.failure("CALL sot.check({minFiring: 3})").contains("did you mean `minFirings`");
    }
}
