package dev.sot.procedures.match;

/** On which positions of the corpus the distributions of the two sides rest. */
public enum Positions {
    /** On all, the same for both. */
    ALL,
    /** Each on one half of the prompts: as if they had not been run on the same text. */
    DISJOINT;

    /** How many distributions a feature has. */
    int halves() {
        return this == ALL ? 1 : 2;
    }
}
