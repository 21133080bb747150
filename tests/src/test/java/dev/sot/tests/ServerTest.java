package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.ClientException;

/** What a user of the running server meets, over Bolt and HTTP. */
class ServerTest {
    private static final SessionConfig READ_ACCESS =
            SessionConfig.builder()
                    .withDatabase("neo4j")
                    .withDefaultAccessMode(AccessMode.READ)
                    .build();

    private static SotServer server;

    @BeforeAll
    static void start() {
        server = SotServer.demo();
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(server.query("CALL sot.version()"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("version").asString()).startsWith("0.1.0"));
    }

    @Test
    void helpListsEveryProcedureAndFunctionOfThePlugin() {
        List<String> installed = new ArrayList<>();
        for (String kind : List.of("PROCEDURES", "FUNCTIONS")) {
            server.query("SHOW " + kind + " YIELD name WHERE name STARTS WITH 'sot.' RETURN name")
                    .forEach(row -> installed.add(row.get("name").asString()));
        }

        assertThat(server.query("CALL sot.help()"))
                .extracting(row -> row.get("name").asString())
                .contains("sot.compress", "sot.distance")
                .containsExactlyInAnyOrderElementsOf(installed);
        assertThat(server.query("CALL sot.help('compress')"))
                .extracting(row -> row.get("name").asString())
                .contains("sot.compress", "sot.compress.stream")
                .doesNotContain("sot.version");
    }

    @Test
    void everyProcedureArgumentAndColumnIsDescribed() {
        List<Record> procedures =
                server.query(
                        "SHOW PROCEDURES YIELD name, description, argumentDescription,"
                                + " returnDescription WHERE name STARTS WITH 'sot.'");

        assertThat(procedures).isNotEmpty();
        SoftAssertions softly = new SoftAssertions();
        for (Record procedure : procedures) {
            String name = procedure.get("name").asString();
            softly.assertThat(procedure.get("description").asString()).as(name).isNotBlank();
            for (String items : List.of("argumentDescription", "returnDescription")) {
                for (Value item : procedure.get(items).values()) {
                    softly.assertThat(item.get("description").asString())
                            .as(name + ": " + item.get("name"))
                            .isNotBlank()
                            .doesNotContain(" :: ");
                }
            }
        }
        softly.assertAll();
    }

    @Test
    void browserIsServedAndFindsBoltWhereItListens() throws IOException, InterruptedException {
        HttpResponse<String> page = get(server.browserUri());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html");
        assertThat(page.body()).contains("Neo4j Browser");

        assertThat(get(server.httpUri()).body())
                .contains("\"bolt_direct\":\"" + server.boltUri() + "\"");
    }

    @Test
    void leidenOfGraphDataScienceRunsOnACircuit() {
        assertThat(server.query("RETURN gds.version() AS version"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("version").asString()).startsWith("2.13"));
        server.query(
                """
                MATCH (:Circuit {slug: $slug})<-[:IN_CIRCUIT]-(s)-[r:ATTRIBUTES_TO]->(t)
                RETURN gds.graph.project('leiden', s, t,
                  {relationshipProperties: {weight: abs(r.weight)}},
                  {undirectedRelationshipTypes: ['*']})
                """,
                Map.of("slug", SotServer.DEMO_CIRCUIT));
        try {
            Record communities =
                    server.query(
                                    """
                                    CALL gds.leiden.stream('leiden',
                                      {relationshipWeightProperty: 'weight', randomSeed: 1})
                                    YIELD nodeId, communityId
                                    WITH gds.util.asNode(nodeId) AS node, communityId
                                    RETURN count(node) AS nodes, count(DISTINCT communityId) AS communities,
                                      all(n IN collect(node) WHERE n:CircuitNode) AS ours
                                    """)
                            .get(0);
            assertThat(communities.get("nodes").asLong()).isGreaterThan(50);
            assertThat(communities.get("communities").asLong())
                    .isBetween(2L, communities.get("nodes").asLong() - 1);
            assertThat(communities.get("ours").asBoolean()).isTrue();
        } finally {
            server.query("CALL gds.graph.drop('leiden')");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CALL sot.version()",
                "CALL sot.help()",
                "CALL sot.list()",
                "CALL sot.score($circuit, {})",
                "CALL sot.score($circuit, {compression: $compression})",
                "CALL sot.distributions.stats({})",
                "CALL sot.distributions.stream({circuit: $circuit})",
                "CALL sot.distances.stats({circuit: $circuit})",
                "CALL sot.distances.stream({circuit: $circuit})",
                "CALL sot.distances.estimate({circuit: $circuit})",
                "CALL sot.nearest.stats({circuit: $circuit})",
                "CALL sot.nearest.stream({circuit: $circuit})",
                "CALL sot.nearest.estimate({circuit: $circuit})",
                "CALL sot.match.stats({circuit: $circuit, targets: {circuit: $circuit}})",
                "CALL sot.match.stream({circuit: $circuit, targets: {circuit: $circuit}})",
                "RETURN sot.transport({points: [[1]]}, {points: [[2]]}).distance AS distance",
                "CALL sot.compress.stats($circuit, {})",
                "CALL sot.compress.stream($circuit, {})",
                "CALL sot.evaluate($compression)",
                "MATCH (s:Supernode {kind: 'feature'}) WITH s ORDER BY s.size DESC, s.key LIMIT 1"
                        + " CALL sot.expand(s) YIELD member RETURN member",
                "MATCH (f:Feature)-[:HAS_DISTRIBUTION]->() WITH f ORDER BY f.key LIMIT 2 WITH"
                        + " collect(f) AS fs CALL sot.plan(fs[0], fs[1]) YIELD mass RETURN mass",
                "MATCH (f:Feature)-[:HAS_DISTRIBUTION]->() WITH f ORDER BY f.key LIMIT 2"
                        + " WITH collect(f) AS fs RETURN sot.distance(fs[0], fs[1]) AS distance"
            })
    void readProceduresAnswerASessionWithReadAccessAndWriteNothing(String cypher) {
        long before = size();
        try (Session session = server.driver().session(READ_ACCESS)) {
            List<Record> rows = session.executeRead(tx -> tx.run(cypher, demo()).list());
            assertThat(rows).isNotEmpty();
        }
        assertThat(size()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CALL sot.compress($circuit, {id: 'refused'})",
                "CALL sot.compress.drop($compression)",
                "CALL sot.drop.circuit($circuit)",
                "CALL sot.import.circuits('circuits', {})",
                "CALL sot.distributions.write({})",
                "CALL sot.distances.write({})",
                "CALL sot.nearest.write({})",
                "CALL sot.schema.create()"
            })
    void writeProceduresAreRefusedToASessionWithReadAccess(String cypher) {
        long before = size();
        try (Session session = server.driver().session(READ_ACCESS)) {
            assertThatThrownBy(() -> session.executeRead(tx -> tx.run(cypher, demo()).list()))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e ->
                                    assertThat(e.code())
                                            .isEqualTo("Neo.ClientError.Statement.AccessMode"));
        }
        assertThat(size()).isEqualTo(before);
    }

    @Test
    void filesOutsideTheImportDirectoryCannotBeReached() {
        assertThatThrownBy(() -> server.query("CALL sot.import.circuit('../secret.json', {})"))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining(
                        "'../secret.json' leads out of the server's import directory");
    }

    @Test
    void proceduresOfOthersAreNotOnOffer() {
        assertThat(
                        server.query(
                                "SHOW PROCEDURES YIELD name WHERE NOT split(name, '.')[0] IN"
                                        + " ['sot', 'gds', 'db', 'dbms', 'tx'] RETURN name"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampled", "quantized"})
    void everythingThatComparesFeaturesTakesSupportsOfEitherMethod(String method) {
        Map<String, Object> parameters =
                Map.of("circuit", SotServer.DEMO_CIRCUIT, "method", method, "id", "by " + method);
        try {
            Record written =
                    server.query(
                                    "CALL sot.distributions.write({circuit: $circuit, support: 24,"
                                            + " supportMethod: $method})",
                                    parameters)
                            .get(0);
            assertThat(written.get("reducedFeatures").asLong()).isPositive();
            assertThat(written.get("meanSupportError1").asDouble()).isPositive();
            double nearest =
                    server.query("CALL sot.distances.stats({circuit: $circuit})", parameters)
                            .get(0)
                            .get("min")
                            .asDouble();
            Record pair =
                    server.query(
                                    "CALL sot.distances.stream({circuit: $circuit}) YIELD"
                                            + " feature1, feature2, distance WITH feature1,"
                                            + " feature2, distance ORDER BY distance LIMIT 1"
                                            + " CALL sot.plan(feature1, feature2) YIELD mass,"
                                            + " groundDistance RETURN sum(mass) AS mass, sum(mass"
                                            + " * groundDistance) AS cost, feature1, feature2,"
                                            + " sot.distance(feature1, feature2) AS distance",
                                    parameters)
                            .get(0);
            assertThat(pair.get("mass").asDouble()).isCloseTo(1, within(1e-9));
            assertThat(pair.get("distance").asDouble()).isCloseTo(nearest, within(1e-9));
            assertThat(pair.get("cost").asDouble()).isCloseTo(nearest, within(1e-9));
            assertThat(
                            server.query(
                                            "CALL sot.compress($circuit, {id: $id, targetSize: 9})",
                                            parameters)
                                    .get(0)
                                    .get("featureSupernodes")
                                    .asLong())
                    .isEqualTo(9);
            assertThat(server.query("CALL sot.evaluate($id)", parameters)).hasSizeGreaterThan(3);
        } finally {
            server.query("CALL sot.compress.drop($id)", parameters);
            server.query("CALL sot.distributions.write({circuit: $circuit})", parameters);
        }
    }

    private static Map<String, Object> demo() {
        return Map.of("circuit", SotServer.DEMO_CIRCUIT, "compression", SotServer.DEMO_COMPRESSION);
    }

    /** Nodes, relationships and properties of the whole database. */
    private static long size() {
        return server.query(
                        """
                        CALL { MATCH (n) RETURN count(n) + sum(size(keys(n))) AS nodes }
                        CALL { MATCH ()-[r]->() RETURN count(r) + sum(size(keys(r))) AS relationships }
                        RETURN nodes + relationships
                        """)
                .get(0)
                .get(0)
                .asLong();
    }

    private static HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
}
