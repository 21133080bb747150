package dev.sot.server.bench;

import dev.sot.formats.ActivationBundle;
import dev.sot.formats.FormatException;
import dev.sot.formats.ReadListener;
import dev.sot.server.Console;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.GroundCost;
import dev.sot.transport.Monitor;
import dev.sot.transport.PointTable;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.Support;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.Moments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sot bench supports}: how near distances of bounded supports are to those of all firings.
 */
@Command(
        name = "supports",
        description = {
            "Exact distances of pairs of features of an activation bundle, with supports of few"
                    + " points, sampled and quantized, beside those with all firings: the median"
                    + " and the 95th percentile of the relative difference over all pairs of"
                    + " features drawn at random, and the mean W1 between a support and all"
                    + " firings.",
            "The space is the whitened principal one of the bundle's last layer with states. Exit"
                    + " code 1 if a bracket does not hold the distance with all firings."
        })
final class SupportsBench implements Callable<Integer> {

    private static final double ROUNDING = 1e-6;

    private final Console console;

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            defaultValue = "import/demo/bundle",
            description = "An activation bundle (default: ${DEFAULT-VALUE}).")
    private Path bundle;

    @Option(
            names = "--dimensions",
            split = ",",
            paramLabel = "D",
            defaultValue = "16,64",
            description = "Coordinates of a point (default: ${DEFAULT-VALUE}).")
    private List<Integer> dimensions;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "N",
            defaultValue = "8,16,32,64,128",
            description = "Points of a support (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "24",
            description = "Features drawn (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "1500",
            description =
                    "Firings of a feature at most; at least one more than the largest support"
                            + " (default: ${DEFAULT-VALUE}).")
    private int most;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin private BenchOptions options;

    SupportsBench(Console console) {
        this.console = console;
    }

    /**
     * A figure.
     *
     * @param error mean W1 between support and all firings
     * @param median of the relative difference, for W1 and W2
     * @param high its 95th percentile
     * @param outside pairs whose bracket misses
     */
    private record Figure(
            int dimension,
            int size,
            SupportMethod method,
            double error,
            double[] median,
            double[] high,
            int outside) {}

    @Override
    public Integer call() {
        check();
        List<Figure> figures = new ArrayList<>();
        try {
            ActivationBundle opened =
                    ActivationBundle.open(bundle, bundle.toString(), ReadListener.NONE);
            BitSet excluded = excluded(opened);
            List<Firings> drawn = draw(opened, excluded);
            for (int dimension : dimensions) {
                figures.addAll(measure(drawn, points(opened, excluded, dimension), dimension));
            }
        } catch (FormatException e) {
            throw new UsageException(e.getMessage() + "; --bundle names another.", e);
        }
        print(figures);
        options.writeJson(figures.stream().map(this::json).toList());
        return figures.stream().allMatch(figure -> figure.outside == 0) ? 0 : Main.FAILED;
    }

    private void check() {
        options.check();
        if (features < 2) {
            throw new UsageException("--features takes numbers from 2 on.");
        }
        if (threads < 1
                || dimensions.stream().anyMatch(d -> d < 1)
                || sizes.stream().anyMatch(n -> n < 1)) {
            throw new UsageException("--dimensions, --sizes and --threads take numbers from 1 on.");
        }
    }

    private static BitSet excluded(ActivationBundle bundle) {
        BitSet excluded = new BitSet();
        if (bundle.firstTokenIsSink()) {
            bundle.forEachPosition(
                    (index, prompt, position, id, token) -> excluded.set(index, position == 0));
        }
        return excluded;
    }

    private List<Firings> draw(ActivationBundle bundle, BitSet excluded) {
        int fewest = Collections.max(sizes) + 1;
        List<Firings> fitting = new ArrayList<>();
        for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
            for (ActivationBundle.DictionaryLayer layer : dictionary.layers()) {
                bundle.readActivations(
                        dictionary.name(),
                        layer.layer(),
                        (feature, positions, values) ->
                                Firings.of(
                                                dictionary.name()
                                                        + "/"
                                                        + layer.layer()
                                                        + "/"
                                                        + feature,
                                                positions,
                                                values,
                                                excluded)
                                        .filter(f -> f.size() >= fewest && f.size() <= most)
                                        .ifPresent(fitting::add));
            }
        }
        if (fitting.size() < features) {
            throw new UsageException(
                    String.format(
                            Locale.ROOT,
                            "Only %d features fire on %d to %d positions; ask for fewer --features"
                                    + " or smaller --sizes.",
                            fitting.size(),
                            fewest,
                            most));
        }
        Collections.shuffle(fitting, new Random(options.seed()));
        return List.copyOf(fitting.subList(0, features));
    }

    private static PointTable points(ActivationBundle bundle, BitSet excluded, int dimension) {
        ActivationBundle.States states =
                bundle.states().stream()
                        .max(Comparator.comparingInt(ActivationBundle.States::layer))
                        .orElseThrow(() -> new UsageException("The bundle has no states."));
        Moments moments = new Moments(states.dimension(), Backends.java(), 1, Monitor.NONE);
        float[] rows = new float[bundle.positions() * states.dimension()];
        bundle.readStates(
                states.layer(),
                1024,
                (start, count, width, values) -> {
                    int first = Math.toIntExact(start);
                    System.arraycopy(values, 0, rows, first * width, count * width);
                    for (int row = 0; row < count; row++) {
                        if (!excluded.get(first + row)) {
                            moments.add(values, row * width);
                        }
                    }
                });
        PrincipalSpace space =
                PrincipalSpace.of(moments, dimension, true, Backends.java(), 1, Monitor.NONE);
        return new PointTable(
                space.dimension(),
                space.project(rows, bundle.positions(), Backends.java(), 1, Monitor.NONE));
    }

    private List<Figure> measure(List<Firings> drawn, PointTable points, int dimension) {
        Geometry[] geometries = {
            new Geometry(points, GroundCost.EUCLIDEAN, 1),
            new Geometry(points, GroundCost.EUCLIDEAN, 2)
        };
        List<Distribution> all = drawn.stream().map(Firings::distribution).toList();
        double[][] full = new double[2][];
        for (int order = 1; order <= 2; order++) {
            console.messages().println("dimension " + dimension + ", all firings, W" + order);
            full[order - 1] = distances(geometries[order - 1], all);
        }
        List<Figure> figures = new ArrayList<>();
        for (int size : sizes) {
            for (SupportMethod method : List.of(SupportMethod.SAMPLED, SupportMethod.QUANTIZED)) {
                List<Support> kept =
                        new SupportBuilder(method, size, options.seed())
                                .build(drawn, points, threads, Monitor.NONE);
                figures.add(compare(kept, geometries, full, dimension, size, method));
            }
        }
        return figures;
    }

    private double[] distances(Geometry geometry, List<Distribution> distributions) {
        return DistanceMatrix.compute(
                        distributions.stream().map(geometry::cloud).toList(),
                        geometry,
                        threads,
                        Monitor.NONE)
                .condensed();
    }

    private Figure compare(
            List<Support> kept,
            Geometry[] geometries,
            double[][] full,
            int dimension,
            int size,
            SupportMethod method) {
        List<Distribution> distributions = kept.stream().map(Support::distribution).toList();
        double[] median = new double[2];
        double[] high = new double[2];
        int outside = 0;
        for (int order = 1; order <= 2; order++) {
            double[] between = distances(geometries[order - 1], distributions);
            double[] differences = new double[between.length];
            int pair = 0;
            for (int i = 0; i < kept.size(); i++) {
                for (int j = i + 1; j < kept.size(); j++) {
                    double whole = full[order - 1][pair];
                    double difference = Math.abs(between[pair] - whole);
                    double bound =
                            kept.get(i).error().orElseThrow().of(order)
                                    + kept.get(j).error().orElseThrow().of(order);
                    outside += difference > bound + ROUNDING * whole ? 1 : 0;
                    differences[pair++] = difference / whole;
                }
            }
            Arrays.sort(differences);
            median[order - 1] = Figures.median(differences);
            high[order - 1] = differences[(int) Math.ceil(0.95 * differences.length) - 1];
        }
        double error =
                kept.stream()
                        .mapToDouble(s -> s.error().orElseThrow().order1())
                        .average()
                        .orElseThrow();
        return new Figure(dimension, size, method, error, median, high, outside);
    }

    private void print(List<Figure> figures) {
        TextTable table =
                new TextTable(
                        List.of(
                                "dimension",
                                "points",
                                "support",
                                "W1 to all firings",
                                "W1 median %",
                                "W1 95th %",
                                "W2 median %",
                                "W2 95th %"));
        for (Figure figure : figures) {
            table.add(
                    List.of(
                            figure.dimension,
                            figure.size,
                            name(figure.method),
                            Figures.rounded(figure.error),
                            Figures.rounded(100 * figure.median[0]),
                            Figures.rounded(100 * figure.high[0]),
                            Figures.rounded(100 * figure.median[1]),
                            Figures.rounded(100 * figure.high[1])));
        }
        options.print(
                console,
                String.format(
                        Locale.ROOT,
                        "Differences from the distances of all firings, %d pairs of %d features"
                                + " that fire on %d to %d positions of %s",
                        features * (features - 1) / 2,
                        features,
                        Collections.max(sizes) + 1,
                        most,
                        bundle),
                table);
        for (Figure figure : figures) {
            if (figure.outside > 0) {
                console.messages()
                        .printf(
                                Locale.ROOT,
                                "sot: %d brackets miss at dimension %d, %d points, %s.%n",
                                figure.outside,
                                figure.dimension,
                                figure.size,
                                name(figure.method));
            }
        }
    }

    private Map<String, Object> json(Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("d", figure.dimension);
        row.put("n", figure.size);
        row.put("support", name(figure.method));
        row.put("supportError1", figure.error);
        row.put("w1Median", figure.median[0]);
        row.put("w1High", figure.high[0]);
        row.put("w2Median", figure.median[1]);
        row.put("w2High", figure.high[1]);
        row.put("features", features);
        row.put("seed", options.seed());
        return row;
    }

    private static String name(SupportMethod method) {
        return method.name().toLowerCase(Locale.ROOT);
    }
}
