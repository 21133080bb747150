package dev.sot.formats;

/**
 * The fields of a node that circuit-tracer derives from others (create_graph_files, schema version
 * 1); {@link CircuitNodeRecord#extra()} holds deviations.
 */
final class CanonicalNode {
    private CanonicalNode() {}

    /**
     * {@code feature}: Cantor number, position of an embedding, vocabulary id of a logit, -1 for
     * errors; null when the record holds no index.
     */
    static Long feature(CircuitNodeRecord node) {
        return switch (node.kind()) {
            case FEATURE -> Cantor.encode(node.layer(), node.featureIndex());
            case ERROR -> -1L;
            case EMBEDDING -> (long) node.position();
            case LOGIT -> node.featureIndex();
        };
    }

    /** {@code layer}: the number as text, E for embeddings. */
    static String layer(CircuitNodeRecord node) {
        return node.kind() == CircuitNodeKind.EMBEDDING ? "E" : Integer.toString(node.layer());
    }

    /** {@code jsNodeId}: the id that Anthropic's frontend uses. */
    static String jsNodeId(CircuitNodeRecord node) {
        return switch (node.kind()) {
            case FEATURE -> node.layer() + "_" + node.featureIndex() + "-0";
            case ERROR -> node.layer() + "_" + node.position() + "-0";
            case EMBEDDING -> "E_" + node.featureIndex() + "-" + node.position();
            case LOGIT -> "L_" + node.featureIndex() + "-" + node.position();
        };
    }
}
