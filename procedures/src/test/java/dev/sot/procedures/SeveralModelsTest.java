package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.graphdb.Transaction;

/** A database that holds the circuits and activations of two models. */
class SeveralModelsTest {

    private static final String ADDITION = "add-123-456-tens";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importAll() {
        Path demo = Path.of("../import/demo");
        database.copy(demo.resolve("bundle"), "bundle");
        database.copy(demo.resolve("circuits/" + ADDITION + ".json"), "circuits/addition.json");
        database.write("circuits/tiny.json", CircuitJson.small("tiny").toString());
        database.write("circuits/graph-metadata.json", "{\"graphs\": [{\"slug\": \"tiny\"}]}");
        SmallBundle.write(database.importDirectory().resolve("small"), 1);
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.import.activations('small')");
        database.row("CALL sot.space.fit({name: 'addition', corpus: 'add4l'})");
        database.row("CALL sot.space.fit({name: 'small', corpus: 'model', dimension: 3})");
        database.row("CALL sot.distributions.write({space: 'addition'})");
        database.row("CALL sot.distributions.write({space: 'small'})");
        database.rows("CALL sot.import.circuits('circuits')");
    }

    @Test
    void anIndexBesideCircuitsIsReportedAndLeftAside() {
        assertThat(database.rows("CALL sot.import.circuits('circuits') YIELD file, slug, status"))
                .extracting(r -> r.get("file") + " " + r.get("status"))
                .containsExactly(
                        "circuits/addition.json unchanged",
                        "circuits/graph-metadata.json skipped",
                        "circuits/tiny.json unchanged");
    }

    @Test
    void aBareCallCompressesEveryCircuitInTheSpaceOfItsDictionary() {
        assertThat(database.rows("CALL sot.compress() YIELD circuit, space"))
                .extracting(r -> r.get("circuit") + " in " + r.get("space"))
                .containsExactly(ADDITION + " in addition", "tiny in small");
        assertThat(
                        database.rows(
                                "CALL sot.compress.stream() YIELD circuit RETURN DISTINCT circuit"))
                .hasSize(2);
    }

    @Test
    void twoSpacesOfOneCorpusMustBeToldApart() {
        database.row("CALL sot.space.fit({name: 'coarse', corpus: 'model', dimension: 2})");
        database.row("CALL sot.distributions.write({space: 'coarse'})");
        database.write(
                "hand.json",
                "{\"supernodes\": [], \"pinnedIds\": "
                        + database.value(
                                "MATCH (:Circuit {slug: 'tiny'})<-[:IN_CIRCUIT]-(n:FeatureNode)"
                                    + " RETURN '[\"' + reduce(s = '', x IN collect(n.nodeId) | s +"
                                    + " CASE s WHEN '' THEN '' ELSE '\",\"' END + x) + '\"]'")
                        + "}");
        database.row("CALL sot.import.supernodes('tiny', 'hand.json', {id: 'hand'})");

        database.failure("CALL sot.compress('tiny')").contains("{space: ...}").contains("'coarse'");
        assertThat(
                        database.row(
                                "CALL sot.compress('tiny', {space: 'coarse', id: 'c'}) YIELD"
                                        + " space"))
                .containsEntry("space", "coarse");
        database.failure("CALL sot.evaluate('hand')").contains("{space: ...}");
        assertThat(database.rows("CALL sot.evaluate('hand', {space: 'small'})"))
                .hasSizeGreaterThan(5);

        database.row("CALL sot.compress.drop('hand')");
        database.row("CALL sot.space.drop('coarse')");
    }

    @Test
    void aFitThatFailsLeavesTheSpaceItWasToReplace() {
        database.row("CALL sot.import.activations('small', {corpus: 'spoilt'})");
        database.row("CALL sot.space.fit({name: 'kept', corpus: 'spoilt', dimension: 2})");
        database.service()
                .executeTransactionally(
                        "MATCH (b:HiddenStates) WHERE b.key STARTS WITH 'spoilt/' SET b.values ="
                                + " $values",
                        Map.of("values", new float[SmallBundle.POSITIONS * SmallBundle.HIDDEN]));
        List<Map<String, Object>> before = database.contents();
        database.failure(
                "CALL sot.space.fit({name: 'kept', corpus: 'spoilt', dimension: 1, replace:"
                        + " true})");
        assertThat(database.contents()).isEqualTo(before);

        database.row("CALL sot.space.drop('kept')");
        database.row("CALL sot.drop.corpus('spoilt')");
    }

    @Test
    void aCompressionIsNotMeasuredInASpaceThatReplacedItsOwn() {
        database.row("CALL sot.space.fit({name: 'own', corpus: 'model', dimension: 3})");
        database.row("CALL sot.distributions.write({space: 'own'})");
        database.row("CALL sot.compress('tiny', {space: 'own', id: 'stale'})");
        database.row(
                "CALL sot.space.fit({name: 'own', corpus: 'model', dimension: 2, replace: true})");
        database.row("CALL sot.distributions.write({space: 'own'})");
        database.failure("CALL sot.evaluate('stale')").contains("'own'").contains("compress");

        database.row("CALL sot.compress.drop('stale')");
        database.row("CALL sot.space.drop('own')");
    }

    @Test
    void aDirectoryWithAConflictImportsNothing() {
        database.copy(Path.of("../import/demo/circuits/add-088-077-tens.json"), "conflict/a.json");
        CircuitJson changed = CircuitJson.small("tiny");
        changed.feature(2, 77, 1);
        database.write("conflict/b.json", changed.toString());
        List<Map<String, Object>> before = database.contents();
        database.failure("CALL sot.import.circuits('conflict')")
                .contains("conflict/b.json")
                .contains("replace: true");
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void aPlanShowsContextsAlsoWherePromptsDoNotBeginAtZero() {
        database.rows(
                "MATCH (p:TokenPosition) WHERE p.key STARTS WITH 'model/' SET p.position ="
                        + " p.position + 1");
        assertThat(
                        database.rows(
                                "MATCH (f:Feature {dictionary:"
                                        + " 'model/dictionary'})-[:HAS_DISTRIBUTION]->() WITH"
                                        + " collect(f) AS fs CALL sot.plan(fs[0], fs[1], {space:"
                                        + " 'small'}) YIELD sourceToken, sourceContext RETURN"
                                        + " sourceToken, sourceContext"))
                .isNotEmpty()
                .allSatisfy(
                        row ->
                                assertThat((String) row.get("sourceContext"))
                                        .contains("[" + row.get("sourceToken") + "]"));
        database.rows(
                "MATCH (p:TokenPosition) WHERE p.key STARTS WITH 'model/' SET p.position ="
                        + " p.position - 1");
    }

    @Test
    void aRollbackRestoresWhatWasDropped() {
        List<Map<String, Object>> before = database.contents();
        try (Transaction tx = database.service().beginTx()) {
            Database.rows(tx, "CALL sot.space.drop('small')");
            Database.rows(tx, "CALL sot.drop.corpus('model')");
            Database.rows(tx, "CALL sot.drop.circuit('tiny')");
        }
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void anImportThatWasCutShortIsRefusedByReadersAndRepeatedWhole() {
        long nodes = database.value("MATCH (n) RETURN count(n)");
        database.row("CALL sot.import.activations('small', {corpus: 'cut'})");
        long added = (Long) database.value("MATCH (n) RETURN count(n)") - nodes;
        database.rows("MATCH (c:Corpus {name: 'cut'}) SET c.complete = false");
        database.rows("MATCH (b:HiddenStates) WHERE b.key STARTS WITH 'cut/' DETACH DELETE b");

        database.failure("CALL sot.space.fit({name: 'x', corpus: 'cut'})").contains("cut short");
        assertThat(database.row("CALL sot.import.activations('small', {corpus: 'cut'})"))
                .containsEntry("status", "imported");
        assertThat((Long) database.value("MATCH (n) RETURN count(n)")).isEqualTo(nodes + added);

        database.row("CALL sot.drop.corpus('cut')");
        assertThat((Long) database.value("MATCH (n) RETURN count(n)")).isEqualTo(nodes);
    }
}
