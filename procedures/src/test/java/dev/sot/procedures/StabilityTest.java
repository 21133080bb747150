package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What partitions depend on: here on everything, since activations are random. */
class StabilityTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void load() {
        database.write("planted.json", Planted.circuit("random").toString());
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.circuit('planted.json')");
        database.row("CALL sot.import.activations('bundle')");
        for (String name : List.of("first", "second")) {
            database.row(
                    "CALL sot.space.fit({method: 'aligned', dimension: $d, name: $name})",
                    "name",
                    name,
                    "d",
                    name.equals("first") ? 4L : 2L);
            database.row("CALL sot.distributions.write({support: 16, space: $n})", "n", name);
        }
    }

    private static List<Map<String, Object>> rows(String configuration) {
        return database.rows("CALL sot.compress.stability('random', " + configuration + ")");
    }

    private static List<Map<String, Object>> of(List<Map<String, Object>> rows, String factor) {
        return rows.stream().filter(r -> r.get("factor").equals(factor)).toList();
    }

    @Test
    void everyFactorIsVariedAndNothingIsStored() {
        List<Map<String, Object>> before = database.contents();
        List<Map<String, Object>> rows = rows("{space: 'first', targetSize: 5, resamples: 4}");
        assertThat(database.contents()).isEqualTo(before);
        assertThat(rows.get(0))
                .containsEntry("circuit", "random")
                .containsEntry("factor", "base")
                .containsEntry("supernodes", 5L)
                .containsEntry("adjustedRand", 1.0)
                .containsEntry("normalizedMutualInformation", 1.0)
                .containsEntry("pairF1", 1.0);
        assertThat(rows)
                .extracting(r -> r.get("factor") + " " + r.get("variant"))
                .containsExactly(
                        "base base",
                        "seed sampled 16, seed 1",
                        "seed sampled 16, seed 2",
                        "seed sampled 16, seed 3",
                        "support quantized 8",
                        "support quantized 16",
                        "support quantized 32",
                        "space second",
                        "size 4",
                        "size 6",
                        "pruning nodes 0.95",
                        "pruning nodes 0.8",
                        "bootstrap 1",
                        "bootstrap 2",
                        "bootstrap 3",
                        "bootstrap 4",
                        "bootstrap mean",
                        "bootstrap p5",
                        "bootstrap p95");
        // Stored distributions are quantized to as many points.
        assertThat(of(rows, "support").get(1)).containsEntry("adjustedRand", 1.0);
        assertThat(of(rows, "size")).extracting(r -> r.get("supernodes")).containsExactly(4L, 6L);
        List<Map<String, Object>> bootstrap = of(rows, "bootstrap");
        double mean =
                bootstrap.subList(0, 4).stream()
                        .mapToDouble(r -> (Double) r.get("adjustedRand"))
                        .average()
                        .orElseThrow();
        assertThat(mean).isLessThan(1);
        assertThat((Double) bootstrap.get(4).get("adjustedRand")).isCloseTo(mean, within(1e-12));
        assertThat((Double) bootstrap.get(5).get("pairF1"))
                .isLessThanOrEqualTo((Double) bootstrap.get(6).get("pairF1"));
    }

    @Test
    void aSeedGivesTheSameResamplesAtAnyConcurrencyAndAnotherGivesOthers() {
        String configuration =
                "{space: 'first', factors: ['bootstrap', 'seed'], resamples: 3, level: '%s',"
                        + " concurrency: %d, resampleSeed: %d, targetSize: 6}";
        for (String level : List.of("feature", "node")) {
            List<Map<String, Object>> one = rows(configuration.formatted(level, 1, 7));
            assertThat(rows(configuration.formatted(level, 4, 7))).isEqualTo(one);
            assertThat(of(rows(configuration.formatted(level, 4, 70)), "bootstrap"))
                    .isNotEqualTo(of(one, "bootstrap"));
        }
    }

    @Test
    void whatAGroupingDoesNotDependOnIsNotVaried() {
        assertThat(rows("{distance: 'edgeProfile', linkage: 'complete', targetSize: 5}"))
                .extracting(r -> r.get("factor") + " " + r.get("variant"))
                .containsExactly(
                        "base base",
                        "size 4",
                        "size 6",
                        "pruning nodes 0.95",
                        "pruning nodes 0.8",
                        "pruning links 0.95",
                        "pruning links 0.8");
        assertThat(rows("{space: 'first', grouping: 'layerPosition', factors: ['size', 'space']}"))
                .allSatisfy(r -> assertThat(r).containsEntry("adjustedRand", 1.0));
        assertThat(
                        of(
                                rows(
                                        "{space: 'first', grouping: 'random', factors: ['seed'],"
                                                + " targetSize: 5}"),
                                "seed"))
                .extracting(r -> r.get("variant"))
                .endsWith("grouping, seed 1", "grouping, seed 2", "grouping, seed 3");
    }

    @Test
    void problemsAreNamed() {
        database.failure("CALL sot.compress.stability('random', {factors: ['seeds']})")
                .contains("`factors`")
                .contains("bootstrap");
        database.failure("CALL sot.compress.stability('random', {resample: 3})")
                .contains("did you mean `resamples`?");
        database.failure("CALL sot.compress.stability('random', {dendrogram: 'any'})")
                .contains("unexpected configuration key `dendrogram`");
        database.failure("CALL sot.compress.stability('none')").contains("'none'");
    }
}
