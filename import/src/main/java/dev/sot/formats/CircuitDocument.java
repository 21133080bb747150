package dev.sot.formats;

import java.util.List;

/**
 * A circuit file that has been checked from beginning to end: its header and nodes in memory, its
 * links read from the file again when asked for.
 */
public interface CircuitDocument {
    /** Everything except nodes and links. */
    CircuitHeader header();

    /** The nodes in the order of the file. */
    List<CircuitNodeRecord> nodes();

    /** What became of the links. */
    LinkCounts links();

    /** SHA-256 of the file's bytes, 64 lower-case hexadecimal digits. */
    String contentHash();

    /** The tool whose shape the file has: {@code circuit-tracer} or {@code neuronpedia}. */
    String dialect();

    /**
     * Reads the file once more and passes the stored links on, in the order of the file.
     *
     * @throws FormatException when the file has changed since it was checked; links may have been
     *     passed on by then
     */
    void forEachLink(LinkSink sink);
}
