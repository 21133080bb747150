package dev.sot.formats;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

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

    /** The tool whose shape the file has. */
    CircuitDialect dialect();

    /** The dictionary to which a feature node of this circuit belongs. */
    String dictionary(CircuitNodeRecord feature);

    /** The dictionaries of all features of the circuit, and the one of its header. */
    default SortedSet<String> dictionaries() {
        SortedSet<String> dictionaries = new TreeSet<>(List.of(header().dictionary()));
        nodes().stream()
                .filter(node -> node.component() != null)
                .forEach(node -> dictionaries.add(dictionary(node)));
        return dictionaries;
    }

    /**
     * Reads the file once more and passes the stored links on, in the order of the file.
     *
     * @throws FormatException when the file has changed since it was checked; links may have been
     *     passed on by then
     */
    void forEachLink(LinkSink sink);
}
