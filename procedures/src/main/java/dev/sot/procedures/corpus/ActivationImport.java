package dev.sot.procedures.corpus;

import dev.sot.formats.ActivationBundle;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.meta.Version;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DictionaryLayer;
import dev.sot.procedures.store.FeatureStore;
import dev.sot.procedures.store.FeatureVectors;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.procedures.store.UnembeddingStore;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.space.LogitLens;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.neo4j.graphdb.Node;

/**
 * Imports an activation bundle: token positions, hidden states, dictionaries and the features'
 * activations and vectors. A small bundle is written in the caller's transaction, a larger one in
 * batches behind a corpus that stays incomplete, and is refused by readers, until the last batch.
 * Everything is written in an order that follows from the bundle alone, so that an import that was
 * cut short goes on after its last batch.
 */
final class ActivationImport {

    /** Values in a bundle above which it is written in batches. */
    private static final long SINGLE_TRANSACTION_VALUES = 4_000_000;

    /** Values in one block of hidden states: 256 KiB. */
    private static final int BLOCK_VALUES = 65_536;

    /**
     * The version of the plugin that began an import, whose order of writing others may not have.
     */
    private static final String WRITTEN_BY = "writtenBy";

    private static final Pattern PROPERTY = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
    private static final Set<String> RESERVED =
            Set.of("key", "dictionary", "layer", "index", "label");

    private final Session session;
    private final ImportActivationsConfig config;
    private final Stopwatch stopwatch = new Stopwatch();

    ActivationImport(Session session, ImportActivationsConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    ImportActivationsResult run(Path directory, String displayName) {
        ActivationBundle bundle =
                ActivationBundle.open(
                        directory,
                        displayName,
                        (done, total) -> {
                            session.monitor().check();
                            session.monitor().progress("checking " + displayName, done, total);
                        });
        String name = config.corpus().orElse(bundle.model());
        return Exclusive.run(session, "corpus '" + name + "'", () -> run(bundle, name));
    }

    private ImportActivationsResult run(ActivationBundle bundle, String name) {
        Counts counts = new Counts();
        Node existing = session.tx().findNode(Names.CORPUS, "name", name);
        if (existing != null) {
            boolean same = bundle.contentHash().equals(existing.getProperty("contentHash"));
            boolean complete = (Boolean) existing.getProperty("complete", false);
            if (same && complete) {
                return ImportActivationsResult.of(
                        name, "unchanged", bundle, counts, stopwatch.lap(), 0);
            }
            if (!same && complete) {
                throw new ConfigurationException(
                        "sot.import.activations: the corpus '"
                                + name
                                + "' holds another bundle; pass {corpus: 'another name'}, or CALL"
                                + " sot.drop.corpus('"
                                + name
                                + "') first");
            }
        }
        boolean batched = values(bundle) > SINGLE_TRANSACTION_VALUES;
        boolean resumed =
                batched
                        && existing != null
                        && existing.hasProperty(CorpusStore.WRITTEN)
                        && bundle.contentHash().equals(existing.getProperty("contentHash"))
                        && Version.get().equals(existing.getProperty(WRITTEN_BY, null));
        if (batched && !resumed) {
            checkContents(bundle);
        }
        Optional<LogitLens> lens = lens(bundle);
        if (existing != null && !resumed) {
            CorpusStore.delete(session, existing);
        }
        long checkMillis = stopwatch.lap();
        Node[] touched = resumed ? new Node[] {existing} : new Node[0];
        try (BatchWriter writer = BatchWriter.of(session, batched, touched)) {
            Node corpus =
                    resumed
                            ? writer.tx().getNodeByElementId(existing.getElementId())
                            : createCorpus(writer, bundle, name);
            BatchWriter.Handle handle = writer.handle(corpus);
            writer.countIn(
                    handle,
                    CorpusStore.WRITTEN,
                    resumed ? (Long) corpus.getProperty(CorpusStore.WRITTEN) : 0);
            write(writer, bundle, name, handle, lens, counts);
            writer.finish();
        }
        return ImportActivationsResult.of(
                name,
                resumed ? "resumed" : "imported",
                bundle,
                counts,
                checkMillis,
                stopwatch.lap());
    }

    /**
     * Reads everything once, so that nothing of a bundle with an error in the middle is written.
     */
    private void checkContents(ActivationBundle bundle) {
        bundle.forEachPrompt(
                (index, text, split) -> progress("checking prompts", index, bundle.prompts()));
        bundle.forEachPosition(
                (index, prompt, position, id, token) ->
                        progress("checking token positions", index, bundle.positions()));
        for (ActivationBundle.States states : bundle.states()) {
            String task = "checking hidden states of layer " + states.layer();
            bundle.readStates(
                    states.layer(),
                    rowsPerBlock(states.dimension()),
                    (start, rows, dimension, values) -> progress(task, start, bundle.positions()));
        }
        for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
            for (ActivationBundle.DictionaryLayer layer : dictionary.layers()) {
                String task = "checking " + dictionary.name() + " layer " + layer.layer();
                if (layer.hasActivations()) {
                    bundle.readActivations(
                            dictionary.name(),
                            layer.layer(),
                            (feature, positions, values) -> progress(task, feature, layer.width()));
                }
                if (layer.hasVectors()) {
                    bundle.readBiases(dictionary.name(), layer.layer());
                    bundle.readVectors(
                            dictionary.name(),
                            layer.layer(),
                            (feature, encoder, decoder) -> progress(task, feature, layer.width()));
                }
            }
            if (dictionary.hasLabels()) {
                bundle.forEachLabel(
                        dictionary.name(),
                        (layer, index, label, further) -> checkFurther(dictionary.name(), further));
            }
        }
    }

    private static int rowsPerBlock(int dimension) {
        return Math.max(1, BLOCK_VALUES / dimension);
    }

    /** What an import counts. */
    static final class Counts {
        long features;
        long firings;
        long silentFeatures;
        long labels;
        long vectors;
    }

    private static long values(ActivationBundle bundle) {
        long values = 20L * bundle.positions();
        for (ActivationBundle.States states : bundle.states()) {
            values += (long) bundle.positions() * states.dimension();
        }
        for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
            for (ActivationBundle.DictionaryLayer layer : dictionary.layers()) {
                values += 2L * layer.width() * layer.hiddenSize();
                values += bundle.firings(dictionary.name(), layer.layer());
            }
        }
        return values;
    }

    /** The logit lens of a bundle's unembedding, if it has one. */
    private Optional<LogitLens> lens(ActivationBundle bundle) {
        if (bundle.unembedding().isEmpty()) {
            return Optional.empty();
        }
        ActivationBundle.Unembedding unembedding = bundle.unembedding().get();
        int width = unembedding.hiddenSize();
        try (Heap heap = session.heap()) {
            // Copies of the scatter while its eigenvectors are computed, and those.
            heap.take(Moments.bytes(width) + 5L * Double.BYTES * width * width);
            int concurrency = Math.min(4, Runtime.getRuntime().availableProcessors());
            Moments rows = new Moments(width, Backends.java(), concurrency, session.monitor());
            bundle.readUnembedding(
                    row -> {
                        rows.add(row, 0);
                        progress("reading the unembedding", rows.count(), unembedding.tokens());
                    });
            return Optional.of(
                    new LogitLens(
                            LogitLens.factor(rows, Backends.java(), concurrency, session.monitor()),
                            LogitLens.Normalisation.valueOf(
                                    unembedding.normalisation().toUpperCase(Locale.ROOT)),
                            unembedding.epsilon()));
        }
    }

    private static Node createCorpus(BatchWriter writer, ActivationBundle bundle, String name) {
        Node corpus = writer.tx().createNode(Names.CORPUS);
        corpus.setProperty("name", name);
        corpus.setProperty("model", bundle.model());
        corpus.setProperty("contentHash", bundle.contentHash());
        corpus.setProperty("positions", (long) bundle.positions());
        corpus.setProperty("prompts", (long) bundle.prompts());
        corpus.setProperty("firstTokenIsSink", bundle.firstTokenIsSink());
        corpus.setProperty(
                "stateLayers",
                bundle.states().stream()
                        .mapToInt(ActivationBundle.States::layer)
                        .sorted()
                        .toArray());
        corpus.setProperty(
                "dictionaries",
                bundle.dictionaries().stream()
                        .map(ActivationBundle.Dictionary::name)
                        .sorted()
                        .toArray(String[]::new));
        corpus.setProperty("complete", false);
        corpus.setProperty(WRITTEN_BY, Version.get());
        corpus.createRelationshipTo(
                FeatureStore.mergeModel(writer.tx(), bundle.model()), Names.OF_MODEL);
        return corpus;
    }

    private void write(
            BatchWriter writer,
            ActivationBundle bundle,
            String name,
            BatchWriter.Handle handle,
            Optional<LogitLens> lens,
            Counts counts) {
        writePrompts(writer, bundle, name, handle);
        writePositions(writer, bundle, name);
        for (ActivationBundle.States states : bundle.states()) {
            writeStates(writer, bundle, name, handle, states);
        }
        lens.ifPresent(l -> UnembeddingStore.write(writer, handle, l));
        for (ActivationBundle.Dictionary dictionary : bundle.dictionaries()) {
            writeDictionary(writer, bundle, name, handle, dictionary, counts);
        }
        handle.node().setProperty("complete", true);
        handle.node().removeProperty(CorpusStore.WRITTEN);
        handle.node().removeProperty(WRITTEN_BY);
        handle.node().setProperty("importedAt", ZonedDateTime.now(ZoneOffset.UTC));
    }

    private void writePrompts(
            BatchWriter writer, ActivationBundle bundle, String corpus, BatchWriter.Handle handle) {
        bundle.forEachPrompt(
                (index, text, split) -> {
                    progress("importing prompts", index, bundle.prompts());
                    if (writer.skip()) {
                        return;
                    }
                    Node prompt = writer.tx().createNode(Names.PROMPT);
                    prompt.setProperty("key", CorpusStore.promptKey(corpus, index));
                    prompt.setProperty("index", index);
                    prompt.setProperty("text", text);
                    if (split != null) {
                        prompt.setProperty("split", split);
                    }
                    prompt.createRelationshipTo(handle.node(), Names.IN_CORPUS);
                    writer.wrote(500 + 2L * text.length());
                });
    }

    private void writePositions(BatchWriter writer, ActivationBundle bundle, String corpus) {
        int[] current = {-1};
        BatchWriter.Handle[] promptNode = {null};
        bundle.forEachPosition(
                (index, prompt, position, id, token) -> {
                    progress("importing token positions", index, bundle.positions());
                    if (writer.skip()) {
                        return;
                    }
                    if (prompt != current[0]) {
                        current[0] = prompt;
                        String key = CorpusStore.promptKey(corpus, prompt);
                        promptNode[0] =
                                writer.handle(writer.tx().findNode(Names.PROMPT, "key", key));
                    }
                    Node node = writer.tx().createNode(Names.TOKEN_POSITION);
                    node.setProperty("key", CorpusStore.positionKey(corpus, index));
                    node.setProperty("index", index);
                    node.setProperty("prompt", prompt);
                    node.setProperty("position", position);
                    node.setProperty("tokenId", id);
                    node.setProperty("token", token);
                    node.createRelationshipTo(promptNode[0].node(), Names.IN_PROMPT);
                    if (position == 0) {
                        promptNode[0].node().setProperty("start", index);
                    }
                    writer.wrote(700);
                });
    }

    private void writeStates(
            BatchWriter writer,
            ActivationBundle bundle,
            String corpus,
            BatchWriter.Handle handle,
            ActivationBundle.States states) {
        String task = "importing hidden states of layer " + states.layer();
        bundle.readStates(
                states.layer(),
                rowsPerBlock(states.dimension()),
                (start, rows, dimension, values) -> {
                    progress(task, start, bundle.positions());
                    if (writer.skip()) {
                        return;
                    }
                    Node block = writer.tx().createNode(Names.HIDDEN_STATES);
                    block.setProperty("key", CorpusStore.statesKey(corpus, states.layer(), start));
                    block.setProperty("layer", states.layer());
                    if (states.hook() != null) {
                        block.setProperty("hook", states.hook());
                    }
                    block.setProperty("start", start);
                    block.setProperty("count", rows);
                    block.setProperty("dimension", dimension);
                    block.setProperty("values", Arrays.copyOf(values, rows * dimension));
                    block.createRelationshipTo(handle.node(), Names.IN_CORPUS);
                    writer.wrote(4L * rows * dimension);
                });
    }

    private void writeDictionary(
            BatchWriter writer,
            ActivationBundle bundle,
            String corpus,
            BatchWriter.Handle handle,
            ActivationBundle.Dictionary dictionary,
            Counts counts) {
        FeatureStore features =
                new FeatureStore(writer, dictionary.name(), Optional.of(bundle.model()));
        Node node = features.dictionary();
        node.setProperty("kind", dictionary.kind());
        if (dictionary.hook() != null) {
            node.setProperty("hook", dictionary.hook());
        }
        if (dictionary.activation() != null) {
            node.setProperty("activation", dictionary.activation());
        }
        node.setProperty(
                "layers",
                dictionary.layers().stream()
                        .mapToInt(ActivationBundle.DictionaryLayer::layer)
                        .toArray());
        node.setProperty(
                "widths",
                dictionary.layers().stream()
                        .mapToInt(ActivationBundle.DictionaryLayer::width)
                        .toArray());
        for (ActivationBundle.DictionaryLayer layer : dictionary.layers()) {
            String task = "importing " + dictionary.name() + " layer " + layer.layer();
            for (int index = 0; index < layer.width(); index++) {
                progress(task, index, layer.width());
                counts.features++;
                if (!writer.skip()) {
                    features.merge(layer.layer(), index);
                    writer.wrote(0);
                }
            }
            if (layer.hasActivations()) {
                long[] firing = {0};
                bundle.readActivations(
                        dictionary.name(),
                        layer.layer(),
                        (feature, positions, values) -> {
                            progress(task, feature, layer.width());
                            counts.firings += positions.length;
                            firing[0]++;
                            if (writer.skip()) {
                                return;
                            }
                            Node activations = writer.tx().createNode(Names.ACTIVATIONS);
                            String key =
                                    FeatureStore.key(dictionary.name(), layer.layer(), feature);
                            activations.setProperty("key", CorpusStore.activationsKey(key, corpus));
                            activations.setProperty("firings", positions.length);
                            activations.setProperty(
                                    "maximum", Arrays.stream(values).max().orElseThrow());
                            activations.setProperty("positions", positions);
                            activations.setProperty("values", CorpusStore.narrowest(values));
                            features.merge(layer.layer(), feature)
                                    .createRelationshipTo(activations, Names.HAS_ACTIVATIONS);
                            activations.createRelationshipTo(handle.node(), Names.IN_CORPUS);
                            writer.wrote(600 + 8L * positions.length);
                        });
                counts.silentFeatures += layer.width() - firing[0];
            }
            Optional<ActivationBundle.Biases> layerBiases =
                    layer.hasVectors()
                            ? Optional.of(bundle.readBiases(dictionary.name(), layer.layer()))
                            : Optional.empty();
            if (!writer.skip()) {
                new DictionaryLayer(
                                dictionary.name(),
                                layer.layer(),
                                layer.width(),
                                layer.hiddenSize(),
                                layerBiases.map(ActivationBundle.Biases::decoder))
                        .write(writer, features.dictionary());
            }
            if (layerBiases.isPresent()) {
                ActivationBundle.Biases biases = layerBiases.get();
                bundle.readVectors(
                        dictionary.name(),
                        layer.layer(),
                        (feature, encoder, decoder) -> {
                            progress(task, feature, layer.width());
                            counts.vectors++;
                            if (!writer.skip()) {
                                FeatureVectors.write(
                                        writer,
                                        features.merge(layer.layer(), feature),
                                        FeatureVectors.of(biases, feature, encoder, decoder));
                            }
                        });
            }
        }
        if (dictionary.hasLabels()) {
            bundle.forEachLabel(
                    dictionary.name(),
                    (layer, index, label, further) -> {
                        session.monitor().check();
                        counts.labels++;
                        if (writer.skip()) {
                            return;
                        }
                        Node feature = features.merge(layer, index);
                        feature.setProperty("label", label);
                        setFurther(feature, dictionary.name(), further);
                        writer.wrote(100 + 2L * label.length());
                    });
        }
    }

    private static void setFurther(Node feature, String dictionary, Map<String, String> further) {
        checkFurther(dictionary, further);
        further.forEach(feature::setProperty);
    }

    private static void checkFurther(String dictionary, Map<String, String> further) {
        for (String field : further.keySet()) {
            if (!PROPERTY.matcher(field).matches() || RESERVED.contains(field)) {
                throw new ConfigurationException(
                        "sot.import.activations: the labels of dictionary '"
                                + dictionary
                                + "' have a field '"
                                + field
                                + "', which cannot be a property of a feature; rename it to"
                                + " letters, digits and _ other than "
                                + RESERVED.stream().sorted().toList());
            }
        }
    }

    private void progress(String task, long done, long total) {
        session.monitor().check();
        session.monitor().progress(task, done, total);
    }
}
