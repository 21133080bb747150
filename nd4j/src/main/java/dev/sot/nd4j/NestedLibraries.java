package dev.sot.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Opens the jars inside this jar in a class loader of their own.
 *
 * <p>That loader sees the JDK and what it is called by, nothing of Neo4j: versions of the same
 * libraries in the two cannot meet. The jars and the native libraries in them are unpacked into a
 * temporary directory, about 500 MB, which is deleted when the process ends; what a killed process
 * has left is deleted by the next that unpacks.
 */
final class NestedLibraries {

    private static final String FOLDER = "/sot/nd4j/";
    private static final String PREFIX = "sot-nd4j-";
    private static final String LOCK = "lock";
    private static final String PRODUCT = "dev.sot.nd4j.products.Nd4jProduct";

    private NestedLibraries() {}

    /**
     * Unpacks, loads and starts ND4J.
     *
     * @throws IllegalStateException saying what went wrong and what to do
     */
    static TileProduct open() {
        try {
            Path directory = directory();
            ClassLoader loader =
                    new URLClassLoader("nd4j", unpack(directory), new Shared(TileProduct.class));
            return start(loader, directory.resolve("native"));
        } catch (IOException | ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "the backend 'nd4j' does not start ("
                            + cause
                            + "); it needs glibc and 500 MB in the directory for temporary files, "
                            + System.getProperty("java.io.tmpdir")
                            + ", from which it must be allowed to load libraries (choose another"
                            + " with -Djava.io.tmpdir); the backend 'java' needs none of this",
                    e);
        }
    }

    private static TileProduct start(ClassLoader loader, Path natives)
            throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        Map<String, String> settings = new HashMap<>();
        settings.put("org.bytedeco.javacpp.cachedir", natives.toString());
        // It would take Neo4j's page cache for a leak and refuse memory.
        settings.put("org.bytedeco.javacpp.maxphysicalbytes", "0");
        settings.put("org.nd4j.log.initialization", "false");
        Map<String, String> before = exchange(settings);
        thread.setContextClassLoader(loader);
        try {
            return (TileProduct)
                    Class.forName(PRODUCT, true, loader).getDeclaredConstructor().newInstance();
        } finally {
            thread.setContextClassLoader(context);
            exchange(before);
        }
    }

    /** Sets system properties; null clears one. */
    private static Map<String, String> exchange(Map<String, String> settings) {
        Map<String, String> before = new HashMap<>();
        settings.forEach(
                (key, value) ->
                        before.put(
                                key,
                                value == null
                                        ? System.clearProperty(key)
                                        : System.setProperty(key, value)));
        return before;
    }

    private static URL[] unpack(Path directory) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (String name : names()) {
            Path jar = directory.resolve(name);
            try (InputStream in = resource(name)) {
                Files.copy(in, jar);
            }
            jars.add(jar.toUri().toURL());
        }
        return jars.toArray(URL[]::new);
    }

    private static List<String> names() throws IOException {
        try (InputStream in = resource("libraries")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = NestedLibraries.class.getResourceAsStream(FOLDER + name);
        if (in == null) {
            throw new IOException("the jar of the backend lacks " + FOLDER + name);
        }
        return in;
    }

    /** A new directory of this process, locked as long as it lives. */
    private static Path directory() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                deleteAbandoned(other);
            }
        }
        Path directory = Files.createTempDirectory(parent, PREFIX);
        FileChannel lock =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        lock.lock();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        return directory;
    }

    private static void deleteAbandoned(Path directory) {
        Path lock = directory.resolve(LOCK);
        if (!Files.isWritable(lock)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                delete(directory);
            }
        } catch (OverlappingFileLockException e) {
            // Another class loader of this process uses it.
        } catch (IOException e) {
            // Another process deletes it.
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // It lies among temporary files; the next process tries again.
        }
    }

    /** The classes that both sides must have in common. */
    private static final class Shared extends ClassLoader {
        private final ClassLoader plugin;

        Shared(Class<?> interfaceType) {
            super(ClassLoader.getPlatformClassLoader());
            this.plugin = interfaceType.getClassLoader();
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals(TileProduct.class.getName())
                    || name.startsWith("dev.sot.transport.linear.LinearAlgebra")) {
                return plugin.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
