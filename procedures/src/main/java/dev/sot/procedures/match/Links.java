package dev.sot.procedures.match;

/** Which matches between consecutive layers are links of a chain. */
public enum Links {
    /** Those that are certified. */
    CERTIFIED,
    /** Those that are the best in both directions. */
    MUTUAL,
    /** All, from either layer: so features split and merge. */
    ALL;

    boolean has(Certificate match) {
        return switch (this) {
            case CERTIFIED -> match.certified();
            case MUTUAL -> match.match().mutual();
            case ALL -> true;
        };
    }
}
