package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is called wrongly is told what is wrong, what is allowed and what to do. */
class ConfigurationErrorsTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeEach
    void importSmallData() {
        database.clear();
        database.write("tiny.json", CircuitJson.small("tiny").toString());
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.circuit('tiny.json')");
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit({dimension: 4})");
        database.row("CALL sot.distributions.write()");
    }

    private static AbstractStringAssert<?> failure(String statement) {
        List<Map<String, Object>> before = database.contents();
        AbstractStringAssert<?> failure = database.failure(statement);
        assertThat(database.contents()).isEqualTo(before);
        return failure;
    }

    @Test
    void aBareCallCompressesTheOnlyCircuit() {
        assertThat(database.row("CALL sot.compress()"))
                .containsEntry("circuit", "tiny")
                .containsEntry("featureNodes", 3L)
                .containsEntry("withoutDistance", 0L);
        assertThat(database.row("CALL sot.compress.stats()")).containsEntry("circuit", "tiny");
        assertThat(database.rows("CALL sot.compress.stream()")).isNotEmpty();
        assertThat(database.row("CALL sot.score()")).containsEntry("slug", "tiny");
        assertThat(database.rows("CALL sot.evaluate()")).hasSizeGreaterThan(5);
    }

    @Test
    void theEffectiveConfigurationIsReturned() {
        Map<?, ?> configuration =
                (Map<?, ?>)
                        database.value(
                                "CALL sot.compress.stats('tiny', {targetSize: 2}) YIELD"
                                        + " configuration RETURN configuration");
        assertThat(configuration.get("targetSize")).isEqualTo(2);
        assertThat(configuration.get("order")).isEqualTo(1);
        assertThat(configuration.get("groundCost")).isEqualTo("euclidean");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        failure("CALL sot.compress('tiny', {targetsize: 3})")
                .contains("sot.compress")
                .contains("`targetsize`")
                .contains("did you mean `targetSize`");
        failure("CALL sot.compress('tiny', {xyzzy: 3})")
                .contains("`xyzzy`")
                .contains("allowed are")
                .doesNotContain("did you mean");
        failure("CALL sot.space.fit({dimensions: 3})").contains("did you mean `dimension`");
        failure("CALL sot.import.circuit('tiny.json', {replaces: true})")
                .contains("did you mean `replace`");
        failure("RETURN sot.distance('a', 'b', {ordre: 1})");
    }

    @Test
    void aValueOfTheWrongTypeOrOutOfRangeIsRefused() {
        failure("CALL sot.compress('tiny', {targetSize: 'ten'})")
                .contains("`targetSize`")
                .contains("a whole number")
                .contains("'ten'");
        failure("CALL sot.compress('tiny', {targetSize: 0})").contains("`targetSize`");
        failure("CALL sot.compress('tiny', {targetSize: 2.0})").contains("`targetSize`");
        failure("CALL sot.compress('tiny', {targetRatio: 1.5})")
                .contains("`targetRatio`")
                .contains("from 0")
                .contains("1.5");
        failure("CALL sot.compress('tiny', {maxDistance: -1})").contains("`maxDistance`");
        failure("CALL sot.compress('tiny', {maxDistance: 0.0 / 0.0})").contains("`maxDistance`");
        failure("CALL sot.compress('tiny', {concurrency: 0})").contains("`concurrency`");
        failure("CALL sot.distances.stats({order: 3})").contains("`order`").contains("1 to 2");
        failure("CALL sot.distances.stats({groundCost: 'manhattan'})")
                .contains("`groundCost`")
                .contains("[euclidean, cosine, zeroOne]")
                .contains("'manhattan'");
        failure("CALL sot.distributions.write({support: 0})").contains("`support`");
        failure("CALL sot.distances.stats({features: 'one'})")
                .contains("`features`")
                .contains("a list of strings");
        failure("CALL sot.distances.stats({dictionary: 'd', layers: [99999999999]})")
                .contains("`layers`");
        failure("CALL sot.import.circuit('tiny.json', {replace: 'yes'})")
                .contains("`replace`")
                .contains("true or false");
        failure("CALL sot.space.fit({layer: 1})").contains("`layer`").contains("[2]");
    }

    @Test
    void keysThatExcludeOneAnotherAreRefusedTogether() {
        failure("CALL sot.compress('tiny', {targetSize: 2, maxDistance: 1})")
                .contains("only one of")
                .contains("[targetSize, targetRatio, maxDistance, size]");
        failure("CALL sot.distances.stats({circuit: 'tiny', dictionary: 'model/dictionary'})")
                .contains("only one of")
                .contains("[circuit, dictionary, features, featureQuery]");
        failure("CALL sot.distances.stats({layers: [1]})").contains("`layers`");
        failure("CALL sot.evaluate('', {reference: 'a', referenceProperty: 'b'})");
    }

    @Test
    void aMissingSchemaIsNamedWithItsRemedy() {
        database.rows("DROP CONSTRAINT sot_circuit");
        try {
            for (String statement :
                    List.of(
                            "CALL sot.import.circuit('tiny.json')",
                            "CALL sot.import.activations('bundle', {corpus: 'other'})",
                            "CALL sot.compress()")) {
                failure(statement).contains("sot_circuit").contains("CALL sot.schema.create()");
            }
        } finally {
            database.rows("CALL sot.schema.create()");
        }
    }

    @Test
    void oneOfSeveralCircuitsMustBeNamed() {
        database.write("second.json", CircuitJson.small("second").toString());
        database.row("CALL sot.import.circuit('second.json')");
        for (String statement : List.of("CALL sot.score()", "CALL sot.distances.stats()")) {
            failure(statement).contains("name one circuit").contains("'second', 'tiny'");
        }
        failure("CALL sot.compress('', {id: 'x'})").contains("`id`").contains("2 circuits");
        database.row("CALL sot.drop.circuit('second')");
        database.row("CALL sot.drop.circuit('tiny')");
        failure("CALL sot.compress()").contains("no circuit").contains("CALL sot.import.circuit(");
    }

    @Test
    void namesThatDoNotExistAreAnsweredWithThoseThatDo() {
        failure("CALL sot.compress('nope')").contains("'nope'").contains("'tiny'");
        failure("CALL sot.score('nope')").contains("'nope'").contains("'tiny'");
        failure("CALL sot.export.circuit('nope', 'out.json')").contains("'nope'");
        failure("CALL sot.drop.circuit('nope')").contains("'nope'").contains("'tiny'");
        failure("CALL sot.drop.circuit('')").contains("name the circuit");
        failure("CALL sot.compress('tiny', {space: 'nope'})")
                .contains("'nope'")
                .contains("'aligned'");
        failure("CALL sot.space.drop('nope')").contains("'nope'");
        failure("CALL sot.drop.corpus('nope')").contains("'nope'");
        failure("CALL sot.score('tiny', {compression: 'nope'})").contains("compression");
        database.row("CALL sot.compress('tiny', {id: 'there'})");
        failure("CALL sot.score('tiny', {compression: 'nope'})")
                .contains("'nope'")
                .contains("'there'");
        failure("CALL sot.evaluate('nope')").contains("'nope'").contains("'there'");
        failure("CALL sot.compress.drop('nope')").contains("'nope'").contains("'there'");
        failure("CALL sot.distances.stats({dictionary: 'nope'})").contains("'nope'");
    }

    @Test
    void aFeatureWithoutADistributionIsNamed() {
        String silent = SmallBundle.DICTIONARY + "/0/0";
        String firing = SmallBundle.DICTIONARY + "/0/5";
        failure("RETURN sot.distance('" + firing + "', '" + silent + "')").contains(silent);
        failure("CALL sot.plan('" + silent + "', '" + firing + "')").contains(silent);
        failure("RETURN sot.distance('nope', '" + firing + "')").contains("'nope'");
        failure("RETURN sot.distance(null, '" + firing + "')").contains("`f`").contains("null");
        failure("MATCH (c:Circuit) RETURN sot.distance(c, '" + firing + "')").contains("`f`");
        failure("RETURN sot.distance(7, '" + firing + "')").contains("`f`");
    }

    @Test
    void featuresWithoutADistributionAreCounted() {
        Map<String, Object> built = database.row("CALL sot.distributions.stats()");
        assertThat(built)
                .containsEntry("features", (long) SmallBundle.LAYERS * SmallBundle.WIDTH)
                .containsEntry("silentFeatures", 1L)
                .containsEntry("onlyExcludedFeatures", 1L);
        assertThat(
                        database.row(
                                "CALL sot.distances.stats({dictionary: '"
                                        + SmallBundle.DICTIONARY
                                        + "'})"))
                .containsEntry("features", SmallBundle.LAYERS * SmallBundle.WIDTH - 2L)
                .containsEntry("withoutDistribution", 2L);
        CircuitJson circuit = CircuitJson.small("silent");
        circuit.feature(0, 0, 1);
        circuit.feature(0, 99, 1);
        database.write("silent.json", circuit.toString());
        database.row("CALL sot.import.circuit('silent.json')");
        assertThat(database.row("CALL sot.compress('silent')"))
                .containsEntry("featureNodes", 5L)
                .containsEntry("withoutDistance", 2L);
    }

    @Test
    void withoutASpaceOrActivationsTheNextStepIsNamed() {
        database.row("CALL sot.space.drop('aligned')");
        failure("CALL sot.compress()").contains("CALL sot.space.fit()");
        failure("CALL sot.distributions.write()").contains("CALL sot.space.fit()");
        database.row("CALL sot.drop.corpus('model')");
        failure("CALL sot.space.fit()").contains("sot.import.activations");
    }

    @Test
    void aSpaceIsDroppedWithWhatWasDerivedFromItAndBeforeItsCorpus() {
        database.row("CALL sot.distances.write({circuit: 'tiny'})");
        failure("CALL sot.drop.corpus('model')").contains("sot.space.drop");
        long distributions = SmallBundle.LAYERS * SmallBundle.WIDTH - 2;
        assertThat(database.row("CALL sot.space.drop('aligned')"))
                .containsEntry("distributions", distributions)
                .containsEntry("distances", 3L);
        assertThat(labels()).doesNotContain("ReferenceSpace", "Points", "Distribution");
        assertThat(database.rows("MATCH ()-[d:SEMANTIC_DISTANCE]->() RETURN d")).isEmpty();
        database.row("CALL sot.drop.corpus('model')");
        assertThat(labels())
                .contains("Circuit", "Feature")
                .doesNotContain("Corpus", "Prompt", "TokenPosition", "HiddenStates", "Activations");
    }

    private static List<Object> labels() {
        return database.rows("MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label").stream()
                .map(r -> r.get("label"))
                .toList();
    }

    @Test
    void aSpaceOfOtherSettingsNeedsReplaceWhichDropsWhatWasDerived() {
        failure("CALL sot.space.fit({dimension: 3})")
                .contains("'aligned'")
                .contains("replace: true");
        assertThat(database.row("CALL sot.space.fit({dimension: 3, replace: true})"))
                .containsEntry("status", "replaced")
                .containsEntry("dimension", 3L);
        failure("CALL sot.compress()").contains("sot.distributions.write");
    }

    @Test
    void anotherBundleUnderTheSameCorpusNameIsRefused() {
        SmallBundle.write(database.importDirectory().resolve("other"), 2);
        failure("CALL sot.import.activations('other')")
                .contains("'model'")
                .contains("sot.drop.corpus");
    }
}
