package dev.sot.formats;

/**
 * Follows the reading of a file. Called at least once for every mebibyte read; an exception thrown
 * here stops the reading and reaches the caller unchanged, which is how a reading is cancelled.
 */
@FunctionalInterface
public interface ReadListener {
    /** Follows nothing. */
    ReadListener NONE = (done, total) -> {};

    /**
     * @param done bytes read so far in this pass
     * @param total bytes of this pass
     */
    void bytesRead(long done, long total);
}
