package dev.sot.transport.match;

/** Which targets are a source's matches. */
public enum Assignment {
    /** The best ones; several sources may have the same. */
    NEAREST,
    /** The best one, where the source is the best for it, too. */
    MUTUAL,
    /** The one that the assignment of least total score gives it; no two have the same. */
    ONE_TO_ONE
}
