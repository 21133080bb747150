package dev.sot.server.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.sot.server.bench.Solver.Greeting;
import dev.sot.server.bench.Solver.Measurement;
import dev.sot.server.bench.Solver.Request;
import dev.sot.transport.Cloud;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;

/** Java's side of {@link Solver}: solves with this library. */
final class SolverWorker {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private Geometry geometry;
    private Wasserstein wasserstein;
    private List<Cloud> clouds;

    private SolverWorker() {}

    /** Answers requests until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Whatever a library prints must not end up among the answers.
        System.setOut(System.err);
        answers.println(JSON.writeValueAsString(new Greeting("sot", null)));
        BufferedReader requests =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SolverWorker worker = new SolverWorker();
        for (String line; (line = requests.readLine()) != null; ) {
            Request request = JSON.readValue(line, Request.class);
            answers.println(JSON.writeValueAsString(worker.answer(request)));
        }
    }

    private Measurement answer(Request request) throws IOException {
        return switch (request.kind()) {
            case OPEN -> open(Path.of(request.file()), request.order());
            case SOLVE -> solve(request.pairs(), request.repeats());
            case MATRIX -> matrix(request.threads(), request.pairs());
        };
    }

    private Measurement open(Path file, int order) throws IOException {
        PointClouds opened = PointClouds.read(file);
        geometry = new Geometry(opened.points(), GroundCost.EUCLIDEAN, order);
        wasserstein = new Wasserstein(geometry);
        clouds = opened.distributions().stream().map(geometry::cloud).toList();
        return new Measurement(0, 0, new double[0]);
    }

    private Measurement solve(int[] pairs, int repeats) {
        double[] values = new double[pairs.length / 2];
        long wall = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        for (int r = 0; r < repeats; r++) {
            for (int p = 0; p < values.length; p++) {
                values[p] =
                        wasserstein.distance(
                                clouds.get(pairs[2 * p]), clouds.get(pairs[2 * p + 1]));
            }
        }
        double cpuSeconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e9;
        double wallSeconds = (System.nanoTime() - wall) / 1e9;
        return new Measurement(cpuSeconds, wallSeconds, optima(values));
    }

    private Measurement matrix(int concurrency, int[] pairs) {
        long wall = System.nanoTime();
        long cpu = process.getProcessCpuTime();
        DistanceMatrix distances =
                DistanceMatrix.compute(clouds, geometry, concurrency, Monitor.NONE);
        double cpuSeconds = (process.getProcessCpuTime() - cpu) / 1e9;
        double wallSeconds = (System.nanoTime() - wall) / 1e9;
        double[] values = new double[pairs.length / 2];
        for (int p = 0; p < values.length; p++) {
            values[p] = distances.get(pairs[2 * p], pairs[2 * p + 1]);
        }
        return new Measurement(cpuSeconds, wallSeconds, optima(values));
    }

    private double[] optima(double[] distances) {
        return DoubleStream.of(distances).map(d -> Math.pow(d, geometry.order())).toArray();
    }
}
