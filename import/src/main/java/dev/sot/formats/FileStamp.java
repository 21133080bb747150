package dev.sot.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** Size and time of a file, to notice when it changes between two readings. */
record FileStamp(long size, FileTime modified) {
    static FileStamp of(Path path, String name) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new FormatException(
                        name, "file", "it is not a regular file", "name a file, not a directory");
            }
            return new FileStamp(attributes.size(), attributes.lastModifiedTime());
        } catch (NoSuchFileException e) {
            throw new FormatException(
                    name, "file", "there is no such file", "check the name and the directory", e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    static FormatException unreadable(String name, IOException e) {
        return new FormatException(
                name,
                "file",
                "it cannot be read (" + e + ")",
                "check the file's permissions and its disk",
                e);
    }

    static FormatException changed(String name) {
        return new FormatException(
                name,
                "file",
                "it changed while it was being read",
                "read it again when nothing writes to it");
    }
}
