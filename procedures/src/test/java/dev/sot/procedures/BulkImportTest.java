package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/** A bundle too large for one transaction: its import goes on where it was cut short. */
class BulkImportTest {

    private static final int PROMPTS = 60;
    private static final int TOKENS = 100;
    private static final int POSITIONS = PROMPTS * TOKENS;
    private static final int DIMENSION = 1_200;
    private static final int FEATURES = 500;
    private static final int FIRINGS = 600_000;

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void writeBundle() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        StringBuilder positions = new StringBuilder();
        for (int i = 0; i < POSITIONS; i++) {
            positions.append(
                    "{\"prompt\":%d,\"position\":%d,\"id\":%d,\"token\":\"t%d\"}%n"
                            .formatted(i / TOKENS, i % TOKENS, i % 97, i % 97));
        }
        files.put("positions.jsonl", positions.toString().getBytes(StandardCharsets.UTF_8));
        StringBuilder prompts = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            prompts.append("{\"prompt\":%d,\"text\":\"prompt %d\"}%n".formatted(i, i));
        }
        files.put("prompts.jsonl", prompts.toString().getBytes(StandardCharsets.UTF_8));
        Random random = new Random(3);
        ByteBuffer states = SmallBundle.little(4 * POSITIONS * DIMENSION);
        for (int i = 0; i < POSITIONS * DIMENSION; i++) {
            states.putFloat(random.nextFloat());
        }
        String shape = POSITIONS + "," + DIMENSION;
        files.put(
                "states.safetensors",
                SmallBundle.safetensors(
                        "{"
                                + SmallBundle.entry(
                                        "states", "F32", shape, 0, 4L * POSITIONS * DIMENSION)
                                + "}",
                        states));
        int each = FIRINGS / FEATURES;
        ByteBuffer firings = SmallBundle.little(12 * FIRINGS);
        for (int i = 0; i < FIRINGS; i++) {
            firings.putInt(i / each);
        }
        for (int i = 0; i < FIRINGS; i++) {
            firings.putInt(i % each * (POSITIONS / each) + i / each % (POSITIONS / each));
        }
        for (int i = 0; i < FIRINGS; i++) {
            firings.putFloat(1 + random.nextFloat());
        }
        files.put(
                "activations.safetensors",
                SmallBundle.safetensors(
                        "{"
                                + String.join(
                                        ",",
                                        tensor("feature", "I32", 0),
                                        tensor("position", "I32", 1),
                                        tensor("value", "F32", 2))
                                + "}",
                        firings));
        List<String> hashes = new ArrayList<>();
        files.forEach(
                (n, bytes) -> hashes.add("\"" + n + "\":\"" + SmallBundle.sha256(bytes) + "\""));
        files.put(
                "manifest.json",
                ("{\"format\":\"sot-bundle/1\",\"model\":{\"name\":\"bulk\",\"layers\":1},"
                                + "\"positions\":%d,\"prompts\":%d,"
                                + "\"positionsFile\":\"positions.jsonl\","
                                + "\"promptsFile\":\"prompts.jsonl\",\"firstTokenIsSink\":false,"
                                + "\"states\":[{\"layer\":0,\"file\":\"states.safetensors\"}],"
                                + "\"dictionaries\":[{\"name\":\"bulk\",\"kind\":\"sae\","
                                + "\"layers\":[{\"layer\":0,\"width\":%d,\"hiddenSize\":%d,"
                                + "\"activations\":\"activations.safetensors\"}]}],"
                                + "\"sha256\":{%s}}")
                        .formatted(
                                POSITIONS, PROMPTS, FEATURES, DIMENSION, String.join(",", hashes))
                        .getBytes(StandardCharsets.UTF_8));
        Path directory = Files.createDirectories(database.importDirectory().resolve("bulk"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private static String tensor(String name, String type, int number) {
        return SmallBundle.entry(
                name, type, "" + FIRINGS, 4L * FIRINGS * number, 4L * FIRINGS * (number + 1));
    }

    @AfterAll
    static void clear() {
        database.service()
                .executeTransactionally(
                        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS");
    }

    @Test
    void anImportThatWasCutShortGoesOnAfterItsLastBatchAndWritesTheSame() throws Exception {
        assertThat(database.row("CALL sot.import.activations('bulk', {corpus: 'whole'})"))
                .containsEntry("status", "imported")
                .containsEntry("firings", (long) FIRINGS);
        List<Long> written = new ArrayList<>();
        Map<String, Object> row = null;
        while (row == null) {
            long before = written.isEmpty() ? 0 : written.get(written.size() - 1);
            CompletableFuture<Map<String, Object>> running =
                    CompletableFuture.supplyAsync(
                            () ->
                                    database.row(
                                            "CALL sot.import.activations('bulk', {corpus:"
                                                    + " 'cut'})"));
            while (!running.isDone() && written() <= before) {
                Thread.sleep(2);
            }
            database.rows(
                    "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery WHERE currentQuery"
                            + " STARTS WITH 'CALL sot.import' TERMINATE TRANSACTIONS id YIELD"
                            + " message RETURN message");
            try {
                row = running.get();
            } catch (ExecutionException e) {
                assertThat(e).hasMessageContaining("terminated");
                written.add(written());
                database.failure("CALL sot.space.fit({corpus: 'cut'})").contains("cut short");
            }
        }
        assertThat(written).isNotEmpty().isSorted();
        assertThat(row)
                .containsEntry("status", "resumed")
                .containsEntry("firings", (long) FIRINGS)
                .containsEntry("features", (long) FEATURES)
                .containsEntry("silentFeatures", 0L);
        assertThat(database.row("CALL sot.import.activations('bulk', {corpus: 'cut'})"))
                .containsEntry("status", "unchanged");
        assertThat(differing("TokenPosition", "whole/", "cut/")).isZero();
        assertThat(differing("Prompt", "whole/", "cut/")).isZero();
        assertThat(differing("HiddenStates", "whole/", "cut/")).isZero();
        assertThat(differing("Activations", "@whole", "@cut")).isZero();
        assertThat(
                        database.<Long>value(
                                "MATCH (:Feature)-[:HAS_ACTIVATIONS]->(a:Activations) RETURN"
                                        + " count(a)"))
                .isEqualTo(2L * FEATURES);
        assertThat(database.<Long>value("MATCH (p:TokenPosition) RETURN count(p)"))
                .isEqualTo(2L * POSITIONS);
        assertThat(
                        database.<Boolean>value(
                                "MATCH (a:Corpus {name: 'whole'}), (b:Corpus {name: 'cut'}) RETURN"
                                        + " keys(a) = keys(b)"))
                .isTrue();
    }

    /** How many items the import has committed. */
    private static long written() {
        try (Transaction tx = database.service().beginTx()) {
            return tx.findNodes(Label.label("Corpus"), "name", "cut").stream()
                    .mapToLong(corpus -> (Long) corpus.getProperty("written", 0L))
                    .sum();
        }
    }

    /** Nodes of one corpus that the other does not have with the same properties and links. */
    private static long differing(String label, String ofOne, String ofOther) {
        try (Transaction tx = database.service().beginTx()) {
            return tx.findNodes(Label.label(label)).stream()
                    .filter(node -> key(node).contains(ofOne))
                    .filter(
                            node -> {
                                String key = key(node).replace(ofOne, ofOther);
                                Node other = tx.findNode(Label.label(label), "key", key);
                                return other == null || !same(node, other);
                            })
                    .count();
        }
    }

    private static String key(Node node) {
        return (String) node.getProperty("key");
    }

    private static boolean same(Node one, Node other) {
        Map<String, Object> ours = one.getAllProperties();
        Map<String, Object> theirs = other.getAllProperties();
        return one.getDegree() == other.getDegree()
                && ours.keySet().equals(theirs.keySet())
                && ours.keySet().stream()
                        .allMatch(
                                k ->
                                        k.equals("key")
                                                || Objects.deepEquals(ours.get(k), theirs.get(k)));
    }
}
