package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.configuration.Config;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/** Matches are the nearest, and say what speaks for them. */
class MatchTest {

    private static final String SOURCES = "dictionary: '" + SmallBundle.DICTIONARY + "', layers: ";
    private static final String FIRST_TO_SECOND = SOURCES + "[0], targets: {" + SOURCES + "[1]}";
    private static final String SECOND_TO_THIRD = SOURCES + "[1], targets: {" + SOURCES + "[2]}";

    private static final String FIGURES =
            "rank, distance, score, lower, upper, margin, ratio, mutual, sourceNoise, targetNoise,"
                    + " marginBound, marginHolds, pValue, qValue, bootstrapShare, certified";

    private static final Duration PROMPTLY = Duration.ofSeconds(5);

    @RegisterExtension static final Database database = Database.withSchema();

    /** As the distributions are stored, matches by distance alone. */
    private static final String PLAIN = ", correction: 'none', exponent: 1, support: 8";

    @BeforeAll
    static void importSmallData() {
        SmallBundle.write(database.importDirectory().resolve("bundle"), 1);
        database.row("CALL sot.import.activations('bundle')");
        database.row("CALL sot.space.fit({dimension: 4})");
        database.row("CALL sot.distributions.write({support: 8})");
    }

    private static List<Map<String, Object>> stream(String configuration) {
        return database.rows(
                "CALL sot.match.stream({"
                        + configuration
                        + "}) YIELD source, target, runnerUp, "
                        + FIGURES
                        + " RETURN source.key AS f, target.key AS g, runnerUp.key AS second, "
                        + FIGURES);
    }

    @Test
    void theMatchIsTheNearestAndTheRunnerUpTheNext() {
        List<Map<String, Object>> nearest =
                database.rows(
                        "CALL sot.nearest.stream({"
                                + SECOND_TO_THIRD
                                + ", k: 2}) YIELD source, target, rank, distance RETURN source.key"
                                + " AS f, collect(target.key) AS g, collect(distance) AS distances"
                                + " ORDER BY f");
        List<Map<String, Object>> matches = stream(SECOND_TO_THIRD + PLAIN);
        assertThat(matches).hasSameSizeAs(nearest).hasSize(SmallBundle.WIDTH);
        for (int i = 0; i < nearest.size(); i++) {
            Map<String, Object> match = matches.get(i);
            List<?> targets = (List<?>) nearest.get(i).get("g");
            List<?> distances = (List<?>) nearest.get(i).get("distances");
            double first = (Double) distances.get(0);
            double second = (Double) distances.get(1);
            assertThat(match)
                    .containsEntry("f", nearest.get(i).get("f"))
                    .containsEntry("g", targets.get(0))
                    .containsEntry("second", targets.get(1))
                    .containsEntry("rank", 1L)
                    .containsEntry("distance", first)
                    .containsEntry("score", first)
                    .containsEntry("margin", second - first)
                    .containsEntry("ratio", first / second)
                    .containsEntry("bootstrapShare", null);
            assertThat((Double) match.get("pValue")).isBetween(1.0 / 9, 1.0);
            assertThat((Double) match.get("qValue")).isBetween(0.0, 1.0);
            assertThat((Double) match.get("sourceNoise")).isPositive();
            assertThat((Double) match.get("marginBound"))
                    .isGreaterThan(
                            2 * (Double) match.get("sourceNoise")
                                    + (Double) match.get("targetNoise"));
            assertThat(match.get("marginHolds"))
                    .isEqualTo((Double) match.get("margin") > (Double) match.get("marginBound"));
        }
        assertThat(stream(SECOND_TO_THIRD + PLAIN + ", concurrency: 1")).isEqualTo(matches);
    }

    @Test
    void mutualMatchesAreThoseOfBothDirections() {
        List<Object> both =
                database
                        .rows(
                                "CALL sot.nearest.stream({"
                                        + SECOND_TO_THIRD
                                        + ", k: 1}) YIELD source AS f, target AS g WITH"
                                        + " collect(f.key + ' ' + g.key) AS there CALL"
                                        + " sot.nearest.stream({"
                                        + SOURCES
                                        + "[2], targets: {"
                                        + SOURCES
                                        + "[1]}, k: 1}) YIELD source AS g, target AS f WITH there,"
                                        + " f.key + ' ' + g.key AS back WHERE back IN there RETURN"
                                        + " back ORDER BY back")
                        .stream()
                        .map(r -> r.get("back"))
                        .toList();
        assertThat(both).isNotEmpty();
        assertThat(stream(SECOND_TO_THIRD + PLAIN))
                .filteredOn(r -> r.get("mutual").equals(true))
                .extracting(r -> r.get("f") + " " + r.get("g"))
                .isEqualTo(both);
        assertThat(stream(SECOND_TO_THIRD + PLAIN + ", assignment: 'mutual'"))
                .isEqualTo(
                        stream(SECOND_TO_THIRD + PLAIN).stream()
                                .filter(r -> r.get("mutual").equals(true))
                                .toList());
    }

    @Test
    void whatHasNoDistributionIsCountedAndTheRestAreRows() {
        Map<String, Object> stats = database.row("CALL sot.match.stats({" + FIRST_TO_SECOND + "})");
        assertThat(stats)
                .containsEntry("sources", 6L)
                .containsEntry("sourcesWithoutDistribution", 2L)
                .containsEntry("targets", 8L)
                .containsEntry("targetsWithoutDistribution", 0L)
                .containsEntry("matches", 6L)
                .containsEntry("sourcesWithoutMatch", 0L)
                .containsEntry("untested", 0L)
                .containsEntry("certified", 0L);
        assertThat(stream(FIRST_TO_SECOND)).hasSize(6);
        assertThat(stream(FIRST_TO_SECOND + ", k: 3")).hasSize(18);
        double least =
                stream(FIRST_TO_SECOND).stream()
                        .mapToDouble(r -> (Double) r.get("distance"))
                        .min()
                        .orElseThrow();
        Map<String, Object> near =
                database.row(
                        "CALL sot.match.stats({" + FIRST_TO_SECOND + ", maxDistance: $most})",
                        "most",
                        least);
        assertThat(near).containsEntry("matches", 1L).containsEntry("sourcesWithoutMatch", 5L);
        assertThat((Double) near.get("meanDistance")).isCloseTo(least, within(0.0));
    }

    @Test
    void featuresAreComparedOnDisjointHalvesAlsoWithThemselves() {
        List<Map<String, Object>> rows =
                stream(SOURCES + "[1], targets: {" + SOURCES + "[1]}, positions: 'disjoint'");
        assertThat(rows).isNotEmpty();
        assertThat(rows).extracting(r -> r.get("distance")).doesNotContain(0.0);
        assertThat(rows)
                .isEqualTo(
                        stream(
                                SOURCES
                                        + "[1], targets: {"
                                        + SOURCES
                                        + "[1]}, positions: 'disjoint', concurrency: 1"));
        assertThat(
                        stream(
                                SOURCES
                                        + "[1], targets: {"
                                        + SOURCES
                                        + "[1]}, positions: 'disjoint', seed: 1"))
                .isNotEqualTo(rows);
        assertThat(stream(SOURCES + "[1], targets: {" + SOURCES + "[1]}"))
                .as("on the same positions none is its own match")
                .noneMatch(r -> r.get("f").equals(r.get("g")));
    }

    @Test
    void rescalingChangesNoMatchAndNoCertificate() {
        Random random = new Random(1);
        SmallBundle.writeScaled(
                database.importDirectory().resolve("scaled"),
                new SmallBundle.Scale() {
                    private final Map<List<Integer>, Double> factors = new HashMap<>();

                    @Override
                    public double of(int layer, int feature) {
                        return factors.computeIfAbsent(
                                List.of(layer, feature),
                                key -> Math.pow(100, 2 * random.nextDouble() - 1));
                    }
                });
        String configuration = SECOND_TO_THIRD + ", positions: 'disjoint'";
        List<Map<String, Object>> before = stream(configuration);
        database.row("CALL sot.import.activations('scaled', {corpus: 'scaled'})");
        try {
            database.row("CALL sot.space.fit({corpus: 'scaled', name: 'scaled', dimension: 4})");
            List<Map<String, Object>> after = stream(configuration + ", space: 'scaled'");
            assertThat(after).hasSameSizeAs(before);
            for (int i = 0; i < after.size(); i++) {
                assertThat(after.get(i).get("g")).isEqualTo(before.get(i).get("g"));
                for (String figure : List.of("pValue", "qValue", "mutual", "certified")) {
                    assertThat(after.get(i).get(figure)).isEqualTo(before.get(i).get(figure));
                }
                for (String figure :
                        List.of("distance", "score", "margin", "marginBound", "sourceNoise")) {
                    assertThat((Double) after.get(i).get(figure))
                            .isCloseTo((Double) before.get(i).get(figure), within(1e-9));
                }
            }
        } finally {
            database.row("CALL sot.space.drop('scaled')");
            database.row("CALL sot.drop.corpus('scaled')");
        }
    }

    private static final String WRITE = "CALL sot.match.write({" + SECOND_TO_THIRD + ", run: 'r'})";

    private static List<Map<String, Object>> written() {
        return database.rows(
                "MATCH (f)-[m:MATCHES]->(g) RETURN f.key AS f, g.key AS g, properties(m) AS m ORDER"
                        + " BY f, m.rank");
    }

    @Test
    void aRunIsWrittenWithItsEvidenceAndListedAndDropped() {
        Map<String, Object> result = database.row(WRITE);
        assertThat(result)
                .containsEntry("run", "r")
                .containsEntry("written", 8L)
                .containsEntry("deleted", 0L)
                .containsEntry("resumedParts", 0L);
        List<Map<String, Object>> streamed = stream(SECOND_TO_THIRD);
        List<Map<String, Object>> matches = written();
        assertThat(matches).hasSameSizeAs(streamed);
        for (int i = 0; i < matches.size(); i++) {
            Map<?, ?> match = (Map<?, ?>) matches.get(i).get("m");
            assertThat(match.get("run")).isEqualTo("r");
            for (String figure : List.of("distance", "score", "pValue", "qValue", "certified")) {
                assertThat(match.get(figure)).isEqualTo(streamed.get(i).get(figure));
            }
        }
        assertThat(
                        database.rows(
                                "CALL sot.list() YIELD type, name, details WHERE type = 'match run'"
                                        + " RETURN name, details.state AS state, details.matches AS"
                                        + " matches"))
                .containsExactly(Map.of("name", "r", "state", "complete", "matches", 8L));
        assertThat(database.row(WRITE)).containsEntry("deleted", 8L);
        assertThat(written()).as("writing again replaces").isEqualTo(matches);
        database.failure(WRITE.replace("run:", "k: 2, run:"))
                .contains("match run 'r' has another configuration")
                .contains("sot.match.drop('r')");
        assertThat(database.row("CALL sot.match.drop('r')")).containsEntry("matches", 8L);
        assertThat(database.rows("MATCH (n) WHERE n:MatchRun OR n:MatchPart RETURN n")).isEmpty();
        assertThat(written()).isEmpty();
        database.failure("CALL sot.match.drop('r')").contains("there is no match run 'r'");
    }

    @Test
    void anIdIsMadeOfWhatDiffers() {
        String id = (String) database.row(WRITE.replace(", run: 'r'", ", order: 2")).get("run");
        assertThat(id).isEqualTo("model/dictionary/1 > model/dictionary/2 @ aligned, order 2");
        database.row("CALL sot.match.drop($id)", "id", id);
    }

    @Test
    void theEstimateGrowsWithWhatIsAskedFor() {
        String estimate = "CALL sot.match.estimate({" + SECOND_TO_THIRD;
        Map<String, Object> one = database.row(estimate + ", concurrency: 1})");
        Map<String, Object> more =
                database.row(estimate + ", concurrency: 8, positions: 'disjoint'})");
        assertThat(one)
                .containsEntry("sources", 8L)
                .containsEntry("targets", 8L)
                .containsEntry("layerFeatures", 16L)
                .containsEntry("bytesMax", one.get("bytesMin"));
        assertThat((Long) more.get("bytesMax")).isGreaterThan((Long) one.get("bytesMax"));
        for (String addition : List.of("assignment: 'oneToOne'", "bootstraps: 1")) {
            assertThat(
                            (Long)
                                    database.row(estimate + ", concurrency: 1, " + addition + "})")
                                            .get("bytesMax"))
                    .isGreaterThan((Long) one.get("bytesMax"));
        }
    }

    @Test
    void supportsAreNotBoundedAmongTokens() {
        database.row("CALL sot.space.fit({name: 'tokens', method: 'tokens'})");
        try {
            database.row("CALL sot.distributions.write({space: 'tokens'})");
            assertThat(
                            stream(
                                    SECOND_TO_THIRD
                                            + ", space: 'tokens', correction: 'none', exponent: 1"))
                    .as("matches by distance alone are the nearest, and at the same distance")
                    .hasSize(SmallBundle.WIDTH)
                    .extracting(r -> r.get("f"), r -> r.get("distance"))
                    .isEqualTo(
                            database
                                    .rows(
                                            "CALL sot.nearest.stream({space: 'tokens', "
                                                    + SECOND_TO_THIRD
                                                    + ", k: 1}) YIELD source, distance RETURN"
                                                    + " source.key AS f, distance ORDER BY f")
                                    .stream()
                                    .map(r -> tuple(r.get("f"), r.get("distance")))
                                    .toList());
            assertThat(database.row(WRITE.replace("run: 'r'", "run: 't', space: 'tokens'")))
                    .containsEntry("space", "tokens")
                    .containsEntry("written", 8L);
            database.row("CALL sot.match.drop('t')");
            String bounded = SECOND_TO_THIRD + ", space: 'tokens', support: 8})";
            for (String mode : List.of("stream", "stats", "estimate", "write")) {
                database.failure("CALL sot.match." + mode + "({" + bounded)
                        .contains(
                                "a position for each token", "leave [support, supportMethod] out");
            }
        } finally {
            database.row("CALL sot.space.drop('tokens')");
        }
    }

    @Test
    void aLimitOnTheTransactionRefusesBeforeAnythingIsComputed() {
        String sides = SECOND_TO_THIRD + ", concurrency: 1000})";
        long limit = 1 << 20;
        assertThat((Long) database.row("CALL sot.match.estimate({" + sides).get("bytesMax"))
                .isGreaterThan(limit);
        Config config =
                ((GraphDatabaseAPI) database.service())
                        .getDependencyResolver()
                        .resolveDependency(Config.class);
        config.setDynamic(GraphDatabaseSettings.memory_transaction_max_size, limit, "test");
        try {
            for (String mode : List.of("stream", "stats", "write")) {
                database.failure("CALL sot.match." + mode + "({" + sides)
                        .containsPattern("allocation of an extra \\d.* more than the limit \\d")
                        .contains("db.memory.transaction.max");
            }
        } finally {
            config.setDynamic(GraphDatabaseSettings.memory_transaction_max_size, 0L, "test");
        }
        assertNothingWritten();
    }

    private static void assertNothingWritten() {
        assertThat(database.rows("MATCH (n) WHERE n:MatchRun OR n:MatchPart RETURN n")).isEmpty();
        assertThat(written()).isEmpty();
    }

    @Test
    void aTerminatedMatchingStopsPromptlyAndLeavesNothing() throws Exception {
        CompletableFuture<Void> running =
                CompletableFuture.runAsync(
                        () -> database.rows(WRITE.replace("run:", "bootstraps: 10000, run:")));
        String transaction = awaitBootstrap(running);
        long start = System.nanoTime();
        database.rows("TERMINATE TRANSACTION $id", "id", transaction);
        assertThat(running)
                .failsWithin(PROMPTLY)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("terminated");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPTLY);
        assertNothingWritten();
    }

    /** The id of the transaction that resamples. */
    private static String awaitBootstrap(CompletableFuture<Void> running)
            throws InterruptedException {
        while (!running.isDone()) {
            List<Map<String, Object>> found =
                    database.rows(
                            "SHOW TRANSACTIONS YIELD transactionId, statusDetails WHERE"
                                    + " statusDetails STARTS WITH 'sot: bootstrap' RETURN"
                                    + " transactionId");
            if (!found.isEmpty()) {
                return (String) found.get(0).get("transactionId");
            }
            Thread.sleep(20);
        }
        throw new AssertionError("matching ended before it was seen resampling");
    }

    @Test
    void aMatchIsResampledWhereThatIsAskedFor() {
        List<Map<String, Object>> rows = stream(SECOND_TO_THIRD + ", bootstraps: 10");
        assertThat(rows)
                .allSatisfy(
                        r ->
                                assertThat((Double) r.get("bootstrapShare") * 10)
                                        .isBetween(0.0, 10.0)
                                        .matches(
                                                share ->
                                                        Math.abs(share - Math.rint(share)) < 1e-9));
        assertThat(rows).anySatisfy(r -> assertThat((Double) r.get("bootstrapShare")).isPositive());
        assertThat(stream(SECOND_TO_THIRD + ", bootstraps: 10, concurrency: 1")).isEqualTo(rows);
    }

    @Test
    void noTargetIsMatchedTwiceOneToOne() {
        List<Map<String, Object>> rows = stream(SECOND_TO_THIRD + ", assignment: 'oneToOne'");
        assertThat(rows).hasSize(8).extracting(r -> r.get("g")).doesNotHaveDuplicates();
    }

    @Test
    void chainsAreMadeOfMutualMatchesAndCanBeQueried() {
        String chains = "dictionary: '" + SmallBundle.DICTIONARY + "', links: 'mutual'";
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.match.chains.stream({"
                                + chains
                                + "}) YIELD feature, layer, fates, predecessors, successors, chain,"
                                + " chainLength RETURN feature.key AS f, layer, fates, [p IN"
                                + " predecessors | p.key] AS before, [s IN successors | s.key] AS"
                                + " after, chain, chainLength");
        assertThat(rows).hasSize(24);
        assertThat(rows)
                .filteredOn(r -> r.get("fates").equals(List.of("silent")))
                .extracting(r -> r.get("f"))
                .containsExactly(SmallBundle.DICTIONARY + "/0/0", SmallBundle.DICTIONARY + "/0/1");
        Map<Object, Object> mutual = new HashMap<>();
        for (int layer = 0; layer < 2; layer++) {
            stream(SOURCES + "[" + layer + "], targets: {" + SOURCES + "[" + (layer + 1) + "]}")
                    .stream()
                    .filter(r -> r.get("mutual").equals(true))
                    .forEach(r -> mutual.put(r.get("f"), r.get("g")));
        }
        assertThat(mutual).isNotEmpty();
        for (Map<String, Object> row : rows) {
            Object next = mutual.get(row.get("f"));
            assertThat(row.get("after")).isEqualTo(next == null ? List.of() : List.of(next));
            List<?> fates = (List<?>) row.get("fates");
            assertThat(fates.contains("persists")).isEqualTo(next != null);
            assertThat(fates.contains("born"))
                    .isEqualTo((Long) row.get("layer") > 0 && !mutual.containsValue(row.get("f")));
            assertThat(row.get("chain") != null)
                    .isEqualTo(next != null || mutual.containsValue(row.get("f")));
        }
        Map<String, Object> written =
                database.row("CALL sot.match.chains.write({" + chains + ", run: 'c'})");
        assertThat(written)
                .containsEntry("written", (long) mutual.size())
                .containsEntry("features", 24L)
                .containsEntry("silent", 2L)
                .containsEntry("dies", 14L - mutual.size());
        assertThat(
                        database.rows(
                                "MATCH (a)-[:MATCHES {run: 'c'}]->(b) RETURN a.key AS f, b.key AS"
                                        + " g"))
                .extracting(r -> r.get("g"))
                .containsExactlyInAnyOrderElementsOf(mutual.values());
        // As a large run is left that was stopped while it was written, in transactions of its own.
        database.rows("MATCH (r:MatchRun {id: 'c'}) SET r.state = 'running' REMOVE r.matches");
        List<Map<String, Object>> before = written();
        assertThat(database.row("CALL sot.match.chains.write({" + chains + ", run: 'c'})"))
                .containsEntry("written", (long) mutual.size())
                .containsEntry("deleted", (long) mutual.size());
        assertThat(written()).isEqualTo(before);
        assertThat(database.<String>value("MATCH (r:MatchRun {id: 'c'}) RETURN r.state"))
                .isEqualTo("complete");
        database.row("CALL sot.match.drop('c')");
        database.failure("CALL sot.match.chains.stream({})").contains("`dictionary` is missing");
        database.failure("CALL sot.match.chains.stream({dictionary: 'a', layers: [1]})")
                .contains("at least two different layers");
    }

    private static AbstractStringAssert<?> failure(String configuration) {
        return database.failure("CALL sot.match.stats({" + configuration + "})");
    }

    @Test
    void errorsNameTheKeyAndTheRemedy() {
        failure(SOURCES + "[1]").contains("`targets` is missing").contains("among which features");
        failure(SECOND_TO_THIRD + ", k: 0").contains("`k`");
        failure(SECOND_TO_THIRD + ", k: 2, assignment: 'mutual'")
                .contains("`k` goes with assignment 'nearest'");
        failure(SECOND_TO_THIRD + ", assignment: 'oneToone'").contains("did you mean `oneToOne`");
        failure(SECOND_TO_THIRD + ", positions: 'half'").contains("[all, disjoint]");
        failure(SECOND_TO_THIRD + ", level: 2").contains("`level` must be a number from 0");
        failure("features: ['" + SmallBundle.DICTIONARY + "/0/0'], targets: {" + SOURCES + "[2]}")
                .contains("no source fires in the reference space 'aligned'");
        failure("features: [], targets: {" + SOURCES + "[2]}").contains("no source is selected");
    }
}
