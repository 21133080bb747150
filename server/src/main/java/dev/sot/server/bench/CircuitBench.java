package dev.sot.server.bench;

import dev.sot.server.Console;
import dev.sot.server.Installation;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.server.bench.Solver.Measurement;
import dev.sot.transport.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench circuit}: what all distances of a circuit cost, beside the peer. */
@Command(
        name = "circuit",
        description = {
            "Exact distances of all pairs of features of a circuit, W1 and W2, several threads."
                    + " Python Optimal Transport gets as many processes, which share a random"
                    + " sample of the pairs; its time is scaled to all of them unless --full is"
                    + " given.",
            "Kinds: clustered clouds; recorded, features of an activation bundle in its whitened"
                    + " space.",
            "Java warms up on the sample. The engines take turns; shown is the median over the"
                    + " rounds. Exit code 1 if results differ by more than 1e-6 relatively."
        })
final class CircuitBench implements Callable<Integer> {
    private static final String POT = "pot";
    private static final int MOST_FEATURES = 10_000;

    private enum Kind {
        clustered,
        recorded
    }

    private final Console console;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "clustered,recorded",
            description = "Features (default: ${DEFAULT-VALUE}).")
    private List<Kind> kinds;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "600",
            description = "Features of the circuit (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "64",
            description =
                    "Points of a feature's distribution, of a recorded one at most (default:"
                            + " ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--dimensions",
            split = ",",
            paramLabel = "D",
            defaultValue = "64,16",
            description = "Coordinates of a point (default: ${DEFAULT-VALUE}).")
    private List<Integer> dimensions;

    @Option(
            names = "--orders",
            split = ",",
            paramLabel = "P",
            defaultValue = "1,2",
            description = "Orders of the distance, 1 or 2 (default: ${DEFAULT-VALUE}).")
    private List<Integer> orders;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description = "Activation bundle (default: the demonstration's).")
    private Path bundle;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads, and processes of Python (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Turns of each engine (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "6000",
            description =
                    "Pairs that Python Optimal Transport solves and that are compared (default:"
                            + " ${DEFAULT-VALUE}).")
    private int sample;

    @Option(names = "--full", description = "Python Optimal Transport solves all pairs.")
    private boolean full;

    @Mixin private BenchOptions options;

    CircuitBench(Console console) {
        this.console = console;
    }

    private record Problem(Kind kind, int dimension, PointClouds clouds) {}

    /** Something that computes the distances of all pairs, or of a sample. */
    private interface Engine extends AutoCloseable {
        String name();

        void open(Path file, int order);

        /** Solves the pairs without a measurement. */
        void warmUp(int[] pairs);

        /** Seconds are for all pairs, values those of the pairs given. */
        Measurement measure(int[] pairs);

        @Override
        void close();
    }

    /** This library: one process, several threads, all pairs. */
    private record Library(String name, Solver solver, int threads) implements Engine {
        @Override
        public void open(Path file, int order) {
            solver.open(file, order);
        }

        @Override
        public void warmUp(int[] pairs) {
            solver.solve("distance", pairs, 1);
        }

        @Override
        public Measurement measure(int[] pairs) {
            return solver.matrix(threads, pairs);
        }

        @Override
        public void close() {
            solver.close();
        }
    }

    /** The peer: several processes, which share the pairs. */
    private record Peer(List<Solver> solvers, int allPairs) implements Engine {
        @Override
        public String name() {
            return POT;
        }

        @Override
        public void open(Path file, int order) {
            solvers.forEach(solver -> solver.open(file, order));
        }

        @Override
        public void warmUp(int[] pairs) {
            // Nothing compiles.
        }

        @Override
        public Measurement measure(int[] pairs) {
            int count = pairs.length / 2;
            List<CompletableFuture<Measurement>> parts = new ArrayList<>();
            for (int s = 0; s < solvers.size(); s++) {
                Solver solver = solvers.get(s);
                int from = (int) ((long) count * s / solvers.size());
                int to = (int) ((long) count * (s + 1) / solvers.size());
                int[] part = Arrays.copyOfRange(pairs, 2 * from, 2 * to);
                parts.add(CompletableFuture.supplyAsync(() -> solver.solve("emd2", part, 1)));
            }
            List<Measurement> done = parts.stream().map(CompletableFuture::join).toList();
            double scale = (double) allPairs / count;
            return new Measurement(
                    scale * done.stream().mapToDouble(Measurement::cpuSeconds).sum(),
                    scale * done.stream().mapToDouble(Measurement::wallSeconds).max().orElseThrow(),
                    done.stream().flatMapToDouble(m -> Arrays.stream(m.values())).toArray());
        }

        @Override
        public void close() {
            solvers.forEach(Solver::close);
        }
    }

    /**
     * A figure.
     *
     * @param cpuSeconds processor time of all threads or processes, median over the rounds
     * @param wallSeconds time on the clock, likewise
     * @param difference largest relative difference from the first engine's optima
     */
    private record Figure(
            Kind kind,
            int dimension,
            int order,
            String engine,
            int solved,
            double cpuSeconds,
            double wallSeconds,
            double difference) {}

    @Override
    public Integer call() throws IOException {
        check();
        List<Problem> problems = new ArrayList<>();
        for (Kind kind : kinds) {
            for (int dimension : dimensions) {
                problems.add(new Problem(kind, dimension, draw(kind, dimension)));
            }
        }
        List<Figure> figures = new ArrayList<>();
        List<Engine> engines = new ArrayList<>();
        Path file = Files.createTempFile("sot-bench-", ".otb");
        try {
            start(engines);
            for (Problem problem : problems) {
                problem.clouds.write(file);
                for (int order : orders) {
                    figures.addAll(measure(engines, problem, order, file));
                }
            }
        } finally {
            engines.forEach(Engine::close);
            Files.delete(file);
        }
        print(figures);
        options.writeJson(figures.stream().map(figure -> json(figure, figures)).toList());
        return verdict(figures);
    }

    private void check() {
        options.check();
        if (features < 2 || features > MOST_FEATURES) {
            throw new UsageException("--features takes numbers from 2 to " + MOST_FEATURES + ".");
        }
        if (size < 1 || threads < 1 || rounds < 1 || sample < 1) {
            throw new UsageException(
                    "--size, --threads, --rounds and --sample take numbers from 1 on.");
        }
        if (dimensions.stream().anyMatch(dimension -> dimension < 1)) {
            throw new UsageException("--dimensions takes numbers from 1 on.");
        }
        if (orders.stream().anyMatch(order -> order != 1 && order != 2)) {
            throw new UsageException("--orders takes 1 and 2.");
        }
        if (bundle == null && kinds.contains(Kind.recorded)) {
            bundle = Installation.current().demonstrationData().resolve("bundle");
        }
        if (bundle != null && !Files.isDirectory(bundle)) {
            throw new UsageException("There is no directory " + bundle + "; change --bundle.");
        }
    }

    private PointClouds draw(Kind kind, int dimension) {
        if (kind == Kind.clustered) {
            return CloudKind.clustered.draw(features, size, dimension, options.seed());
        }
        RecordedFeatures recorded = RecordedFeatures.read(bundle, dimension, size);
        List<Distribution> all = new ArrayList<>(recorded.bounded());
        if (all.size() < features) {
            throw new UsageException(
                    "There are "
                            + all.size()
                            + " recorded features; choose no more with --features.");
        }
        Collections.shuffle(all, new Random(options.seed()));
        return PointClouds.of(recorded.points(), all.subList(0, features));
    }

    private int allPairs() {
        return features * (features - 1) / 2;
    }

    private void start(List<Engine> engines) {
        options.vectors(console)
                .ifPresent(solver -> engines.add(new Library("sot", solver, threads)));
        engines.add(new Library("sot-plain", Solver.java(false), threads));
        List<Solver> peers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Optional<Solver> peer = options.peers(console);
            if (peer.isEmpty()) {
                return;
            }
            peers.add(peer.get());
        }
        engines.add(new Peer(peers, allPairs()));
    }

    private List<Figure> measure(List<Engine> engines, Problem problem, int order, Path file) {
        int[] pairs = pairs();
        double[][] cpuSeconds = new double[engines.size()][rounds];
        double[][] wallSeconds = new double[engines.size()][rounds];
        double[] difference = new double[engines.size()];
        int[] first = Arrays.copyOf(pairs, Math.min(pairs.length, 2 * sample));
        for (Engine engine : engines) {
            engine.open(file, order);
            engine.warmUp(first);
        }
        for (int round = 0; round < rounds; round++) {
            console.messages()
                    .printf(
                            "%s, dimension %d, W%d, round %d%n",
                            problem.kind, problem.dimension, order, round + 1);
            double[] expected = null;
            for (int e = 0; e < engines.size(); e++) {
                Measurement measured = engines.get(e).measure(pairs);
                cpuSeconds[e][round] = measured.cpuSeconds();
                wallSeconds[e][round] = measured.wallSeconds();
                expected = e == 0 ? measured.values() : expected;
                difference[e] =
                        Math.max(
                                difference[e],
                                Figures.relativeDifference(expected, measured.values()));
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int e = 0; e < engines.size(); e++) {
            figures.add(
                    new Figure(
                            problem.kind,
                            problem.dimension,
                            order,
                            engines.get(e).name(),
                            engines.get(e) instanceof Peer ? pairs.length / 2 : allPairs(),
                            Figures.median(cpuSeconds[e]),
                            Figures.median(wallSeconds[e]),
                            difference[e]));
        }
        return figures;
    }

    /** The pairs that the peer solves: drawn without repetition, in random order, or all. */
    private int[] pairs() {
        int[] all = new int[2 * allPairs()];
        int at = 0;
        for (int i = 0; i < features; i++) {
            for (int j = i + 1; j < features; j++) {
                all[at++] = i;
                all[at++] = j;
            }
        }
        if (full) {
            return all;
        }
        int count = Math.min(sample, allPairs());
        SplittableRandom random = new SplittableRandom(options.seed());
        for (int p = 0; p < count; p++) {
            int other = random.nextInt(p, allPairs());
            for (int side = 0; side < 2; side++) {
                int kept = all[2 * p + side];
                all[2 * p + side] = all[2 * other + side];
                all[2 * other + side] = kept;
            }
        }
        return Arrays.copyOf(all, 2 * count);
    }

    private void print(List<Figure> figures) {
        TextTable table =
                new TextTable(
                        List.of(
                                "kind",
                                "dimension",
                                "order",
                                "engine",
                                "pairs solved",
                                "seconds",
                                "processor seconds",
                                "times POT",
                                "difference"));
        for (Figure figure : figures) {
            table.add(
                    List.of(
                            figure.kind.name(),
                            figure.dimension,
                            figure.order,
                            figure.engine,
                            figure.solved,
                            Figures.rounded(figure.wallSeconds),
                            Figures.rounded(figure.cpuSeconds),
                            Figures.rounded(ratioToPot(figure, figures)),
                            Figures.rounded(figure.difference)));
        }
        options.print(
                console,
                String.format(
                        Locale.ROOT,
                        "All %d pairs of %d features of %d points, %d threads; times POT compares"
                                + " processor seconds",
                        allPairs(),
                        features,
                        size,
                        threads),
                table);
    }

    /** Of processor time; not a number where Python Optimal Transport was not measured. */
    private static double ratioToPot(Figure figure, List<Figure> figures) {
        return figures.stream()
                .filter(f -> f.engine.equals(POT) && f.kind == figure.kind)
                .filter(f -> f.dimension == figure.dimension && f.order == figure.order)
                .mapToDouble(pot -> figure.cpuSeconds / pot.cpuSeconds)
                .findFirst()
                .orElse(Double.NaN);
    }

    private Map<String, Object> json(Figure figure, List<Figure> figures) {
        double ratio = ratioToPot(figure, figures);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", figure.kind);
        row.put("features", features);
        row.put("n", size);
        row.put("d", figure.dimension);
        row.put("order", figure.order);
        row.put("engine", figure.engine);
        row.put("threads", threads);
        row.put("pairs", allPairs());
        row.put("solved", figure.solved);
        row.put("seconds", figure.wallSeconds);
        row.put("cpuSeconds", figure.cpuSeconds);
        row.put("ratioToPot", Double.isNaN(ratio) ? null : ratio);
        row.put("relativeDifference", figure.difference);
        row.put("rounds", rounds);
        row.put("seed", options.seed());
        return row;
    }

    private int verdict(List<Figure> figures) {
        List<Figure> wrong =
                figures.stream().filter(figure -> !Figures.agree(figure.difference)).toList();
        for (Figure figure : wrong) {
            console.messages()
                    .printf(
                            Locale.ROOT,
                            "sot: %s differs from %s by %.1e on %s features, dimension %d, order"
                                    + " %d.%n",
                            figure.engine,
                            figures.get(0).engine,
                            figure.difference,
                            figure.kind,
                            figure.dimension,
                            figure.order);
        }
        return wrong.isEmpty() ? 0 : Main.FAILED;
    }
}
