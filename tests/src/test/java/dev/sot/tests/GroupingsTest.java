package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

/** Groupings on the whole server, which has Graph Data Science, over Bolt. */
class GroupingsTest {

    private static SotServer server;

    @BeforeAll
    static void start() {
        server = SotServer.demo();
    }

    /** The members' ids of each feature supernode. */
    private static List<List<String>> supernodes(String configuration) {
        List<List<String>> supernodes = new ArrayList<>();
        for (Record row :
                server.query(
                        "CALL sot.compress.stream($circuit, "
                                + configuration
                                + ") YIELD kind, members WHERE kind = 'feature'"
                                + " RETURN [m IN members | m.nodeId] AS members",
                        Map.of("circuit", SotServer.DEMO_CIRCUIT))) {
            supernodes.add(row.get("members").asList(Value::asString));
        }
        return supernodes;
    }

    private static void assertNothingIsLeft() {
        assertThat(server.query("CALL gds.graph.list() YIELD graphName RETURN graphName"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{grouping: 'leiden'}",
                "{grouping: 'leiden', gamma: 3.0, neighbours: 5, seed: 1}",
                "{grouping: 'leiden', distance: 'edgeProfile'}",
                "{grouping: 'hdbscan', minClusterSize: 2}",
                "{grouping: 'kMeans', targetSize: 12}",
                "{grouping: 'kMeans', targetSize: 5, dimension: 2, seed: 3}"
            })
    void everyNodeIsInOneSupernodeAndTheSameOneEachTime(String configuration) {
        List<List<String>> supernodes = supernodes(configuration);
        assertNothingIsLeft();
        assertThat(supernodes(configuration)).isEqualTo(supernodes);
        Set<String> members = new HashSet<>();
        supernodes.forEach(members::addAll);
        assertThat(members)
                .hasSize(supernodes.stream().mapToInt(List::size).sum())
                .hasSize(
                        server.query(
                                        "MATCH (n:FeatureNode)-[:IN_CIRCUIT]->(:Circuit {slug:"
                                                + " $circuit}) RETURN count(n) AS nodes",
                                        Map.of("circuit", SotServer.DEMO_CIRCUIT))
                                .get(0)
                                .get("nodes")
                                .asInt());
        assertThat(supernodes).hasSizeBetween(2, members.size() - 1);
    }

    @Test
    void kMeansMakesAsManySupernodesAsItIsAskedFor() {
        assertThat(
                        server.query(
                                        "CALL sot.compress.stats($circuit, {grouping: 'kMeans',"
                                                + " targetSize: 12}) YIELD featureSupernodes",
                                        Map.of("circuit", SotServer.DEMO_CIRCUIT))
                                .get(0)
                                .get("featureSupernodes")
                                .asInt())
                .isEqualTo(12);
    }

    @Test
    void aGroupingThatIsStoppedLeavesNothingInTheLibrary() throws Exception {
        List<String> circuits =
                server
                        .query("MATCH (c:Circuit) RETURN c.slug AS slug ORDER BY slug LIMIT 10")
                        .stream()
                        .map(row -> row.get("slug").asString())
                        .toList();
        // About a thousand nodes of 300 coordinates in 400 groups: some seconds for the library.
        CompletableFuture<List<Record>> grouping =
                CompletableFuture.supplyAsync(
                        () ->
                                server.query(
                                        "CALL sot.compress.stats($circuits, {grouping: 'kMeans',"
                                                + " distance: 'edgeProfile', dimension: 300,"
                                                + " targetSize: 400})",
                                        Map.of("circuits", circuits)));
        String transaction = "";
        while (server.query("CALL gds.graph.list() YIELD graphName RETURN graphName").isEmpty()) {
            assertThat(grouping).as("before anything is projected").isNotDone();
            transaction = compressing().orElse(transaction);
        }
        server.query("TERMINATE TRANSACTIONS '" + transaction + "'");
        assertThatThrownBy(grouping::join).hasMessageContaining("terminated");
        assertNothingIsLeft();
    }

    private static Optional<String> compressing() {
        return server
                .query(
                        "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE currentQuery"
                                + " STARTS WITH 'CALL sot.compress' RETURN transactionId AS id")
                .stream()
                .map(row -> row.get("id").asString())
                .findFirst();
    }
}
