package dev.sot.procedures.compression;

/** What becomes of an item of which the measure says nothing. */
enum Missing {
    /** It stays by itself. */
    SINGLETON,
    /** It is compared by its links. */
    STRUCTURE
}
