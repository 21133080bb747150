package dev.sot.procedures.store;

import dev.sot.formats.ActivationBundle;
import dev.sot.procedures.runtime.BatchWriter;
import java.util.Optional;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;

/**
 * A feature's vectors in its dictionary: where it reads from and writes to.
 *
 * @param encoder its product with a raw state, plus the bias, is what the activation function gets
 * @param decoder what it adds to the output when its activation is 1
 * @param bias what is added to the encoder's product, with what the dictionary subtracts from
 *     states before; empty where the vectors were imported without it
 * @param threshold that the sum must exceed, for dictionaries that have thresholds
 */
public record FeatureVectors(
        float[] encoder, float[] decoder, Optional<Double> bias, Optional<Double> threshold) {

    /** Those of a feature of a bundle. */
    public static FeatureVectors of(
            ActivationBundle.Biases biases, int feature, float[] encoder, float[] decoder) {
        double bias = biases.encoder()[feature];
        if (biases.preEncoder() != null) {
            for (int k = 0; k < encoder.length; k++) {
                bias -= (double) encoder[k] * biases.preEncoder()[k];
            }
        }
        return new FeatureVectors(
                encoder,
                decoder,
                Optional.of(bias),
                Optional.ofNullable(biases.threshold()).map(t -> (double) t[feature]));
    }

    /** Those stored with a feature, if there are any. */
    public static Optional<FeatureVectors> of(Node feature) {
        if (!feature.hasRelationship(Direction.OUTGOING, Names.HAS_VECTORS)) {
            return Optional.empty();
        }
        Node node =
                feature.getSingleRelationship(Names.HAS_VECTORS, Direction.OUTGOING).getEndNode();
        return Optional.of(
                new FeatureVectors(
                        (float[]) node.getProperty("encoder"),
                        (float[]) node.getProperty("decoder"),
                        Optional.ofNullable((Double) node.getProperty("encoderBias", null)),
                        Optional.ofNullable((Double) node.getProperty("threshold", null))));
    }

    /** Stores them: a dictionary's vectors are the same on every corpus. */
    public static void write(BatchWriter writer, Node feature, FeatureVectors vectors) {
        String key = (String) feature.getProperty("key");
        Node node = writer.tx().findNode(Names.FEATURE_VECTORS, "key", key);
        if (node == null) {
            node = writer.tx().createNode(Names.FEATURE_VECTORS);
            node.setProperty("key", key);
            feature.createRelationshipTo(node, Names.HAS_VECTORS);
        }
        node.setProperty("encoder", vectors.encoder);
        node.setProperty("decoder", vectors.decoder);
        set(node, "encoderBias", vectors.bias);
        set(node, "threshold", vectors.threshold);
        writer.wrote(500 + 4L * (vectors.encoder.length + vectors.decoder.length));
    }

    private static void set(Node node, String key, Optional<Double> value) {
        value.ifPresentOrElse(v -> node.setProperty(key, v), () -> node.removeProperty(key));
    }
}
