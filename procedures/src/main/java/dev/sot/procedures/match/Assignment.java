package dev.sot.procedures.match;

/** Which targets are a source's matches. */
public enum Assignment {
    /** Its nearest ones; several sources may have the same. */
    NEAREST,
    /** The nearest one, where the source is the nearest to it, too. */
    MUTUAL,
    /** The one that the assignment of least total distance gives it; no two have the same. */
    ONE_TO_ONE
}
