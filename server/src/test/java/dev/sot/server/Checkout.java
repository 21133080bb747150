package dev.sot.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
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
        Path plugins = Files.createDirectories(root.resolve("server/target/plugins"));
        Files.createFile(root.resolve("server/pom.xml"));
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target/plugins"))) {
            for (Path jar : jars) {
                Files.copy(jar, plugins.resolve(jar.getFileName()));
            }
        }
        Files.createDirectories(root.resolve("procedures/target"));
        new JarOutputStream(
                        Files.newOutputStream(root.resolve("procedures/target/sot-neo4j-0.jar")))
                .close();
        return new Installation(root);
    }
}
