package dev.sot.procedures.compression;

import dev.sot.formats.JsonMap;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.meta.Version;
import dev.sot.procedures.runtime.ContentHash;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CircuitSource;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.SupernodeRecord;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.OwnGraph;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.SupportMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Computes a compression once and returns, summarises or stores it. */
final class Compress {

    /**
     * What the id of a compression tells otherwise, and what changes nothing. Of what decides how
     * many, the number tells enough.
     */
    private static final Set<String> NAMED =
            Set.of(
                    "id",
                    "distance",
                    "space",
                    "order",
                    "grouping",
                    "targetSize",
                    "targetRatio",
                    "size",
                    "concurrency");

    /** Digits of a hash that tell what one user selects apart. */
    private static final int SELECTION_DIGITS = 8;

    private final Session session;
    private final CompressConfig config;
    private final Heap heap;
    private final Compressed compressed;
    private final Stopwatch stopwatch = new Stopwatch();

    private Compress(Session session, CompressConfig config, CircuitSource source) {
        this.session = session;
        this.config = config;
        this.heap = session.heap();
        this.compressed = new Compressor(session, heap, config).run(source);
        stopwatch.lap();
    }

    /**
     * The compression of what the first argument and the configuration name; without a name those
     * of all circuits, each computed as it is asked for.
     */
    static Stream<Compress> of(Session session, CompressConfig config, Object circuit) {
        List<CircuitSource> sources = sources(session, config, circuit);
        if (sources.size() > 1 && config.id().isPresent()) {
            throw new ConfigurationException(
                    config.procedure()
                            + ": configuration key `id` names one compression, but there are "
                            + sources.size()
                            + " circuits; name one circuit as the first argument");
        }
        return sources.stream().map(source -> new Compress(session, config, source));
    }

    /** What is compressed: by default what the compression of a stored dendrogram is one of. */
    private static List<CircuitSource> sources(
            Session session, CompressConfig config, Object circuit) {
        return CircuitSource.of(
                session.tx(),
                config.procedure(),
                config.dendrogram().isPresent() && (circuit == null || "".equals(circuit))
                        ? StoredCompression.compressed(config.dendrogram().get())
                        : circuit,
                config.own());
    }

    /** What compressing would take. */
    static Stream<CompressEstimate> estimate(
            Session session, CompressConfig config, Object circuit) {
        return each(
                session,
                config,
                circuit,
                (compressor, loaded) -> Stream.of(compressor.estimate(loaded)));
    }

    /** The merges of the hierarchies. */
    static Stream<MergeRow> dendrogram(Session session, CompressConfig config, Object circuit) {
        return each(
                session,
                config,
                circuit,
                (compressor, loaded) -> compressor.hierarchy(loaded).rows(loaded.name()));
    }

    /** All cuts of the hierarchies. */
    static Stream<SizeRow> sizes(Session session, CompressConfig config, Object circuit) {
        return each(
                session,
                config,
                circuit,
                (compressor, loaded) -> SizeRow.of(loaded.name(), compressor.curve(loaded)));
    }

    private static <T> Stream<T> each(
            Session session,
            CompressConfig config,
            Object circuit,
            BiFunction<Compressor, LoadedCircuit, Stream<T>> rows) {
        return sources(session, config, circuit).stream()
                .flatMap(
                        source -> {
                            try (Heap heap = session.heap()) {
                                return rows.apply(
                                        new Compressor(session, heap, config),
                                        source.load(session, heap));
                            }
                        });
    }

    CompressResult stats() {
        try (heap) {
            noteGroundCost();
            return new CompressResult(null, compressed, stopwatch.lap(), config);
        }
    }

    Stream<SupernodeRow> stream() {
        try (heap) {
            List<SupernodeRecord> records = describe();
            return IntStream.range(0, records.size())
                    .mapToObj(
                            rank ->
                                    new SupernodeRow(
                                            rank, records.get(rank), compressed.circuit()));
        }
    }

    CompressResult write() {
        try (heap) {
            return written();
        }
    }

    private CompressResult written() {
        SchemaStore.require(session.tx());
        String id = config.id().orElseGet(this::name);
        noteGroundCost();
        CompressResult result = new CompressResult(id, compressed, 0, config);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("configuration", JsonMap.write(config.effective()));
        properties.put("method", config.grouping().name());
        properties.put("distance", Configuration.name(config.distance().measure()));
        properties.put("level", result.level);
        compressed
                .space()
                .ifPresent(
                        space -> {
                            properties.put("space", space.getProperty("name"));
                            properties.put("spaceHash", space.getProperty("contentHash"));
                        });
        compressed
                .items()
                .clouds()
                .ifPresent(
                        clouds -> {
                            properties.put("order", config.distance().wasserstein().order());
                            properties.put(
                                    "groundCost",
                                    config.distance().wasserstein().groundCostName(clouds.space()));
                            properties.putAll(supports(clouds));
                        });
        properties.put("sizeRule", result.sizeRule);
        properties.put("circuitHashes", StoredCompression.hashes(compressed.circuit()));
        properties.put("pluginVersion", Version.get());
        config.dendrogram().ifPresent(d -> properties.put("dendrogramOf", d.getProperty("id")));
        compressed.grouped().hierarchy().ifPresent(h -> properties.putAll(h.properties()));
        properties.put("featureSupernodes", result.featureSupernodes);
        properties.put("silhouette", result.silhouette);
        properties.put("removedSuperedges", result.removedSuperedges);
        properties.put("removedMass", result.removedMass);
        List<SupernodeRecord> supernodes =
                CollapseFigures.ofSupernodes(
                        session, compressed.circuit(), compressed.quotient(), describe());
        properties.putAll(
                CollapseFigures.ofCompression(
                        session, compressed.circuit(), compressed.quotient(), supernodes));
        CompressionStore.write(
                session, id, compressed.circuit(), supernodes, compressed.superedges(), properties);
        return new CompressResult(id, compressed, stopwatch.lap(), config);
    }

    private void noteGroundCost() {
        compressed
                .items()
                .clouds()
                .ifPresent(
                        clouds ->
                                config.distance()
                                        .wasserstein()
                                        .note(clouds.space(), config.effective()));
    }

    /** How the distributions were made that were compared. */
    private Map<String, Object> supports(ItemClouds clouds) {
        if (compressed.items().items().level() == Level.NODE) {
            return Map.of(
                    "supportMethods",
                    new String[] {Configuration.name(SupportMethod.QUANTIZED)},
                    "supportSizes",
                    new int[] {config.distance().supportSize()});
        }
        return DistributionStore.provenance(
                session, compressed.items().items().features(), clouds.spaceName());
    }

    /** The id of a compression that is not given one. */
    private String name() {
        return compressed.circuit().name()
                + "/"
                + compressed.spaceName().map(space -> space + "-").orElse("")
                + config.distance().name()
                + "-"
                + config.grouping().shortName()
                + "-"
                + compressed.grouped().count()
                + differences()
                + selection();
    }

    /** What selects a graph of the user's own, since several can go by one name. */
    private String selection() {
        Map<String, Object> keys = new TreeMap<>(config.effective());
        keys.keySet().retainAll(OwnGraph.KEYS);
        return keys.isEmpty()
                ? ""
                : "-graph=" + ContentHash.of(JsonMap.write(keys)).substring(0, SELECTION_DIGITS);
    }

    /** Whether the id tells a key's value without naming it. */
    private boolean isNamed(String key) {
        GroupingChoice.Method method = config.grouping().method();
        return switch (key) {
            // Only hierarchies are called by their linkage.
            case "linkage" -> method == GroupingChoice.Method.HIERARCHICAL;
            // There it is what pairs are held against, and not only what decides how many.
            case "maxDistance" -> method != GroupingChoice.Method.CORRELATION_CLUSTERING;
            default -> NAMED.contains(key) || OwnGraph.KEYS.contains(key);
        };
    }

    /** What else differs from the defaults, so that no other compression has the same id. */
    private String differences() {
        Map<String, Object> usual =
                CompressConfig.of(
                                "sot.compress",
                                Map.of(
                                        "distance",
                                        Configuration.name(config.distance().measure()),
                                        "grouping",
                                        Configuration.name(config.grouping().method())))
                        .effective();
        compressed
                .items()
                .clouds()
                .ifPresent(c -> DistanceConfig.in(Optional.empty()).note(c.space(), usual));
        return new TreeMap<>(config.effective())
                .entrySet().stream()
                        .filter(e -> !isNamed(e.getKey()))
                        .filter(e -> !e.getValue().equals(usual.get(e.getKey())))
                        .map(e -> "-" + e.getKey() + difference(e.getValue()))
                        .collect(Collectors.joining());
    }

    private static String difference(Object value) {
        if (value.equals(true)) {
            return "";
        }
        return "="
                + (value instanceof List
                        ? Integer.toHexString(value.hashCode())
                        : value.toString());
    }

    private List<SupernodeRecord> describe() {
        return new Describer(session, compressed.items()).describe(compressed.supernodes());
    }
}
