package dev.sot.procedures.match;

/** On which positions of the corpus the two sides of a match rest. */
public enum Positions {
    /** On those that are stored, the same for both. */
    STORED,
    /** Each on one half of the prompts: as if they had not been run on the same text. */
    DISJOINT
}
