package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.graphdb.Transaction;

/** Circuits with what the field's files really contain, in and out of the database. */
class CircuitFilesTest {

    private static final String LINKS =
            "MATCH (a:CircuitNode)-[l:ATTRIBUTES_TO]->(b:CircuitNode) RETURN a.nodeId AS source,"
                + " labels(a) AS labels, b.nodeId AS target, l.weight AS weight ORDER BY source,"
                + " target, weight";

    @RegisterExtension static final Database database = Database.withSchema();

    @AfterEach
    void clear() {
        database.clear();
    }

    private static Map<String, Object> importCircuit(Object circuit) {
        database.write("circuit.json", circuit.toString());
        return database.row("CALL sot.import.circuit('circuit.json')");
    }

    private static void assertExportsAsImported() {
        database.row("CALL sot.export.circuit('tiny', 'exported.json', {overwrite: true})");
        CircuitJson.assertSame(
                database.importDirectory().resolve("exported.json"),
                database.importDirectory().resolve("circuit.json"));
    }

    @Test
    void aCircuitBecomesNodesOfFourKindsAndFeaturesOfADictionary() {
        assertThat(importCircuit(CircuitJson.small("tiny")))
                .containsEntry("slug", "tiny")
                .containsEntry("nodes", 8L)
                .containsEntry("links", 9L)
                .containsEntry("dictionary", "model/dictionary")
                .containsEntry("dictionarySource", "scan");
        assertThat(
                        database.rows(
                                "MATCH (n:CircuitNode)-[:IN_CIRCUIT]->(:Circuit {slug: 'tiny'})"
                                        + " UNWIND labels(n) AS label WITH label, count(*) AS n"
                                        + " WHERE label <> 'CircuitNode' RETURN label + ' ' + n AS"
                                        + " kind ORDER BY kind"))
                .extracting(r -> r.get("kind"))
                .containsExactly("EmbeddingNode 2", "ErrorNode 1", "FeatureNode 3", "LogitNode 2");
        assertThat(
                        database.rows(
                                "MATCH (:FeatureNode)-[:OF_FEATURE]->(f)-[:IN_DICTIONARY]->(d) "
                                        + "RETURN f.key AS key, d.name AS name ORDER BY key"))
                .extracting(r -> r.get("key"), r -> r.get("name"))
                .containsExactly(
                        tuple("model/dictionary/0/5"),
                        tuple("model/dictionary/1/6"),
                        tuple("model/dictionary/2/7"));
        assertExportsAsImported();
    }

    private static org.assertj.core.groups.Tuple tuple(String key) {
        return org.assertj.core.groups.Tuple.tuple(key, "model/dictionary");
    }

    @Test
    void theCumulativeFieldIsKeptApartFromTheInfluenceItself() {
        CircuitJson circuit = CircuitJson.small("tiny");
        importCircuit(circuit);
        Map<String, Object> node =
                database.row(
                        "MATCH (n:FeatureNode {nodeId: '2_7_2'}) RETURN n.cumulativeInfluence AS"
                                + " cumulative, n.influence AS influence");
        assertThat(node).containsEntry("cumulative", 0.5);
        assertThat((Double) node.get("influence")).isCloseTo(0.75 * 3 / 3.5, within(1e-12));
    }

    @Test
    void linksOfWeightZeroAndSelfLinksAreKeptAndCounted() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.link("E_17_1", "2_7_2", 0);
        circuit.link("1_6_2", "1_6_2", 0.5);
        assertThat(importCircuit(circuit))
                .containsEntry("links", 11L)
                .containsEntry("zeroLinks", 1L)
                .containsEntry("selfLinks", 1L)
                .containsEntry("danglingLinks", 0L)
                .containsEntry("duplicateLinks", 0L);
        assertThat(database.rows(LINKS)).hasSize(11);
        assertExportsAsImported();
    }

    @Test
    void danglingLinksAreLeftOutAndTheLastOfDuplicatesHolds() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.link("E_17_1", "nowhere", 1);
        circuit.link("nowhere", "2_7_2", 1);
        circuit.link("1_6_2", "2_7_2", -7);
        assertThat(importCircuit(circuit))
                .containsEntry("links", 12L)
                .containsEntry("danglingLinks", 2L)
                .containsEntry("duplicateLinks", 1L);
        assertThat(database.rows(LINKS)).hasSize(9);
        assertThat(
                        (Double)
                                database.value(
                                        "MATCH ({nodeId: '1_6_2'})-[l:ATTRIBUTES_TO]->({nodeId:"
                                                + " '2_7_2'}) RETURN l.weight"))
                .isEqualTo(-7);
    }

    @Test
    void linksOfASharedIdSurviveExportAlsoWhereTheErrorComesFirst() {
        CircuitJson circuit = new CircuitJson("tiny");
        circuit.error(2, 3);
        circuit.feature(0, 2, 3);
        circuit.feature(3, 5, 4);
        circuit.logit(42, 4, 0.75);
        circuit.link("0_2_3", "3_5_4", 1);
        circuit.link("0_2_3", "3_5_4", 9);
        circuit.link("3_5_4", "4_42_4", 2);
        importCircuit(circuit);
        String weights =
                "MATCH (n:CircuitNode {nodeId: '0_2_3'})-[l:ATTRIBUTES_TO]->() RETURN 'ErrorNode'"
                        + " IN labels(n) AS error, l.weight AS weight ORDER BY error";
        List<Map<String, Object>> before = database.rows(weights);
        assertThat(before).extracting(r -> r.get("weight")).containsExactly(1.0, 9.0);

        database.row("CALL sot.export.circuit('tiny', 'shared-id.json', {overwrite: true})");
        database.row("CALL sot.drop.circuit('tiny')");
        database.row("CALL sot.import.circuit('shared-id.json')");
        assertThat(database.rows(weights)).isEqualTo(before);
    }

    @Test
    void aFeatureAndAnErrorMayShareAnId() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.feature(0, 1, 2);
        circuit.link("E_18_2", "0_1_2", 0.5);
        circuit.links.remove(8);
        circuit.links.remove(5);
        circuit.link("0_1_2", "2_7_2", 0.25);
        circuit.link("0_1_2", "2_7_2", -0.125);
        assertThat(importCircuit(circuit))
                .containsEntry("nodes", 9L)
                .containsEntry("links", 10L)
                .containsEntry("ambiguousLinks", 3L)
                .containsEntry("duplicateLinks", 0L);
        assertThat(
                        database.rows(
                                "MATCH (n:CircuitNode {nodeId: '0_1_2'})-[l:ATTRIBUTES_TO]-(m)"
                                        + " RETURN 'ErrorNode' IN labels(n) AS error, m.nodeId AS"
                                        + " other, l.weight AS weight ORDER BY error, other"))
                .containsExactly(
                        Map.of("error", false, "other", "2_7_2", "weight", 0.25),
                        Map.of("error", false, "other", "E_18_2", "weight", 0.5),
                        Map.of("error", true, "other", "2_7_2", "weight", -0.125));
        assertExportsAsImported();
    }

    @Test
    void layersMayBeNumbersOrStrings() {
        CircuitJson circuit = CircuitJson.small("tiny");
        for (int i : List.of(2, 3, 4, 5, 6, 7)) {
            ObjectNode node = (ObjectNode) circuit.nodes.get(i);
            node.put("layer", Integer.parseInt(node.get("layer").asText()));
        }
        importCircuit(circuit);
        assertThat(
                        database.rows(
                                "MATCH (n:CircuitNode) RETURN n.nodeId AS id, n.layer AS layer"
                                        + " ORDER BY id"))
                .contains(Map.of("id", "2_7_2", "layer", 2), Map.of("id", "4_42_2", "layer", 4));
        assertExportsAsImported();
    }

    @Test
    void unknownFieldsAndExplicitNullsSurvive() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.root.put("qk_only_nodes", "kept").putNull("nothing");
        circuit.metadata.putObject("info").put("creator", "somebody").putNull("source_urls");
        circuit.metadata.put("schema_version", 1);
        ((ObjectNode) circuit.nodes.get(3)).putObject("custom").putArray("deep").add(1).addNull();
        ((ObjectNode) circuit.nodes.get(4)).putNull("nodeColor");
        ((ObjectNode) circuit.nodes.get(5)).putNull("clerp");
        ((ObjectNode) circuit.links.get(2)).put("note", "signed").putNull("other");
        importCircuit(circuit);
        assertExportsAsImported();
    }

    @Test
    void pinsAndSupernodesInTheFileSurviveAndCanBeImported() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.qParams
                .putArray("pinnedIds")
                .add("0_5_1")
                .add("1_6_2")
                .add("2_7_2")
                .add("4_42_2")
                .add("E_17_1");
        circuit.qParams
                .putArray("supernodes")
                .addArray()
                .add("group <b>")
                .add("0_5_1")
                .add("1_6_2");
        circuit.qParams.put("custom", 1);
        importCircuit(circuit);
        assertExportsAsImported();
        assertThat(database.row("CALL sot.import.supernodes('tiny', 'circuit.json', {id: 'q'})"))
                .containsEntry("supernodes", 4L)
                .containsEntry("members", 5L);
        assertThat(
                        database.rows(
                                "MATCH (s:Supernode {label: 'group <b>'}) CALL sot.expand(s) YIELD"
                                        + " nodeId RETURN nodeId ORDER BY nodeId"))
                .extracting(r -> r.get("nodeId"))
                .containsExactly("0_5_1", "1_6_2");
    }

    @Test
    void anExportCarriesTheSupernodesOfACompression() {
        importCircuit(CircuitJson.small("tiny"));
        database.write(
                "hand.json",
                "{\"pinnedIds\":[\"0_5_1\",\"1_6_2\",\"4_42_2\"],\"supernodes\":[[\"both\",\"0_5_1\",\"1_6_2\"]]}");
        database.row("CALL sot.import.supernodes('tiny', 'hand.json', {id: 'hand'})");
        assertThat(
                        database.row(
                                "CALL sot.export.circuit('tiny', 'compressed.json', {compression:"
                                        + " 'hand'})"))
                .containsEntry("supernodes", 1L);
        var qParams =
                CircuitJson.read(database.importDirectory().resolve("compressed.json"))
                        .get("qParams");
        assertThat(qParams.get("supernodes"))
                .isEqualTo(CircuitJson.parse("[[\"both\",\"0_5_1\",\"1_6_2\"]]"));
        assertThat(qParams.get("pinnedIds")).hasSize(3);
        database.failure("CALL sot.export.circuit('tiny', 'compressed.json')")
                .contains("compressed.json")
                .contains("overwrite: true");
    }

    @Test
    void theOrderOfNodesLinksAndKeysChangesNoScore() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.link("E_17_1", "2_7_2", 0);
        importCircuit(circuit);
        Map<String, Object> scores = database.row("CALL sot.score()");
        for (long seed = 0; seed < 5; seed++) {
            database.clear();
            ObjectNode shuffled = (ObjectNode) CircuitJson.shuffled(circuit.root, "tiny", seed);
            shuffled.set("nodes", shuffled.remove("nodes"));
            assertThat(importCircuit(shuffled))
                    .containsEntry("nodes", 8L)
                    .containsEntry("links", 10L);
            Map<String, Object> other = database.row("CALL sot.score()");
            for (String score : List.of("replacementScore", "completenessScore")) {
                assertThat((Double) other.get(score))
                        .isCloseTo((Double) scores.get(score), within(1e-14));
            }
            assertExportsAsImported();
        }
    }

    @Test
    void linksMayComeBeforeNodes() {
        CircuitJson circuit = CircuitJson.small("tiny");
        circuit.root.set("nodes", circuit.root.remove("nodes"));
        assertThat(circuit.toString().indexOf("\"links\""))
                .isLessThan(circuit.toString().indexOf("\"nodes\""));
        assertThat(importCircuit(circuit)).containsEntry("nodes", 8L).containsEntry("links", 9L);
        assertExportsAsImported();
    }

    @Test
    void aDifferentFileUnderTheSameSlugNeedsReplace() {
        importCircuit(CircuitJson.small("tiny"));
        database.write("hand.json", "{\"pinnedIds\":[\"0_5_1\",\"1_6_2\"],\"supernodes\":[]}");
        database.row("CALL sot.import.supernodes('tiny', 'hand.json')");
        List<Map<String, Object>> before = database.contents();
        CircuitJson changed = CircuitJson.small("tiny");
        changed.links.remove(0);
        database.write("circuit.json", changed.toString());

        database.failure("CALL sot.import.circuit('circuit.json')")
                .contains("circuit.json")
                .contains("'tiny'")
                .contains("replace: true");
        assertThat(database.contents()).isEqualTo(before);

        assertThat(database.row("CALL sot.import.circuit('circuit.json', {replace: true})"))
                .containsEntry("status", "replaced")
                .containsEntry("links", 8L);
        assertThat(database.rows("MATCH (c:Compression) RETURN c")).isEmpty();
        assertThat(database.rows("MATCH (s:Supernode) RETURN s")).isEmpty();
        assertThat(database.rows("MATCH (c:Circuit) RETURN c")).hasSize(1);
        assertThat(database.rows(LINKS)).hasSize(8);
        assertThat(database.rows("MATCH (n:CircuitNode) RETURN n")).hasSize(8);
    }

    @Test
    void theDictionaryCanBeNamedByTheCaller() {
        database.write("circuit.json", CircuitJson.small("tiny").toString());
        assertThat(
                        database.row(
                                "CALL sot.import.circuit('circuit.json', {dictionary: 'mine',"
                                        + " model: 'gpt'})"))
                .containsEntry("dictionary", "mine")
                .containsEntry("dictionarySource", "config");
        assertThat(
                        (String)
                                database.value(
                                        "MATCH (:Feature {key: 'mine/0/5'})-[:IN_DICTIONARY]->"
                                                + "()-[:OF_MODEL]->(m) RETURN m.name"))
                .isEqualTo("gpt");
    }

    @Test
    void theSameFeatureInTwoCircuitsIsOneFeature() {
        importCircuit(CircuitJson.small("one"));
        importCircuit(CircuitJson.small("two"));
        assertThat(database.rows("MATCH (f:Feature) RETURN f")).hasSize(3);
        assertThat(database.rows("MATCH (n:FeatureNode) RETURN n")).hasSize(6);
    }

    @Test
    void aDirectoryIsCheckedWholeBeforeAnythingIsWritten() {
        database.write("good/a.json", CircuitJson.small("a").toString());
        database.write("good/b.json", CircuitJson.small("b").toString());
        assertThat(database.rows("CALL sot.import.circuits('good')"))
                .extracting(r -> r.get("slug"), r -> r.get("status"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", "imported"),
                        org.assertj.core.groups.Tuple.tuple("b", "imported"));
        database.clear();
        database.write("bad/a.json", CircuitJson.small("a").toString());
        database.write("bad/b.json", "{\"metadata\":");
        database.failure("CALL sot.import.circuits('bad')").contains("bad/b.json");
        assertThat(database.contents()).isEmpty();
        database.write("twice/a.json", CircuitJson.small("a").toString());
        database.write("twice/b.json", CircuitJson.small("a").toString());
        database.failure("CALL sot.import.circuits('twice')")
                .contains("twice/a.json")
                .contains("twice/b.json")
                .contains("slug 'a'");
        assertThat(database.contents()).isEmpty();
    }

    @Test
    void aCallersRollbackUndoesAnImport() {
        database.write("circuit.json", CircuitJson.small("tiny").toString());
        try (Transaction tx = database.service().beginTx()) {
            assertThat(Database.rows(tx, "CALL sot.import.circuit('circuit.json')")).hasSize(1);
            assertThat(Database.rows(tx, "MATCH (c:Circuit) RETURN c")).hasSize(1);
            tx.rollback();
        }
        assertThat(database.contents()).isEmpty();
        assertThat(importCircuit(CircuitJson.small("tiny"))).containsEntry("status", "imported");
    }

    @Test
    void aDroppedCircuitLeavesOnlyFeatures() {
        importCircuit(CircuitJson.small("tiny"));
        database.write("hand.json", "{\"pinnedIds\":[\"0_5_1\",\"1_6_2\"],\"supernodes\":[]}");
        database.row("CALL sot.import.supernodes('tiny', 'hand.json')");
        assertThat(database.row("CALL sot.drop.circuit('tiny')"))
                .containsEntry("nodes", 8L)
                .containsEntry("links", 9L)
                .containsEntry("compressions", 1L);
        assertThat(database.rows("MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label"))
                .extracting(r -> r.get("label"))
                .containsOnly("Feature", "Dictionary");
    }

    /** A circuit of neurons, whose features are of two dictionaries and which has no scores. */
    @Test
    void circuitsOfOtherToolsAreImported() {
        database.write(
                "adag.json",
                "{\"metadata\":{\"layers\":[-1,0,32]},\"nodes\":["
                        + "{\"id\":\"-1_1_17\",\"layer\":-1,\"position\":1,\"neuron_idx\":17},"
                        + "{\"id\":\"0_1_3\",\"layer\":0,\"position\":1,\"neuron_idx\":3,"
                        + "\"polarity\":\"positive\",\"activations\":[2.0]},"
                        + "{\"id\":\"0_2_3\",\"layer\":0,\"position\":2,\"neuron_idx\":3,"
                        + "\"polarity\":\"negative\",\"activations\":[-1.0]},"
                        + "{\"id\":\"32_2_42\",\"layer\":32,\"position\":2,\"neuron_idx\":42}],"
                        + "\"edges\":[{\"source\":\"-1_1_17\",\"target\":\"0_1_3\",\"weight\":1},"
                        + "{\"source\":\"0_1_3\",\"target\":\"32_2_42\",\"weight\":0.5}],"
                        + "\"token_strings\":[\"<s>\",\" a\",\" b\"]}");
        assertThat(database.row("CALL sot.import.circuit('adag.json', {dictionary: 'llama'})"))
                .containsEntry("slug", "adag")
                .containsEntry("dialect", "adag")
                .containsEntry("nodes", 4L)
                .containsEntry("links", 2L)
                .containsEntry("replacementScore", null);
        assertThat(
                        database.<List<Object>>value(
                                "MATCH (n:FeatureNode)-[:OF_FEATURE]->(f) WHERE n.key STARTS WITH"
                                        + " 'adag/' WITH f ORDER BY f.key RETURN collect(f.key)"))
                .isEqualTo(List.of("llama/negative/0/3", "llama/positive/0/3"));
        database.failure("CALL sot.score('adag')").contains("'adag'").contains("not defined");
        database.row("CALL sot.export.circuit('adag', 'again.json')");
        database.row("CALL sot.drop.circuit('adag')");
        assertThat(
                        database.row(
                                "CALL sot.import.circuit('again.json', {dictionary: 'llama'}) YIELD"
                                        + " nodes, danglingLinks"))
                .isEqualTo(Map.of("nodes", 4L, "danglingLinks", 0L));
        assertThat(
                        database.<Long>value(
                                "MATCH (:FeatureNode {component: 'negative'})-[:OF_FEATURE]->"
                                        + "(f {key: 'llama/negative/0/3'}) RETURN count(f)"))
                .isEqualTo(1L);
        database.row("CALL sot.drop.circuit('adag')");
    }
}
