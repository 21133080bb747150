package dev.sot.formats;

import java.nio.file.Path;

/** Reads partitions into supernodes. */
public final class SupernodeFile {
    private SupernodeFile() {}

    /** Reads a partition from any of the files that hold one. */
    public static SupernodePartition read(Path file, String displayName) {
        throw new UnsupportedOperationException("not built yet");
    }
}
