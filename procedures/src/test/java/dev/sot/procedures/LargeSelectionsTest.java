package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.distance.FeatureDistances;
import dev.sot.procedures.runtime.DatabaseMonitor;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.configuration.Config;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;
import org.neo4j.kernel.impl.coreapi.InternalTransaction;
import org.neo4j.kernel.internal.GraphDatabaseAPI;
import org.neo4j.procedure.memory.ProcedureMemoryTracker;

/** What takes long or much: it is foreseen, counted, refused where it is too much, and stopped. */
class LargeSelectionsTest {

    private static final String LAYER = "{dictionary: 'add4l-tc512', layers: [1]}";
    private static final String DICTIONARY = "{dictionary: 'add4l-tc512', concurrency: 2}";
    private static final String ALL_NEIGHBOURS =
            "{dictionary: 'add4l-tc512', k: 2000, concurrency: 2}";
    private static final Duration PROMPTLY = Duration.ofSeconds(1);

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void importDemonstration() {
        database.copy(Path.of("../import/demo/bundle"), "bundle");
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit()");
        database.row("CALL sot.distributions.write({support: 24})");
    }

    @Test
    void theEstimateOfDistancesIsWhatIsCounted() {
        Map<String, Object> estimate = database.row("CALL sot.distances.estimate(" + LAYER + ")");
        long features = (Long) estimate.get("features");
        assertThat(features).isGreaterThan(100);
        assertThat(estimate)
                .containsEntry("pairs", features * (features - 1) / 2)
                .containsEntry("bytesMin", estimate.get("bytesMax"));
        assertThat((String) estimate.get("requiredMemory")).matches("[\\d.]+ MiB");
        assertThat((Double) estimate.get("heapPercentageMax")).isBetween(0.05, 100.0);

        long bytes = (Long) estimate.get("bytesMax");
        assertThat(highWaterMark("CALL sot.distances.stats(" + LAYER + ")"))
                .isBetween(bytes, (long) (1.3 * bytes));
        assertThat(highWaterMark("CALL sot.distances.stream(" + LAYER + ")"))
                .isBetween(bytes, (long) (1.3 * bytes));
        assertThat(highWaterMark("CALL sot.distances.estimate(" + LAYER + ")"))
                .isLessThan(bytes / 2);
    }

    @Test
    void theEstimateOfNeighboursIsWhatIsCounted() {
        Map<String, Object> estimate = database.row("CALL sot.nearest.estimate(" + LAYER + ")");
        long least = (Long) estimate.get("bytesMin");
        long most = (Long) estimate.get("bytesMax");
        assertThat(most).isBetween(least, (long) (1.3 * least));
        assertThat(highWaterMark("CALL sot.nearest.stats(" + LAYER + ")"))
                .isBetween(least, (long) (1.3 * most));
        assertThat(highWaterMark("CALL sot.nearest.stream(" + LAYER + ")"))
                .isBetween(least, (long) (1.3 * most));
    }

    /** The most that the transaction of a statement has counted. */
    private static long highWaterMark(String statement) {
        try (Transaction tx = database.service().beginTx()) {
            tx.execute(statement).accept(row -> true);
            return ((InternalTransaction) tx)
                    .kernelTransaction()
                    .memoryTracker()
                    .heapHighWaterMark();
        }
    }

    @Test
    void whatIsCountedIsWhatIsUsed() throws IllegalAccessException {
        try (Transaction tx = database.service().beginTx()) {
            List<Node> features =
                    tx
                            .execute(
                                    "MATCH (f:Feature {dictionary: 'add4l-tc512', layer: 2}) RETURN"
                                            + " f ORDER BY f.key")
                            .<Node>columnAs("f")
                            .stream()
                            .toList();
            Counted counted = new Counted();
            FeatureDistances distances =
                    FeatureDistances.of(
                            new Session(
                                    tx,
                                    database.service(),
                                    new DatabaseMonitor(() -> {}, new Unshown()),
                                    null),
                            new Heap(counted),
                            features,
                            DistanceConfig.in(Optional.empty()),
                            1);
            long used = HeapSize.of(distances);
            assertThat(counted.bytes).isBetween(used, (long) (1.3 * used));
        }
    }

    /** Shows progress to nobody. */
    private static final class Unshown implements org.neo4j.procedure.StatusDetailsAccessor {
        @Override
        public void setStatusDetails(String details) {}

        @Override
        public String statusDetails() {
            return "";
        }
    }

    /** Adds up what is counted. */
    private static final class Counted implements ProcedureMemoryTracker {
        long bytes;

        @Override
        public void allocateHeap(long more) {
            bytes += more;
        }

        @Override
        public void releaseHeap(long less) {
            bytes -= less;
        }

        @Override
        public void close() {}
    }

    @Test
    void aLimitOnTheTransactionRefusesCleanly() {
        Config config =
                ((GraphDatabaseAPI) database.service())
                        .getDependencyResolver()
                        .resolveDependency(Config.class);
        long bytes =
                (Long) database.row("CALL sot.distances.estimate(" + LAYER + ")").get("bytesMax");
        config.setDynamic(GraphDatabaseSettings.memory_transaction_max_size, bytes - 1, "test");
        try {
            for (String call : List.of("stream", "stats", "write")) {
                database.failure("CALL sot.distances." + call + "(" + LAYER + ")")
                        .contains("memory")
                        .contains("limit");
            }
            database.failure("CALL sot.nearest.stats(" + ALL_NEIGHBOURS + ")").contains("limit");
        } finally {
            config.setDynamic(GraphDatabaseSettings.memory_transaction_max_size, 0L, "test");
        }
        assertThat(database.rows("MATCH ()-[d:SEMANTIC_DISTANCE]->() RETURN d LIMIT 1")).isEmpty();
        assertThat((Long) database.row("CALL sot.distances.stats(" + LAYER + ")").get("pairs"))
                .isPositive();
    }

    @Test
    void distancesShowTheirProgressAndStopWithinASecond() throws Exception {
        stopsPromptly("CALL sot.distances.stats(" + DICTIONARY + ")", "sot: distances");
    }

    @Test
    void neighboursShowTheirProgressAndStopWithinASecond() throws Exception {
        stopsPromptly("CALL sot.nearest.stats(" + ALL_NEIGHBOURS + ")", "sot: nearest neighbours");
    }

    private static void stopsPromptly(String statement, String details) throws Exception {
        CompletableFuture<Void> running =
                CompletableFuture.runAsync(() -> database.rows(statement));
        String transaction = awaitDetails(running, details);
        long start = System.nanoTime();
        database.rows("TERMINATE TRANSACTION $id", "id", transaction);
        try {
            running.get(1, TimeUnit.MINUTES);
            throw new AssertionError(statement + " succeeded although it was terminated");
        } catch (ExecutionException e) {
            assertThat(e.getCause()).hasMessageContaining("terminated");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPTLY);
    }

    /** The id of the transaction that says what it is at. */
    private static String awaitDetails(CompletableFuture<Void> running, String details)
            throws InterruptedException {
        while (!running.isDone()) {
            List<Map<String, Object>> found =
                    database.rows(
                            "SHOW TRANSACTIONS YIELD transactionId, statusDetails WHERE"
                                    + " statusDetails STARTS WITH $details RETURN transactionId",
                            "details",
                            details);
            if (!found.isEmpty()) {
                return (String) found.get(0).get("transactionId");
            }
            Thread.sleep(20);
        }
        throw new AssertionError("it ended before it was seen at " + details);
    }
}
