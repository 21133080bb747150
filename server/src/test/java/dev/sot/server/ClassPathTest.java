package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ClassPathTest {

    @Test
    void thePluginIsInThePluginDirectoryOnly() throws IOException {
        String classPath = Files.readString(Path.of("target", "classpath"));

        assertThat(classPath.split(File.pathSeparator))
                .extracting(jar -> Path.of(jar).getFileName().toString())
                .anyMatch(jar -> jar.startsWith("neo4j-server-"))
                .noneMatch(jar -> jar.startsWith("sot-"));
    }
}
