package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What positions are placed by: their own states, or those of their prompts. */
class SpaceMethodsTest {

    private static final int PROMPTS = 600;
    private static final int LENGTH = 12;
    private static final List<Integer> ANSWER = List.of(8, 9, 10, 11);

    @RegisterExtension static final Database database = Database.withSchema();

    private static Map<String, Object> chosen;

    @BeforeAll
    static void importBundles() {
        database.copy(Path.of("../import/demo/bundle"), "bundle");
        SmallBundle.write(database.importDirectory().resolve("small"), 1);
        SmallBundle.writeLayered(database.importDirectory().resolve("layered"));
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.import.activations('small')");
        database.row("CALL sot.import.activations('layered', {corpus: 'layered'})");
        chosen = database.row("CALL sot.space.fit({corpus: 'add4l'})");
    }

    @Test
    void sumsArePlacedByTheirAnswers() {
        assertThat(chosen)
                .containsEntry("space", "prompt")
                .containsEntry("method", "prompt")
                .containsEntry(
                        "reason",
                        "all 600 prompts have one format, whose last fixed token is at position 8")
                .containsEntry("promptPositions", List.of(8L, 9L, 10L, 11L))
                .containsEntry("dimension", 16L)
                .containsEntry("positions", (long) PROMPTS * LENGTH)
                .containsEntry("excludedFirstTokens", (long) PROMPTS)
                .containsEntry("excludedSinks", 0L);
        assertThat(database.row("CALL sot.space.fit({corpus: 'add4l'})"))
                .containsEntry("status", "unchanged")
                .containsEntry("method", "prompt");
    }

    @Test
    void allPositionsOfAPromptHaveTheSamePoint() {
        List<float[]> points = points("prompt");
        for (int i = 0; i < points.size(); i++) {
            assertThat(points.get(i)).containsExactly(points.get(i - i % LENGTH));
        }
        assertThat(points.get(0)).isNotEqualTo(points.get(LENGTH));
    }

    @Test
    void pointsArePrincipalComponentsOfUnitVariance() {
        List<float[]> points = points("prompt");
        for (int k = 0; k < 16; k++) {
            double mean = 0;
            double square = 0;
            for (int p = 0; p < PROMPTS; p++) {
                double value = points.get(p * LENGTH)[k];
                mean += value / PROMPTS;
                square += value * value / (PROMPTS - 1);
            }
            assertThat(mean).isCloseTo(0, within(1e-5));
            assertThat(square).isCloseTo(1, within(1e-4));
        }
    }

    /** With all directions and not whitened, distances are those of the concatenated states. */
    @Test
    void aPromptIsPlacedByTheStatesAtTheChosenPositions() {
        database.row(
                "CALL sot.space.fit({corpus: 'add4l', name: 'whole', method: 'prompt', whiten:"
                        + " false, dimension: 512})");
        assertDistancesOf("whole", ANSWER);
        database.row(
                "CALL sot.space.fit({corpus: 'add4l', name: 'ends', method: 'prompt', whiten:"
                        + " false, dimension: 512, promptPositions: [-1, 1]})");
        assertDistancesOf("ends", List.of(11, 1));
    }

    private static void assertDistancesOf(String space, List<Integer> places) {
        List<float[]> points = points(space);
        List<float[]> states =
                rows(
                        "MATCH (h:HiddenStates)-[:IN_CORPUS]->(:Corpus {name: $name}) RETURN"
                                + " h.values AS values, h.dimension AS dimension ORDER BY h.start",
                        "add4l");
        for (int p = 1; p < 40; p++) {
            double expected = 0;
            for (int place : places) {
                expected += squared(states.get(place), states.get(p * LENGTH + place));
            }
            assertThat(squared(points.get(0), points.get(p * LENGTH)))
                    .isCloseTo(expected, within(1e-4 * expected));
        }
    }

    private static double squared(float[] a, float[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += Math.pow((double) a[k] - b[k], 2);
        }
        return sum;
    }

    /** With all directions and not whitened, distances are those of the scaled states. */
    @Test
    void aConcatenatedPositionIsPlacedByItsStatesAtSeveralLayers() {
        assertThat(
                        database.row(
                                "CALL sot.space.fit({corpus: 'layered', method: 'concat', whiten:"
                                        + " false, dimension: 18, excludeFirstToken: false,"
                                        + " sinkFactor: 1e9})"))
                .containsEntry("space", "concat")
                .containsEntry("method", "concat")
                .containsEntry("layer", null)
                .containsEntry("layers", List.of(0L, 1L, 2L))
                .containsEntry("dimension", 18L);
        List<float[]> points = points("concat");
        double[] expected = new double[points.size()];
        for (int layer = 0; layer < 3; layer++) {
            List<float[]> states =
                    rows(
                            "MATCH (h:HiddenStates {layer: "
                                    + layer
                                    + "})-[:IN_CORPUS]->(:Corpus {name: $name}) RETURN h.values AS"
                                    + " values, h.dimension AS dimension ORDER BY h.start",
                            "layered");
            double square = meanSquareOfCentred(states);
            for (int p = 1; p < points.size(); p++) {
                expected[p] += squared(states.get(0), states.get(p)) / square;
            }
        }
        for (int p = 1; p < points.size(); p++) {
            assertThat(squared(points.get(0), points.get(p)))
                    .isCloseTo(expected[p], within(1e-4 * expected[p]));
        }
    }

    private static double meanSquareOfCentred(List<float[]> states) {
        float[] mean = new float[states.get(0).length];
        for (float[] state : states) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += state[k] / states.size();
            }
        }
        return states.stream().mapToDouble(s -> squared(s, mean)).average().orElseThrow();
    }

    @Test
    void concatenatingOneLayerAligns() {
        database.row(
                "CALL sot.space.fit({corpus: 'layered', name: 'one', method: 'concat', layers: [1],"
                        + " dimension: 4, backend: 'java'})");
        database.row(
                "CALL sot.space.fit({corpus: 'layered', name: 'same', method: 'aligned', layer: 1,"
                        + " dimension: 4, backend: 'java'})");
        List<float[]> one = points("one");
        List<float[]> same = points("same");
        for (int p = 0; p < one.size(); p++) {
            for (int k = 0; k < 4; k++) {
                assertThat(one.get(p)[k]).isCloseTo(same.get(p)[k], within(1e-4f));
            }
        }
    }

    @Test
    void layersOfAnyOrderAreTheSameSpace() {
        database.row(
                "CALL sot.space.fit({corpus: 'layered', name: 'two', method: 'concat', layers: [2,"
                        + " 0]})");
        assertThat(
                        database.row(
                                "CALL sot.space.fit({corpus: 'layered', name: 'two', method:"
                                        + " 'concat', layers: [0, 2]})"))
                .containsEntry("status", "unchanged")
                .containsEntry("layers", List.of(0L, 2L));
        assertThat(
                        database.<Map<String, Object>>value(
                                "CALL sot.list() YIELD name, details WHERE name = 'two' RETURN"
                                        + " details"))
                .containsEntry("layers", new int[] {0, 2});
    }

    @Test
    void layersThatDoNotFitAreRefused() {
        failure("method: 'concat', layers: []").contains("at least one layer");
        failure("method: 'concat', layers: [3, 7]").contains("`layers`").contains("[3, 7]");
        failure("method: 'concat', layer: 3").contains("{layers: [...]}");
        failure("method: 'aligned', layers: [3]").contains("{method: 'concat'}");
    }

    @Test
    void theResultDoesNotDependOnConcurrency() {
        for (long concurrency : List.of(1L, 3L)) {
            database.row(
                    "CALL sot.space.fit({corpus: 'add4l', name: 'c' + $concurrency, method:"
                            + " 'prompt', backend: 'java', concurrency: $concurrency})",
                    "concurrency",
                    concurrency);
        }
        List<float[]> one = points("c1");
        List<float[]> three = points("c3");
        for (int i = 0; i < one.size(); i++) {
            assertThat(three.get(i)).containsExactly(one.get(i));
        }
    }

    @Test
    void aPromptWithAnOutlierAmongItsStatesIsLeftOut() {
        assertThat(
                        (Long)
                                database.row(
                                                "CALL sot.space.fit({corpus: 'add4l', name:"
                                                        + " 'strict', method: 'prompt',"
                                                        + " sinkFactor: 1.3})")
                                        .get("excludedSinks"))
                .isPositive();
        List<Map<String, Object>> blocks =
                database.rows(
                        "MATCH (p:Points)-[:IN_SPACE]->(:ReferenceSpace {name: 'strict'}) UNWIND"
                            + " p.excluded AS offset WITH (p.start + offset) / 12 AS prompt,"
                            + " count(*) AS positions RETURN positions, count(*) AS prompts ORDER"
                            + " BY prompts DESC");
        assertThat(blocks).extracting(b -> b.get("positions")).contains((long) LENGTH);
    }

    @Test
    void promptsWithoutACommonFormatAreAligned() {
        assertThat(database.row("CALL sot.space.fit({corpus: 'model', dimension: 2})"))
                .containsEntry("space", "aligned")
                .containsEntry("method", "aligned")
                .containsEntry("reason", "the prompts do not have one format")
                .containsEntry("promptPositions", List.of());
    }

    @Test
    void fewPromptsAreAligned() {
        assertThat(
                        database.row(
                                "CALL sot.space.fit({corpus: 'add4l', name: 'wide', dimension:"
                                        + " 61})"))
                .containsEntry("method", "aligned")
                .containsEntry(
                        "reason", "there are only 600 prompts, fewer than 10 for each dimension");
    }

    @Test
    void promptsOfAnyFormatCanBePlacedByTheirLastPositions() {
        assertThat(
                        database.row(
                                "CALL sot.space.fit({corpus: 'model', name: 'last', method:"
                                        + " 'prompt', dimension: 2})"))
                .containsEntry("method", "prompt")
                .containsEntry("reason", "asked for")
                .containsEntry("promptPositions", List.of(-1L));
    }

    @Test
    void positionsThatDoNotFitAreRefused() {
        failure("method: 'prompt', promptPositions: [12]")
                .contains("prompt 0")
                .contains("no position 12")
                .contains("0 to 11");
        failure("method: 'prompt', promptPositions: [-13]").contains("no position -13");
        failure("method: 'prompt', promptPositions: [11, -1]").contains("twice");
        failure("method: 'prompt', promptPositions: []").contains("at least one position");
        failure("method: 'aligned', promptPositions: [1]").contains("{method: 'prompt'}");
        failure("method: 'prompts'")
                .contains("[auto, aligned, concat, prompt, ridge, procrustes, logitLens, tokens]");
        assertThat(database.<Long>value("MATCH (s:ReferenceSpace {name: 'wrong'}) RETURN count(s)"))
                .isZero();
    }

    private static AbstractStringAssert<?> failure(String keys) {
        return database.failure(
                "CALL sot.space.fit({corpus: 'add4l', name: 'wrong', " + keys + "})");
    }

    private static List<float[]> points(String space) {
        return rows(
                "MATCH (p:Points)-[:IN_SPACE]->(:ReferenceSpace {name: $name}) RETURN p.values AS"
                        + " values, p.dimension AS dimension ORDER BY p.start",
                space);
    }

    private static List<float[]> rows(String statement, String name) {
        List<float[]> rows = new ArrayList<>();
        for (Map<String, Object> block : database.rows(statement, "name", name)) {
            float[] values = (float[]) block.get("values");
            int dimension = ((Number) block.get("dimension")).intValue();
            for (int start = 0; start < values.length; start += dimension) {
                rows.add(Arrays.copyOfRange(values, start, start + dimension));
            }
        }
        return rows;
    }
}
