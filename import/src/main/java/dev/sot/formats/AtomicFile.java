package dev.sot.formats;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files beside their targets and moves them there in one step: a target is the old file or
 * the whole new one.
 */
final class AtomicFile {
    /** Writes JSON values. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes bytes. */
    @FunctionalInterface
    interface Bytes {
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file of JSON in UTF-8.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @param what what is written, for errors
     * @throws FormatException when the file cannot be written
     * @throws IllegalArgumentException when a number is not finite or a text is not JSON
     */
    static void write(Path target, String what, Body body) {
        writeBytes(
                target,
                out -> {
                    try (JsonGenerator json =
                            Json.FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
                        body.write(json);
                    } catch (JsonProcessingException e) {
                        throw new IllegalArgumentException(
                                what + " cannot be written as JSON: " + e.getOriginalMessage(), e);
                    }
                });
    }

    /**
     * Writes a file of any kind.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @throws FormatException when the file cannot be written
     */
    static void writeBytes(Path target, Bytes body) {
        Path temporary =
                target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (OutputStream out =
                    Files.newOutputStream(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                body.write(out);
            }
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FormatException(
                    target.toString(),
                    "file",
                    "it cannot be written (" + e + ")",
                    "check the directory, its permissions and the free space",
                    e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    private static void deleteQuietly(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // The failure that left the file behind is already on its way to the caller.
        }
    }
}
