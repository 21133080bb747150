package dev.sot.server.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sot.server.Console;
import dev.sot.server.Installation;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.transport.Cloud;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.approximate.Approximation;
import dev.sot.transport.approximate.EnergyDistance;
import dev.sot.transport.approximate.Estimate;
import dev.sot.transport.approximate.Estimator;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench approximations}: how good they are and what they cost. */
@Command(
        name = "approximations",
        description = {
            "Compare bounds and approximations with exact distances, pair by pair: on clustered"
                    + " clouds and on the features of an activation bundle.",
            "Methods take turns; times are processor time of the thread, median over the rounds."
                    + " Exit code 1 if a certified bound is on the wrong side of an exact"
                    + " distance."
        })
final class ApproximationBench implements Callable<Integer> {

    /** Rounding of the exact distance, relative; the bounds have theirs taken off. */
    private static final double ROUNDING = 1e-12;

    /** A value this near to its lower bound is the bound before its error was taken off. */
    private static final double NEARLY = 1e-6;

    private final Console console;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "300",
            description = "Clustered clouds (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "64",
            description = "Points of a cloud, of a feature at most (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--dimension",
            paramLabel = "D",
            defaultValue = "64",
            description = "Coordinates of a point of clustered clouds (default: ${DEFAULT-VALUE}).")
    private int dimension;

    @Option(
            names = "--space",
            paramLabel = "D",
            defaultValue = "16",
            description = "Dimension of the bundle's reference space (default: ${DEFAULT-VALUE}).")
    private int space;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description = "Activation bundle (default: the demonstration's).")
    private Path bundle;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Random pairs of each problem (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Turns of each method after one to warm up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin private BenchOptions options;

    ApproximationBench(Console console) {
        this.console = console;
    }

    /**
     * Clouds to compare.
     *
     * @param name of their kind
     * @param detail what they are
     * @param whole the same objects on all their positions, for the energy distance
     */
    private record Problem(
            String name,
            String detail,
            PointTable points,
            List<Distribution> distributions,
            List<Distribution> whole,
            GroundCost cost,
            int order) {

        String caption() {
            return detail + ", " + distance();
        }

        String distance() {
            return switch (cost) {
                case EUCLIDEAN -> "W" + order;
                case COSINE -> "W" + order + " cosine";
                default -> throw new IllegalStateException();
            };
        }
    }

    /** Something that says what the distance of a pair is. */
    private static final class Contender {
        private final String name;
        private final IntFunction<Estimate> pair;
        private final double cloudMicros;
        private final double[] pairMicros;
        private Estimate[] estimates;

        Contender(String name, double cloudMicros, int rounds, IntFunction<Estimate> pair) {
            this.name = name;
            this.cloudMicros = cloudMicros;
            this.pairMicros = new double[rounds];
            this.pair = pair;
        }
    }

    /**
     * A row.
     *
     * @param kind what the method claims: exact, lower or upper bound, estimate, or other, which is
     *     something else
     * @param shares of the exact distance, one a pair; null for other
     * @param spearman rank correlation with the exact distances
     * @param largestError largest relative difference from the exact distances; NaN for other
     * @param pairMicros microseconds a pair
     * @param timesExact the same in exact distances
     * @param cloudMicros microseconds to prepare a cloud, beyond what exact distances need
     */
    private record Figure(
            Problem problem,
            String method,
            String kind,
            double[] shares,
            double spearman,
            double largestError,
            double pairMicros,
            double timesExact,
            double cloudMicros) {}

    @Override
    public Integer call() {
        check();
        List<Figure> figures = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Problem problem : problems()) {
            console.messages().println(problem.caption());
            List<Figure> measured = measure(problem, wrong);
            print(problem, measured);
            figures.addAll(measured);
        }
        printEnergies(figures);
        options.writeJson(figures.stream().map(ApproximationBench::json).toList());
        wrong.forEach(console.messages()::println);
        return wrong.isEmpty() ? 0 : Main.FAILED;
    }

    private void check() {
        options.check();
        if (features < 2) {
            throw new UsageException("--features takes numbers from 2 on.");
        }
        if (size < 1 || dimension < 1 || space < 1 || pairs < 1 || rounds < 1) {
            throw new UsageException(
                    "--size, --dimension, --space, --pairs and --rounds take numbers from 1 on.");
        }
        if (bundle == null) {
            bundle = Installation.current().demonstrationData().resolve("bundle");
        }
        if (!Files.isDirectory(bundle)) {
            throw new UsageException("There is no directory " + bundle + "; change --bundle.");
        }
    }

    private List<Problem> problems() {
        PointClouds drawn = CloudKind.clustered.draw(features, size, dimension, options.seed());
        String clustered = "Clustered clouds, " + size + " points in " + dimension + " dimensions";
        List<Distribution> clouds = drawn.distributions();
        RecordedFeatures recorded = RecordedFeatures.read(bundle, space, size);
        String real =
                recorded.bounded().size()
                        + " recorded features, at most "
                        + size
                        + " points in "
                        + recorded.points().dimension()
                        + " dimensions";
        List<Problem> problems = new ArrayList<>();
        for (int order : new int[] {1, 2}) {
            problems.add(
                    new Problem(
                            "clustered",
                            clustered,
                            drawn.points(),
                            clouds,
                            clouds,
                            GroundCost.EUCLIDEAN,
                            order));
        }
        for (GroundCost cost : List.of(GroundCost.EUCLIDEAN, GroundCost.COSINE)) {
            for (int order : cost == GroundCost.EUCLIDEAN ? new int[] {1, 2} : new int[] {1}) {
                problems.add(
                        new Problem(
                                "recorded",
                                real,
                                recorded.points(),
                                recorded.bounded(),
                                recorded.whole(),
                                cost,
                                order));
            }
        }
        return problems;
    }

    private List<Figure> measure(Problem problem, List<String> wrong) {
        Geometry geometry = new Geometry(problem.points, problem.cost, problem.order);
        List<Cloud> clouds = problem.distributions.stream().map(geometry::cloud).toList();
        int[] drawn = differentPairs(clouds);
        Wasserstein wasserstein = new Wasserstein(geometry);
        List<Contender> contenders = new ArrayList<>();
        Contender exact =
                new Contender(
                        "exact",
                        0,
                        rounds,
                        pair -> {
                            double distance =
                                    wasserstein.distance(
                                            clouds.get(drawn[2 * pair]),
                                            clouds.get(drawn[2 * pair + 1]));
                            return new Estimate(distance, distance, distance);
                        });
        contenders.add(exact);
        contenders.add(
                new Contender(
                        "dual",
                        0,
                        rounds,
                        pair -> {
                            double bound =
                                    wasserstein.lowerBound(
                                            clouds.get(drawn[2 * pair]),
                                            clouds.get(drawn[2 * pair + 1]));
                            return new Estimate(bound, bound, Double.POSITIVE_INFINITY);
                        }));
        for (Estimator estimator : Estimator.values()) {
            contenders.add(
                    contender(
                            estimator.toString(),
                            estimator.over(geometry, options.seed(), Monitor.NONE),
                            clouds,
                            drawn));
        }
        for (int round = -1; round < rounds; round++) {
            for (Contender contender : contenders) {
                long start = threads.getCurrentThreadCpuTime();
                contender.estimates =
                        IntStream.range(0, pairs).mapToObj(contender.pair).toArray(Estimate[]::new);
                if (round >= 0) {
                    contender.pairMicros[round] = microsSince(start) / pairs;
                }
            }
        }
        Table table = new Table(problem, exact, wrong);
        contenders.forEach(table::add);
        table.addEnergy("energy", energies(problem, problem.distributions, drawn));
        if (problem.whole != problem.distributions) {
            table.addEnergy("energy, all positions", energies(problem, problem.whole, drawn));
        }
        return table.figures;
    }

    /** Random pairs of clouds that are not the same. */
    private int[] differentPairs(List<Cloud> clouds) {
        SplittableRandom random = new SplittableRandom(options.seed());
        int[] drawn = new int[2 * pairs];
        for (int at = 0; at < drawn.length; ) {
            int f = random.nextInt(clouds.size());
            int g = random.nextInt(clouds.size());
            if (!clouds.get(f).sameAs(clouds.get(g))) {
                drawn[at++] = f;
                drawn[at++] = g;
            }
        }
        return drawn;
    }

    private <S> Contender contender(
            String name, Approximation<S> approximation, List<Cloud> clouds, int[] drawn) {
        List<S> sketches = List.of();
        double cloudMicros = 0;
        // The first time warms up.
        for (int time = 0; time < 2; time++) {
            long start = threads.getCurrentThreadCpuTime();
            sketches = clouds.stream().map(approximation::sketch).toList();
            cloudMicros = microsSince(start) / clouds.size();
        }
        List<S> sketched = sketches;
        return new Contender(
                name,
                cloudMicros,
                rounds,
                pair ->
                        approximation.estimate(
                                sketched.get(drawn[2 * pair]), sketched.get(drawn[2 * pair + 1])));
    }

    private double microsSince(long start) {
        return (threads.getCurrentThreadCpuTime() - start) / 1e3;
    }

    /** Energy distances of the drawn pairs, and what one of all pairs costs. */
    private Energies energies(Problem problem, List<Distribution> distributions, int[] drawn) {
        long start = process.getProcessCpuTime();
        DistanceMatrix matrix =
                EnergyDistance.matrix(problem.points, distributions, 1, Monitor.NONE);
        double micros =
                (process.getProcessCpuTime() - start)
                        / 1e3
                        / Math.max(1, matrix.condensed().length);
        double[] values =
                IntStream.range(0, pairs)
                        .mapToDouble(pair -> matrix.get(drawn[2 * pair], drawn[2 * pair + 1]))
                        .toArray();
        return new Energies(values, micros);
    }

    private record Energies(double[] values, double pairMicros) {}

    /** The rows of one problem. */
    private final class Table {
        private final Problem problem;
        private final double[] exact;
        private final double exactMicros;
        private final List<String> wrong;
        private final List<Figure> figures = new ArrayList<>();

        Table(Problem problem, Contender exact, List<String> wrong) {
            this.problem = problem;
            this.exact = values(exact, Estimate::value);
            this.exactMicros = Figures.median(exact.pairMicros);
            this.wrong = wrong;
        }

        private double[] values(Contender contender, ToDoubleFunction<Estimate> part) {
            return Arrays.stream(contender.estimates).mapToDouble(part).toArray();
        }

        /** A row for the value where it is more than the lower bound, and one for each bound. */
        void add(Contender contender) {
            double[] value = values(contender, Estimate::value);
            double[] lower = values(contender, Estimate::lower);
            double[] upper = values(contender, Estimate::upper);
            if (Arrays.equals(lower, upper)) {
                add(contender, "exact", value);
                return;
            }
            boolean estimates = !(Figures.relativeDifference(value, lower) <= NEARLY);
            if (estimates) {
                add(contender, "estimate", value);
            }
            add(contender, "lower", lower);
            require(contender, lower, exact);
            if (Arrays.stream(upper).allMatch(Double::isFinite)) {
                add(contender, "upper", upper);
                require(contender, exact, upper);
            }
        }

        private void add(Contender contender, String kind, double[] values) {
            double[] shares = new double[pairs];
            Arrays.setAll(shares, pair -> values[pair] / exact[pair]);
            double micros = Figures.median(contender.pairMicros);
            figures.add(
                    new Figure(
                            problem,
                            contender.name,
                            kind,
                            shares,
                            Figures.rankCorrelation(values, exact),
                            Figures.relativeDifference(exact, values),
                            micros,
                            micros / exactMicros,
                            contender.cloudMicros));
        }

        void addEnergy(String name, Energies energies) {
            figures.add(
                    new Figure(
                            problem,
                            name,
                            "other",
                            null,
                            Figures.rankCorrelation(energies.values, exact),
                            Double.NaN,
                            energies.pairMicros,
                            energies.pairMicros / exactMicros,
                            0));
        }

        private void require(Contender contender, double[] less, double[] more) {
            for (int pair = 0; pair < pairs; pair++) {
                if (!(less[pair] <= more[pair] * (1 + ROUNDING))) {
                    wrong.add(
                            "sot: a bound of %s is wrong: %s is not at most %s (%s, pair %d)."
                                    .formatted(
                                            contender.name,
                                            less[pair],
                                            more[pair],
                                            problem.caption(),
                                            pair));
                }
            }
        }
    }

    private void print(Problem problem, List<Figure> figures) {
        TextTable table =
                new TextTable(
                        List.of(
                                "method",
                                "is",
                                "5 %",
                                "median",
                                "95 %",
                                "Spearman",
                                "error",
                                "µs a pair",
                                "of exact",
                                "µs a cloud"));
        for (Figure figure : figures) {
            if (figure.shares != null) {
                table.add(
                        List.of(
                                figure.method,
                                figure.kind,
                                share(figure, 0.05),
                                share(figure, 0.5),
                                share(figure, 0.95),
                                Figures.rounded(figure.spearman),
                                Figures.rounded(figure.largestError),
                                Figures.rounded(figure.pairMicros),
                                Figures.rounded(figure.timesExact),
                                Figures.rounded(figure.cloudMicros)));
            }
        }
        options.print(console, problem.caption(), table);
    }

    private void printEnergies(List<Figure> figures) {
        TextTable table =
                new TextTable(
                        List.of("clouds", "beside", "method", "Spearman", "µs a pair", "of exact"));
        for (Figure figure : figures) {
            if (figure.shares == null) {
                table.add(
                        List.of(
                                figure.problem.name,
                                figure.problem.distance(),
                                figure.method,
                                Figures.rounded(figure.spearman),
                                Figures.rounded(figure.pairMicros),
                                Figures.rounded(figure.timesExact)));
            }
        }
        options.print(console, "Energy distances of all pairs", table);
    }

    private static Number share(Figure figure, double quantile) {
        return Figures.rounded(Figures.quantile(figure.shares, quantile));
    }

    private static Map<String, Object> json(Figure figure) {
        boolean comparable = figure.shares != null;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("clouds", figure.problem.name);
        row.put("distance", figure.problem.distance());
        row.put("method", figure.method);
        row.put("is", figure.kind);
        row.put("share5", comparable ? Figures.quantile(figure.shares, 0.05) : null);
        row.put("share50", comparable ? Figures.quantile(figure.shares, 0.5) : null);
        row.put("share95", comparable ? Figures.quantile(figure.shares, 0.95) : null);
        row.put("spearman", figure.spearman);
        row.put("largestError", comparable ? figure.largestError : null);
        row.put("microsPerPair", figure.pairMicros);
        row.put("timesExact", figure.timesExact);
        row.put("microsPerCloud", figure.cloudMicros);
        return row;
    }
}
