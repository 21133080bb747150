package dev.sot.formats;

import java.nio.file.Path;

/** Reads attribution circuits. */
public final class CircuitReader {
    private CircuitReader() {}

    /** Checks a whole circuit file. */
    public static CircuitDocument read(
            Path file, String displayName, CircuitReadOptions options, ReadListener listener) {
        throw new UnsupportedOperationException("not built yet");
    }
}
