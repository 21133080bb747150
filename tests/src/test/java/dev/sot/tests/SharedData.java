package dev.sot.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real files beside the repository; tests that need them are skipped where they are absent. */
final class SharedData {

    private SharedData() {}

    static Path require(String relative) {
        String property = System.getProperty("sot.shared");
        Path root = property == null ? Sot.ROOT.resolve("../shared") : Path.of(property);
        Path path = root.resolve(relative);
        assumeTrue(Files.exists(path), "skipped: shared data not present at " + path);
        return path;
    }
}
