package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;

/** The queries in cypher/compress, on the demonstration. */
class WorkedQueriesTest {

    private static final Path QUERIES = Sot.ROOT.resolve("cypher/compress");

    @TestFactory
    Stream<DynamicTest> everyQueryExplainsItselfAndFindsSomething() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(QUERIES)) {
            files = found.sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        file.getFileName().toString(), () -> run(file)));
    }

    private static void run(Path file) throws IOException {
        String query = Files.readString(file);
        assertThat(query).startsWith("// ").endsWith(";\n");
        try (Session session = SotServer.demo().driver().session();
                Transaction tx = session.beginTransaction()) {
            List<Record> rows = tx.run(query, prepared(tx)).list();
            assertThat(rows).isNotEmpty().allMatch(row -> row.size() > 1);
            tx.rollback();
        }
    }

    /** A coarser compression, one as if made by hand, and notes about some features. */
    private static Map<String, Object> prepared(Transaction tx) {
        tx.run(
                        "CALL sot.compress($circuit, {id: 'coarse', targetSize: 4})",
                        Map.of("circuit", SotServer.DEMO_CIRCUIT))
                .consume();
        tx.run("CALL sot.export.subgraph('coarse', 'coarse.json', {overwrite: true})").consume();
        tx.run(
                        "CALL sot.import.supernodes($circuit, 'coarse.json', {id: 'by hand'})",
                        Map.of("circuit", SotServer.DEMO_CIRCUIT))
                .consume();
        List<Map<String, Object>> notes =
                tx.run(
                                "MATCH"
                                    + " (f:Feature)<-[:OF_FEATURE]-(:FeatureNode)-[:IN_CIRCUIT]->({slug:"
                                    + " $circuit}) WITH DISTINCT f ORDER BY f.key LIMIT 5 RETURN"
                                    + " f.key AS feature, 'seen' AS note",
                                Map.of("circuit", SotServer.DEMO_CIRCUIT))
                        .list(Record::asMap);
        return Map.of(
                "compression",
                SotServer.DEMO_COMPRESSION,
                "other",
                "coarse",
                "human",
                "by hand",
                "rows",
                notes);
    }
}
