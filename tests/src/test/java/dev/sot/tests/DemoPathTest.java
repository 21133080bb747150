package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Record;
import org.neo4j.driver.exceptions.ClientException;

/** The way from files to supernodes on an empty server, and back over a restart. */
class DemoPathTest {
    private static final String CIRCUIT = SotServer.DEMO_CIRCUIT;
    private static final long DEMONSTRATION_CIRCUITS = 10;

    @TempDir Path data;

    @Test
    void everyStepBuildsOnTheOneBeforeAndTheGraphIsThatOfTheSchema() {
        try (SotServer server = SotServer.start(Sot.DEMONSTRATION)) {
            assertThatThrownBy(() -> server.query("CALL sot.import.circuits('circuits', {})"))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("sot.schema.create()");

            assertThat(server.query("CALL sot.schema.create()"))
                    .isNotEmpty()
                    .allMatch(row -> row.get("status").asString().equals("created"));
            assertThat(server.query("SHOW CONSTRAINTS YIELD name, type"))
                    .extracting(row -> row.get("type").asString())
                    .isNotEmpty()
                    .containsOnly("UNIQUENESS");

            List<Record> circuits = server.query("CALL sot.import.circuits('circuits', {})");
            assertThat(circuits)
                    .hasSize((int) DEMONSTRATION_CIRCUITS)
                    .allMatch(row -> row.get("status").asString().equals("imported"))
                    .allMatch(row -> row.get("danglingLinks").asLong() == 0)
                    .allMatch(row -> row.get("replacementScore").asDouble() <= 1);

            Record corpus = one(server, "CALL sot.import.activations('bundle', {})");
            assertThat(corpus.get("firings").asLong()).isPositive();
            assertThat(corpus.get("silentFeatures").asLong())
                    .isLessThan(corpus.get("features").asLong());

            Record space = one(server, "CALL sot.space.fit({})");
            assertThat(space.get("status").asString()).isEqualTo("fitted");
            assertThat(space.get("explainedVariance").asDouble()).isBetween(0.0, 1.0);

            Record distributions = one(server, "CALL sot.distributions.write({})");
            assertThat(distributions.get("features").asLong())
                    .isEqualTo(
                            distributions.get("distributions").asLong()
                                    + distributions.get("silentFeatures").asLong()
                                    + distributions.get("onlyExcludedFeatures").asLong());

            List<Record> all = server.query("CALL sot.compress() YIELD id, circuit");
            assertThat(all)
                    .extracting(r -> r.get("circuit").asString())
                    .hasSameSizeAs(circuits)
                    .contains(CIRCUIT);
            for (Record one : all) {
                server.query("CALL sot.compress.drop($id)", Map.of("id", one.get("id").asString()));
            }
            Record compression =
                    server.query("CALL sot.compress($circuit)", Map.of("circuit", CIRCUIT)).get(0);
            assertThat(compression.get("featureSupernodes").asLong())
                    .isBetween(2L, compression.get("featureNodes").asLong() / 2);
            assertThat(
                            compression.get("internalMass").asDouble()
                                    + compression.get("cancelledMass").asDouble()
                                    + compression.get("retainedMass").asDouble())
                    .isCloseTo(1, within(1e-9));

            assertSchema(server);
            assertPartition(server, compression);
        }
    }

    @Test
    void whatWasStoredSurvivesARestart() {
        String fingerprint =
                """
                MATCH (:Circuit {slug: $circuit})<-[:IN_CIRCUIT]-(n:CircuitNode)
                OPTIONAL MATCH (n)-[r:ATTRIBUTES_TO]->()
                WITH n, count(r) AS links, sum(abs(r.weight)) AS weight ORDER BY n.key
                RETURN collect([n.key, labels(n), properties(n), links, round(weight, 6)]) AS nodes
                """;
        Map<String, Object> circuit = Map.of("circuit", CIRCUIT);
        String importing = "CALL sot.import.circuit('circuits/' + $circuit + '.json', {})";
        Object before;
        try (SotServer server = SotServer.start(Sot.DEMONSTRATION, data, Map.of())) {
            server.query("CALL sot.schema.create()");
            server.query(importing, circuit);
            before = server.query(fingerprint, circuit).get(0).get("nodes").asObject();
        }
        try (SotServer server = SotServer.start(Sot.DEMONSTRATION, data, Map.of())) {
            assertThat((List<?>) before).isNotEmpty();
            assertThat(server.query(fingerprint, circuit).get(0).get("nodes").asObject())
                    .isEqualTo(before);
            assertThat(server.query(importing, circuit).get(0).get("status").asString())
                    .isEqualTo("unchanged");
            assertThat(server.query("CALL sot.schema.create()"))
                    .allMatch(row -> row.get("status").asString().equals("exists"));
        }
    }

    private static void assertSchema(SotServer server) {
        assertThat(names(server, "MATCH (n) UNWIND labels(n) AS name RETURN DISTINCT name"))
                .containsExactlyInAnyOrder(
                        "Model",
                        "Dictionary",
                        "DictionaryLayer",
                        "Feature",
                        "FeatureVectors",
                        "Corpus",
                        "Prompt",
                        "TokenPosition",
                        "HiddenStates",
                        "Unembedding",
                        "Activations",
                        "ReferenceSpace",
                        "SpaceMap",
                        "Points",
                        "Distribution",
                        "Circuit",
                        "CircuitNode",
                        "FeatureNode",
                        "EmbeddingNode",
                        "ErrorNode",
                        "LogitNode",
                        "Compression",
                        "Supernode");
        assertThat(names(server, "MATCH ()-[r]->() RETURN DISTINCT type(r) AS name"))
                .containsExactlyInAnyOrder(
                        "OF_MODEL",
                        "HAS_LAYER",
                        "IN_DICTIONARY",
                        "HAS_VECTORS",
                        "HAS_MAP",
                        "HAS_ACTIVATIONS",
                        "HAS_DISTRIBUTION",
                        "IN_CORPUS",
                        "IN_PROMPT",
                        "FITTED_ON",
                        "IN_SPACE",
                        "IN_CIRCUIT",
                        "OF_FEATURE",
                        "ATTRIBUTES_TO",
                        "COMPRESSES",
                        "IN_COMPRESSION",
                        "MEMBER_OF",
                        "SUPER_ATTRIBUTES_TO");
    }

    private static void assertPartition(SotServer server, Record compression) {
        assertThat(
                        one(
                                        server,
                                        "MATCH"
                                            + " (n:CircuitNode)-[:IN_CIRCUIT]->(:Circuit)<-[:COMPRESSES]-()"
                                            + " WITH n, count{(n)-[:MEMBER_OF]->(:Supernode)} AS"
                                            + " supernodes RETURN collect(DISTINCT supernodes) AS"
                                            + " of")
                                .get("of")
                                .asList())
                .as("supernodes that each node of the circuit is in")
                .containsExactly(1L);
        assertThat(one(server, "MATCH (s:Supernode) RETURN count(s) AS n").get("n").asLong())
                .isEqualTo(compression.get("supernodes").asLong());
        assertThat(
                        one(server, "MATCH ()-[e:SUPER_ATTRIBUTES_TO]->() RETURN count(e) AS n")
                                .get("n")
                                .asLong())
                .isEqualTo(compression.get("superedges").asLong());
    }

    private static List<String> names(SotServer server, String cypher) {
        return server.query(cypher).stream().map(row -> row.get("name").asString()).toList();
    }

    private static Record one(SotServer server, String cypher) {
        List<Record> rows = server.query(cypher);
        assertThat(rows).as(cypher).hasSize(1);
        return rows.get(0);
    }
}
