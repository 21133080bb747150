package dev.sot.procedures.corpus;

import dev.sot.formats.ExportedFeature;
import dev.sot.formats.FeatureExport;
import dev.sot.formats.ShownFirings;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.ContentHash;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.ImportDirectory;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.FeatureStore;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.PostStratification;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.neo4j.graphdb.Node;

/**
 * Imports features as dashboards show them: every window of text in which a feature fires becomes a
 * prompt of a corpus without hidden states. Everything is read once to be checked, and once more to
 * be written, with one feature in memory.
 */
final class FeatureImport {

    private static final List<String> ENDINGS = List.of(".json", ".jsonl", ".json.gz", ".jsonl.gz");

    /** Positions and firings above which the corpus is written in batches. */
    private static final long SINGLE_TRANSACTION = 200_000;

    /**
     * Bytes of statistics that are held for each byte of their text, and of one feature at most.
     */
    private static final long STATISTICS_RATIO = 2;

    private static final long ONE_FEATURE = 64L << 20;

    private final Session session;
    private final ImportFeaturesConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Map<Path, FeatureExport.Kind> kinds = new TreeMap<>();
    private final List<Path> explanations = new ArrayList<>();
    private final Set<String> models = new TreeSet<>();
    private final Set<String> dictionaries = new TreeSet<>();
    private final Set<String> formats = new TreeSet<>();
    private int skipped;

    FeatureImport(Session session, ImportFeaturesConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    /** What an import counts. */
    static final class Counts {
        long features;
        long silentFeatures;
        long windows;
        long duplicateWindows;
        long silentWindows;
        long positions;
        long firings;
        long sinkFirings;
        long byHistogram;
        long byIntervals;
        long uncorrected;
        final List<Double> overRepresentation = new ArrayList<>();
        final List<Double> covered = new ArrayList<>();
    }

    /** How one feature's firings are weighted. */
    private record Correction(String method, PostStratification.Result result) {}

    ImportFeaturesResult run(String path) {
        ImportDirectory directory = session.importDirectory();
        for (Path file : directory.files(path, ENDINGS)) {
            FeatureExport.Kind kind =
                    FeatureExport.kind(
                            file, directory.name(file), (done, total) -> session.monitor().check());
            switch (kind) {
                case OTHER -> skipped++;
                case EXPLANATIONS -> explanations.add(file);
                default -> {
                    kinds.put(file, kind);
                    formats.add(
                            kind.name().startsWith("NEURONPEDIA")
                                    ? "neuronpedia"
                                    : kind == FeatureExport.Kind.SAE_DASHBOARD
                                            ? "saedashboard"
                                            : "probe-prompting");
                }
            }
        }
        if (kinds.isEmpty() && explanations.isEmpty()) {
            throw new ConfigurationException(
                    "sot.import.features: '"
                            + path
                            + "' holds no features of SAEDashboard or Neuronpedia and no dump of"
                            + " probe prompts");
        }
        try (Heap heap = session.heap()) {
            heap.take(
                    ONE_FEATURE
                            + STATISTICS_RATIO
                                    * kinds.entrySet().stream()
                                            .filter(
                                                    e ->
                                                            e.getValue()
                                                                    == FeatureExport.Kind
                                                                            .NEURONPEDIA_FEATURES)
                                            .mapToLong(e -> ImportDirectory.size(e.getKey()))
                                            .sum());
            Counts counts = new Counts();
            String hash = read(feature -> count(feature, counts));
            LabelImport labels =
                    new LabelImport(session, new ImportLabelsConfig(config.dictionary(), false));
            for (Path file : explanations) {
                labels.read(file, directory.name(file), label -> {});
            }
            requireOneModel();
            String name =
                    config.corpus()
                            .orElseGet(
                                    () ->
                                            dictionaries.isEmpty()
                                                    ? ""
                                                    : String.join("+", dictionaries));
            return Exclusive.run(
                    session, "corpus '" + name + "'", () -> write(name, hash, counts, labels));
        }
    }

    private void requireOneModel() {
        if (models.size() > 1) {
            throw new ConfigurationException(
                    "sot.import.features: the files are of several models, "
                            + models
                            + "; import them one by one");
        }
        if (config.dictionary().isPresent() && dictionaries.size() > 1) {
            throw new ConfigurationException(
                    "sot.import.features: the files are of several sets, and `dictionary` can name"
                            + " one only; import them one by one");
        }
    }

    private ImportFeaturesResult write(
            String name, String hash, Counts counts, LabelImport labels) {
        boolean corpus = !kinds.isEmpty();
        Node existing = corpus ? session.tx().findNode(Names.CORPUS, "name", name) : null;
        LabelImport.Counts labelled = new LabelImport.Counts();
        if (existing != null && (Boolean) existing.getProperty("complete", false)) {
            if (!hash.equals(existing.getProperty("contentHash"))) {
                throw new ConfigurationException(
                        "sot.import.features: the corpus '"
                                + name
                                + "' holds something else; pass {corpus: 'another name'}, or CALL"
                                + " sot.drop.corpus('"
                                + name
                                + "') first");
            }
            counts.positions = (Long) existing.getProperty("positions");
            counts.windows = (Long) existing.getProperty("prompts");
            return result(name, "unchanged", counts, 0, stopwatch.lap(), 0);
        }
        if (existing != null) {
            CorpusStore.delete(session, existing);
        }
        long checkMillis = stopwatch.lap();
        try (BatchWriter writer =
                BatchWriter.of(session, counts.positions + counts.firings > SINGLE_TRANSACTION)) {
            if (corpus) {
                new Writing(writer, name, hash).run(counts);
            }
            for (Path file : explanations) {
                labels.write(writer, file, session.importDirectory().name(file), labelled);
            }
            writer.finish();
        }
        return result(
                corpus ? name : null,
                "imported",
                counts,
                labelled.labels,
                checkMillis,
                stopwatch.lap());
    }

    private ImportFeaturesResult result(
            String name,
            String status,
            Counts counts,
            long labels,
            long checkMillis,
            long writeMillis) {
        return new ImportFeaturesResult(
                name,
                status,
                List.copyOf(formats),
                models.isEmpty() ? null : models.iterator().next(),
                List.copyOf(dictionaries),
                kinds.size() + explanations.size(),
                skipped,
                counts,
                labels,
                checkMillis,
                writeMillis);
    }

    /** Reads all features, statistics before windows, and returns the hash of it all. */
    private String read(FeatureExport.Sink sink) {
        FeatureExport export = new FeatureExport(sink);
        List<String> hashes = new ArrayList<>();
        hashes.add(config.toString());
        for (FeatureExport.Kind kind : FeatureExport.Kind.values()) {
            for (Map.Entry<Path, FeatureExport.Kind> file : kinds.entrySet()) {
                if (file.getValue() == kind) {
                    String shown = session.importDirectory().name(file.getKey());
                    hashes.add(
                            export.read(
                                    file.getKey(),
                                    shown,
                                    kind,
                                    (done, total) -> {
                                        session.monitor().check();
                                        session.monitor().progress("reading " + shown, done, total);
                                    }));
                }
            }
        }
        export.finish();
        return ContentHash.of(hashes.toArray(String[]::new));
    }

    private String dictionary(ExportedFeature feature) {
        return config.dictionary()
                .orElse(
                        feature.set().isEmpty()
                                ? feature.model()
                                : feature.model() + "/" + feature.set());
    }

    private void count(ExportedFeature feature, Counts counts) {
        session.monitor().check();
        models.add(feature.model());
        dictionaries.add(dictionary(feature));
        ShownFirings shown = ShownFirings.of(feature, config.context());
        counts.features++;
        counts.duplicateWindows += shown.duplicateWindows();
        counts.silentWindows += shown.silentWindows();
        counts.sinkFirings += shown.sinkFirings();
        counts.windows += shown.windows().size();
        counts.positions += shown.windows().stream().mapToLong(w -> w.tokens().size()).sum();
        counts.firings += shown.values().length;
        if (shown.values().length == 0) {
            counts.silentFeatures++;
            return;
        }
        Correction correction = correction(feature, shown);
        switch (correction.method()) {
            case "histogram" -> counts.byHistogram++;
            case "intervals" -> counts.byIntervals++;
            default -> counts.uncorrected++;
        }
        if (correction.result() != null) {
            counts.covered.add(correction.result().covered());
        }
        if (feature.statistics() != null && feature.statistics().fracNonzero() > 0) {
            counts.overRepresentation.add(
                    (double) shown.values().length
                            / shown.shownTokens()
                            / feature.statistics().fracNonzero());
        }
    }

    private static Correction correction(ExportedFeature feature, ShownFirings shown) {
        if (feature.statistics() != null) {
            PostStratification.Result result =
                    PostStratification.byHistogram(
                            shown.values(),
                            feature.statistics().values(),
                            feature.statistics().heights());
            if (result.weights() != null) {
                return new Correction("histogram", result);
            }
        }
        ShownFirings.Intervals intervals = ShownFirings.intervals(feature);
        if (intervals != null) {
            PostStratification.Result result =
                    PostStratification.byStrata(
                            shown.values(), intervals.upper(), intervals.mass());
            if (result.weights() != null) {
                return new Correction("intervals", result);
            }
        }
        return new Correction("none", null);
    }

    /** The writing of a corpus. */
    private final class Writing {

        private final BatchWriter writer;
        private final String corpus;
        private final BatchWriter.Handle handle;
        private final Map<String, FeatureStore> stores = new HashMap<>();
        private final Map<String, Long> tokens = new HashMap<>();

        /** Where the prompts of a probe dump begin, which its features share. */
        private final Map<List<String>, Integer> probes = new HashMap<>();

        private final boolean shared = kinds.containsValue(FeatureExport.Kind.PROBE_PROMPTING);
        private int prompts;
        private int positions;

        Writing(BatchWriter writer, String corpus, String hash) {
            this.writer = writer;
            this.corpus = corpus;
            Node node = writer.tx().createNode(Names.CORPUS);
            node.setProperty("name", corpus);
            node.setProperty("model", models.iterator().next());
            node.setProperty("contentHash", hash);
            node.setProperty("firstTokenIsSink", false);
            node.setProperty("stateLayers", new int[0]);
            node.setProperty("dictionaries", dictionaries.toArray(String[]::new));
            node.setProperty("sampling", String.join("+", formats));
            node.setProperty("complete", false);
            node.createRelationshipTo(
                    FeatureStore.mergeModel(writer.tx(), models.iterator().next()), Names.OF_MODEL);
            handle = writer.handle(node);
        }

        void run(Counts counts) {
            read(this::write);
            // The prompts of a probe dump were counted for each feature.
            counts.positions = positions;
            counts.windows = prompts;
            handle.node().setProperty("positions", (long) positions);
            handle.node().setProperty("prompts", (long) prompts);
            handle.node().setProperty("complete", true);
            handle.node().setProperty("importedAt", ZonedDateTime.now(ZoneOffset.UTC));
        }

        private void write(ExportedFeature feature) {
            session.monitor().check();
            Node node =
                    stores.computeIfAbsent(
                                    dictionary(feature),
                                    d -> new FeatureStore(writer, d, Optional.of(feature.model())))
                            .merge(feature.layer(), feature.index());
            BatchWriter.Handle target = writer.handle(node);
            ShownFirings shown =
                    ShownFirings.of(feature, shared ? Integer.MAX_VALUE : config.context());
            if (shown.values().length == 0) {
                return;
            }
            int[] at = new int[shown.values().length];
            int n = 0;
            for (ShownFirings.Window window : shown.windows()) {
                int start =
                        shared
                                ? probes.computeIfAbsent(window.tokens(), t -> writePrompt(window))
                                : writePrompt(window);
                for (int place : window.places()) {
                    at[n++] = start + place;
                }
            }
            Correction correction = correction(feature, shown);
            Node activations = writer.tx().createNode(Names.ACTIVATIONS);
            String key = (String) target.node().getProperty("key");
            activations.setProperty("key", CorpusStore.activationsKey(key, corpus));
            activations.setProperty("firings", at.length);
            activations.setProperty("maximum", Arrays.stream(shown.values()).max().orElseThrow());
            write(activations, at, shown.values(), correction);
            activations.setProperty("correction", correction.method());
            if (feature.statistics() != null && !Double.isNaN(feature.statistics().fracNonzero())) {
                activations.setProperty("fracNonzero", feature.statistics().fracNonzero());
            }
            target.node().createRelationshipTo(activations, Names.HAS_ACTIVATIONS);
            activations.createRelationshipTo(handle.node(), Names.IN_CORPUS);
            writer.wrote(600 + 20L * at.length);
        }

        /** By ascending position: prompts that features share need not come in their order. */
        private void write(Node activations, int[] at, double[] values, Correction correction) {
            Integer[] order = new Integer[at.length];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Integer.compare(at[a], at[b]));
            activations.setProperty(
                    "positions", Arrays.stream(order).mapToInt(i -> at[i]).toArray());
            activations.setProperty(
                    "values",
                    CorpusStore.narrowest(
                            Arrays.stream(order).mapToDouble(i -> values[i]).toArray()));
            if (correction.result() != null) {
                double[] weights = correction.result().weights();
                activations.setProperty(
                        "weights", Arrays.stream(order).mapToDouble(i -> weights[i]).toArray());
                activations.setProperty("covered", correction.result().covered());
            }
        }

        private int writePrompt(ShownFirings.Window window) {
            int start = positions;
            Node prompt = writer.tx().createNode(Names.PROMPT);
            prompt.setProperty("key", corpus + "/" + prompts);
            prompt.setProperty("index", prompts);
            prompt.setProperty("text", String.join("", window.tokens()));
            if (window.first() == 0) {
                prompt.setProperty("start", start);
            }
            prompt.createRelationshipTo(handle.node(), Names.IN_CORPUS);
            for (int i = 0; i < window.tokens().size(); i++) {
                String token = window.tokens().get(i);
                Node node = writer.tx().createNode(Names.TOKEN_POSITION);
                node.setProperty("key", CorpusStore.positionKey(corpus, positions));
                node.setProperty("index", positions++);
                node.setProperty("prompt", prompts);
                node.setProperty("position", window.first() + i);
                node.setProperty(
                        "tokenId", tokens.computeIfAbsent(token, t -> (long) tokens.size()));
                node.setProperty("token", token);
                node.createRelationshipTo(prompt, Names.IN_PROMPT);
            }
            writer.pending(500 + 700L * window.tokens().size());
            prompts++;
            return start;
        }
    }
}
