package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody meets who compresses for the first time, without activations. */
class CompressErrorsTest {

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importCircuit() {
        CircuitJson circuit = CircuitJson.small("small");
        circuit.feature(0, 5, 2);
        circuit.link("0_5_2", "2_7_2", 0.75);
        database.write("small.json", circuit.toString());
        database.row("CALL sot.import.circuit('small.json')");
    }

    private static AbstractStringAssert<?> failure(String configuration) {
        return database.failure("CALL sot.compress.stats('small', " + edges(configuration) + ")");
    }

    private static String edges(String configuration) {
        return configuration.replace("{", "{distance: 'edgeProfile', ");
    }

    private static Map<String, Object> stats(String configuration) {
        return database.row("CALL sot.compress.stats('small', " + configuration + ")");
    }

    @Test
    void mustLinksThatCannotBeHeededNameTheirNodes() {
        failure("{mustLink: [['0_5_1', '2_7_2']], acyclic: 'refuse', targetSize: 2}")
                .endsWith(
                        "sot.compress.stats: node '0_5_1' and node '2_7_2' must link, but their"
                                + " supernode would close a cycle with other supernodes");
        failure("{mustLink: [['1_6_2', '2_7_2']], maxInternalMass: 0.01, targetSize: 2}")
                .endsWith(
                        "node '1_6_2' and node '2_7_2' must link, but their supernode would hide"
                                + " more of the links' weight than `maxInternalMass` allows");
    }

    @Test
    void aNodeIsNotKeptApartFromItself() {
        failure("{cannotLink: [['1_6_2', '1_6_2']]}")
                .endsWith("`cannotLink` lists node '1_6_2' twice; list it once");
        failure("{level: 'feature', cannotLink: [['0_5_1', '0_5_2']]}")
                .contains("lists nodes '0_5_1' and '0_5_2', which are both feature '")
                .contains("give level: 'node'");
        assertThat(stats(edges("{cannotLink: [['0_5_1', '0_5_2']], targetSize: 1}")))
                .containsEntry("featureSupernodes", 2L);
    }

    @Test
    void aNodeThatIsNotThereCannotBeKeptApartFromNothing() {
        failure("{cannotLink: [['nix']]}")
                .endsWith("`cannotLink` names node 'nix', which circuit 'small' does not have");
    }

    @Test
    void whatWasTakenAwayForAnAcyclicPictureIsStored() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.compress('small', {distance: 'edgeProfile', targetSize: 3,"
                                + " mustLink: [['0_5_1', '2_7_2']], acyclic: 'collapse', id:"
                                + " 'flat'})");
        assertThat((long) row.get("removedSuperedges")).isPositive();
        assertThat(
                        database.row(
                                "MATCH (c:Compression {id: 'flat'}) RETURN c.removedSuperedges AS"
                                        + " removedSuperedges, c.removedMass AS removedMass"))
                .containsEntry("removedSuperedges", row.get("removedSuperedges"))
                .containsEntry("removedMass", row.get("removedMass"));
        database.row("CALL sot.compress.drop('flat')");
    }

    @Test
    void aNumberThatConstraintsForbidIsReported() {
        assertThat(stats(edges("{cannotLink: [['0_5_1', '1_6_2']], targetSize: 1}")))
                .containsEntry("featureSupernodes", 2L)
                .containsEntry("offTarget", 1L);
        assertThat(stats(edges("{mustLink: [['0_5_1', '1_6_2']], targetSize: 4}")))
                .containsEntry("featureSupernodes", 3L)
                .containsEntry("offTarget", -1L);
        assertThat(stats(edges("{targetRatio: 0.5}"))).containsEntry("offTarget", 0L);
        assertThat(stats(edges("{size: 'auto'}"))).containsEntry("offTarget", null);
    }

    @Test
    void placesAndChanceNeedNoActivations() {
        assertThat(stats("{grouping: 'layerPosition'}"))
                .containsEntry("featureSupernodes", 4L)
                .containsEntry("space", null);
        assertThat(stats("{grouping: 'random', targetSize: 2}"))
                .containsEntry("featureSupernodes", 2L);
        database.failure("CALL sot.compress.stats('small', {grouping: 'random', space: 'any'})")
                .contains("space");
        database.failure("CALL sot.compress.stats('small')")
                .endsWith(
                        "there is no reference space; fit one with CALL sot.space.fit(), or compare"
                                + " by links, which needs no activations: {distance:"
                                + " 'edgeProfile'}");
    }

    @Test
    void aStoredDendrogramHasAllItsCutsWithoutANumberOrDistances() {
        database.row("CALL sot.compress('small', " + edges("{id: 'd', targetSize: 2}") + ")");
        List<Map<String, Object>> again =
                database.rows("CALL sot.compress.sizes(null, {dendrogram: 'd'})");
        List<Map<String, Object>> computed =
                database.rows("CALL sot.compress.sizes('small', " + edges("{size: 'auto'}") + ")");
        assertThat(again).hasSameSizeAs(computed).hasSize(4);
        for (int k = 0; k < again.size(); k++) {
            for (String figure :
                    List.of("featureSupernodes", "height", "descriptionLength", "retainedMass")) {
                assertThat(again.get(k)).containsEntry(figure, computed.get(k).get(figure));
            }
            assertThat(again.get(k))
                    .containsEntry("silhouette", null)
                    .containsEntry("dispersion", null);
            assertThat(computed.get(k).get("dispersion")).isNotNull();
        }
        assertThat(again)
                .filteredOn(row -> !((List<?>) row.get("chosenBy")).isEmpty())
                .singleElement()
                .satisfies(
                        row ->
                                assertThat(row.get("chosenBy"))
                                        .isEqualTo(List.of("descriptionLength")));
        assertThat(database.rows("CALL sot.compress.dendrogram(null, {dendrogram: 'd'})"))
                .hasSize(3);
        assertThat(database.row("CALL sot.compress.estimate(null, {dendrogram: 'd'})"))
                .containsEntry("pairs", 0L);
        database.failure("CALL sot.compress.stats(null, {dendrogram: 'd'})")
                .contains(
                        "sot.compress.stats: configuration key `dendrogram` needs one of"
                                + " [targetSize, targetRatio, maxDistance]");
        database.row("CALL sot.compress.drop('d')");
    }

    @Test
    void keysThatMeanNothingAndValuesThatMeanLittleAreRefused() {
        failure("{grouping: 'kMedoids', targetSize: 2, linkage: 'single'}")
                .contains("`linkage` means nothing to grouping 'kMedoids', unless `size`");
        assertThat(stats(edges("{grouping: 'kMedoids', linkage: 'single'}")))
                .containsEntry("sizeRule", "auto");
        failure("{grouping: 'hdbscan', minClusterSize: 9}")
                .contains("`minClusterSize` is 9, but there are only 4 items");
        failure("{targetRatio: 0}")
                .endsWith("`targetRatio` must be above 0 and at most 1, got 0.0 (a float)");
        failure("{factors: []}").contains("unexpected configuration key `factors`");
        database.failure("CALL sot.compress.stability('small', {factors: []})")
                .contains("`factors` must be a list of at least one of [seed, ");
    }

    @Test
    void namesAreOneLine() {
        for (String id : List.of("a\nb", "a\u0007", "tab\there", "\u0085")) {
            database.failure(
                            "CALL sot.compress('small', {distance: 'edgeProfile', id: $id})",
                            "id",
                            id)
                    .contains("`id` must be without line breaks and other control characters");
        }
    }

    @Test
    void typesAreThoseOfCypher() {
        failure("{targetSize: [3]}").endsWith("got [3] (a list)");
        failure("{targetSize: {a: 1}}").endsWith("(a map)");
        failure("{targetSize: 2.5}").endsWith("got 2.5 (a float)");
        failure("{targetSize: -1}").endsWith("got -1 (an integer)");
        failure("{targetSize: true}").endsWith("got true (a boolean)");
        failure("{apart: 'x'}").endsWith("must be a list of strings, got 'x'");
    }

    @Test
    void errorsAreHeadedByTheProcedureThatWasCalled() {
        for (String procedure : List.of("stats", "sizes", "dendrogram", "stream")) {
            database.failure(
                            "CALL sot.compress."
                                    + procedure
                                    + "('small', {distance: 'edgeProfile', apart: ['colour'],"
                                    + " targetSize: 2})")
                    .contains(
                            "sot.compress."
                                    + procedure
                                    + ": configuration key `apart` names property 'colour'");
        }
    }

    @Test
    void aCircuitThatSomebodyElseMadeIsToldFromAnImportedOne() {
        database.rows("CREATE (:Circuit {slug: 'hand'}), (:Circuit {name: 'Monza'})");
        database.failure("CALL sot.compress.stats('hand', {distance: 'edgeProfile'})")
                .contains("is not one that sot.import.circuit made")
                .contains("`nodeQuery`");
        database.failure(
                        "MATCH (c:Circuit {name: 'Monza'}) CALL sot.compress.stats(c, {distance:"
                                + " 'edgeProfile'}) YIELD nodes RETURN nodes")
                .contains("is not one that sot.import.circuit made");
        assertThat(database.rows("CALL sot.compress.stats(null, {distance: 'edgeProfile'})"))
                .hasSize(1);
        database.rows("MATCH (c:Circuit) WHERE c.contentHash IS NULL DELETE c");
        database.rows(
                "MATCH (n:CircuitNode {nodeId: '1_6_2'}) SET n.kept = n.layer REMOVE n.layer");
        database.failure("CALL sot.compress.stats('small', {distance: 'edgeProfile'})")
                .contains("circuit 'small' is not as sot.import.circuit writes it: ")
                .contains("'layer'");
        database.rows("MATCH (n:CircuitNode {nodeId: '1_6_2'}) SET n.layer = n.kept REMOVE n.kept");
    }

    private static void importInUnitsOf(double unit) {
        CircuitJson circuit = CircuitJson.small("units");
        circuit.feature(0, 5, 2);
        circuit.link("0_5_2", "2_7_2", 0.75);
        circuit.links.forEach(
                link -> ((ObjectNode) link).put("weight", link.get("weight").asDouble() * unit));
        database.write("units.json", circuit.toString());
        database.row("CALL sot.import.circuit('units.json', {replace: true})");
    }

    @Test
    void weightsThatAddUpToNoNumberAreRefused() {
        importInUnitsOf(5e307);
        List<Map<String, Object>> before = database.contents();
        for (String configuration :
                List.of(
                        "{grouping: 'layerPosition'}",
                        "{distance: 'edgeProfile', targetSize: 2, acyclic: 'collapse'}")) {
            database.failure("CALL sot.compress('units', " + configuration + ")")
                    .contains("the links of circuit 'units' add up to more than a number can hold")
                    .contains("; divide all of them by the same number");
        }
        assertThat(database.contents()).isEqualTo(before);
        database.row("CALL sot.drop.circuit('units')");
    }

    @Test
    void weightsInAnyUnitAreCompared() {
        Map<String, Object> usual = stats(edges("{targetSize: 2}"));
        for (double unit : new double[] {1e-250, 1e-190, 1e160, 1e300}) {
            importInUnitsOf(unit);
            Map<String, Object> scaled =
                    database.row(
                            "CALL sot.compress.stats('units', " + edges("{targetSize: 2}") + ")");
            for (String figure : List.of("within", "between", "silhouette")) {
                assertThat((Double) scaled.get(figure))
                        .as("%s, %s", figure, unit)
                        .isCloseTo((Double) usual.get(figure), within(1e-12));
            }
        }
        database.row("CALL sot.drop.circuit('units')");
    }
}
