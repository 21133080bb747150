package dev.sot.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files of a directory that come from outside: none leads out of it, and each is still the one
 * whose hash was checked.
 */
final class BundleFiles {
    private final Path directory;
    private final String name;
    private final Map<String, FileStamp> verified = new HashMap<>();

    BundleFiles(Path directory, String name) {
        this.name = name;
        if (!Files.isDirectory(directory)) {
            throw new FormatException(
                    name, "directory", "there is no such directory", "name the bundle's directory");
        }
        try {
            this.directory = directory.toRealPath();
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
    }

    /** A file's name in messages. */
    String display(String relative) {
        return name + "/" + Json.shorten(relative);
    }

    /** The file of a name, which {@code place} in the manifest gives. */
    Path resolve(String relative, String place) {
        try {
            Path path = directory.resolve(relative).normalize();
            if (path.startsWith(directory) && !path.equals(directory)) {
                Path real = path.toRealPath();
                if (real.startsWith(directory)) {
                    return real;
                }
            }
            throw failure(
                    place,
                    "the file " + Json.shorten(relative) + " lies outside the bundle",
                    "name files inside the bundle's directory");
        } catch (InvalidPathException e) {
            throw failure(
                    place, Json.shorten(relative) + " is not a file name", "write a relative path");
        } catch (NoSuchFileException e) {
            throw failure(
                    place,
                    "the file " + Json.shorten(relative) + " is missing",
                    "copy the whole bundle again");
        } catch (IOException e) {
            throw FileStamp.unreadable(display(relative), e);
        }
    }

    FormatException failure(String place, String problem, String remedy) {
        return new FormatException(display("manifest.json"), place, problem, remedy);
    }

    /** Compares the files with their hashes. */
    void verify(Map<String, String> hashes, ReadListener listener) {
        Map<String, Path> paths = new HashMap<>();
        long total = 0;
        for (String file : hashes.keySet()) {
            Path path = resolve(file, "sha256." + Json.shorten(file));
            FileStamp stamp = FileStamp.of(path, display(file));
            paths.put(file, path);
            verified.put(file, stamp);
            total += stamp.size();
        }
        long before = 0;
        for (Map.Entry<String, String> entry : hashes.entrySet()) {
            String file = entry.getKey();
            long doneBefore = before;
            long all = total;
            String hash;
            try (InputStream in = Files.newInputStream(paths.get(file))) {
                hash =
                        new HashingInput(
                                        in,
                                        verified.get(file).size(),
                                        (done, size) -> listener.bytesRead(doneBefore + done, all))
                                .finish();
            } catch (IOException e) {
                throw FileStamp.unreadable(display(file), e);
            }
            if (!hash.equals(entry.getValue())) {
                throw new FormatException(
                        display(file),
                        "file",
                        "its SHA-256 is "
                                + hash
                                + ", but the manifest says "
                                + Json.shorten(entry.getValue()),
                        "it was changed or cut off; copy the whole bundle again");
            }
            before += verified.get(file).size();
        }
    }

    /** The path of a file whose hash has been checked. */
    Path verified(String file, String place) {
        FileStamp stamp = verified.get(file);
        if (stamp == null) {
            throw failure(
                    place,
                    "the file " + Json.shorten(file) + " has no entry in sha256",
                    "add its SHA-256, so that damage is noticed");
        }
        Path path = resolve(file, place);
        if (!stamp.equals(FileStamp.of(path, display(file)))) {
            throw FileStamp.changed(display(file));
        }
        return path;
    }
}
