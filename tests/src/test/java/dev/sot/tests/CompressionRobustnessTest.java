package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.Neo4jException;

/** Large compressions: what they take, and what is left when they are stopped. */
class CompressionRobustnessTest {

    private static final int KILLS = Integer.getInteger("sot.kills", 3);
    private static final long SEED = Long.getLong("sot.seed", System.nanoTime());
    private static final Duration GENEROUS = Duration.ofMinutes(2);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(5);
    private static final String COMPRESS =
            "CALL sot.compress($slug, {id: $id, distance: 'edgeProfile', level: 'node',"
                    + " targetSize: $size}) YIELD supernodes, superedges, preProcessingMillis,"
                    + " computeMillis, writeMillis";

    /** Everything that a compression consists of, in figures that any missing part changes. */
    private static final String CONTENT =
            "OPTIONAL MATCH (c:Compression) WITH collect(c.id + ' ' + c.featureSupernodes) AS"
                + " compressions OPTIONAL MATCH (s:Supernode) WITH compressions, count(s) AS"
                + " supernodes, count {MATCH"
                + " (:Supernode)-[:IN_COMPRESSION]->(:Compression)-[:COMPRESSES]->(:Circuit)} AS"
                + " attached, sum(s.size) AS sizes, sum(s.influence) AS influence OPTIONAL MATCH"
                + " (:CircuitNode)-[m:MEMBER_OF]->(:Supernode) WITH compressions, supernodes,"
                + " attached, sizes, influence, count(m) AS members, sum(m.ordinal) AS ordinals"
                + " OPTIONAL MATCH (:Supernode)-[e:SUPER_ATTRIBUTES_TO]->(:Supernode) RETURN"
                + " compressions, supernodes, attached, sizes, round(influence, 9) AS influence,"
                + " members, ordinals, count(e) AS superedges, round(sum(e.absolute), 6) AS"
                + " absolute, sum(e.links) AS links";

    @TempDir Path directory;

    @Test
    void aKilledServerHoldsTheOldCompressionOrTheNewOneWhole() throws Exception {
        Random random = new Random(SEED);
        SyntheticCircuit circuit = new SyntheticCircuit("killed", 20, 150, 40_000);
        Path imports = Files.createDirectory(directory.resolve("import"));
        circuit.write(imports.resolve("circuit.json"));
        Path data = directory.resolve("data");
        int[] sizes = {600, 900};
        List<Map<String, Object>> whole = new ArrayList<>();
        Duration call = Duration.ZERO;
        try (SotServer server = start(imports, data)) {
            prepare(server);
            for (int size : sizes) {
                long started = System.nanoTime();
                compress(server, circuit, size);
                // The first call is as slow as those after a restart.
                call = whole.isEmpty() ? Duration.ofNanos(System.nanoTime() - started) : call;
                whole.add(content(server));
            }
        }
        assertThat(whole.get(0)).isNotEqualTo(whole.get(1));
        List<Long> moments = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            moments.add((long) (1.2 * call.toNanos() * (kill + random.nextDouble()) / KILLS));
        }
        Collections.shuffle(moments, random);
        // Each start finds what the kill before it left.
        int held = 1;
        int replaced = 0;
        int during = 0;
        for (int kill = 0; kill <= KILLS; kill++) {
            try (SotServer server = start(imports, data)) {
                Map<String, Object> content = content(server);
                assertThat(content)
                        .as(
                                "seed %d, killed after %s ms",
                                SEED, kill == 0 ? "no" : moments.get(kill - 1) / 1_000_000)
                        .isIn(whole);
                replaced += content.equals(whole.get(held)) ? 0 : 1;
                held = whole.indexOf(content);
                if (kill == KILLS) {
                    break;
                }
                int wanted = sizes[1 - held];
                CompletableFuture<Record> compressing =
                        CompletableFuture.supplyAsync(() -> compress(server, circuit, wanted));
                TimeUnit.NANOSECONDS.sleep(moments.get(kill));
                during += compressing.isDone() ? 0 : 1;
                server.kill();
            }
        }
        System.out.printf(
                "killed %d times within %.1f s (seed %d), %d during the call: %d times the old"
                        + " compression, %d times the new one%n",
                KILLS, call.toMillis() / 1000.0, SEED, during, KILLS - replaced, replaced);
        assertThat(during).as("kills during the call").isGreaterThan(KILLS / 2);
    }

    @Test
    void tenThousandNodesAreCompressedAndCanBeStopped() throws Exception {
        SyntheticCircuit circuit = new SyntheticCircuit("large", 25, 389, 50_000);
        assertThat(circuit.nodes()).isEqualTo(10_000);
        Path imports = Files.createDirectory(directory.resolve("import"));
        circuit.write(imports.resolve("circuit.json"));
        try (SotServer server = SotServer.start(imports, null, Map.of("SOT_JAVA_OPTS", "-Xmx4g"))) {
            prepare(server);
            Map<String, Object> nothing = content(server);
            long started = System.nanoTime();
            Record row = compress(server, circuit, 1_000);
            Duration duration = Duration.ofNanos(System.nanoTime() - started);
            System.out.printf(
                    "10,000 nodes compressed in %.1f s (%s); peak memory of the server %.2f GB%n",
                    duration.toMillis() / 1000.0,
                    row.asMap(),
                    (double) server.peakMemory() / (1L << 30));
            assertThat(duration).isLessThan(GENEROUS);
            assertThat(row.get("supernodes").asLong()).isGreaterThan(1_000);
            server.query("CALL sot.compress.drop('c')");
            assertThat(content(server)).isEqualTo(nothing);

            Random random = new Random(SEED);
            List<Long> stops = new ArrayList<>();
            for (int stop = 0; stop < 6; stop++) {
                long moment = (long) (duration.toMillis() * (stop + random.nextDouble()) / 6);
                CompletableFuture<Record> compressing =
                        CompletableFuture.supplyAsync(() -> compress(server, circuit, 1_000));
                Thread.sleep(moment);
                String transaction = transaction(server);
                if (transaction == null) {
                    // It has ended before its moment: the machine has warmed up.
                    compressing.join();
                    server.query("CALL sot.compress.drop('c')");
                    continue;
                }
                long asked = System.nanoTime();
                server.query("TERMINATE TRANSACTIONS '" + transaction + "'");
                assertThatThrownBy(compressing::join)
                        .as("seed %d, stopped after %d ms", SEED, moment)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(Neo4jException.class)
                        .hasMessageContaining("terminated");
                Duration stopped = Duration.ofNanos(System.nanoTime() - asked);
                stops.add(stopped.toMillis());
                assertThat(stopped).isLessThan(STOPPED_WITHIN);
                assertThat(content(server)).isEqualTo(nothing);
            }
            System.out.printf("stopped after %s ms (seed %d)%n", stops, SEED);
            assertThat(stops).isNotEmpty();
        }
    }

    @Test
    void theHeapOfTenThousandNodesIsEstimatedWithinThirtyPercent() throws Exception {
        SyntheticCircuit circuit = new SyntheticCircuit("large", 25, 389, 50_000);
        Path imports = Files.createDirectory(directory.resolve("import"));
        circuit.write(imports.resolve("circuit.json"));
        try (SotServer server = SotServer.start(imports, null, Map.of("SOT_JAVA_OPTS", "-Xmx4g"))) {
            prepare(server);
            Record estimate =
                    server.query(
                                    "CALL sot.compress.estimate($slug, {distance: 'edgeProfile',"
                                            + " level: 'node', targetSize: 1000})",
                                    Map.of("slug", circuit.slug()))
                            .get(0);
            long before = server.liveHeap();
            CompletableFuture<Record> compressing =
                    CompletableFuture.supplyAsync(() -> compress(server, circuit, 1_000));
            long used = 0;
            long registered = 0;
            while (!compressing.isDone()) {
                used = Math.max(used, server.liveHeap() - before);
                registered = Math.max(registered, registered(server));
            }
            compressing.join();
            System.out.printf(
                    "10,000 nodes: %,d to %,d bytes estimated, %,d alive at once, %,d registered%n",
                    estimate.get("bytesMin").asLong(),
                    estimate.get("bytesMax").asLong(),
                    used,
                    registered);
            for (String bound : List.of("bytesMin", "bytesMax")) {
                double bytes = estimate.get(bound).asLong();
                assertThat(bytes / used).as(bound + " of what is alive").isBetween(0.7, 1.3);
                assertThat(bytes / registered).as(bound + " of the registered").isBetween(0.7, 1.3);
            }
        }
    }

    /** What the transaction that compresses has been counted to take. */
    private static long registered(SotServer server) {
        return server
                .query(
                        "SHOW TRANSACTIONS YIELD currentQuery, estimatedUsedHeapMemory WHERE"
                                + " currentQuery STARTS WITH 'CALL sot.compress(' RETURN"
                                + " estimatedUsedHeapMemory")
                .stream()
                .mapToLong(row -> row.get(0).asLong())
                .max()
                .orElse(0);
    }

    private static SotServer start(Path imports, Path data) {
        return SotServer.start(imports, data, Map.of());
    }

    private static void prepare(SotServer server) {
        server.query("CALL sot.schema.create()");
        server.query("CALL sot.import.circuit('circuit.json', {})");
    }

    /** Tried once: a driver would repeat what a killed server did not answer. */
    private static Record compress(SotServer server, SyntheticCircuit circuit, int size) {
        try (Session session = server.driver().session()) {
            return session.run(
                            COMPRESS + " RETURN *",
                            Map.of("slug", circuit.slug(), "id", "c", "size", size))
                    .single();
        }
    }

    private static Map<String, Object> content(SotServer server) {
        return server.query(CONTENT).get(0).asMap();
    }

    private static String transaction(SotServer server) {
        return server
                .query(
                        "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE currentQuery"
                                + " STARTS WITH 'CALL sot.compress(' RETURN transactionId")
                .stream()
                .map(row -> row.get(0).asString())
                .findFirst()
                .orElse(null);
    }
}
