package dev.sot.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;

/**
 * A stand-in for the repository with a plugin jar that holds nothing and the real procedures of
 * Graph Data Science. What needs the plugin itself is tested in the module tests.
 */
final class Checkout {

    private Checkout() {}

    static Installation create(Path root) throws IOException {
        Files.createDirectories(root.resolve("server/target"));
        Files.createFile(root.resolve("server/pom.xml"));
        Files.createSymbolicLink(
                root.resolve("server/target/plugins"), Path.of("target/plugins").toAbsolutePath());
        Files.createDirectories(root.resolve("procedures/target"));
        new JarOutputStream(
                        Files.newOutputStream(root.resolve("procedures/target/sot-neo4j-0.jar")))
                .close();
        return new Installation(root);
    }
}
