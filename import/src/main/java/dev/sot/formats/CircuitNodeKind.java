package dev.sot.formats;

/** What a node of an attribution circuit stands for. */
public enum CircuitNodeKind {
    /** A feature of a transcoder at one token position. */
    FEATURE,
    /** What a layer's transcoder leaves unexplained at one token position. */
    ERROR,
    /** The embedding of one prompt token. */
    EMBEDDING,
    /** One output token, or another attribution target. */
    LOGIT
}
