package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.procedures.store.CircuitStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A circuit too large for one transaction: it is there whole or not at all. */
class BatchedWritesTest {

    private static final int LINKS = CircuitStore.SINGLE_TRANSACTION_LINKS + 5_000;
    private static final int FEATURES = 1_000;
    private static final Duration PROMPTLY = Duration.ofSeconds(3);

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void writeFiles() throws IOException {
        writeCircuit("large.json", 1);
        writeCircuit("changed.json", 2);
    }

    /** A chain of features with as many links forward as asked for, written as a stream. */
    private static void writeCircuit(String name, double firstWeight) throws IOException {
        String[] ids = new String[FEATURES];
        CircuitJson frame = CircuitJson.small("large");
        for (int i = 0; i < FEATURES; i++) {
            ids[i] = frame.feature(3, 1_000 + i, 2).get("node_id").asText();
        }
        String[] parts = frame.toString().split("\"links\":\\[");
        try (PrintWriter writer =
                new PrintWriter(
                        Files.newBufferedWriter(database.importDirectory().resolve(name)))) {
            writer.print(parts[0] + "\"links\":[");
            int links = frame.links.size();
            for (int distance = 1; links < LINKS; distance++) {
                for (int i = 0; i + distance < FEATURES && links < LINKS; i++, links++) {
                    writer.printf(
                            "{\"source\":\"%s\",\"target\":\"%s\",\"weight\":%s},%n",
                            ids[i],
                            ids[i + distance],
                            distance == 1 && i == 0 ? firstWeight : 1.0 / distance);
                }
            }
            writer.print(parts[1]);
        }
    }

    @AfterEach
    void clear() {
        database.service()
                .executeTransactionally(
                        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 100 ROWS");
    }

    @Test
    void aLargeCircuitAppearsWholeAndIsReplacedAndDroppedWhole() {
        assertThat(database.row("CALL sot.import.circuit('large.json')"))
                .containsEntry("status", "imported")
                .containsEntry("links", (long) LINKS);
        assertWhole(1);
        assertThat(database.row("CALL sot.import.circuit('large.json')"))
                .containsEntry("status", "unchanged");
        database.failure("CALL sot.import.circuit('changed.json')").contains("replace: true");
        assertWhole(1);
        assertThat(database.row("CALL sot.import.circuit('changed.json', {replace: true})"))
                .containsEntry("status", "replaced");
        assertWhole(2);
        assertThat(database.row("CALL sot.drop.circuit('large')"))
                .containsEntry("nodes", (long) FEATURES + 8)
                .containsEntry("links", (long) LINKS);
        assertThat(database.rows("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l"))
                .extracting(r -> r.get("l"))
                .containsOnly("Feature", "Dictionary");
    }

    private static void assertWhole(double firstWeight) {
        assertThat(
                        database.row(
                                "MATCH (c:Circuit {slug: 'large'})<-[:IN_CIRCUIT]-(n:CircuitNode)"
                                    + " RETURN count(n) AS nodes, count(DISTINCT n.key) AS keys"))
                .containsEntry("nodes", (long) FEATURES + 8)
                .containsEntry("keys", (long) FEATURES + 8);
        assertThat((Long) database.value("MATCH ()-[l:ATTRIBUTES_TO]->() RETURN count(l)"))
                .isEqualTo(LINKS);
        assertThat(
                        (Double)
                                database.value(
                                        "MATCH ({nodeId: '3_1000_2'})-[l:ATTRIBUTES_TO]->({nodeId:"
                                                + " '3_1001_2'}) RETURN l.weight"))
                .isEqualTo(firstWeight);
        assertThat(database.rows("MATCH (s:StagedCircuit) RETURN s")).isEmpty();
    }

    @Test
    void aStatementThatHasWrittenIsToldToImportALargeCircuitByItself() {
        database.write("small.json", CircuitJson.small("small").toString());
        database.failure(
                        "UNWIND ['small.json', 'large.json'] AS file CALL sot.import.circuit(file)"
                                + " YIELD slug RETURN slug")
                .contains("statement of its own");
        assertThat(database.rows("MATCH (n) RETURN n")).isEmpty();
    }

    @Test
    void aStatementThatHasWrittenIsToldToImportADirectoryByItself() {
        database.write("one.json", CircuitJson.small("one").toString());
        database.write("several/two.json", CircuitJson.small("two").toString());
        database.row("CALL sot.import.circuit('one.json')");
        database.write("one.json", CircuitJson.small("three").toString());
        database.failure(
                        "CALL sot.import.circuit('one.json') YIELD slug CALL"
                            + " sot.import.circuits('several') YIELD slug AS other RETURN other")
                .contains("statement of its own");
        assertThat(database.rows("MATCH (c:Circuit) RETURN c.slug AS slug"))
                .containsExactly(Map.of("slug", "one"));
    }

    @Test
    void twoImportsOfOneLargeCircuitDoNotMeet() throws Exception {
        CompletableFuture<Void> running =
                CompletableFuture.runAsync(
                        () -> database.rows("CALL sot.import.circuit('large.json')"));
        awaitWriting(running);
        database.failure("CALL sot.import.circuit('large.json')").contains("another session");
        running.get(60, TimeUnit.SECONDS);
        assertWhole(1);
    }

    @Test
    void aSmallCircuitInPlaceOfALargeOneAppearsWithItsDisappearance() {
        database.write("small.json", CircuitJson.small("large").toString());
        database.row("CALL sot.import.circuit('large.json')");
        assertThat(database.row("CALL sot.import.circuit('small.json', {replace: true})"))
                .containsEntry("status", "replaced");
        assertThat(database.rows("MATCH (c:Circuit)<-[:IN_CIRCUIT]-(n) RETURN n")).hasSize(8);
        assertThat(database.rows("MATCH (s:StagedCircuit) RETURN s")).isEmpty();
    }

    @Test
    void aTerminatedImportStopsPromptlyAndLeavesNoCircuitAndTheNextOneSucceeds() throws Exception {
        CompletableFuture<Void> running =
                CompletableFuture.runAsync(
                        () -> database.rows("CALL sot.import.circuit('large.json')"));
        String transaction = awaitWriting(running);
        long start = System.nanoTime();
        database.rows("TERMINATE TRANSACTION $id", "id", transaction);
        assertThat(failureOf(running)).hasMessageContaining("terminated");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPTLY);

        assertThat(database.rows("MATCH (c:Circuit) RETURN c")).isEmpty();
        assertThat(database.rows("MATCH (n:CircuitNode) RETURN n LIMIT 1")).isEmpty();
        assertThat(
                        database.rows(
                                "CALL sot.list() YIELD type WHERE type STARTS WITH 'unf' RETURN *"))
                .hasSize(1);
        assertThat(database.row("CALL sot.import.circuit('large.json')"))
                .containsEntry("status", "imported");
        assertWhole(1);
    }

    /** The id of the import's transaction, once it says that it is writing links. */
    private static String awaitWriting(CompletableFuture<Void> running)
            throws InterruptedException {
        while (!running.isDone()) {
            List<Map<String, Object>> found =
                    database.rows(
                            "SHOW TRANSACTIONS YIELD transactionId, statusDetails WHERE"
                                    + " statusDetails STARTS WITH 'sot: writing links' RETURN"
                                    + " transactionId");
            if (!found.isEmpty()) {
                return (String) found.get(0).get("transactionId");
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the import ended before it was seen writing links");
    }

    private static Throwable failureOf(CompletableFuture<Void> running)
            throws InterruptedException, TimeoutException {
        try {
            running.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("the import succeeded although it was terminated");
    }
}
