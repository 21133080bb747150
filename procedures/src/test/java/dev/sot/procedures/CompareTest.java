package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sot.formats.JsonMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compressions beside one another, and circuits that are compressed together. */
class CompareTest {

    private static final String TENS = "add-123-456-tens";
    private static final String HUNDREDS = "add-457-368-hundreds";
    private static final String PARTITION =
            "MATCH (n)-[:MEMBER_OF]->(s)-[:IN_COMPRESSION]->(:Compression {id: $id}) WITH s, n"
                    + " ORDER BY n.key WITH s, collect(n.key) AS members RETURN s.rank AS rank,"
                    + " s.label AS label, members ORDER BY rank";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void compressions() {
        Path demo = Path.of("../import/demo");
        database.copy(demo.resolve("bundle"), "bundle");
        for (String slug : List.of(TENS, HUNDREDS)) {
            database.copy(demo.resolve("circuits/" + slug + ".json"), slug + ".json");
            database.rows("CALL sot.import.circuit($file)", "file", slug + ".json");
        }
        database.rows("CALL sot.import.activations('bundle')");
        database.rows("CALL sot.space.fit()");
        database.rows("CALL sot.distributions.write()");
        for (int size : List.of(5, 10)) {
            database.rows(
                    "CALL sot.compress($slug, {id: $id, targetSize: $size})",
                    "slug",
                    TENS,
                    "id",
                    "tens" + size,
                    "size",
                    size);
        }
        database.rows(
                "CALL sot.compress([$b, $a], {id: 'joint', targetSize: 8, level: 'feature'})",
                "a",
                TENS,
                "b",
                HUNDREDS);
    }

    @Test
    void aCompressionAgreesWithItselfOnly() {
        Map<String, Object> same = database.row("CALL sot.compare('tens5', 'tens5')");
        assertThat(same)
                .containsEntry("adjustedRand", 1.0)
                .containsEntry("normalizedMutualInformation", 1.0)
                .containsEntry("pairF1", 1.0)
                .containsEntry("onlyLeft", 0L)
                .containsEntry("onlyRight", 0L);
        assertThat((Double) same.get("chanceRand")).isBetween(0.0, 0.999);
        assertThat((Double) same.get("chancePairF1")).isBetween(0.0, 0.999);
        assertThat((Double) same.get("chanceNormalizedMutualInformation")).isBetween(0.0, 0.999);
        assertThat(database.rows("CALL sot.compare.nodes('tens5', 'tens5')")).isEmpty();
    }

    @Test
    void nestedCutsAgreeInOneDirection() {
        Map<String, Object> row = database.row("CALL sot.compare('tens10', 'tens5')");
        assertThat(row)
                .containsEntry("pairPrecision", 1.0)
                .containsEntry("leftSupernodes", 10L)
                .containsEntry("rightSupernodes", 5L)
                .containsEntry("configuration", Map.of("nodes", "feature"));
        assertThat((Double) row.get("pairRecall")).isLessThan(1);
        Map<String, Object> back = database.row("CALL sot.compare('tens5', 'tens10')");
        assertThat(back.get("pairRecall")).isEqualTo(1.0);
        assertThat(back.get("adjustedRand")).isEqualTo(row.get("adjustedRand"));
        Map<String, Object> all =
                database.row("CALL sot.compare('tens10', 'tens5', {nodes: 'all'})");
        assertThat((Long) all.get("nodes"))
                .isEqualTo(
                        (Long)
                                database.value(
                                        "MATCH (n)-[:IN_CIRCUIT]->(:Circuit {slug: $slug}) RETURN"
                                                + " count(n)",
                                        "slug",
                                        TENS))
                .isGreaterThan((Long) row.get("nodes"));
    }

    @Test
    void theCrosstableCountsEveryNodeOnce() {
        List<Map<String, Object>> cells =
                database.rows(
                        "CALL sot.compare.groups('joint', 'tens5') YIELD left, right, nodes,"
                                + " jaccard, influenceShare, matched RETURN left.rank AS left,"
                                + " right.rank AS right, nodes, jaccard, influenceShare, matched");
        Map<String, Object> row = database.row("CALL sot.compare('joint', 'tens5')");
        assertThat(cells.stream().mapToLong(c -> (Long) c.get("nodes")).sum())
                .isEqualTo((Long) row.get("nodes") + (Long) row.get("onlyLeft"));
        assertThat(cells.stream().mapToDouble(c -> (Double) c.get("influenceShare")).sum())
                .isCloseTo(1, within(1e-12));
        assertThat(row.get("onlyRight")).isEqualTo(0L);
        assertThat(cells).anySatisfy(c -> assertThat(c).containsEntry("right", null));
        List<Map<String, Object>> matched =
                cells.stream().filter(c -> c.get("matched").equals(true)).toList();
        assertThat(matched).extracting(c -> c.get("left")).doesNotHaveDuplicates();
        assertThat(matched).extracting(c -> c.get("right")).doesNotHaveDuplicates();
        long kept = matched.stream().mapToLong(c -> (Long) c.get("nodes")).sum();
        assertThat(database.rows("CALL sot.compare.nodes('joint', 'tens5')"))
                .hasSize((int) ((Long) row.get("nodes") - kept))
                .allSatisfy(m -> assertThat(m.get("right")).isNotEqualTo(m.get("match")));
    }

    @Test
    void oneSupernodeHoldsAFeatureInAllCircuits() {
        assertThat(
                        database.rows(
                                "MATCH (c:Compression {id: 'joint'})-[:COMPRESSES]->(k) RETURN"
                                        + " k.slug AS slug, c.circuit AS circuit ORDER BY slug"))
                .containsExactly(
                        Map.of("slug", TENS, "circuit", TENS + "+" + HUNDREDS),
                        Map.of("slug", HUNDREDS, "circuit", TENS + "+" + HUNDREDS));
        assertThat(
                        database.rows(
                                "MATCH"
                                    + " (f:Feature)<-[:OF_FEATURE]-()-[:MEMBER_OF]->(s)-[:IN_COMPRESSION]->(:Compression"
                                    + " {id: 'joint'}) WHERE (f)-[:HAS_DISTRIBUTION]->() WITH f,"
                                    + " count(DISTINCT s) AS supernodes WHERE supernodes > 1 RETURN"
                                    + " f.key"))
                .isEmpty();
        double links =
                database.<Double>value(
                        "MATCH (:CircuitNode)-[r:ATTRIBUTES_TO]->() RETURN sum(abs(r.weight))");
        Map<String, Object> row =
                database.row(
                        "MATCH (c:Compression {id: 'joint'}) MATCH"
                                + " (c)<-[:IN_COMPRESSION]-()-[e:SUPER_ATTRIBUTES_TO]->() RETURN"
                                + " sum(e.absolute) AS absolute, c.internalMass AS internal");
        assertThat((Double) row.get("absolute") + links * (Double) row.get("internal"))
                .isCloseTo(links, within(1e-9 * links));
    }

    @Test
    void theOrderOfTheListDoesNotCount() {
        database.rows(
                "MATCH (a:Circuit {slug: $a}) CALL sot.compress([a, $b], {id: 'again', level:"
                        + " 'feature', targetSize: 8}) YIELD id RETURN id",
                "a",
                TENS,
                "b",
                HUNDREDS);
        assertThat(database.rows(PARTITION, "id", "again"))
                .isEqualTo(database.rows(PARTITION, "id", "joint"));
        database.rows("CALL sot.compress.drop('again')");
    }

    @Test
    void circuitsAreComparedByTheSupernodesTheyShare() {
        List<Map<String, Object>> rows =
                database.rows(
                        "CALL sot.compare.circuits.stream('joint') YIELD supernode, circuit,"
                                + " members, influenceShare RETURN supernode.rank AS rank, circuit,"
                                + " members, influenceShare");
        assertThat(rows).hasSize(2 * 8);
        double product = 0;
        double tens = 0;
        double hundreds = 0;
        double shared = 0;
        for (int i = 0; i < rows.size(); i += 2) {
            double a = (Double) rows.get(i).get("influenceShare");
            double b = (Double) rows.get(i + 1).get("influenceShare");
            product += a * b;
            tens += a * a;
            hundreds += b * b;
            shared += Math.min(a, b);
        }
        assertThat(
                        rows.stream()
                                .filter(r -> r.get("circuit").equals(TENS))
                                .mapToDouble(r -> (Double) r.get("influenceShare"))
                                .sum())
                .isCloseTo(1, within(1e-12));
        Map<String, Object> pair = database.row("CALL sot.compare.circuits('joint')");
        assertThat(pair).containsEntry("left", TENS).containsEntry("right", HUNDREDS);
        assertThat((Double) pair.get("cosine"))
                .isCloseTo(product / Math.sqrt(tens * hundreds), within(1e-12));
        assertThat((Double) pair.get("sharedInfluence")).isCloseTo(shared, within(1e-12));
        assertThat(
                        (Long) pair.get("shared")
                                + (Long) pair.get("onlyLeft")
                                + (Long) pair.get("onlyRight"))
                .isEqualTo(8);
        database.failure("CALL sot.compare.circuits('tens5')")
                .contains("is one of a single circuit; compress several together");
    }

    @Test
    void aStoredConfigurationGivesTheSameCompressionAgain() {
        for (String id : List.of("tens10", "joint")) {
            List<Map<String, Object>> before = database.rows(PARTITION, "id", id);
            Map<String, Object> configuration =
                    JsonMap.read(
                            database.value(
                                    "MATCH (c:Compression {id: $id}) RETURN c.configuration",
                                    "id",
                                    id));
            database.rows(
                    "MATCH (c:Compression {id: $id})-[:COMPRESSES]->(k) WITH collect(k) AS circuits"
                            + " CALL sot.compress(circuits, $configuration) YIELD id RETURN id",
                    "id",
                    id,
                    "configuration",
                    configuration);
            assertThat(database.rows(PARTITION, "id", id)).isEqualTo(before);
        }
    }

    @Test
    void membersOfAJointSupernodeSayTheirCircuit() {
        assertThat(
                        database.rows(
                                "CALL sot.expand('joint/0') YIELD circuit RETURN DISTINCT circuit"
                                        + " ORDER BY circuit"))
                .extracting(r -> r.get("circuit"))
                .containsExactly(TENS, HUNDREDS);
    }

    @Test
    void onlyTheMembersInItAreExportedWithACircuit() {
        Map<String, Object> row =
                database.row(
                        "CALL sot.export.circuit($slug, 'joint.json', {compression: 'joint'})"
                                + " YIELD supernodes RETURN supernodes",
                        "slug",
                        TENS);
        assertThat((Long) row.get("supernodes")).isBetween(1L, 8L);
        database.failure("CALL sot.export.subgraph('joint', 'joint-subgraph.json')")
                .contains("is one of several circuits", "name it: {circuit: '");
        database.failure("CALL sot.export.subgraph('joint', 'x.json', {circuit: 'none'})")
                .contains("not of 'none'");
        String subgraph =
                "CALL sot.export.subgraph('joint', 'joint-subgraph.json', {circuit: $slug, modelId:"
                        + " 'm', overwrite: true}) YIELD slug, supernodes RETURN slug, supernodes";
        for (String slug : List.of(TENS, HUNDREDS)) {
            Map<String, Object> exported = database.row(subgraph, "slug", slug);
            assertThat(exported).containsEntry("slug", slug);
            database.row(
                    "CALL sot.import.supernodes($slug, 'joint-subgraph.json', {id: 'back'})",
                    "slug",
                    slug);
            assertThat(
                            database.row(
                                    "CALL sot.compare('joint', 'back') YIELD adjustedRand RETURN"
                                            + " adjustedRand"))
                    .containsEntry("adjustedRand", 1.0);
            database.row("CALL sot.compress.drop('back')");
        }
    }

    @Test
    void whatCannotBeComparedIsSaid() {
        database.failure("CALL sot.compare('', 'tens5')")
                .contains("argument `left` must be the id of a compression");
        database.failure("CALL sot.compare('tens5', 'none')")
                .contains("there is no compression 'none'");
        database.rows(
                "CALL sot.compress($slug, {id: 'elsewhere', targetSize: 5})", "slug", HUNDREDS);
        database.failure("CALL sot.compare('tens5', 'elsewhere')")
                .contains("no feature node is in both 'tens5' and 'elsewhere'");
        database.rows("CALL sot.compress.drop('elsewhere')");
        database.failure("CALL sot.compare('tens5', 'tens10', {node: 'all'})")
                .contains("did you mean `nodes`?");
        database.failure("CALL sot.compress([$slug, $slug])", "slug", TENS)
                .contains("lists circuit '" + TENS + "' twice");
        database.failure("CALL sot.compress(3)").contains("must be the slug of a circuit");
        database.failure("CALL sot.compress($slug, {id: 'joint'})", "slug", TENS)
                .contains(
                        "there is a compression 'joint' of the circuits '"
                                + TENS
                                + "', '"
                                + HUNDREDS
                                + "'; give another id");
    }
}
