package dev.sot.formats;

import java.nio.file.Path;
import java.util.Iterator;

/** Writes attribution circuits. */
public final class CircuitWriter {
    private CircuitWriter() {}

    /** Writes a circuit beside the target and moves it there in one step. */
    public static void write(
            Path target,
            CircuitHeader header,
            Iterator<CircuitNodeRecord> nodes,
            Iterator<LinkRecord> links) {
        throw new UnsupportedOperationException("not built yet");
    }
}
