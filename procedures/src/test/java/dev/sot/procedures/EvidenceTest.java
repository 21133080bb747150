package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a match rests on. */
class EvidenceTest {

    private static final String F = "model/dictionary/1/0";
    private static final String G = "model/dictionary/2/0";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importBundle() {
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit({dimension: 4})");
        database.row("CALL sot.distributions.write()");
    }

    private static List<Map<String, Object>> evidence(String source, String target, String more) {
        return database.rows(
                "CALL sot.match.evidence($f, $g, " + more + ")", "f", source, "g", target);
    }

    @Test
    void theHeaviestFlowsAreThoseOfThePlan() {
        List<Map<String, Object>> plan = database.rows("CALL sot.plan($f, $g)", "f", F, "g", G);
        List<Map<String, Object>> rows = evidence(F, G, "{flows: 4, window: 3, exponent: 1}");
        assertThat(rows).hasSize(4);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i))
                    .containsEntry("rank", i + 1L)
                    .containsEntry("cost", plan.get(i).get("groundDistance"))
                    .containsEntry("sourceToken", plan.get(i).get("sourceToken"))
                    .containsEntry("targetPosition", plan.get(i).get("targetPosition"));
            assertThat((Double) rows.get(i).get("mass"))
                    .isCloseTo((Double) plan.get(i).get("mass"), within(1e-12));
            assertThat((String) rows.get(i).get("sourceContext")).matches("(t\\d)?\\[t\\d](t\\d)?");
        }
    }

    @Test
    void sharesOfAllFlowsAreTheDistance() {
        for (int order : List.of(1, 2)) {
            List<Map<String, Object>> rows =
                    evidence(F, G, "{flows: 1000, exponent: 1, order: " + order + "}");
            double distance =
                    database.value(
                            "RETURN sot.distance($f, $g, {order: " + order + "})", "f", F, "g", G);
            double shares = 0;
            for (Map<String, Object> row : rows) {
                double part = (Double) row.get("mass") * Math.pow((Double) row.get("cost"), order);
                assertThat((Double) row.get("share"))
                        .isCloseTo(part / Math.pow(distance, order), within(1e-9));
                shares += (Double) row.get("share");
            }
            assertThat(shares).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void theDistanceIsThatOfTheMatch() {
        Map<String, Object> match =
                database.row(
                        "CALL sot.match.stream({features: [$f], targets: {dictionary:"
                            + " 'model/dictionary', layers: [2]}}) YIELD target, distance RETURN"
                            + " target.key AS g, distance",
                        "f",
                        F);
        double distance =
                evidence(F, (String) match.get("g"), "{flows: 1000}").stream()
                        .mapToDouble(r -> (Double) r.get("mass") * (Double) r.get("cost"))
                        .sum();
        assertThat(distance).isCloseTo((Double) match.get("distance"), within(1e-9));
    }

    @Test
    void equalDistributionsHaveNoDistanceToShare() {
        assertThat(evidence(F, F, "{}"))
                .hasSize(10)
                .allSatisfy(
                        row ->
                                assertThat(row)
                                        .containsEntry("cost", 0.0)
                                        .containsEntry("share", null));
    }

    @Test
    void whatIsNoFeatureIsRefused() {
        database.failure("CALL sot.match.evidence($f, 1)", "f", F)
                .contains("sot.match.evidence: argument `target`");
        database.failure("CALL sot.match.evidence($f, $g, {flow: 1})", "f", F, "g", G)
                .contains("did you mean `flows`?");
        database.failure("CALL sot.match.evidence($f, 'model/dictionary/0/0')", "f", F)
                .contains("model/dictionary/0/0");
    }
}
