package dev.sot.procedures.runtime;

import dev.sot.procedures.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/**
 * The one place from which procedures read files and to which they write: the server's import
 * directory. Names are relative to it; absolute paths, URLs, {@code ..} and symbolic links that
 * lead outside are refused.
 */
public final class ImportDirectory {

    private static final String DIRECTORY = "server.directories.import";
    private static final String ALLOWED = "dbms.security.allow_csv_import_from_file_urls";

    private static final int MAX_DEPTH = 4;
    private static final int MAX_FILES = 10_000;

    private final Path root;

    private ImportDirectory(Path root) {
        this.root = root;
    }

    static ImportDirectory of(Transaction tx) {
        Map<String, String> settings = new HashMap<>();
        try (Result result =
                tx.execute(
                        "SHOW SETTINGS YIELD name, value WHERE name IN [$a, $b] RETURN name, value",
                        Map.of("a", DIRECTORY, "b", ALLOWED))) {
            result.forEachRemaining(
                    row -> settings.put((String) row.get("name"), (String) row.get("value")));
        }
        if ("false".equals(settings.get(ALLOWED))) {
            throw new ConfigurationException(
                    "reading and writing files is switched off by the setting "
                            + ALLOWED
                            + "=false");
        }
        String directory = settings.get(DIRECTORY);
        if (directory == null || directory.isBlank()) {
            throw new ConfigurationException(
                    "the server has no import directory that you may see; ask for "
                            + DIRECTORY
                            + " to be set and for the right SHOW SETTING on it");
        }
        try {
            return new ImportDirectory(Path.of(directory).toRealPath());
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationException(
                    "the server's import directory " + directory + " cannot be opened; create it");
        }
    }

    /** An existing file. */
    public Path file(String name) {
        Path path = existing(name);
        if (!Files.isRegularFile(path)) {
            throw new ConfigurationException(
                    "'" + name + "' in the import directory is not a regular file");
        }
        return path;
    }

    /**
     * The regular files of a name, or under the directory of that name, that end in one of these.
     */
    public List<Path> files(String name, List<String> endings) {
        Path path = existing(name);
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path, MAX_DEPTH)) {
            List<Path> found =
                    files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                            .filter(f -> endings.stream().anyMatch(f.toString()::endsWith))
                            .limit(MAX_FILES + 1L)
                            .sorted()
                            .toList();
            if (found.isEmpty() || found.size() > MAX_FILES) {
                throw new ConfigurationException(
                        "'"
                                + name
                                + "' holds "
                                + (found.isEmpty() ? "no" : "more than " + MAX_FILES)
                                + " files that end in "
                                + String.join(", ", endings));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of a file under the import directory, for messages. */
    public String name(Path file) {
        return root.relativize(file).toString();
    }

    /** An existing directory. */
    public Path directory(String name) {
        Path path = existing(name);
        if (!Files.isDirectory(path)) {
            throw new ConfigurationException(
                    "'" + name + "' in the import directory is not a directory");
        }
        return path;
    }

    /** A file to be written, in a directory that exists. */
    public Path target(String name) {
        Path path = inside(name);
        Path parent = path.getParent();
        if (parent == null
                || !path.startsWith(root)
                || path.equals(root)
                || !Files.isDirectory(parent)) {
            throw new ConfigurationException(
                    "cannot write '"
                            + name
                            + "': its directory does not exist in the import directory");
        }
        requireInside(name, real(parent));
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new ConfigurationException(
                    "cannot write '"
                            + name
                            + "': something that is not a regular file stands there");
        }
        return path;
    }

    /**
     * A file to be written, in a directory that exists; one of that name is not replaced unasked.
     *
     * @param procedure for the message
     */
    public Path target(String procedure, String name, boolean overwrite) {
        Path target = target(name);
        if (Files.exists(target) && !overwrite) {
            throw new ConfigurationException(
                    procedure
                            + ": '"
                            + name
                            + "' exists; pass {overwrite: true} to replace it, or give another"
                            + " name");
        }
        return target;
    }

    /** Bytes of a file that was written. */
    public static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path existing(String name) {
        Path path = inside(name);
        if (!Files.exists(path)) {
            throw new ConfigurationException(
                    "there is no '"
                            + name
                            + "' in the server's import directory; copy it there first");
        }
        Path real = real(path);
        requireInside(name, real);
        return real;
    }

    private Path inside(String name) {
        if (name == null || name.isBlank()) {
            throw new ConfigurationException(
                    "a file name relative to the import directory is needed, got an empty one");
        }
        if (name.contains("://") || name.startsWith("file:")) {
            throw new ConfigurationException(
                    "'"
                            + name
                            + "' is a URL; give a file name relative to the server's import"
                            + " directory");
        }
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new ConfigurationException(
                    "'" + name.replace('\0', '?') + "' is not a file name: " + e.getReason());
        }
        if (path.isAbsolute()) {
            throw new ConfigurationException(
                    "'"
                            + name
                            + "' is absolute; give a file name relative to the server's import"
                            + " directory");
        }
        Path resolved = root.resolve(path).normalize();
        requireInside(name, resolved);
        return resolved;
    }

    private void requireInside(String name, Path path) {
        if (!path.startsWith(root)) {
            throw new ConfigurationException(
                    "'" + name + "' leads out of the server's import directory");
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
