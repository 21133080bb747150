package dev.sot.procedures.compression;

/** What one item to be grouped is. */
enum Level {
    /** Nodes in a space of prompts and where links are compared, features elsewhere. */
    AUTO,
    /** A feature, with its nodes at all positions. */
    FEATURE,
    /** A node: a feature at one position. */
    NODE
}
