package dev.sot.formats;

/** The tool whose shape a circuit file has. */
public enum CircuitDialect {
    /** circuit-tracer's {@code create_graph_files}. */
    CIRCUIT_TRACER("circuit-tracer", true),
    /** Neuronpedia's {@code graph-schema.json}. */
    NEURONPEDIA("neuronpedia", true),
    /**
     * Neuronpedia's graphs of transcoders and low-rank sparse attention (Lorsa): features of two
     * dictionaries, errors of two kinds, biases.
     */
    LORSA("lorsa", false),
    /** Files of Anthropic's attribution graphs frontend. */
    ANTHROPIC("anthropic", true),
    /** EleutherAI's attribute. */
    ELEUTHERAI("eleutherai", true),
    /** Transluce's circuits of MLP neurons (ADAG). */
    ADAG("adag", false),
    /** Sparse feature circuits, converted to {@code sot-feature-circuit/1}. */
    SPARSE_FEATURE_CIRCUITS("sparse-feature-circuits", false);

    private final String text;
    private final boolean scored;

    CircuitDialect(String text, boolean scored) {
        this.text = text;
        this.scored = scored;
    }

    /** The name that results and circuits show. */
    public String text() {
        return text;
    }

    /**
     * Whether replacement and completeness score are defined: the circuit's sources are embeddings
     * and reconstruction errors, its targets logits with probabilities.
     */
    public boolean scored() {
        return scored;
    }

    /** The dialect of a name that {@link #text} gave. */
    public static CircuitDialect of(String text) {
        for (CircuitDialect dialect : values()) {
            if (dialect.text.equals(text)) {
                return dialect;
            }
        }
        throw new IllegalArgumentException("no dialect " + text);
    }
}
