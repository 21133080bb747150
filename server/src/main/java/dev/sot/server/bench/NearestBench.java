package dev.sot.server.bench;

import dev.sot.server.Console;
import dev.sot.server.Installation;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.transport.Cloud;
import dev.sot.transport.Distribution;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.Wasserstein;
import dev.sot.transport.Workers;
import dev.sot.transport.search.NearestNeighbours;
import dev.sot.transport.search.NeighbourQuery;
import dev.sot.transport.search.NeighbourTable;
import dev.sot.transport.search.Neighbours;
import dev.sot.transport.search.SearchCounts;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench nearest}: what an exact search of nearest neighbours costs. */
@Command(
        name = "nearest",
        description = {
            "Exact nearest neighbours of all features of one dictionary among those of another.",
            "Kinds: clustered, clouds around shared topics; tiled, the features of import/demo,"
                    + " lower layers against upper, each copy on points moved by noise; shared,"
                    + " copies on the same points with half of the firings and other weights.",
            "Seconds are those of the search, with all threads and garbage collection; preparing"
                    + " the clouds comes before. Shown as shares of all pairs is what each stage"
                    + " excluded.",
            "Some features of either side are compared with all exact distances. Exit code 1 if a"
                    + " neighbour or a distance differs in the last bit."
        })
final class NearestBench implements Callable<Integer> {
    private enum Kind {
        clustered,
        tiled,
        shared
    }

    private final Console console;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "clustered,tiled,shared",
            description = "Features (default: ${DEFAULT-VALUE}).")
    private List<Kind> kinds;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "N",
            defaultValue = "2048,4096,8192,16384",
            description = "Features of either dictionary (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(
            names = "--orders",
            split = ",",
            paramLabel = "P",
            defaultValue = "1,2",
            description = "Orders of the distance (default: ${DEFAULT-VALUE}).")
    private List<Integer> orders;

    @Option(
            names = "--support",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most points of a feature (default: ${DEFAULT-VALUE}).")
    private int support;

    @Option(
            names = "--dimension",
            paramLabel = "D",
            defaultValue = "64",
            description = "Coordinates of a point (default: ${DEFAULT-VALUE}).")
    private int dimension;

    @Option(
            names = "--k",
            paramLabel = "K",
            defaultValue = "5",
            description = "Neighbours of a feature (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--budget",
            paramLabel = "N",
            description = "Most exact distances a feature (default: as many as a proof takes).")
    private int budget = NeighbourQuery.ALL;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--compare",
            paramLabel = "N",
            defaultValue = "1024",
            description =
                    "Features of either side whose distances are all computed, to compare"
                            + " (default: ${DEFAULT-VALUE}).")
    private int compared;

    @Mixin private BenchOptions options;

    NearestBench(Console console) {
        this.console = console;
    }

    private record Figure(
            Kind kind,
            int order,
            int size,
            double prepareSeconds,
            double seconds,
            double cpuSeconds,
            double proved,
            SearchCounts counts,
            long estimatedBytes) {}

    private record Check(Kind kind, int order, int features, int differing, double seconds) {}

    @Override
    public Integer call() {
        check();
        List<Figure> figures = new ArrayList<>();
        List<Check> checks = new ArrayList<>();
        for (Kind kind : kinds) {
            Dictionaries dictionaries = draw(kind);
            for (int order : orders) {
                measure(kind, dictionaries, order, figures, checks);
            }
        }
        print(figures, checks);
        options.writeJson(figures.stream().map(this::json).toList());
        return checks.stream().allMatch(check -> check.differing == 0) ? 0 : Main.FAILED;
    }

    private void check() {
        options.check();
        if (sizes.stream().anyMatch(size -> size < 1)
                || support < 1
                || dimension < 1
                || k < 1
                || budget < 1
                || compared < 1
                || concurrency < 1) {
            throw new UsageException(
                    "--sizes, --support, --dimension, --k, --budget, --concurrency and --compare"
                            + " take numbers from 1 on.");
        }
        if (orders.stream().anyMatch(order -> order != 1 && order != 2)) {
            throw new UsageException("--orders takes 1 and 2.");
        }
    }

    private Dictionaries draw(Kind kind) {
        int largest = sizes.stream().mapToInt(size -> size).max().orElseThrow();
        console.messages().println(kind + ": drawing 2 x " + largest + " features");
        if (kind == Kind.clustered) {
            return Dictionaries.clustered(largest, support, dimension, options.seed());
        }
        RecordedFeatures recorded =
                RecordedFeatures.read(
                        Installation.current().demonstrationData().resolve("bundle"),
                        dimension,
                        support);
        return kind == Kind.tiled
                ? Dictionaries.tiled(recorded, largest, options.seed())
                : Dictionaries.shared(recorded, largest, support, options.seed());
    }

    private void measure(
            Kind kind,
            Dictionaries dictionaries,
            int order,
            List<Figure> figures,
            List<Check> checks) {
        long start = System.nanoTime();
        Geometry geometry = new Geometry(dictionaries.points(), GroundCost.EUCLIDEAN, order);
        List<Cloud> sources = clouds(geometry, dictionaries.sources());
        List<Cloud> targets = clouds(geometry, dictionaries.targets());
        double prepareSeconds = secondsSince(start);
        checks.add(compare(kind, geometry, sources, targets));
        for (int size : sizes) {
            console.messages().println(kind + ", order " + order + ", " + size + " features");
            Figure figure =
                    search(
                            kind,
                            geometry,
                            sources.subList(0, size),
                            targets.subList(0, size),
                            prepareSeconds);
            // The tables come last, and a long run may be ended before.
            console.messages()
                    .printf(
                            Locale.ROOT,
                            "  %s s, %s s of processor time, %s %% proved%n",
                            Figures.rounded(figure.seconds),
                            Figures.rounded(figure.cpuSeconds),
                            Figures.rounded(100 * figure.proved));
            figures.add(figure);
        }
    }

    private List<Cloud> clouds(Geometry geometry, List<Distribution> distributions) {
        Cloud[] clouds = new Cloud[distributions.size()];
        Workers.run(
                clouds.length,
                concurrency,
                Monitor.NONE,
                monitor -> i -> clouds[i] = geometry.cloud(distributions.get(i)));
        return List.of(clouds);
    }

    private Figure search(
            Kind kind,
            Geometry geometry,
            List<Cloud> sources,
            List<Cloud> targets,
            double prepareSeconds) {
        double cpu = processSeconds();
        long start = System.nanoTime();
        NeighbourTable found =
                NearestNeighbours.between(geometry, sources, targets)
                        .find(query(), concurrency, Monitor.NONE);
        double seconds = secondsSince(start);
        return new Figure(
                kind,
                geometry.order(),
                sources.size(),
                prepareSeconds,
                seconds,
                processSeconds() - cpu,
                (double) found.proved() / sources.size(),
                found.counts(),
                NearestNeighbours.estimate(
                        geometry.cost(),
                        geometry.order(),
                        geometry.points().size(),
                        geometry.points().dimension(),
                        sources.size(),
                        targets.size(),
                        targets.stream().mapToLong(Cloud::size).sum(),
                        k,
                        concurrency));
    }

    private NeighbourQuery query() {
        return NeighbourQuery.nearest(k).withBudget(budget);
    }

    /** Counts the rows of a search among the first features that differ from all distances. */
    private Check compare(
            Kind kind, Geometry geometry, List<Cloud> allSources, List<Cloud> allTargets) {
        int size = Math.min(compared, allSources.size());
        console.messages()
                .println(kind + ", order " + geometry.order() + ", all distances of " + size);
        List<Cloud> sources = allSources.subList(0, size);
        List<Cloud> targets = allTargets.subList(0, size);
        List<Neighbours> found =
                NearestNeighbours.between(geometry, sources, targets)
                        .find(query(), concurrency, Monitor.NONE)
                        .rows();
        boolean[] differs = new boolean[size];
        long start = System.nanoTime();
        Workers.run(
                size,
                concurrency,
                Monitor.NONE,
                monitor -> {
                    Wasserstein wasserstein = new Wasserstein(geometry, monitor);
                    return f ->
                            differs[f] =
                                    found.get(f).proved()
                                            && differs(
                                                    found.get(f),
                                                    wasserstein,
                                                    sources.get(f),
                                                    targets);
                });
        int differing = (int) IntStream.range(0, size).filter(f -> differs[f]).count();
        return new Check(kind, geometry.order(), size, differing, secondsSince(start));
    }

    private static boolean differs(
            Neighbours found, Wasserstein wasserstein, Cloud source, List<Cloud> targets) {
        double[] distance =
                targets.stream().mapToDouble(t -> wasserstein.distance(source, t)).toArray();
        int[] order =
                IntStream.range(0, distance.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer t) -> distance[t]))
                        .limit(found.size())
                        .mapToInt(t -> t)
                        .toArray();
        double[] least = Arrays.stream(order).mapToDouble(t -> distance[t]).toArray();
        return !Arrays.equals(order, found.targets()) || !Arrays.equals(least, found.distances());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double processSeconds() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e9;
    }

    private void print(List<Figure> figures, List<Check> checks) {
        TextTable times =
                new TextTable(
                        List.of(
                                "kind",
                                "order",
                                "features",
                                "prepare s",
                                "search s",
                                "cpu s",
                                "ns a pair",
                                "proved %"));
        TextTable stages =
                new TextTable(
                        List.of(
                                "kind",
                                "order",
                                "features",
                                "summary %",
                                "potential %",
                                "dual %",
                                "exact %",
                                "dual a feature",
                                "exact a feature"));
        for (Figure figure : figures) {
            SearchCounts counts = figure.counts;
            double percent = 100.0 / counts.pairs();
            times.add(
                    List.of(
                            figure.kind.name(),
                            figure.order,
                            figure.size,
                            Figures.rounded(figure.prepareSeconds),
                            Figures.rounded(figure.seconds),
                            Figures.rounded(figure.cpuSeconds),
                            Figures.rounded(figure.cpuSeconds * 1e9 / counts.pairs()),
                            Figures.rounded(100 * figure.proved)));
            stages.add(
                    List.of(
                            figure.kind.name(),
                            figure.order,
                            figure.size,
                            Figures.rounded(percent * counts.excludedBySummary()),
                            Figures.rounded(percent * counts.excludedByPotential()),
                            Figures.rounded(percent * counts.excludedByDual()),
                            Figures.rounded(percent * counts.exact()),
                            Figures.rounded((double) counts.dualBounds() / figure.size),
                            Figures.rounded((double) counts.exact() / figure.size)));
        }
        options.print(
                console,
                String.format(
                        Locale.ROOT,
                        "Nearest %d of as many features as there are, at most %d points of"
                                + " dimension %d, %d threads",
                        k,
                        support,
                        dimension,
                        concurrency),
                times);
        options.print(console, "Share of the pairs that each stage excluded or solved", stages);
        TextTable compared =
                new TextTable(List.of("kind", "order", "features", "differing", "all distances s"));
        for (Check check : checks) {
            compared.add(
                    List.of(
                            check.kind.name(),
                            check.order,
                            check.features,
                            check.differing,
                            Figures.rounded(check.seconds)));
        }
        options.print(console, "Rows that differ from all exact distances", compared);
    }

    private Map<String, Object> json(Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", figure.kind);
        row.put("order", figure.order);
        row.put("features", figure.size);
        row.put("support", support);
        row.put("d", dimension);
        row.put("k", k);
        row.put("threads", concurrency);
        row.put("seed", options.seed());
        row.put("prepareSeconds", figure.prepareSeconds);
        row.put("searchSeconds", figure.seconds);
        row.put("cpuSeconds", figure.cpuSeconds);
        row.put("provedShare", figure.proved);
        row.put("pairs", figure.counts.pairs());
        row.put("excludedBySummary", figure.counts.excludedBySummary());
        row.put("excludedByPotential", figure.counts.excludedByPotential());
        row.put("excludedByDual", figure.counts.excludedByDual());
        row.put("exact", figure.counts.exact());
        row.put("open", figure.counts.open());
        row.put("dualBounds", figure.counts.dualBounds());
        row.put("estimatedBytes", figure.estimatedBytes);
        return row;
    }
}
