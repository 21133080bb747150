package dev.sot.server.bench;

import dev.sot.server.Console;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.server.bench.Solver.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench transport}: what one exact distance costs, beside the peers. */
@Command(
        name = "transport",
        description = {
            "Exact squared W2 of pairs of clouds on one thread, ground costs included: this library"
                    + " with the Vector API and in plain Java, Python Optimal Transport"
                    + " (ot.emd2 with a matrix product in double precision) and, for uniform"
                    + " weights, SciPy's linear_sum_assignment.",
            "All engines solve the same pairs of the same files, in turns; shown is the median over"
                    + " the rounds. Exit code 1 if any two results differ by more than 1e-6"
                    + " relatively.",
            "Scaled is the largest relative error when all ground costs are multiplied by 2^-46,"
                    + " about 1e-14, which changes no optimal plan."
        })
final class TransportBench implements Callable<Integer> {
    private static final String POT = "pot";

    /** A power of two, so that scaled coordinates are exact. Costs scale by its square. */
    private static final float SCALE = 0x1p-23f;

    /** A compiling Java gets this many times a measurement's time to warm up. */
    private static final int WARM_UP = 10;

    private final Console console;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "random,uniform,clustered",
            description = "Distributions of the clouds (default: ${DEFAULT-VALUE}).")
    private List<CloudKind> kinds;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "N",
            defaultValue = "16,32,64,128,256,512",
            description = "Points of a cloud (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(
            names = "--dimension",
            paramLabel = "D",
            defaultValue = "64",
            description = "Coordinates of a point (default: ${DEFAULT-VALUE}).")
    private int dimension;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Turns of each engine (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "0.1",
            description =
                    "Processor time of a turn at least; Java warms up for ten times as long"
                            + " (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Mixin private BenchOptions options;

    TransportBench(Console console) {
        this.console = console;
    }

    /** One way of solving a pair. */
    private record Engine(String name, Solver solver, String method, boolean compiles) {

        boolean solves(CloudKind kind) {
            return !method.equals("assignment") || kind == CloudKind.uniform;
        }
    }

    /**
     * A figure.
     *
     * @param microsPerPair median over the rounds
     * @param difference largest relative difference from the first engine's optima
     * @param scaled the same from the optima before costs were scaled
     */
    private record Figure(
            CloudKind kind,
            int size,
            String engine,
            int pairs,
            double microsPerPair,
            double difference,
            double scaled) {}

    @Override
    public Integer call() throws IOException {
        check();
        List<Figure> figures = new ArrayList<>();
        List<Solver> solvers = new ArrayList<>();
        Path file = Files.createTempFile("sot-bench-", ".otb");
        try {
            List<Engine> engines = engines(solvers);
            for (CloudKind kind : kinds) {
                for (int size : sizes) {
                    figures.addAll(measure(engines, kind, size, file));
                }
            }
        } finally {
            solvers.forEach(Solver::close);
            Files.delete(file);
        }
        print(figures);
        options.writeJson(figures.stream().map(figure -> json(figure, figures)).toList());
        return verdict(figures);
    }

    private void check() {
        options.check();
        if (sizes.stream().anyMatch(size -> size < 1) || dimension < 1) {
            throw new UsageException("--sizes and --dimension take numbers from 1 on.");
        }
        if (rounds < 1 || !(seconds > 0)) {
            throw new UsageException("--rounds and --seconds take positive numbers.");
        }
    }

    /** The engines that run here; the rest is said. */
    private List<Engine> engines(List<Solver> solvers) {
        List<Engine> engines = new ArrayList<>();
        options.vectors(console)
                .ifPresent(
                        vectors -> {
                            solvers.add(vectors);
                            engines.add(new Engine("sot", vectors, "distance", true));
                        });
        Solver plain = Solver.java(false);
        solvers.add(plain);
        engines.add(new Engine("sot-plain", plain, "distance", true));
        options.peers(console)
                .ifPresent(
                        python -> {
                            solvers.add(python);
                            engines.add(new Engine(POT, python, "emd2", false));
                            engines.add(new Engine("scipy", python, "assignment", false));
                        });
        return engines;
    }

    private List<Figure> measure(List<Engine> all, CloudKind kind, int size, Path file)
            throws IOException {
        console.messages().println(kind + ", " + size + " points");
        PointClouds clouds = kind.draw(size <= 128 ? 64 : 24, size, dimension, options.seed());
        int[] pairs = pairs(clouds.clouds().size(), pairCount(size));
        int count = pairs.length / 2;
        List<Engine> engines = all.stream().filter(engine -> engine.solves(kind)).toList();
        double[][] scaled = new double[engines.size()][];
        clouds.scaled(SCALE).write(file);
        open(engines, file);
        for (int e = 0; e < engines.size(); e++) {
            scaled[e] = solve(engines.get(e), pairs, 1).values();
            for (int p = 0; p < count; p++) {
                scaled[e][p] /= SCALE * SCALE;
            }
        }
        clouds.write(file);
        open(engines, file);
        double[][] values = new double[engines.size()][];
        int[] repeats = new int[engines.size()];
        for (int e = 0; e < engines.size(); e++) {
            Engine engine = engines.get(e);
            for (double spent = 0; engine.compiles && spent < WARM_UP * seconds; ) {
                spent += solve(engine, pairs, 1).cpuSeconds();
            }
            Measurement once = solve(engine, pairs, 1);
            values[e] = once.values();
            repeats[e] = (int) Math.ceil(seconds / once.cpuSeconds());
        }
        double[][] micros = new double[engines.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int e = 0; e < engines.size(); e++) {
                double cpuSeconds = solve(engines.get(e), pairs, repeats[e]).cpuSeconds();
                micros[e][round] = cpuSeconds * 1e6 / (repeats[e] * (double) count);
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int e = 0; e < engines.size(); e++) {
            figures.add(
                    new Figure(
                            kind,
                            size,
                            engines.get(e).name,
                            count,
                            Figures.median(micros[e]),
                            Figures.relativeDifference(values[0], values[e]),
                            Figures.relativeDifference(values[0], scaled[e])));
        }
        return figures;
    }

    private static void open(List<Engine> engines, Path file) {
        engines.stream().map(Engine::solver).distinct().forEach(solver -> solver.open(file, 2));
    }

    private static Measurement solve(Engine engine, int[] pairs, int repeats) {
        return engine.solver.solve(engine.method, pairs, repeats);
    }

    /** So many pairs that a turn is neither lost in overheads nor long. */
    private static int pairCount(int size) {
        if (size <= 64) {
            return size <= 32 ? 500 : 300;
        }
        return size <= 128 ? 100 : size <= 256 ? 24 : 12;
    }

    /**
     * Pairs of neighbours, then of every other cloud, and so on: each cloud occurs about as often.
     */
    static int[] pairs(int clouds, int atMost) {
        int[] pairs = new int[2 * Math.min(atMost, clouds * (clouds - 1) / 2)];
        int at = 0;
        for (int apart = 1; at < pairs.length; apart++) {
            // Half way round, the second half of the clouds would repeat the pairs of the first.
            int first = 2 * apart == clouds ? clouds / 2 : clouds;
            for (int i = 0; i < first && at < pairs.length; i++) {
                pairs[at++] = i;
                pairs[at++] = (i + apart) % clouds;
            }
        }
        return pairs;
    }

    private void print(List<Figure> figures) {
        boolean pot = figures.stream().anyMatch(figure -> figure.engine.equals(POT));
        options.print(
                console,
                "Microseconds a pair, dimension " + dimension,
                bySize(figures, Figure::microsPerPair));
        if (pot) {
            options.print(
                    console,
                    "Times the processor time of Python Optimal Transport",
                    bySize(
                            figures.stream().filter(f -> !f.engine.equals(POT)).toList(),
                            figure -> ratioToPot(figure, figures)));
        }
        TextTable accuracy = new TextTable(List.of("engine", "difference", "scaled"));
        for (String engine : figures.stream().map(Figure::engine).distinct().toList()) {
            accuracy.add(
                    List.of(
                            engine,
                            largest(figures, engine, Figure::difference),
                            largest(figures, engine, Figure::scaled)));
        }
        options.print(
                console,
                "Largest relative difference from " + figures.get(0).engine + "'s optima",
                accuracy);
    }

    private TextTable bySize(List<Figure> figures, ToDoubleFunction<Figure> value) {
        List<String> header = new ArrayList<>(List.of("kind", "engine"));
        sizes.forEach(size -> header.add("n=" + size));
        TextTable table = new TextTable(header);
        Map<List<String>, List<Object>> rows = new LinkedHashMap<>();
        for (Figure figure : figures) {
            List<String> name = List.of(figure.kind.name(), figure.engine);
            rows.computeIfAbsent(name, ArrayList::new)
                    .add(Figures.rounded(value.applyAsDouble(figure)));
        }
        rows.values().forEach(table::add);
        return table;
    }

    private static Number largest(
            List<Figure> figures, String engine, ToDoubleFunction<Figure> value) {
        return Figures.rounded(
                figures.stream()
                        .filter(figure -> figure.engine.equals(engine))
                        .mapToDouble(value)
                        .max()
                        .orElseThrow());
    }

    /** Not a number where Python Optimal Transport was not measured. */
    private static double ratioToPot(Figure figure, List<Figure> figures) {
        return figures.stream()
                .filter(f -> f.engine.equals(POT) && f.kind == figure.kind && f.size == figure.size)
                .mapToDouble(pot -> figure.microsPerPair / pot.microsPerPair)
                .findFirst()
                .orElse(Double.NaN);
    }

    private Map<String, Object> json(Figure figure, List<Figure> figures) {
        double ratio = ratioToPot(figure, figures);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", figure.kind);
        row.put("n", figure.size);
        row.put("d", dimension);
        row.put("engine", figure.engine);
        row.put("microsPerPair", figure.microsPerPair);
        row.put("ratioToPot", Double.isNaN(ratio) ? null : ratio);
        row.put("pairs", figure.pairs);
        row.put("rounds", rounds);
        row.put("seed", options.seed());
        row.put("relativeDifference", figure.difference);
        row.put("scaledRelativeDifference", figure.scaled);
        return row;
    }

    private int verdict(List<Figure> figures) {
        List<Figure> wrong =
                figures.stream().filter(figure -> !Figures.agree(figure.difference)).toList();
        for (Figure figure : wrong) {
            console.messages()
                    .printf(
                            Locale.ROOT,
                            "sot: %s differs from %s by %.1e on %s clouds of %d points.%n",
                            figure.engine,
                            figures.get(0).engine,
                            figure.difference,
                            figure.kind,
                            figure.size);
        }
        return wrong.isEmpty() ? 0 : Main.FAILED;
    }
}
