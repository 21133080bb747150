package dev.sot.transport.match;

/** What is taken off distances before matches are ranked by them. */
public enum Correction {
    /** Half the target's distance from the whole corpus: what fires everywhere is near to all. */
    BACKGROUND,
    /** Nothing: the match is the nearest. */
    NONE
}
