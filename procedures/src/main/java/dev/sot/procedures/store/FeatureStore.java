package dev.sot.procedures.store;

import dev.sot.procedures.runtime.BatchWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/**
 * Finds or creates the features of one dictionary. A feature is identified by its dictionary's
 * name, which must be globally unique, its layer and its index; so circuits and activations meet in
 * the same {@code :Feature} nodes in whatever order they are imported.
 */
public final class FeatureStore {

    /** Features that are kept, so that a dictionary of any size takes a bounded heap. */
    private static final int KNOWN = 20_000;

    private final BatchWriter writer;
    private final String dictionary;
    private final BatchWriter.Handle dictionaryNode;
    private final Map<String, BatchWriter.Handle> features = new HashMap<>();

    /** Creates the dictionary, and the model if it is known, where they are missing. */
    public FeatureStore(BatchWriter writer, String dictionary, Optional<String> model) {
        this.writer = writer;
        this.dictionary = dictionary;
        this.dictionaryNode = writer.handle(mergeDictionary(writer.tx(), dictionary, model));
    }

    /** Unique key of a feature. */
    public static String key(String dictionary, int layer, long index) {
        return dictionary + "/" + layer + "/" + index;
    }

    public Node dictionary() {
        return dictionaryNode.node();
    }

    /** The feature, created if it is new. */
    public Node merge(int layer, long index) {
        String key = key(dictionary, layer, index);
        BatchWriter.Handle known = features.get(key);
        if (known != null) {
            return known.node();
        }
        Node feature = writer.tx().findNode(Names.FEATURE, "key", key);
        if (feature == null) {
            feature = writer.tx().createNode(Names.FEATURE);
            feature.setProperty("key", key);
            feature.setProperty("dictionary", dictionary);
            feature.setProperty("layer", layer);
            feature.setProperty("index", index);
            feature.createRelationshipTo(dictionaryNode.node(), Names.IN_DICTIONARY);
            writer.pending(600);
        }
        if (features.size() == KNOWN) {
            features.clear();
        }
        features.put(key, writer.handle(feature));
        return feature;
    }

    /**
     * The dictionary of that name, created if it is new, and locked: two writers of one dictionary
     * wait for each other.
     */
    public static Node mergeDictionary(Transaction tx, String dictionary, Optional<String> model) {
        Node node =
                single(
                        tx,
                        "MERGE (d:Dictionary {name: $name}) SET d.name = $name RETURN d",
                        dictionary);
        if (model.isPresent() && !node.hasRelationship(Names.OF_MODEL)) {
            node.createRelationshipTo(mergeModel(tx, model.get()), Names.OF_MODEL);
        }
        return node;
    }

    /** The model of that name, created if it is new. */
    public static Node mergeModel(Transaction tx, String model) {
        return single(tx, "MERGE (d:Model {name: $name}) RETURN d", model);
    }

    private static Node single(Transaction tx, String statement, String name) {
        try (Result result = tx.execute(statement, Map.of("name", name))) {
            return (Node) result.next().get("d");
        }
    }
}
