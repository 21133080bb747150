package dev.sot.transport.match;

/** What becomes of a feature on the way through the layers; several can be true of one. */
public enum Fate {
    /** It has no distribution, so that nothing else is said of it. */
    SILENT,
    /** Nothing in the layer before is linked to it; not said of the first layer. */
    BORN,
    /** It has one successor, and is that one's only predecessor. */
    PERSISTS,
    /** It has several successors. */
    SPLITS,
    /** It has a successor that has other predecessors too. */
    MERGES,
    /** Nothing in the layer after is linked to it; not said of the last layer. */
    DIES
}
