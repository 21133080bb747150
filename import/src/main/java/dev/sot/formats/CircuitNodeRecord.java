package dev.sot.formats;

import java.util.Objects;

/**
 * One node of a circuit.
 *
 * @param nodeId the id in the file; unique within a kind, but a feature and an error may share one
 * @param kind what the node stands for
 * @param featureType the file's own word for the kind; {@code cross layer transcoder} is written
 *     for per-layer transcoders too
 * @param layer layer of the model; -1 for embeddings; for logits whatever the file says, usually
 *     number of layers + 1
 * @param position token position in the prompt, from 0
 * @param featureIndex index inside the layer for features, vocabulary id for logits, token id for
 *     embeddings; null for errors and where an embedding's or logit's id holds none
 * @param activation the feature's activation; null where the file has none
 * @param cumulativeInfluence the file's {@code influence}: the fraction of total influence that the
 *     nodes at least as influential as this one carry together. Lower means more important. Null
 *     where the file has none, as for logits
 * @param tokenProbability probability of a logit's token, 0 for others
 * @param targetLogit whether the file marks the node as the target logit
 * @param label the file's {@code clerp}, untrusted text; empty when it has none
 * @param component which of several dictionaries of the circuit a feature belongs to, such as
 *     {@code lorsa}; null where the circuit has one, and for other nodes
 * @param extra JSON text of an object with what the other components do not reproduce, or null:
 *     under {@code set} the fields whose values differ from the ones circuit-tracer would write,
 *     under {@code absent} the names of the fields that the file leaves out
 */
public record CircuitNodeRecord(
        String nodeId,
        CircuitNodeKind kind,
        String featureType,
        int layer,
        int position,
        Long featureIndex,
        Double activation,
        Double cumulativeInfluence,
        double tokenProbability,
        boolean targetLogit,
        String label,
        String component,
        String extra) {
    public CircuitNodeRecord {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(featureType, "featureType");
        Objects.requireNonNull(label, "label");
    }
}
