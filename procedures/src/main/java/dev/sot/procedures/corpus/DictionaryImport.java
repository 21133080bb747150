package dev.sot.procedures.corpus;

import dev.sot.formats.DictionaryWeights;
import dev.sot.formats.ReadListener;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.DictionaryLayer;
import dev.sot.procedures.store.FeatureStore;
import dev.sot.procedures.store.FeatureVectors;
import dev.sot.procedures.store.SchemaStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Imports the vectors of a dictionary's features. All values are read once to be checked; the
 * second time they are written, a feature at a time, each over what it had before, so that an
 * import that was cut short is repeated.
 */
final class DictionaryImport {

    /** Values above which vectors are written in batches. */
    private static final long SINGLE_TRANSACTION_VALUES = 4_000_000;

    /** Bytes of the block that is read at a time. */
    private static final long BLOCK_BYTES = 32L << 20;

    /** Bytes of a feature that the writer remembers. */
    private static final long BYTES_PER_FEATURE = 300;

    private final Session session;
    private final ImportDictionaryConfig config;
    private final Stopwatch stopwatch = new Stopwatch();

    DictionaryImport(Session session, ImportDictionaryConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    ImportDictionaryResult run(Path directory, String displayName) {
        DictionaryWeights weights = DictionaryWeights.open(directory, displayName, config.layer());
        String name =
                config.dictionary()
                        .or(weights::scan)
                        .orElseThrow(
                                () ->
                                        new ConfigurationException(
                                                "sot.import.dictionary: the files do not say what"
                                                        + " circuits and activations call the"
                                                        + " dictionary; pass {dictionary:"
                                                        + " '...'}"));
        return Exclusive.run(
                session, "dictionary '" + name + "'", () -> write(weights, displayName, name));
    }

    private ImportDictionaryResult write(
            DictionaryWeights weights, String displayName, String name) {
        long features = weights.layers().stream().mapToLong(l -> l.width()).sum();
        long values =
                weights.layers().stream().mapToLong(l -> 2L * l.width() * l.hiddenSize()).sum();
        long[] withoutBias = {0};
        try (Heap heap = session.heap()) {
            heap.take(BLOCK_BYTES + BYTES_PER_FEATURE * features);
            weights.read(
                    (layer, index, encoder, decoder, bias, threshold) ->
                            withoutBias[0] += bias == null ? 1 : 0,
                    progress("checking " + displayName));
            List<DictionaryLayer> layers =
                    weights.layers().stream()
                            .map(
                                    layer ->
                                            new DictionaryLayer(
                                                    name,
                                                    layer.layer(),
                                                    layer.width(),
                                                    layer.hiddenSize(),
                                                    weights.decoderBias(layer)))
                            .toList();
            try (BatchWriter writer = BatchWriter.of(session, values > SINGLE_TRANSACTION_VALUES)) {
                FeatureStore store = new FeatureStore(writer, name, config.model());
                store.dictionary().setProperty("kind", weights.kind());
                layers.forEach(layer -> layer.write(writer, store.dictionary()));
                weights.read(
                        (layer, index, encoder, decoder, bias, threshold) ->
                                FeatureVectors.write(
                                        writer,
                                        store.merge(layer, index),
                                        new FeatureVectors(
                                                encoder,
                                                decoder,
                                                Optional.ofNullable(bias),
                                                Optional.ofNullable(threshold))),
                        progress("importing " + displayName));
                writer.finish();
            }
        }
        return new ImportDictionaryResult(name, weights, features, withoutBias[0], stopwatch.lap());
    }

    private ReadListener progress(String task) {
        return (done, total) -> {
            session.monitor().check();
            session.monitor().progress(task, done, total);
        };
    }
}
