package dev.sot.server.bench;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that solves transport problems and measures itself. Every engine has one of its own, so
 * that nothing of the one is counted for another, and all are driven in the same way: one request a
 * line of JSON on standard input, one answer a line on standard output, after a line that says what
 * it is. An engine works only while it has a request, so engines that are asked in turns share the
 * machine's ups and downs.
 */
final class Solver implements AutoCloseable {
    // A solver that gives NaN has to be heard.
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** What can be asked of a process. */
    enum RequestKind {
        /** Read a file of clouds and prepare them. */
        OPEN,
        /** Compute the distances of pairs, on one thread. */
        SOLVE,
        /** Compute the distances of all pairs; Java only. */
        MATRIX
    }

    /**
     * A request.
     *
     * @param kind which of the other values matter
     * @param file the clouds to open, in the format of {@link PointClouds}
     * @param order 1 or 2: of the Wasserstein distance with the Euclidean ground cost
     * @param method which of the algorithms of a process
     * @param pairs indices of clouds, pair after pair: those to solve, or to give out of all
     * @param repeats how many times the pairs are solved, at least 1
     * @param threads of the matrix, at least 1
     */
    record Request(
            RequestKind kind,
            String file,
            int order,
            String method,
            int[] pairs,
            int repeats,
            int threads) {}

    /**
     * What solving took and gave.
     *
     * @param cpuSeconds processor time of the thread that solves; where several do, and of Python,
     *     that of the process
     * @param wallSeconds time on the clock
     * @param values the optimum of each pair, the p-th power of its distance
     */
    record Measurement(double cpuSeconds, double wallSeconds, double[] values) {}

    /**
     * What a process is.
     *
     * @param engine name and version, or null if it cannot solve anything
     * @param missing what it lacks, or null
     */
    record Greeting(String engine, String missing) {}

    /** An engine that cannot run here. */
    static final class MissingException extends Exception {
        MissingException(String message) {
            super(message);
        }
    }

    private final String command;
    private final Path errors;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final String engine;

    private Solver(List<String> command, Map<String, String> environment) throws MissingException {
        this.command = command.get(0);
        try {
            errors = Files.createTempFile("sot-bench-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(Redirect.to(errors.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new MissingException(e.getMessage());
        }
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        Greeting greeting = answer(Greeting.class);
        engine = greeting.engine();
        if (engine == null) {
            close();
            throw new MissingException(greeting.missing());
        }
    }

    /** Whether this Java has the Vector API. */
    static boolean hasVectors() {
        return ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent();
    }

    /**
     * This library in a Java of its own.
     *
     * @param vectors with the Vector API, or without as where nobody gave the flag
     */
    static Solver java(boolean vectors) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC"));
        if (vectors) {
            command.add("--add-modules=" + VECTOR_MODULE);
        }
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        SolverWorker.class.getName()));
        try {
            return new Solver(command, Map.of());
        } catch (MissingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Python Optimal Transport and SciPy, on one thread.
     *
     * @throws MissingException if there is no such Python, or it lacks a package
     */
    static Solver python(String python) throws MissingException {
        try (InputStream script = Solver.class.getResourceAsStream("peers.py")) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return new Solver(
                    List.of(python, "-c", text),
                    Map.of(
                            "OMP_NUM_THREADS", "1",
                            "OPENBLAS_NUM_THREADS", "1",
                            "MKL_NUM_THREADS", "1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Name and version. */
    String engine() {
        return engine;
    }

    /** Opens a file of clouds, in place of the last one. */
    void open(Path file, int order) {
        ask(new Request(RequestKind.OPEN, file.toString(), order, null, null, 0, 0));
    }

    /**
     * Solves pairs of the open clouds.
     *
     * @param method one that the process knows
     * @param pairs indices of clouds, pair after pair
     * @param repeats how many times, at least 1
     */
    Measurement solve(String method, int[] pairs, int repeats) {
        return ask(new Request(RequestKind.SOLVE, null, 0, method, pairs, repeats, 1));
    }

    /**
     * Solves all pairs of the open clouds.
     *
     * @param threads at least 1
     * @param pairs whose values are wanted
     */
    Measurement matrix(int threads, int[] pairs) {
        return ask(new Request(RequestKind.MATRIX, null, 0, null, pairs, 1, threads));
    }

    private Measurement ask(Request request) {
        try {
            requests.write(JSON.writeValueAsString(request));
            requests.newLine();
            requests.flush();
        } catch (IOException e) {
            throw ended(e);
        }
        return answer(Measurement.class);
    }

    private <T> T answer(Class<T> type) {
        try {
            return JSON.readValue(answers.readLine(), type);
        } catch (IOException | IllegalArgumentException e) {
            throw ended(e);
        }
    }

    private IllegalStateException ended(Exception cause) {
        String said;
        try {
            said = Files.readString(errors).strip();
        } catch (IOException e) {
            said = e.toString();
        }
        return new IllegalStateException(command + " gave no answer: " + said, cause);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
