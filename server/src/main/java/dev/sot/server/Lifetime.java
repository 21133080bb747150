package dev.sot.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must be undone when a command ends, in reverse order and once, whether it ends by itself or
 * by a signal.
 */
final class Lifetime implements AutoCloseable {

    /** One thing to undo. */
    interface Cleanup {
        void run() throws IOException;
    }

    private final Deque<Cleanup> cleanups = new ArrayDeque<>();
    private final Thread hook = new Thread(this::undo, "sot-shutdown");

    Lifetime() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a server that stops with this lifetime. */
    EmbeddedServer start(Installation installation, ServerOptions options) {
        EmbeddedServer server = EmbeddedServer.start(installation, options);
        onEnd(server::close);
        return server;
    }

    /** Creates a directory that is deleted with this lifetime. */
    Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("sot-");
            onEnd(() -> deleteTree(directory));
            return directory;
        } catch (IOException e) {
            throw new UsageException(
                    "No temporary directory can be created in "
                            + System.getProperty("java.io.tmpdir")
                            + " ("
                            + e.getMessage()
                            + "); set TMPDIR to a writable one.",
                    e);
        }
    }

    synchronized void onEnd(Cleanup cleanup) {
        cleanups.push(cleanup);
    }

    @Override
    public void close() {
        undo();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came first: the process is ending and the hook has nothing left to undo.
            return;
        }
    }

    private synchronized void undo() {
        while (!cleanups.isEmpty()) {
            try {
                cleanups.pop().run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
