package dev.sot.procedures;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real files beside the repository; tests that need them are skipped where they are absent. */
final class SharedData {

    private SharedData() {}

    static Path path(String relative) {
        String property = System.getProperty("sot.shared");
        Path path = Path.of(property != null ? property : "../../shared").resolve(relative);
        assumeTrue(Files.exists(path), "skipped: shared data not present at " + path);
        return path;
    }
}
