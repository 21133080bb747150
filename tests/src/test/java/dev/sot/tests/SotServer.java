package dev.sot.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.QueryConfig;
import org.neo4j.driver.Record;

/**
 * The real server: {@code ./sot serve} in a process of its own, with the packaged plugin in its
 * plugin directory, on free ports of this machine.
 */
public final class SotServer implements AutoCloseable {

    /** The circuit that {@link #demo()} holds compressed. */
    public static final String DEMO_CIRCUIT = "add-457-368-hundreds";

    /** Id of the compression that {@link #demo()} holds. */
    public static final String DEMO_COMPRESSION = "demo";

    private static final Pattern READY =
            Pattern.compile("Browser (http://\\S+)  Bolt (bolt://\\S+)  \\(.*\\)\\R");
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);

    private final Process process;
    private final Path workspace;
    private final Path importDirectory;
    private final String httpUri;
    private final String boltUri;
    private final Driver driver;

    private SotServer(
            Process process, Path workspace, Path importDirectory, String httpUri, String boltUri) {
        this.process = process;
        this.workspace = workspace;
        this.importDirectory = importDirectory;
        this.httpUri = httpUri;
        this.boltUri = boltUri;
        this.driver = GraphDatabase.driver(boltUri, AuthTokens.none());
    }

    /** A server with an empty database, which is deleted when it closes. */
    public static SotServer start(Path importDirectory) {
        return start(importDirectory, null, Map.of());
    }

    /**
     * A server that keeps its data, to be started once more on them.
     *
     * @param data directory of the database; null for one that is deleted when the server closes
     * @param environment variables added to those of this process, such as SOT_JAVA_OPTS
     */
    public static SotServer start(
            Path importDirectory, Path data, Map<String, String> environment) {
        try {
            Path workspace = Files.createTempDirectory("sot-tests-");
            ProcessBuilder command =
                    Sot.command(
                            "serve",
                            "--data",
                            (data == null ? workspace.resolve("data") : data).toString(),
                            "--import",
                            importDirectory.toString(),
                            "--http",
                            "0",
                            "--bolt",
                            "0");
            command.environment().putAll(environment);
            Process process =
                    command.redirectOutput(output(workspace).toFile())
                            .redirectError(errors(workspace).toFile())
                            .start();
            Matcher ready = awaitReady(process, workspace);
            return new SotServer(
                    process, workspace, importDirectory, ready.group(1), ready.group(2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One server for all tests of this JVM, which holds what the demonstration makes: the circuits,
     * activations, reference space and distributions of a copy of {@code import/demo}, its import
     * directory, and the compression {@link #DEMO_COMPRESSION} of {@link #DEMO_CIRCUIT}. Tests
     * leave its data as they found them.
     */
    public static SotServer demo() {
        return Demo.SERVER;
    }

    /** A driver connected to this server, closed with it. */
    public Driver driver() {
        return driver;
    }

    /** The only directory that imports read from. */
    public Path importDirectory() {
        return importDirectory;
    }

    /** Runs one query in a transaction of its own. */
    public List<Record> query(String cypher, Map<String, Object> parameters) {
        return driver.executableQuery(cypher)
                .withParameters(parameters)
                .withConfig(QueryConfig.builder().withDatabase("neo4j").build())
                .execute()
                .records();
    }

    /** Runs one query without parameters in a transaction of its own. */
    public List<Record> query(String cypher) {
        return query(cypher, Map.of());
    }

    /** Address for drivers, as {@code bolt://127.0.0.1:PORT}. */
    public String boltUri() {
        return boltUri;
    }

    /** Address of Browser, as {@code http://127.0.0.1:PORT/browser/}. */
    public String browserUri() {
        return httpUri;
    }

    /** Address of the HTTP API, as {@code http://127.0.0.1:PORT}. */
    public String httpUri() {
        return httpUri.replace("/browser/", "");
    }

    /** What the server has printed to standard error so far. */
    public String errors() {
        return read(errors(workspace));
    }

    /** The largest resident memory of the process so far, in bytes. */
    public long peakMemory() {
        String status = read(Path.of("/proc", Long.toString(process.pid()), "status"));
        Matcher peak = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(status);
        if (!peak.find()) {
            throw new AssertionError("no VmHWM in " + status);
        }
        return 1024 * Long.parseLong(peak.group(1));
    }

    /** Bytes of the objects that are alive in the heap, which is collected to tell. */
    public long liveHeap() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process histogram =
                    new ProcessBuilder(
                                    jcmd.toString(),
                                    Long.toString(process.pid()),
                                    "GC.class_histogram")
                            .redirectErrorStream(true)
                            .start();
            String text = new String(histogram.getInputStream().readAllBytes(), UTF_8);
            Matcher total = Pattern.compile("Total\\s+\\d+\\s+(\\d+)").matcher(text);
            if (!total.find()) {
                throw new AssertionError("no total in " + text);
            }
            return Long.parseLong(total.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process as a power failure would: nothing is flushed or closed. */
    public void kill() {
        process.destroyForcibly();
        await(STOPPED_WITHIN);
    }

    /** Stops the server with SIGTERM, or by force if it does not obey. */
    @Override
    public void close() {
        driver.close();
        stop(process);
        try {
            Directories.delete(workspace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        if (!await(process, STOPPED_WITHIN)) {
            process.destroyForcibly();
            await(process, STOPPED_WITHIN);
        }
    }

    private void await(Duration atMost) {
        if (!await(process, atMost)) {
            throw new AssertionError("process " + process.pid() + " did not end");
        }
    }

    private static boolean await(Process process, Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Matcher awaitReady(Process process, Path workspace) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            // Looked at before the output, so that a line printed just before the end is seen.
            boolean ended = await(process, Duration.ofMillis(50));
            Matcher ready = READY.matcher(read(output(workspace)));
            if (ready.find()) {
                return ready;
            }
            if (ended || System.nanoTime() > deadline) {
                stop(process);
                throw new AssertionError(
                        "./sot serve printed no ready line:\n" + read(errors(workspace)));
            }
        }
    }

    private static Path output(Path workspace) {
        return workspace.resolve("stdout");
    }

    private static Path errors(Path workspace) {
        return workspace.resolve("stderr");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Started by the first test that asks, stopped with the JVM. */
    private static final class Demo {
        static final SotServer SERVER = create();

        private static SotServer create() {
            try {
                Path imports = Files.createTempDirectory("sot-tests-import-");
                Directories.copy(Sot.DEMONSTRATION, imports);
                SotServer server = start(imports);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, imports)));
                server.query("CALL sot.schema.create()");
                server.query("CALL sot.import.circuits('circuits', {})");
                server.query("CALL sot.import.activations('bundle', {})");
                server.query("CALL sot.space.fit({})");
                server.query("CALL sot.distributions.write({})");
                server.query(
                        "CALL sot.compress($circuit, {id: $id})",
                        Map.of("circuit", DEMO_CIRCUIT, "id", DEMO_COMPRESSION));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void end(SotServer server, Path imports) {
            server.close();
            try {
                Directories.delete(imports);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
