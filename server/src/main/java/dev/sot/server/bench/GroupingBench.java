package dev.sot.server.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sot.server.Console;
import dev.sot.server.Main;
import dev.sot.server.TextTable;
import dev.sot.server.UsageException;
import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import dev.sot.transport.cluster.Constraints;
import dev.sot.transport.cluster.Dendrogram;
import dev.sot.transport.cluster.HierarchicalClustering;
import dev.sot.transport.cluster.Linkage;
import dev.sot.transport.cluster.MergePolicy;
import dev.sot.transport.cluster.PartitionQuality;
import dev.sot.transport.cluster.SizeCurve;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sot bench grouping}: what grouping a circuit costs once its distances are known. */
@Command(
        name = "grouping",
        description = {
            "Hierarchical clustering by each linkage, the measures of all its cuts, and cuts within"
                    + " limits, on one thread. Distances are those of points about centres in 16"
                    + " dimensions, links lead from lower layers to higher ones.",
            "Shown is the last of the rounds. Exit code 1 if the silhouette of a cut differs from"
                    + " the one computed by itself by more than 1e-6."
        })
final class GroupingBench implements Callable<Integer> {

    private static final int DIMENSION = 16;
    private static final int LAYERS = 30;
    private static final double BUDGET = 0.05;

    private final OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final Console console;

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "N",
            defaultValue = "1000,3000,10000",
            description = "Nodes of the circuit (default: ${DEFAULT-VALUE}).")
    private List<Integer> nodes;

    @Option(
            names = "--links",
            paramLabel = "N",
            defaultValue = "100",
            description = "Links of the circuit for every node (default: ${DEFAULT-VALUE}).")
    private int links;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "2",
            description = "Turns of all work (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin private BenchOptions options;

    GroupingBench(Console console) {
        this.console = console;
    }

    private final Map<String, Map<Integer, Double>> seconds = new LinkedHashMap<>();
    private double difference;

    @Override
    public Integer call() {
        options.check();
        if (rounds < 1 || links < 1 || nodes.stream().anyMatch(n -> n < 4 * links || n > 40_000)) {
            throw new UsageException(
                    "--rounds and --links take numbers from 1, --nodes from 4 times the links to"
                            + " 40000.");
        }
        for (int n : nodes) {
            console.messages().println(n + " nodes");
            double[] distances = distances(n);
            CircuitGraph graph = graph(n);
            for (int round = 0; round < rounds; round++) {
                measure(n, distances, graph);
            }
        }
        List<String> header = new ArrayList<>(List.of("work"));
        nodes.forEach(n -> header.add(String.format(Locale.ROOT, "%,d nodes", n)));
        TextTable table = new TextTable(header);
        seconds.forEach(
                (work, figures) -> {
                    List<Object> cells = new ArrayList<>(List.of(work));
                    nodes.forEach(n -> cells.add(Figures.rounded(figures.get(n))));
                    table.add(cells);
                });
        options.print(
                console, "Seconds of processor time; " + links + " links for every node", table);
        options.writeJson(json());
        if (Figures.agree(difference)) {
            return 0;
        }
        console.messages().printf(Locale.ROOT, "sot: silhouettes differ by %.1e.%n", difference);
        return Main.FAILED;
    }

    private void measure(int n, double[] distances, CircuitGraph graph) {
        Dendrogram average = null;
        for (Linkage linkage : Linkage.values()) {
            double[] used = distances.clone();
            Dendrogram tree =
                    timed(
                            linkage.name().toLowerCase(Locale.ROOT) + " linkage",
                            n,
                            () ->
                                    HierarchicalClustering.cluster(
                                            used, n, linkage, Constraints.NONE, Monitor.NONE));
            average = linkage == Linkage.AVERAGE ? tree : average;
        }
        Dendrogram tree = average;
        int[] block = IntStream.range(0, n).toArray();
        SizeCurve curve =
                timed(
                        "measures of all cuts",
                        n,
                        () -> SizeCurve.of(distances, tree, graph, block, Monitor.NONE));
        int tenth = n / 10;
        PartitionQuality quality =
                timed(
                        "quality of one cut",
                        n,
                        () ->
                                PartitionQuality.of(
                                        distances, n, tree.cutToSize(tenth), Monitor.NONE));
        difference =
                Math.max(
                        difference,
                        Math.abs(
                                quality.silhouette() - curve.points().get(n - tenth).silhouette()));
        timed(
                "cut hiding at most 5 % of the weight",
                n,
                () ->
                        tree.cutToSize(
                                1, new MergePolicy(graph, block, n, BUDGET, false), Monitor.NONE));
        timed(
                "cut without cycles",
                n,
                () -> tree.cutToSize(1, new MergePolicy(graph, block, n, 1, true), Monitor.NONE));
    }

    private <T> T timed(String work, int n, Supplier<T> run) {
        long cpu = process.getProcessCpuTime();
        T result = run.get();
        seconds.computeIfAbsent(work, w -> new LinkedHashMap<>())
                .put(n, (process.getProcessCpuTime() - cpu) / 1e9);
        return result;
    }

    private double[] distances(int n) {
        Random random = new Random(options.seed());
        double[][] centres = new double[Math.max(2, n / 30)][DIMENSION];
        for (double[] centre : centres) {
            Arrays.setAll(centre, k -> 3 * random.nextGaussian());
        }
        double[][] points = new double[n][DIMENSION];
        for (double[] point : points) {
            double[] centre = centres[random.nextInt(centres.length)];
            Arrays.setAll(point, k -> centre[k] + random.nextGaussian());
        }
        double[] condensed = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double squares = 0;
                for (int k = 0; k < DIMENSION; k++) {
                    double apart = points[i][k] - points[j][k];
                    squares += apart * apart;
                }
                condensed[next++] = Math.sqrt(squares);
            }
        }
        return condensed;
    }

    private CircuitGraph graph(int n) {
        Random random = new Random(options.seed());
        NodeKind[] kinds = new NodeKind[n];
        Arrays.fill(kinds, NodeKind.FEATURE);
        int[] layer = random.ints(n, 0, LAYERS).toArray();
        int[] source = new int[n * links];
        int[] target = new int[n * links];
        double[] weight = new double[n * links];
        Set<Long> taken = new HashSet<>();
        int made = 0;
        while (made < weight.length) {
            int u = random.nextInt(n);
            int v = random.nextInt(n);
            if (layer[u] < layer[v] && taken.add((long) u * n + v)) {
                source[made] = u;
                target[made] = v;
                weight[made++] = Math.pow(random.nextGaussian(), 3);
            }
        }
        return new CircuitGraph(kinds, new double[n], source, target, weight);
    }

    private List<Map<String, Object>> json() {
        List<Map<String, Object>> rows = new ArrayList<>();
        seconds.forEach(
                (work, figures) ->
                        figures.forEach(
                                (n, cpu) -> {
                                    Map<String, Object> row = new LinkedHashMap<>();
                                    row.put("work", work);
                                    row.put("nodes", n);
                                    row.put("links", (long) n * links);
                                    row.put("cpuSeconds", cpu);
                                    row.put("seed", options.seed());
                                    rows.add(row);
                                }));
        return rows;
    }
}
