package dev.sot.transport.match.baseline;

/**
 * How alike each of some sources is to each of some targets, by one measure; larger is more alike.
 * One source at a time, so that no table of all pairs is needed. Immutable: threads may share one.
 */
public interface Likeness {

    /** The number of sources. */
    int sources();

    /** The number of targets. */
    int targets();

    /**
     * The likeness of one source to every target.
     *
     * @param source index of the source
     * @param into gets one value a target; negative infinity where the two cannot be compared
     */
    void of(int source, double[] into);
}
