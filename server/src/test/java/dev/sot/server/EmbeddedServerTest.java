package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.server.ServerOptions.Connectors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.exceptions.ClientException;

class EmbeddedServerTest {
    private static final Connectors ANY_PORT = new Connectors(Connectors.LOOPBACK, 0, 0, null);

    @TempDir static Path directory;

    private static Installation installation;
    private static ServerOptions options;
    private static EmbeddedServer server;
    private static Driver driver;

    @BeforeAll
    static void start() throws IOException {
        installation = Checkout.create(directory.resolve("checkout"));
        options = new ServerOptions(directory.resolve("data"), null, ANY_PORT);
        server = EmbeddedServer.start(installation, options);
        driver = GraphDatabase.driver(server.boltUri(), AuthTokens.none());
    }

    @AfterAll
    static void stop() {
        driver.close();
        server.close();
    }

    private static List<Record> query(String cypher) {
        return driver.executableQuery(cypher).execute().records();
    }

    @Test
    void boltAnswers() {
        assertThat(query("RETURN 1 AS one").get(0).get("one").asInt()).isEqualTo(1);
    }

    @Test
    void browserIsServed() throws Exception {
        HttpResponse<String> page =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(server.browserUri())).build(),
                                HttpResponse.BodyHandlers.ofString());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Neo4j Browser");
    }

    @Test
    void browserIsToldWhereBoltListens() throws Exception {
        HttpResponse<String> discovery =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(server.browserUri()).resolve("/"))
                                        .header("Accept", "application/json")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

        assertThat(discovery.body())
                .containsPattern(
                        "\"bolt_direct\":\"bolt://[^:]+:"
                                + URI.create(server.boltUri()).getPort()
                                + "\"");
    }

    @Test
    void theQueryApiAnswers() throws Exception {
        URI api = URI.create(server.browserUri()).resolve("/db/neo4j/query/v2");
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(api)
                                        .header("Content-Type", "application/json")
                                        .header("Accept", "application/json")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "{\"statement\": \"RETURN 1 AS one\"}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).contains("\"fields\":[\"one\"]").contains("[[1]]");
    }

    @Test
    void graphDataScienceProjectsAndClusters() {
        assertThat(query("RETURN gds.version() AS version").get(0).get("version").asString())
                .startsWith("2.13.");
        query(
                "UNWIND [[1,2],[2,3],[3,1],[4,5],[5,6],[6,4],[3,4]] AS link"
                        + " MERGE (a:Leiden {id: link[0]}) MERGE (b:Leiden {id: link[1]})"
                        + " CREATE (a)-[:NEAR]->(b)");
        query("CALL gds.graph.project('leiden', 'Leiden', {NEAR: {orientation: 'UNDIRECTED'}})");

        List<Record> communities =
                query(
                        "CALL gds.leiden.stream('leiden', {randomSeed: 1, concurrency: 1})"
                                + " YIELD nodeId, communityId WITH communityId,"
                                + " gds.util.asNode(nodeId).id AS id ORDER BY id"
                                + " WITH communityId, collect(id) AS ids"
                                + " RETURN ids ORDER BY ids[0]");

        assertThat(communities)
                .extracting(row -> row.get("ids").asList())
                .containsExactly(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L));
    }

    @Test
    void filesOutsideTheImportDirectoryAreOutOfReach() throws IOException {
        Files.writeString(options.importDirectory().resolve("inside.csv"), "1\n");
        Files.writeString(directory.resolve("outside.csv"), "1\n");

        assertThat(query("LOAD CSV FROM 'file:///inside.csv' AS row RETURN row")).hasSize(1);
        assertThatThrownBy(
                        () ->
                                query(
                                        "LOAD CSV FROM 'file:///../../outside.csv' AS row RETURN"
                                                + " row"))
                .isInstanceOf(ClientException.class);
    }

    @Test
    void nothingIsReportedAndOnlyGdsLeavesTheSandbox() {
        assertThat(
                        query(
                                "SHOW SETTINGS YIELD name, value WHERE name IN"
                                        + " ['dbms.usage_report.enabled', 'client.allow_telemetry',"
                                        + " 'dbms.security.procedures.allowlist',"
                                        + " 'dbms.security.procedures.unrestricted'] RETURN value"
                                        + " ORDER BY name"))
                .extracting(row -> row.get("value").asString())
                .containsExactly("false", "sot.*,gds.*", "gds.*", "false");
    }

    @Test
    void aDataDirectoryInUseIsRefused() {
        assertThatThrownBy(() -> EmbeddedServer.start(installation, options))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(options.data().toString())
                .hasMessageContaining("in use by another server");
    }

    @Test
    void aPortInUseIsRefused() throws IOException {
        try (ServerSocket taken =
                new ServerSocket(0, 1, InetAddress.getByName(Connectors.LOOPBACK))) {
            int port = taken.getLocalPort();
            Path data = directory.resolve("other");
            assertThatThrownBy(
                            () ->
                                    EmbeddedServer.start(
                                            installation,
                                            new ServerOptions(
                                                    data,
                                                    null,
                                                    new Connectors(
                                                            Connectors.LOOPBACK, 0, port, null))))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(":" + port + " for Bolt")
                    .hasMessageContaining("--bolt PORT");
            assertThatThrownBy(
                            () ->
                                    EmbeddedServer.start(
                                            installation,
                                            new ServerOptions(
                                                    data,
                                                    null,
                                                    new Connectors(
                                                            Connectors.LOOPBACK, port, 0, null))))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("--http PORT");
        }
    }

    @Test
    void aDataDirectoryThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(
                        () ->
                                EmbeddedServer.start(
                                        installation,
                                        new ServerOptions(file.resolve("data"), null, null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("--data DIR");
    }

    @Test
    void anImportDirectoryThatDoesNotExistIsRefused() {
        assertThatThrownBy(
                        () ->
                                EmbeddedServer.start(
                                        installation,
                                        new ServerOptions(
                                                directory.resolve("third"),
                                                directory.resolve("nowhere"),
                                                null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("nowhere does not exist");
    }

    @Test
    void aMissingPluginIsNamed() throws IOException {
        Path root = Files.createDirectories(directory.resolve("unbuilt"));

        assertThatThrownBy(
                        () ->
                                EmbeddedServer.start(
                                        new Installation(root),
                                        new ServerOptions(directory.resolve("fourth"), null, null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("The plugin is not built");
    }
}
