package dev.sot.procedures.compression;

import dev.sot.procedures.compression.StabilityConfig.Factor;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.distance.NodeClouds.Recipe;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitSource;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Bootstrap;
import dev.sot.transport.Cloud;
import dev.sot.transport.DistanceMatrix;
import dev.sot.transport.Spread;
import dev.sot.transport.SupportMethod;
import dev.sot.transport.circuit.Pruning;
import dev.sot.transport.cluster.Agreement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/**
 * Compresses a circuit again and again, with one choice changed each time, and compares the
 * partitions of its nodes. Nothing is stored.
 */
final class Stability {

    private static final String PROCEDURE = "sot.compress.stability";

    /** Seeds tried of each thing that has one. */
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    /** Numbers of groups tried, as shares of the base's. */
    private static final List<Double> SIZES = List.of(0.8, 1.25);

    /** Shares of influence kept by pruning. */
    private static final List<Double> SHARES = List.of(0.95, 0.8);

    private final Session session;
    private final StabilityConfig config;
    private final CompressConfig how;
    private final LoadedCircuit circuit;
    private final ItemDistances base;
    private final int groups;
    private final int[] partition;
    private final List<Agreement> resampled = new ArrayList<>();

    /** A partition made in another way: the group of each node, -1 for none. */
    @FunctionalInterface
    private interface Way {
        int[] groups(Heap heap);
    }

    private record Variant(Factor factor, String name, Way way) {}

    private Stability(Session session, StabilityConfig config, CircuitSource source, Heap heap) {
        this.session = session;
        this.config = config;
        this.circuit = source.load(session, heap);
        CompressConfig asked = config.compress();
        this.base = new Compressor(session, heap, asked).distances(circuit);
        Grouped grouped = new Grouper(session, heap, asked, base).group();
        this.groups = grouped.count();
        this.partition = byNode(base.set(), grouped.group());
        DistanceChoice distance = asked.distance().at(base.set().items().level());
        this.how =
                asked.with(
                        base.set()
                                .clouds()
                                .map(clouds -> distance.in(clouds.spaceName()))
                                .orElse(distance),
                        asked.grouping(),
                        asked.grouping().method().takesSize()
                                ? SizeChoice.exactly(groups)
                                : asked.size());
    }

    /** The base, and a row a variant as it is computed. */
    static Stream<StabilityRow> of(Session session, StabilityConfig config, Object circuit) {
        return CircuitSource.of(session.tx(), PROCEDURE, circuit, config.compress().own()).stream()
                .flatMap(
                        source -> {
                            Heap heap = session.heap();
                            return new Stability(session, config, source, heap)
                                    .rows()
                                    .onClose(heap::close);
                        });
    }

    private Stream<StabilityRow> rows() {
        List<Variant> variants = new ArrayList<>();
        seeds(variants);
        supports(variants);
        spaces(variants);
        sizes(variants);
        pruning(variants);
        bootstrap(variants);
        StabilityRow itself = row("base", "base", partition, Agreement.of(partition, partition));
        return Stream.of(
                        Stream.of(itself),
                        variants.stream().map(this::row),
                        Stream.of(this).flatMap(Stability::summary))
                .flatMap(rows -> rows);
    }

    private StabilityRow row(Variant variant) {
        session.monitor().check();
        try (Heap heap = session.heap()) {
            int[] other = variant.way().groups(heap);
            Agreement agreement = Agreement.of(other, partition);
            if (variant.factor() == Factor.BOOTSTRAP) {
                resampled.add(agreement);
            }
            return row(Configuration.name(variant.factor()), variant.name(), other, agreement);
        }
    }

    private StabilityRow row(String factor, String variant, int[] other, Agreement agreement) {
        return new StabilityRow(
                circuit.name(),
                factor,
                variant,
                Arrays.stream(other).filter(g -> g >= 0).distinct().count(),
                (long) agreement.n(),
                agreement.adjustedRand(),
                agreement.normalizedMutualInformation(),
                agreement.pairF1());
    }

    private Stream<StabilityRow> summary() {
        Map<String, ToDoubleFunction<Spread>> statistics = new LinkedHashMap<>();
        if (!resampled.isEmpty()) {
            statistics.put("mean", Spread::mean);
            statistics.put("p5", Spread::p5);
            statistics.put("p95", Spread::p95);
        }
        return statistics.entrySet().stream()
                .map(
                        statistic ->
                                new StabilityRow(
                                        circuit.name(),
                                        Configuration.name(Factor.BOOTSTRAP),
                                        statistic.getKey(),
                                        null,
                                        null,
                                        of(Agreement::adjustedRand, statistic.getValue()),
                                        of(
                                                Agreement::normalizedMutualInformation,
                                                statistic.getValue()),
                                        of(Agreement::pairF1, statistic.getValue())));
    }

    private double of(ToDoubleFunction<Agreement> figure, ToDoubleFunction<Spread> statistic) {
        return statistic.applyAsDouble(
                Spread.sorting(resampled.stream().mapToDouble(figure).toArray()));
    }

    private void seeds(List<Variant> variants) {
        if (!config.varies(Factor.SEED)) {
            return;
        }
        for (long seed : SEEDS) {
            if (comparesDistributions()) {
                variants.add(
                        new Variant(
                                Factor.SEED,
                                "sampled %d, seed %d".formatted(supportSize(), seed),
                                heap ->
                                        remade(
                                                heap,
                                                new Recipe(
                                                        SupportMethod.SAMPLED,
                                                        supportSize(),
                                                        seed,
                                                        Optional.empty()))));
            }
        }
        GroupingChoice grouping = how.grouping();
        for (long seed : SEEDS) {
            if (grouping.method().isRandom()) {
                variants.add(
                        new Variant(
                                Factor.SEED,
                                "grouping, seed " + seed,
                                heap ->
                                        grouped(
                                                heap,
                                                base,
                                                how.with(
                                                        how.distance(),
                                                        new GroupingChoice(
                                                                grouping.method(),
                                                                grouping.linkage(),
                                                                seed),
                                                        how.size()))));
            }
        }
    }

    private void supports(List<Variant> variants) {
        if (config.varies(Factor.SUPPORT) && comparesDistributions()) {
            int size = supportSize();
            for (int other : new int[] {Math.max(1, size / 2), size, 2 * size}) {
                variants.add(
                        new Variant(
                                Factor.SUPPORT,
                                "quantized " + other,
                                heap -> remade(heap, Recipe.quantized(other))));
            }
        }
    }

    private void spaces(List<Variant> variants) {
        if (!config.varies(Factor.SPACE) || !comparesDistributions()) {
            return;
        }
        for (Node space :
                SpaceStore.fitting(
                        session.tx(),
                        circuit.distinctFeatures().stream()
                                .map(f -> (String) f.getProperty("dictionary"))
                                .collect(Collectors.toSet()))) {
            String name = (String) space.getProperty("name");
            if (!Optional.of(name).equals(how.distance().wasserstein().space())) {
                variants.add(
                        new Variant(
                                Factor.SPACE,
                                name,
                                heap ->
                                        remade(
                                                heap,
                                                how.distance().in(name),
                                                Recipe.quantized(supportSize()))));
            }
        }
    }

    private void sizes(List<Variant> variants) {
        if (config.varies(Factor.SIZE) && how.grouping().method().takesSize()) {
            for (double share : SIZES) {
                int size = SizeChoice.scaled(groups, share, base.set().size());
                variants.add(
                        new Variant(
                                Factor.SIZE,
                                Integer.toString(size),
                                heap ->
                                        grouped(
                                                heap,
                                                base,
                                                how.with(
                                                        how.distance(),
                                                        how.grouping(),
                                                        SizeChoice.exactly(size)))));
            }
        }
    }

    private void pruning(List<Variant> variants) {
        if (!config.varies(Factor.PRUNING)) {
            return;
        }
        for (double share : SHARES) {
            variants.add(new Variant(Factor.PRUNING, "nodes " + share, heap -> nodes(heap, share)));
        }
        if (how.distance().measure().isStructure() || how.distance().withStructure()) {
            for (double share : SHARES) {
                variants.add(
                        new Variant(
                                Factor.PRUNING,
                                "links " + share,
                                heap ->
                                        grouped(
                                                heap,
                                                ItemDistances.of(
                                                        session,
                                                        heap,
                                                        circuit.with(
                                                                Pruning.links(
                                                                        circuit.graph(),
                                                                        circuit.influence(),
                                                                        share)),
                                                        how.distance(),
                                                        how.concurrency()),
                                                how)));
            }
        }
    }

    private void bootstrap(List<Variant> variants) {
        if (!config.varies(Factor.BOOTSTRAP) || !comparesDistributions()) {
            return;
        }
        Node corpus = SpaceStore.corpus(base.set().clouds().orElseThrow().space());
        int[] prompts = CorpusStore.promptLayout(session, corpus).prompts();
        int count = Math.toIntExact((Long) corpus.getProperty("prompts"));
        for (int resample = 0; resample < config.resamples(); resample++) {
            long seed = config.resampleSeed() + resample;
            variants.add(
                    new Variant(
                            Factor.BOOTSTRAP,
                            Integer.toString(resample + 1),
                            heap ->
                                    remade(
                                            heap,
                                            new Recipe(
                                                    SupportMethod.QUANTIZED,
                                                    supportSize(),
                                                    0,
                                                    Optional.of(
                                                            new Bootstrap(
                                                                    prompts, count, seed))))));
        }
    }

    private boolean comparesDistributions() {
        return base.set().clouds().isPresent();
    }

    /** Points of the base's distributions: as many as asked for, or as stored ones have. */
    private int supportSize() {
        return base.set().items().level() == Level.NODE
                ? how.distance().supportSize()
                : base.set().clouds().orElseThrow().clouds().stream()
                        .mapToInt(Cloud::size)
                        .max()
                        .orElseThrow();
    }

    private int[] remade(Heap heap, Recipe recipe) {
        return remade(heap, how.distance(), recipe);
    }

    /** Groups by distributions that are made anew from the recorded activations. */
    private int[] remade(Heap heap, DistanceChoice distance, Recipe recipe) {
        return grouped(
                heap,
                ItemDistances.of(
                        session,
                        heap,
                        base.set().items(),
                        distance,
                        how.concurrency(),
                        measures -> measures.made(recipe)),
                how.with(distance, how.grouping(), how.size()));
    }

    /** Groups the most influential nodes alone, by the distances that they have. */
    private int[] nodes(Heap heap, double share) {
        boolean[] kept = Pruning.features(circuit.graph(), circuit.influence(), share);
        ItemSet set = base.set();
        int[] places =
                IntStream.range(0, set.size())
                        .filter(
                                place ->
                                        Arrays.stream(set.items().members()[set.grouped()[place]])
                                                .anyMatch(v -> kept[v]))
                        .toArray();
        heap.take(8L * DistanceMatrix.length(places.length));
        int[] found =
                grouped(
                        heap,
                        new ItemDistances(
                                ItemSet.of(
                                        set.items(),
                                        Arrays.stream(places).map(p -> set.grouped()[p]).toArray(),
                                        set.clouds()),
                                DistanceMatrix.of(set.size(), base.condensed())
                                        .among(places)
                                        .condensed()),
                        how);
        return IntStream.range(0, found.length).map(v -> kept[v] ? found[v] : -1).toArray();
    }

    private int[] grouped(Heap heap, ItemDistances distances, CompressConfig by) {
        return byNode(distances.set(), new Grouper(session, heap, by, distances).group().group());
    }

    private int[] byNode(ItemSet set, int[] group) {
        int[] found = new int[circuit.nodes().size()];
        Arrays.fill(found, -1);
        for (int place = 0; place < group.length; place++) {
            for (int node : set.items().members()[set.grouped()[place]]) {
                found[node] = group[place];
            }
        }
        return found;
    }
}
