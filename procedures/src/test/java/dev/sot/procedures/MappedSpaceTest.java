package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Spaces in which every layer has points of its own, and spaces of several corpora. */
class MappedSpaceTest {

    private static final List<Long> LAYERS = List.of(0L, 1L, 2L);

    @RegisterExtension static final Database database = Database.withSchema();

    private static Map<String, Object> ridge;
    private static Map<String, Object> procrustes;

    @BeforeAll
    static void fit() {
        SmallBundle.writeRelated(database.importDirectory().resolve("related"));
        SmallBundle.writeLayered(database.importDirectory().resolve("unrelated"));
        SmallBundle.writePlanted(database.importDirectory().resolve("planted"));
        SmallBundle.write(database.importDirectory().resolve("plain"), 1);
        SmallBundle.writeUnembedded(database.importDirectory().resolve("seen"));
        for (String corpus : List.of("related", "unrelated", "planted", "plain", "seen")) {
            database.row(
                    "CALL sot.import.activations($corpus, {corpus: $corpus})", "corpus", corpus);
        }
        ridge = database.row("CALL sot.space.fit({corpus: 'related', method: 'ridge'})");
        procrustes = database.row("CALL sot.space.fit({corpus: 'related', method: 'procrustes'})");
        database.row("CALL sot.distributions.write({space: 'ridge'})");
        database.row("CALL sot.distributions.write({space: 'procrustes'})");
    }

    @Test
    void layersThatAreTheSameButForScaleAndMeanHaveTheSamePoints() {
        for (Map<String, Object> row : List.of(ridge, procrustes)) {
            assertThat(row)
                    .containsEntry("status", "fitted")
                    .containsEntry("layer", 2L)
                    .containsEntry("layers", LAYERS)
                    .containsEntry("positions", (long) SmallBundle.POSITIONS)
                    .containsEntry("dimension", (long) SmallBundle.HIDDEN);
            assertThat(doubles(row, "heldOutR2"))
                    .allSatisfy(r2 -> assertThat(r2).isGreaterThan(0.999));
            assertThat(row).containsEntry("heldOutRetrieval", List.of(1.0, 1.0, 1.0));
        }
        assertThat(ridge).containsEntry("penalties", List.of(1e-6, 1e-6, 0.0));
        assertThat(procrustes).containsEntry("penalties", List.of());
    }

    /** Feature f of layer l fires where feature f + 1 of layer l - 1 does. */
    @Test
    void featuresOfDifferentLayersThatFireTogetherAreAtDistanceZero() {
        for (String space : List.of("ridge", "procrustes")) {
            assertThat(distance(space, "0/1", "1/0")).isCloseTo(0, within(1e-3));
            assertThat(distance(space, "0/2", "2/0")).isCloseTo(0, within(1e-3));
            assertThat(distance(space, "0/0", "1/0")).isGreaterThan(0.1);
        }
    }

    private static double distance(String space, String f, String g) {
        return database.<Double>value(
                "RETURN sot.distance($f, $g, {space: $space})",
                "f",
                SmallBundle.DICTIONARY + "/" + f,
                "g",
                SmallBundle.DICTIONARY + "/" + g,
                "space",
                space);
    }

    @Test
    void plansAndRowsSpeakOfTheCorpus() {
        assertThat(
                        database.rows(
                                "CALL sot.plan($f, $g, {space: 'ridge'}) YIELD sourceContext,"
                                        + " targetContext RETURN sourceContext, targetContext",
                                "f",
                                SmallBundle.DICTIONARY + "/0/1",
                                "g",
                                SmallBundle.DICTIONARY + "/1/0"))
                .isNotEmpty()
                .allSatisfy(
                        row ->
                                assertThat(row.get("sourceContext"))
                                        .isEqualTo(row.get("targetContext")));
        assertThat(
                        database.<Long>value(
                                "CALL sot.distributions.stream({space: 'ridge'}) YIELD positions"
                                        + " UNWIND positions AS p RETURN max(p)"))
                .isLessThan(SmallBundle.POSITIONS);
    }

    @Test
    void featuresAreMatchedAcrossLayers() {
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.match.stream({dictionary: $dictionary, layers: [0], targets:"
                            + " {dictionary: $dictionary, layers: [1]}, space: 'ridge'}) YIELD"
                            + " source, target, distance RETURN source.index AS f, target.index AS"
                            + " g, distance",
                        "dictionary",
                        SmallBundle.DICTIONARY);
        assertThat(rows)
                .isNotEmpty()
                .allSatisfy(
                        row -> {
                            long f = (Long) row.get("f");
                            long g = (Long) row.get("g");
                            assertThat((f - g - 1) % 5).isZero();
                            assertThat((Double) row.get("distance")).isCloseTo(0, within(1e-3));
                        });
        assertThat(
                        database.rows(
                                "CALL sot.match.compare({dictionary: $dictionary, layers: [0],"
                                        + " targets: {dictionary: $dictionary, layers: [1]}, space:"
                                        + " 'ridge', minFirings: 4}) YIELD method, available WHERE"
                                        + " method IN ['wasserstein', 'centroid'] RETURN method,"
                                        + " available",
                                "dictionary",
                                SmallBundle.DICTIONARY))
                .hasSize(2);
    }

    /**
     * The lens sees the first two coordinates of normalised states, which do not tell how long a
     * state is.
     */
    @Test
    void theLogitLensSeesWhatTheUnembeddingSees() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.space.fit({corpus: 'seen', method: 'logitLens', whiten: false,"
                                + " excludeFirstToken: false, sinkFactor: 1e9})");
        assertThat(row)
                .containsEntry("method", "logitLens")
                .containsEntry("layers", List.of(2L))
                .containsEntry("dimension", 2L)
                .containsEntry("explainedVariance", 1.0);
        float[] points = blocks("MATCH (p:Points)-[:IN_SPACE]->({name: 'logitLens'})");
        float[] states = blocks("MATCH (p:HiddenStates)-[:IN_CORPUS]->({name: 'seen'})");
        for (int i = 1; i < SmallBundle.POSITIONS; i++) {
            double expected = 0;
            double found = 0;
            for (int k = 0; k < 2; k++) {
                expected += Math.pow(seen(states, i, k) - seen(states, 0, k), 2);
                found += Math.pow(points[2 * i + k] - points[k], 2);
            }
            assertThat(found).isCloseTo(expected, within(1e-4 * (1 + expected)));
        }
    }

    /** A logit of {@link SmallBundle#writeUnembedded}. */
    private static double seen(float[] states, int position, int coordinate) {
        double square = 0;
        for (int k = 0; k < SmallBundle.HIDDEN; k++) {
            square += Math.pow(states[position * SmallBundle.HIDDEN + k], 2) / SmallBundle.HIDDEN;
        }
        double weight = coordinate == 0 ? 1 : 3;
        return weight
                * states[position * SmallBundle.HIDDEN + coordinate]
                / Math.sqrt(square + 0.5)
                * Math.sqrt(2);
    }

    private static float[] blocks(String match) {
        List<Map<String, Object>> blocks =
                database.rows(match + " RETURN p.values AS values ORDER BY p.start");
        assertThat(blocks).hasSize(1);
        return (float[]) blocks.get(0).get("values");
    }

    @Test
    void layersWithoutAMapAreRefused() {
        assertThat(
                        database.row(
                                "CALL sot.space.fit({corpus: 'related', method: 'ridge', name:"
                                        + " 'upper', layers: [1], penalty: 0.1})"))
                .containsEntry("layers", List.of(1L, 2L))
                .containsEntry("penalties", List.of(0.1, 0.0));
        database.failure("CALL sot.distributions.write({space: 'upper'})")
                .contains("of layer 0")
                .contains("[1, 2]");
        assertThat(database.<Long>value("MATCH (d:Distribution {space: 'upper'}) RETURN count(d)"))
                .isZero();
        assertThat(
                        database.row(
                                "CALL sot.distributions.write({space: 'upper', dictionary:"
                                        + " $dictionary, layers: [1, 2]})",
                                "dictionary",
                                SmallBundle.DICTIONARY))
                .containsEntry("distributions", 2L * SmallBundle.WIDTH);
    }

    @Test
    void layersThatHaveNothingInCommonExplainNothing() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.space.fit({corpus: 'unrelated', method: 'ridge', name:"
                                + " 'apart'})");
        assertThat(doubles(row, "heldOutR2").subList(0, 2))
                .allSatisfy(r2 -> assertThat(r2).isLessThan(0.3));
        assertThat(doubles(row, "heldOutR2").get(2)).isEqualTo(1);
    }

    @Test
    void theSameSpaceIsNotFittedAgain() {
        assertThat(database.row("CALL sot.space.fit({corpus: 'related', method: 'ridge'})"))
                .containsEntry("status", "unchanged")
                .containsEntry("heldOutR2", ridge.get("heldOutR2"));
        failure("corpus: 'related', method: 'ridge', penalty: 0.5").contains("different");
        failure("corpus: 'related', method: 'aligned', penalty: 0.5").contains("{method: 'ridge'}");
        failure("corpus: 'related', method: 'ridge', penalty: 0").contains("`penalty`");
        failure("corpus: 'related', method: 'procrustes', layers: []").contains("one layer");
        failure("corpus: 'related', name: 'unseen', method: 'logitLens'")
                .contains("no unembedding");
    }

    @Test
    void severalCorporaShareASpaceOfOne() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.space.fit({name: 'shared', method: 'aligned', dimension: 2,"
                                + " corpus: 'plain', corpora: ['planted', 'unrelated']})");
        assertThat(row)
                .containsEntry("corpora", List.of("plain", "planted", "unrelated"))
                .containsEntry("positions", 3L * SmallBundle.POSITIONS);
        // The last layer's states of the first and the third are the same.
        assertThat(doubles(row, "principalAngles").get(2)).isCloseTo(0, within(1e-6));
        assertThat(doubles(row, "coverages").get(2)).isCloseTo(1, within(1e-9));
        assertThat(doubles(row, "principalAngles").get(1)).isGreaterThan(45);
        assertThat((List<?>) row.get("warnings"))
                .singleElement()
                .asString()
                .contains("'planted' leaves the space");
        List<float[]> points =
                database
                        .rows(
                                "MATCH (p:Points)-[:IN_SPACE]->(:ReferenceSpace {name: 'shared'})"
                                        + " RETURN p.values AS values ORDER BY p.start")
                        .stream()
                        .map(r -> (float[]) r.get("values"))
                        .toList();
        float[] all = points.get(0);
        for (int i = 0; i < 2 * SmallBundle.POSITIONS; i++) {
            assertThat(all[4 * SmallBundle.POSITIONS + i]).isEqualTo(all[i]);
        }
        database.row("CALL sot.distributions.write({space: 'shared'})");
        assertThat(database.row("CALL sot.space.drop('shared')"))
                .containsEntry("space", "shared")
                .containsEntry("matchRuns", 0L)
                .containsEntry("compressions", 0L);
        failure("method: 'aligned', corpora: ['plain', 'planted']").contains("{corpus: ...}");
        failure("method: 'aligned', corpus: 'related', corpora: ['plain'], layer: 1")
                .contains("'plain'")
                .contains("[2]")
                .contains("[1]");
    }

    @Test
    void spacesAreListed() {
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.space.list() YIELD space, method, complete, corpora, layers,"
                                + " distributions, heldOutR2, warnings WHERE space IN ['ridge',"
                                + " 'procrustes'] RETURN *");
        assertThat(rows).extracting(r -> r.get("space")).containsExactly("procrustes", "ridge");
        assertThat(rows.get(1))
                .containsEntry("method", "ridge")
                .containsEntry("complete", true)
                .containsEntry("corpora", List.of("related"))
                .containsEntry("layers", LAYERS)
                .containsEntry("distributions", 3L * SmallBundle.WIDTH)
                .containsEntry("heldOutR2", ridge.get("heldOutR2"))
                .containsEntry("warnings", List.of());
    }

    private static AbstractStringAssert<?> failure(String keys) {
        return database.failure("CALL sot.space.fit({" + keys + "})");
    }

    @SuppressWarnings("unchecked")
    private static List<Double> doubles(Map<String, Object> row, String column) {
        return (List<Double>) row.get(column);
    }
}
