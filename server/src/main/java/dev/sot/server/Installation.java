package dev.sot.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The checkout that the server runs from: where Maven leaves the jars of the plugin directory and
 * where the demonstration data and queries are.
 *
 * @param root top directory of the repository
 */
public record Installation(Path root) {

    /** System property by which the launcher script names the top directory. */
    static final String ROOT_PROPERTY = "sot.home";

    private static final String BACKEND = "sot-nd4j-";

    /**
     * Reads the top directory from the system property that the launcher sets.
     *
     * @throws UsageException if the property is missing or names no checkout
     */
    public static Installation current() {
        String root = System.getProperty(ROOT_PROPERTY);
        if (root == null || !Files.isRegularFile(Path.of(root, "server", "pom.xml"))) {
            throw new UsageException(
                    "Start the server with the script sot at the top of the repository (system"
                            + " property "
                            + ROOT_PROPERTY
                            + " is "
                            + root
                            + ").");
        }
        return new Installation(Path.of(root).toAbsolutePath().normalize());
    }

    /** Directory of the database that {@code serve} keeps when no other is named. */
    Path defaultData() {
        return root.resolve(".sot").resolve("data");
    }

    /** Import directory of the demonstration. */
    public Path demonstrationData() {
        return root.resolve("import").resolve("demo");
    }

    /** Queries of the demonstration to paste into Browser. */
    Path queries() {
        return root.resolve("cypher").resolve("demo");
    }

    /**
     * Copies the plugin and the procedures of Graph Data Science into a plugin directory, so that a
     * rebuild never changes a jar under a running server.
     *
     * <p>Neo4j takes procedures from the jars of its plugin directory only. The rest of Graph Data
     * Science is a kernel extension and must be on the class path of the server itself, which finds
     * it there first also for the classes of these jars. The plugin, in contrast, is nowhere but in
     * the plugin directory.
     *
     * @param directory created when missing; jars of an earlier start are replaced, but for the
     *     optional one of a backend, which only the user puts there
     * @throws UsageException if the plugin has not been built
     */
    void installPlugins(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, "*.jar")) {
            for (Path jar : old) {
                if (!jar.getFileName().toString().startsWith(BACKEND)) {
                    Files.delete(jar);
                }
            }
        }
        List<Path> jars = new ArrayList<>();
        jars.add(pluginJar());
        jars.addAll(jars(root.resolve("server/target/plugins"), "*.jar"));
        for (Path jar : jars) {
            Files.copy(
                    jar, directory.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path pluginJar() throws IOException {
        Path target = root.resolve("procedures").resolve("target");
        List<Path> found = new ArrayList<>(jars(target, "sot-neo4j-*.jar"));
        found.removeIf(jar -> jar.toString().matches(".*-(sources|javadoc|tests)\\.jar"));
        if (found.isEmpty()) {
            throw new UsageException(
                    "The plugin is not built: no sot-neo4j-*.jar in "
                            + target
                            + "; run mvn -DskipTests package there.");
        }
        if (found.size() > 1) {
            throw new UsageException(
                    "More than one plugin jar in " + target + ": " + found + "; run mvn clean.");
        }
        return found.get(0);
    }

    private static List<Path> jars(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, glob)) {
                jars.forEach(found::add);
            }
        }
        return found;
    }
}
