package dev.sot.formats;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Real files beside the repository; tests that need them are skipped where they are absent. */
final class SharedData {
    private SharedData() {}

    static Path path(String relative) {
        String property = System.getProperty("sot.shared");
        Path path = Path.of(property != null ? property : "../../shared").resolve(relative);
        assumeTrue(Files.exists(path), "skipped: shared data not present at " + path);
        return path;
    }

    static List<Path> graphs() throws IOException {
        try (Stream<Path> files = Files.list(path("data/graphs"))) {
            return files.filter(f -> f.toString().endsWith(".json"))
                    .filter(f -> !f.endsWith("expected.json"))
                    .filter(f -> !f.endsWith("graph-metadata.json"))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> labCircuits() throws IOException {
        try (Stream<Path> files = Files.walk(path("lab/circuits"))) {
            return files.filter(f -> f.toString().endsWith(".json"))
                    .filter(f -> !f.endsWith("index.json"))
                    .sorted()
                    .toList();
        }
    }
}
