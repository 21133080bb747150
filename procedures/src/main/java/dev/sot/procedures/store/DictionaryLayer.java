package dev.sot.procedures.store;

import dev.sot.procedures.runtime.BatchWriter;
import java.util.Optional;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * What belongs to a whole layer of a dictionary: where it reads from and writes to.
 *
 * @param dictionary name of the dictionary
 * @param layer the layer
 * @param width number of features
 * @param hiddenSize number of coordinates of their vectors
 * @param decoderBias what is added to the sum of the decoder vectors; empty where the layer was
 *     imported without vectors
 */
public record DictionaryLayer(
        String dictionary, int layer, int width, int hiddenSize, Optional<float[]> decoderBias) {

    /** Unique key of a layer of a dictionary. */
    public static String key(String dictionary, int layer) {
        return dictionary + "/" + layer;
    }

    /** The layer as it is stored; empty where it is not. */
    public static Optional<DictionaryLayer> find(Transaction tx, String dictionary, int layer) {
        return Optional.ofNullable(
                        tx.findNode(Names.DICTIONARY_LAYER, "key", key(dictionary, layer)))
                .map(
                        node ->
                                new DictionaryLayer(
                                        dictionary,
                                        layer,
                                        (Integer) node.getProperty("width"),
                                        (Integer) node.getProperty("hiddenSize"),
                                        Optional.ofNullable(
                                                (float[]) node.getProperty("decoderBias", null))));
    }

    /** Stores it; a bias that was stored stays where this one has none. */
    public void write(BatchWriter writer, Node ofDictionary) {
        String key = key(dictionary, layer);
        Node node = writer.tx().findNode(Names.DICTIONARY_LAYER, "key", key);
        if (node == null) {
            node = writer.tx().createNode(Names.DICTIONARY_LAYER);
            node.setProperty("key", key);
            ofDictionary.createRelationshipTo(node, Names.HAS_LAYER);
        }
        node.setProperty("dictionary", dictionary);
        node.setProperty("layer", layer);
        node.setProperty("width", width);
        node.setProperty("hiddenSize", hiddenSize);
        if (decoderBias.isPresent()) {
            node.setProperty("decoderBias", decoderBias.get());
        }
        writer.wrote(500 + 4L * hiddenSize);
    }
}
