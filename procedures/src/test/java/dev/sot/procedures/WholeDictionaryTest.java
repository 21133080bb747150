package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.neo4j.configuration.Config;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.RelationshipType;
import org.neo4j.graphdb.Transaction;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/** A dictionary of a real width, as it is stored: 16,384 features on a corpus of 8,192 tokens. */
class WholeDictionaryTest {

    private static final int WIDTH = 16_384;
    private static final int SUPPORT = 32;
    private static final int POSITIONS = 8_192;
    private static final int DIMENSION = 16;
    private static final int BLOCK = 1_024;
    private static final int TOPIC = 64;
    private static final long LIMIT = 80L << 20;

    private static final String QUERY =
            "{features: [i IN range(0, 15) | 'wide/0/' + i * 1000], targets: {dictionary: 'wide'},"
                    + " k: 10, concurrency: 2}";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeAll
    static void storeDictionary() {
        Random random = new Random(5);
        float[] points = points(random);
        String space;
        try (Transaction tx = database.service().beginTx()) {
            Node corpus = tx.createNode(Label.label("Corpus"));
            corpus.setProperty("name", "tokens");
            corpus.setProperty("dictionaries", new String[] {"wide"});
            Node node = tx.createNode(Label.label("ReferenceSpace"));
            node.setProperty("name", "wide");
            node.setProperty("method", "aligned");
            node.setProperty("dimension", DIMENSION);
            node.setProperty("complete", true);
            node.createRelationshipTo(corpus, RelationshipType.withName("FITTED_ON"));
            space = node.getElementId();
            for (int start = 0; start < POSITIONS; start += BLOCK) {
                Node block = tx.createNode(Label.label("Points"));
                block.setProperty("key", "wide/" + start);
                block.setProperty("start", (long) start);
                block.setProperty("count", BLOCK);
                block.setProperty("dimension", DIMENSION);
                float[] values = new float[BLOCK * DIMENSION];
                System.arraycopy(points, start * DIMENSION, values, 0, values.length);
                block.setProperty("values", values);
                block.createRelationshipTo(node, RelationshipType.withName("IN_SPACE"));
            }
            tx.commit();
        }
        for (int first = 0; first < WIDTH; first += 4096) {
            try (Transaction tx = database.service().beginTx()) {
                Node node = tx.getNodeByElementId(space);
                for (int index = first; index < first + 4096; index++) {
                    store(tx, node, index, random);
                }
                tx.commit();
            }
        }
    }

    /** Tokens of one topic, {@link #TOPIC} of them in a row, are near one another. */
    private static float[] points(Random random) {
        float[] points = new float[POSITIONS * DIMENSION];
        float[] centre = new float[DIMENSION];
        for (int i = 0; i < POSITIONS; i++) {
            for (int k = 0; k < DIMENSION; k++) {
                if (i % TOPIC == 0) {
                    centre[k] = (float) (3 * random.nextGaussian());
                }
                points[i * DIMENSION + k] = centre[k] + (float) random.nextGaussian();
            }
        }
        return points;
    }

    /** A feature that fires on tokens of two topics. */
    private static void store(Transaction tx, Node space, int index, Random random) {
        Node feature = tx.createNode(Label.label("Feature"));
        feature.setProperty("key", "wide/0/" + index);
        feature.setProperty("dictionary", "wide");
        feature.setProperty("layer", 0);
        feature.setProperty("index", (long) index);
        int one = TOPIC * random.nextInt(POSITIONS / TOPIC);
        int two = TOPIC * random.nextInt(POSITIONS / TOPIC);
        int[] positions =
                random.ints(0, 2 * TOPIC)
                        .map(i -> i < TOPIC ? one + i : two + i - TOPIC)
                        .distinct()
                        .limit(SUPPORT)
                        .sorted()
                        .toArray();
        Node distribution = tx.createNode(Label.label("Distribution"));
        distribution.setProperty("key", "wide/0/" + index + "@wide");
        distribution.setProperty("positions", positions);
        distribution.setProperty(
                "weights", random.doubles(positions.length).map(x -> x + 0.1).toArray());
        feature.createRelationshipTo(distribution, RelationshipType.withName("HAS_DISTRIBUTION"));
        distribution.createRelationshipTo(space, RelationshipType.withName("IN_SPACE"));
    }

    @Test
    void neighboursInAWholeDictionaryAreFoundInABoundedHeap() {
        Map<String, Object> estimate = database.row("CALL sot.nearest.estimate(" + QUERY + ")");
        assertThat(estimate).containsEntry("targets", (long) WIDTH);
        assertThat((Long) estimate.get("bytesMax")).isLessThan(LIMIT);

        Config config =
                ((GraphDatabaseAPI) database.service())
                        .getDependencyResolver()
                        .resolveDependency(Config.class);
        config.setDynamic(GraphDatabaseSettings.memory_transaction_max_size, LIMIT, "test");
        try {
            assertThat(database.row("CALL sot.nearest.stats(" + QUERY + ")"))
                    .containsEntry("sources", 16L)
                    .containsEntry("proved", 16L)
                    .containsEntry("neighbours", 160L)
                    .containsEntry("pairs", 16L * (WIDTH - 1))
                    .satisfies(s -> assertThat((Long) s.get("exact")).isLessThan(16L * 1000));
            database.failure("CALL sot.distances.stats({dictionary: 'wide'})")
                    .contains("of heap and the server has", "server.memory.heap.max_size");
        } finally {
            config.setDynamic(GraphDatabaseSettings.memory_transaction_max_size, 0L, "test");
        }
    }
}
