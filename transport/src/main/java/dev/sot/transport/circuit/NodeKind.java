package dev.sot.transport.circuit;

/** What a node of an attribution circuit stands for. */
public enum NodeKind {
    /** A dictionary feature that is active at a token position. */
    FEATURE,
    /** The part of a layer's output at a position that the dictionary does not reconstruct. */
    ERROR,
    /** An input token. */
    EMBEDDING,
    /** An output token, or another attribution target. */
    LOGIT
}
