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
        assertThat(database.rows("CALL sot.evaluate('hand', {space: 'small'})")).hasSize(5);

        database.row("CALL sot.compress.drop('hand')");
        database.row("CALL sot.drop.space('coarse')");
    }

    @Test
    void aRollbackRestoresWhatWasDropped() {
        List<Map<String, Object>> before = database.contents();
        try (Transaction tx = database.service().beginTx()) {
            Database.rows(tx, "CALL sot.drop.space('small')");
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
