package dev.sot.server.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sot.server.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that is measured and may be killed, such as {@code sot run} on a database. */
final class ServerProcess {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path output;
    private final Path errors;
    private final long start = System.nanoTime();
    private double seconds;
    private long peakKilobytes;
    private double processorSeconds;

    private ServerProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
        // Nobody else ends it when the benchmark is ended.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * Runs statements.
     *
     * @param directory holds the import directory, {@code import}
     * @param data name in it of the database's directory
     * @param heap option of Java
     * @param shown whether progress is shown
     */
    ServerProcess(Path directory, String data, String statements, String heap, boolean shown)
            throws IOException {
        this(
                run(directory, data, statements, heap, shown),
                directory.resolve("rows.jsonl"),
                shown ? null : directory.resolve("errors.txt"));
    }

    private static Process run(
            Path directory, String data, String statements, String heap, boolean shown)
            throws IOException {
        Path file = Files.writeString(directory.resolve("statements.cypher"), statements);
        ProcessBuilder builder =
                new ProcessBuilder(
                                Installation.current().root().resolve("sot").toString(),
                                "run",
                                file.toString(),
                                "--format",
                                "jsonl",
                                "--data",
                                directory.resolve(data).toString(),
                                "--import",
                                directory.resolve("import").toString())
                        .redirectOutput(directory.resolve("rows.jsonl").toFile())
                        .redirectError(
                                shown
                                        ? Redirect.INHERIT
                                        : Redirect.to(directory.resolve("errors.txt").toFile()));
        builder.environment().put("SOT_JAVA_OPTS", heap);
        return builder.start();
    }

    /** Any other command; what it says is kept in a file of the directory. */
    static ServerProcess of(ProcessBuilder builder, Path directory) throws IOException {
        Path said = directory.resolve("said.txt");
        builder.redirectErrorStream(true).redirectOutput(said.toFile());
        return new ServerProcess(builder.start(), directory.resolve("none"), said);
    }

    /**
     * Waits for the end; returns the last row.
     *
     * @throws IllegalStateException if the process fails
     */
    JsonNode finish() throws IOException, InterruptedException {
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
            peakKilobytes = Math.max(peakKilobytes, peak());
            processorSeconds = Math.max(processorSeconds, processorTime());
        }
        seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    errors == null ? "see the message above" : Files.readString(errors));
        }
        List<JsonNode> rows = rows();
        return rows.isEmpty() ? JSON.createObjectNode() : rows.get(rows.size() - 1);
    }

    /** All rows so far. */
    List<JsonNode> rows() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.exists(output) ? Files.readAllLines(output) : List.<String>of()) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    /** How long the process took. */
    double seconds() {
        return seconds;
    }

    /** Processor time of the process, as of a moment before its end. */
    double processorSeconds() {
        return processorSeconds;
    }

    double peakGigabytes() {
        return peakKilobytes / 1048576.0;
    }

    void killAfter(double afterSeconds) throws InterruptedException {
        process.waitFor((long) (1e3 * afterSeconds), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        process.waitFor();
    }

    /**
     * Kills it when it has taken so much processor time, which unlike time on the clock does not
     * depend on other work of the machine.
     */
    void killAtProcessorSeconds(double limit) throws InterruptedException {
        while (processorTime() < limit && !process.waitFor(20, TimeUnit.MILLISECONDS)) {
            // It is not there yet.
        }
        process.destroyForcibly();
        process.waitFor();
    }

    private double processorTime() {
        return process.info()
                .totalCpuDuration()
                .map(duration -> duration.toMillis() / 1e3)
                .orElse(0.0);
    }

    /** The most memory that the process has had, in KiB; 0 when it has ended or is not on Linux. */
    private long peak() {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Bytes of the files in a directory. */
    static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long size = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
            return size;
        }
    }
}
