package dev.sot.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds reference data that lies beside the repository and is not part of it. */
public final class SharedData {

    private SharedData() {}

    /** A file or directory of the shared data; skips the calling test where it is absent. */
    public static Path require(String relative) {
        String configured = System.getProperty("sot.shared");
        Path root = configured == null ? Path.of("../../shared") : Path.of(configured);
        Path path = root.resolve(relative).normalize();
        assumeTrue(Files.exists(path), "skipped: shared data not present at " + path);
        return path;
    }
}
