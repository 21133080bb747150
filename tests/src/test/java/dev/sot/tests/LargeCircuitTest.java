package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Record;

/** Circuits of more links than one transaction should hold. */
class LargeCircuitTest {
    private static final Duration STAGED_WITHIN = Duration.ofMinutes(1);
    private static final long GIGABYTE = 1L << 30;

    @TempDir Path directory;

    @Test
    void twoMillionLinksAreImportedWithinAHeapOfTwoGigabytes() throws Exception {
        SyntheticCircuit circuit = new SyntheticCircuit("two-million", 25, 789, 2_000_000);
        assertThat(circuit.nodes()).isEqualTo(20_000);
        Path imports = Files.createDirectory(directory.resolve("import"));
        circuit.write(imports.resolve("circuit.json"));
        try (SotServer server = SotServer.start(imports, null, Map.of("SOT_JAVA_OPTS", "-Xmx2g"))) {
            server.query("CALL sot.schema.create()");
            long started = System.nanoTime();
            CompletableFuture<Record> importing =
                    CompletableFuture.supplyAsync(() -> importCircuit(server));
            Set<String> progress = new TreeSet<>();
            while (!importing.isDone()) {
                progress.addAll(progress(server));
                Thread.sleep(100);
            }
            Record imported = importing.get();
            Duration duration = Duration.ofNanos(System.nanoTime() - started);
            System.out.printf(
                    "2,000,000 links imported in %.1f s; peak memory of the server %.2f GB%n",
                    duration.toMillis() / 1000.0, (double) server.peakMemory() / GIGABYTE);

            assertThat(progress)
                    .as("what SHOW TRANSACTIONS said meanwhile")
                    .anyMatch(details -> details.contains("reading circuit.json"))
                    .anyMatch(details -> details.contains("writing links"));
            assertThat(imported.get("nodes").asLong()).isEqualTo(circuit.nodes());
            assertThat(imported.get("links").asLong()).isEqualTo(circuit.links());
            assertThat(imported.get("danglingLinks").asLong()).isZero();
            assertThat(imported.get("duplicateLinks").asLong()).isZero();
            assertThat(imported.get("ambiguousLinks").asLong()).isZero();
            assertThat(imported.get("replacementScore").asDouble()).isBetween(0.0, 1.0);
            assertThat(imported.get("completenessScore").asDouble()).isBetween(0.0, 1.0);
            assertIsWhole(server, circuit);
            assertThat(server.peakMemory())
                    .as("heap, page cache and the JVM's own")
                    .isLessThan(3 * GIGABYTE);
        }
    }

    @Test
    void aKilledImportLeavesNoHalfCircuitAndCanBeRepeated() throws Exception {
        SyntheticCircuit circuit = new SyntheticCircuit("killed", 20, 200, 250_000);
        Path imports = Files.createDirectory(directory.resolve("import"));
        circuit.write(imports.resolve("circuit.json"));
        Path data = directory.resolve("data");
        try (SotServer server = SotServer.start(imports, data, Map.of())) {
            server.query("CALL sot.schema.create()");
            CompletableFuture.runAsync(() -> importCircuit(server));
            awaitLinks(server);
            server.kill();
        }
        try (SotServer server = SotServer.start(imports, data, Map.of())) {
            assertThat(server.query("MATCH ()-[r:ATTRIBUTES_TO]->() RETURN r LIMIT 1"))
                    .as("links of the killed import")
                    .isNotEmpty();
            assertThat(server.query("MATCH (n) WHERE n:Circuit OR n:CircuitNode RETURN n LIMIT 1"))
                    .as("nodes of a circuit that is not whole")
                    .isEmpty();
            assertThat(server.query("CALL sot.list()"))
                    .extracting(
                            row -> row.get("type").asString(), row -> row.get("name").asString())
                    .contains(tuple("unfinished circuit", "killed"));

            assertThat(importCircuit(server).get("status").asString()).isEqualTo("imported");
            assertIsWhole(server, circuit);
            assertThat(server.query("MATCH (n:StagedCircuit) RETURN n")).isEmpty();
        }
    }

    private static Record importCircuit(SotServer server) {
        return server.query("CALL sot.import.circuit('circuit.json', {})").get(0);
    }

    /** Nothing but the circuit and its features is in the database, and all of it is. */
    private static void assertIsWhole(SotServer server, SyntheticCircuit circuit) {
        Map<String, Object> slug = Map.of("slug", circuit.slug());
        assertThat(
                        count(
                                server,
                                "MATCH (n:CircuitNode)-[:IN_CIRCUIT]->(:Circuit {slug: $slug})"
                                        + " RETURN count(n)",
                                slug))
                .isEqualTo(circuit.nodes());
        assertThat(count(server, "MATCH ()-[r:ATTRIBUTES_TO]->() RETURN count(r)", slug))
                .isEqualTo(circuit.links());
        assertThat(
                        count(
                                server,
                                "MATCH (n) WHERE NOT n:CircuitNode AND NOT n:Feature AND NOT"
                                        + " n:Circuit AND NOT n:Dictionary AND NOT n:Model RETURN"
                                        + " count(n)",
                                slug))
                .isZero();
    }

    private static long count(SotServer server, String cypher, Map<String, Object> parameters) {
        return server.query(cypher, parameters).get(0).get(0).asLong();
    }

    private static Set<String> progress(SotServer server) {
        Set<String> details = new TreeSet<>();
        server.query(
                        "SHOW TRANSACTIONS YIELD currentQuery, statusDetails WHERE currentQuery"
                                + " STARTS WITH 'CALL sot.import' RETURN statusDetails")
                .forEach(row -> details.add(row.get("statusDetails").asString()));
        return details;
    }

    private static void awaitLinks(SotServer server) throws InterruptedException {
        long deadline = System.nanoTime() + STAGED_WITHIN.toNanos();
        while (server.query("MATCH ()-[r:ATTRIBUTES_TO]->() RETURN r LIMIT 1").isEmpty()) {
            assertThat(System.nanoTime()).as("no links were staged in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
