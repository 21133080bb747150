package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Distributions with fewer positions than firings, and how far they are from the full ones. */
class SupportMethodsTest {

    private static final String STREAM =
            "CALL sot.distributions.stream({support: $support, supportMethod: $method,"
                    + " concurrency: $concurrency}) YIELD feature, positions, weights, firings,"
                    + " supportMethod, supportError1, supportError2";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importBundle() {
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit({dimension: 4})");
    }

    @ParameterizedTest
    @CsvSource({"quantized, 1", "quantized, 2", "sampled, 1", "sampled, 2"})
    void supportErrorsBracketTheDistanceOfFullDistributions(String method, long order) {
        String distances =
                "MATCH (f:Feature)-[:HAS_DISTRIBUTION]->(), (g:Feature)-[:HAS_DISTRIBUTION]->()"
                        + " WHERE f.key < g.key RETURN f.key AS f, g.key AS g, sot.distance(f, g,"
                        + " {order: $order}) AS distance ORDER BY f, g";
        database.row("CALL sot.distributions.write({support: 4096})");
        List<Map<String, Object>> full = database.rows(distances, "order", order);
        database.row(
                "CALL sot.distributions.write({support: 5, supportMethod: $method})",
                "method",
                method);
        List<Map<String, Object>> kept = database.rows(distances, "order", order);
        assertThat(full).hasSameSizeAs(kept).hasSizeGreaterThan(200);
        int moved = 0;
        for (int i = 0; i < full.size(); i++) {
            double error = error(kept.get(i).get("f"), order) + error(kept.get(i).get("g"), order);
            double distance = (Double) kept.get(i).get("distance");
            assertThat((Double) full.get(i).get("distance"))
                    .isCloseTo(distance, within(error + 1e-9));
            moved += full.get(i).get("distance").equals(kept.get(i).get("distance")) ? 0 : 1;
        }
        assertThat(moved).isGreaterThan(100);
    }

    private static double error(Object feature, long order) {
        return database.<Double>value(
                "MATCH (:Feature {key: $key})-[:HAS_DISTRIBUTION]->(d) RETURN d['supportError' +"
                        + " $order]",
                "key",
                feature,
                "order",
                order);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantized", "sampled"})
    void storedDistributionsAreThoseOfTheStreamAtAnyConcurrency(String method) {
        List<Map<String, Object>> rows =
                database.rows(
                        STREAM + " RETURN *", "support", 5L, "method", method, "concurrency", 1L);
        assertThat(
                        database.rows(
                                STREAM + " RETURN *",
                                "support",
                                5L,
                                "method",
                                method,
                                "concurrency",
                                4L))
                .isEqualTo(rows);
        Map<String, Object> written =
                database.row(
                        "CALL sot.distributions.write({support: 5, supportMethod: $method})",
                        "method",
                        method);
        assertThat(written)
                .containsEntry("distributions", (long) rows.size())
                .containsEntry(
                        "reducedFeatures",
                        rows.stream().filter(r -> method.equals(r.get("supportMethod"))).count());
        assertThat((Double) written.get("meanSupportError1"))
                .isCloseTo(
                        rows.stream()
                                .mapToDouble(r -> (Double) r.get("supportError1"))
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        for (Map<String, Object> row : rows) {
            boolean all = (Long) row.get("firings") <= 5;
            assertThat(row)
                    .containsEntry("supportMethod", all ? "all" : method)
                    .hasEntrySatisfying(
                            "supportError2",
                            e -> assertThat((Double) e).matches(v -> all ? v == 0 : v > 0));
        }
        assertThat(
                        database.<Long>value(
                                STREAM
                                        + " MATCH (:Feature {key:"
                                        + " feature})-[:HAS_DISTRIBUTION]->(d) WHERE d.positions ="
                                        + " positions AND d.weights = weights AND d.firings ="
                                        + " firings AND d.supportMethod = supportMethod AND"
                                        + " d.supportError1 = supportError1 AND d.supportError2 ="
                                        + " supportError2 RETURN count(*)",
                                "support",
                                5L,
                                "method",
                                method,
                                "concurrency",
                                2L))
                .isEqualTo(rows.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantized", "sampled"})
    void aPlanMovesMassBetweenFirings(String method) {
        database.row(
                "CALL sot.distributions.write({support: 5, supportMethod: $method})",
                "method",
                method);
        Map<String, Object> figures =
                database.row(
                        "MATCH (f:Feature)-[:HAS_DISTRIBUTION]->(d) WITH f, d ORDER BY d.firings"
                                + " DESC, f.key LIMIT 2 WITH collect(f) AS pair, collect(d) AS"
                                + " kept CALL sot.plan(pair[0], pair[1]) YIELD sourcePosition,"
                                + " targetPosition, mass, groundDistance WITH pair, sourcePosition"
                                + " IN kept[0].positions AND targetPosition IN kept[1].positions"
                                + " AS kept, mass * groundDistance AS cost RETURN"
                                + " all(k IN collect(kept) WHERE k) AS kept, sum(cost) AS cost,"
                                + " sot.distance(head(collect(pair[0])), head(collect(pair[1]))) AS"
                                + " distance");
        assertThat(figures).containsEntry("kept", true);
        assertThat((Double) figures.get("cost"))
                .isPositive()
                .isCloseTo((Double) figures.get("distance"), within(1e-9));
    }

    @Test
    void theErrorOfADistributionStoredWithoutOneIsKnownOnlyIfItIsWhole() {
        database.row("CALL sot.distributions.write({support: 5})");
        double distance = distance();
        database.rows(
                "MATCH (d:Distribution) SET d.sampled = d.supportMethod <> 'all' REMOVE"
                        + " d.supportMethod, d.supportError1, d.supportError2");
        assertThat(distance()).isEqualTo(distance);
        database.row("CALL sot.distributions.write({support: 5})");
    }

    private static double distance() {
        return database.<Double>value(
                "MATCH (f:Feature)-[:HAS_DISTRIBUTION]->(d) WITH f ORDER BY d.firings DESC, f.key"
                        + " LIMIT 2 WITH collect(f) AS pair RETURN sot.distance(pair[0], pair[1])");
    }
}
