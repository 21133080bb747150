package dev.sot.server.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sot.server.Console;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.transport.Monitor;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench backends}: what the large linear algebra costs each backend. */
@Command(
        name = "backends",
        description = {
            "Covariance, eigenvectors, least squares, projection and distances of points by each"
                    + " backend, on one thread: the built-in one and, where nd4j/target has its jar"
                    + " (mvn -DskipTests -pl nd4j -am package), ND4J.",
            "All backends do the same work in turns; shown is the median over the rounds. Exit code"
                    + " 1 if their results differ by more than 1e-6 of the largest entry."
        })
final class BackendsBench implements Callable<Integer> {

    private static final int DIRECTIONS = 16;

    private final OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final Console console;

    @Option(
            names = "--dimensions",
            split = ",",
            paramLabel = "D",
            defaultValue = "64,256,768,1536,2304",
            description = "Coordinates of a state (default: ${DEFAULT-VALUE}).")
    private List<Integer> dimensions;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "2048",
            description = "States (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Turns of each backend (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin private BenchOptions options;

    BackendsBench(Console console) {
        this.console = console;
    }

    /** Work on which the results of backends are compared. */
    private record Operation(String name, Function<LinearAlgebra, double[][]> run) {}

    private record Figure(
            String operation, int dimension, String backend, double millis, double difference) {}

    @Override
    public Integer call() {
        options.check();
        if (rounds < 1 || rows < 2 || dimensions.stream().anyMatch(d -> d < DIRECTIONS)) {
            throw new UsageException(
                    "--rounds takes numbers from 1, --rows from 2, --dimensions from "
                            + DIRECTIONS
                            + " on.");
        }
        List<LinearAlgebra> backends = Backends.usable();
        if (backends.size() == 1) {
            console.messages()
                    .println(
                            "No other backend than the built-in one: build ND4J's with mvn"
                                    + " -DskipTests -pl nd4j -am package.");
        }
        TextTable starts = new TextTable(List.of("backend", "processor s", "elapsed s"));
        for (LinearAlgebra backend : backends) {
            starts.add(start(backend));
        }
        List<Figure> figures = new ArrayList<>();
        for (int dimension : dimensions) {
            console.messages().println("dimension " + dimension);
            for (Operation operation : operations(dimension)) {
                figures.addAll(measure(operation, dimension, backends));
            }
        }
        options.print(console, "The first product, which starts a backend", starts);
        options.print(
                console,
                "Milliseconds of processor time; "
                        + rows
                        + " states, "
                        + DIRECTIONS
                        + " directions",
                table(figures, backends));
        options.writeJson(figures.stream().map(this::json).toList());
        return verdict(figures);
    }

    private List<Object> start(LinearAlgebra backend) {
        long wall = System.nanoTime();
        long cpu = process.getProcessCpuTime();
        backend.addScatter(new double[][] {{1}}, 1, new double[1][1], 1, Monitor.NONE);
        return List.of(
                backend.name(),
                Figures.rounded((process.getProcessCpuTime() - cpu) / 1e9),
                Figures.rounded((System.nanoTime() - wall) / 1e9));
    }

    private List<Operation> operations(int d) {
        double[][] states = states(d);
        double[][] few = Arrays.copyOf(states, Math.min(rows, 512));
        double[][] directions = Arrays.copyOf(states, DIRECTIONS);
        double[][] covariance = new double[d][d];
        Backends.java().addScatter(states, rows, covariance, 1, Monitor.NONE);
        double[][] cross = new double[d][];
        for (int i = 0; i < d; i++) {
            cross[i] = Arrays.copyOf(states[i % rows], d);
        }
        return List.of(
                new Operation(
                        "covariance",
                        backend -> {
                            double[][] scatter = new double[d][d];
                            backend.addScatter(states, rows, scatter, 1, Monitor.NONE);
                            return upper(scatter);
                        }),
                new Operation(
                        "few eigenvectors",
                        backend ->
                                new double[][] {
                                    backend.eigen(covariance, DIRECTIONS, 1, Monitor.NONE).values()
                                }),
                new Operation(
                        "ridge",
                        backend -> backend.ridge(covariance, cross, rows, 1, Monitor.NONE)),
                new Operation(
                        "projection",
                        backend -> backend.project(states, rows, directions, 1, Monitor.NONE)),
                new Operation(
                        "distances",
                        backend -> backend.squaredDistances(few, states, 1, Monitor.NONE)));
    }

    /** Variances that fall off as those of hidden states do. */
    private double[][] states(int d) {
        Random random = new Random(options.seed());
        double[][] states = new double[rows][d];
        for (double[] state : states) {
            for (int k = 0; k < d; k++) {
                state[k] = random.nextGaussian() / Math.sqrt(1 + k);
            }
        }
        return states;
    }

    private static double[][] upper(double[][] scatter) {
        double[][] upper = new double[scatter.length][];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = Arrays.copyOfRange(scatter[i], i, upper.length);
        }
        return upper;
    }

    private List<Figure> measure(Operation operation, int dimension, List<LinearAlgebra> backends) {
        double[][] expected = null;
        double[][] millis = new double[backends.size()][rounds];
        double[] difference = new double[backends.size()];
        for (int round = -1; round < rounds; round++) {
            for (int b = 0; b < backends.size(); b++) {
                long cpu = process.getProcessCpuTime();
                double[][] result = operation.run.apply(backends.get(b));
                if (round < 0) {
                    // Warms up, and compares with the built-in backend, the first of all.
                    expected = b == 0 ? result : expected;
                    difference[b] = difference(expected, result);
                } else {
                    millis[b][round] = (process.getProcessCpuTime() - cpu) / 1e6;
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int b = 0; b < backends.size(); b++) {
            figures.add(
                    new Figure(
                            operation.name,
                            dimension,
                            backends.get(b).name(),
                            Figures.median(millis[b]),
                            difference[b]));
        }
        return figures;
    }

    /** Largest difference relative to the largest entry; NaN if any is. */
    private static double difference(double[][] expected, double[][] actual) {
        double largest = 0;
        double apart = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                largest = Math.max(largest, Math.abs(expected[i][j]));
                apart = Math.max(apart, Math.abs(expected[i][j] - actual[i][j]));
            }
        }
        return apart / largest;
    }

    private TextTable table(List<Figure> figures, List<LinearAlgebra> backends) {
        List<String> header = new ArrayList<>(List.of("operation", "backend"));
        dimensions.forEach(d -> header.add("d=" + d));
        header.add("difference");
        TextTable table = new TextTable(header);
        for (String operation : figures.stream().map(Figure::operation).distinct().toList()) {
            for (LinearAlgebra backend : backends) {
                List<Figure> row =
                        figures.stream()
                                .filter(f -> f.operation.equals(operation))
                                .filter(f -> f.backend.equals(backend.name()))
                                .toList();
                List<Object> cells = new ArrayList<>(List.of(operation, backend.name()));
                row.forEach(figure -> cells.add(Figures.rounded(figure.millis)));
                cells.add(
                        Figures.rounded(
                                row.stream().mapToDouble(Figure::difference).max().orElseThrow()));
                table.add(cells);
            }
        }
        return table;
    }

    private Map<String, Object> json(Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", figure.operation);
        row.put("d", figure.dimension);
        row.put("rows", rows);
        row.put("backend", figure.backend);
        row.put("cpuMillis", figure.millis);
        row.put("rounds", rounds);
        row.put("seed", options.seed());
        row.put("relativeDifference", figure.difference);
        return row;
    }

    private int verdict(List<Figure> figures) {
        List<Figure> wrong =
                figures.stream().filter(figure -> !Figures.agree(figure.difference)).toList();
        for (Figure figure : wrong) {
            console.messages()
                    .printf(
                            Locale.ROOT,
                            "sot: %s differs by %.1e in %s of dimension %d.%n",
                            figure.backend,
                            figure.difference,
                            figure.operation,
                            figure.dimension);
        }
        return wrong.isEmpty() ? 0 : Main.FAILED;
    }
}
