package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unit in which activations are measured means nothing to a distance. */
class ScaleInvarianceTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @ParameterizedTest
    @ValueSource(strings = {"quantized", "sampled"})
    void multiplyingAllActivationsChangesNoDistance(String method) {
        List<Map<String, Object>> reference = distances(1, method);
        assertThat(reference).hasSizeGreaterThan(200);
        for (double scale : List.of(3.7, 1e-8, 1e8)) {
            List<Map<String, Object>> scaled = distances(scale, method);
            assertThat(scaled).hasSameSizeAs(reference);
            for (int i = 0; i < scaled.size(); i++) {
                Map<String, Object> expected = reference.get(i);
                assertThat(scaled.get(i))
                        .containsEntry("f", expected.get("f"))
                        .containsEntry("g", expected.get("g"));
                double distance = (Double) expected.get("distance");
                assertThat(distance).isPositive();
                assertThat((Double) scaled.get(i).get("distance"))
                        .as("times %s: %s", scale, expected)
                        .isCloseTo(distance, within(1e-12 * distance));
            }
        }
    }

    /** With a support smaller than most features' firings, so that reducing it is part of it. */
    private static List<Map<String, Object>> distances(double scale, String method) {
        String name = method + " times " + scale;
        SmallBundle.write(database.importDirectory().resolve(name), scale);
        database.row("CALL sot.import.activations($name, {corpus: $name})", "name", name);
        database.row(
                "CALL sot.space.fit({name: $name, corpus: $name, dimension: 4})", "name", name);
        Map<String, Object> built =
                database.row(
                        "CALL sot.distributions.write({space: $name, dictionary: $dictionary,"
                                + " support: 16, supportMethod: $method})",
                        "name",
                        name,
                        "method",
                        method,
                        "dictionary",
                        SmallBundle.DICTIONARY);
        assertThat((Long) built.get("reducedFeatures")).isPositive();
        return database.rows(
                "CALL sot.distances.stream({space: $name, dictionary: $dictionary}) YIELD feature1,"
                        + " feature2, distance RETURN feature1.key AS f, feature2.key AS g,"
                        + " distance",
                "name",
                name,
                "dictionary",
                SmallBundle.DICTIONARY);
    }
}
