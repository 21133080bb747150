package dev.sot.procedures.corpus;

import dev.sot.formats.LabelFile;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureStore;
import dev.sot.procedures.store.SchemaStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.neo4j.graphdb.Node;

/** Gives features the labels of a file. */
final class LabelImport {

    /** Lines above which labels are written in transactions of their own. */
    private static final long SINGLE_TRANSACTION_LINES = 50_000;

    private final Session session;
    private final ImportLabelsConfig config;

    LabelImport(Session session, ImportLabelsConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    /** What becomes of the lines. */
    static final class Counts {
        String format;
        long lines;
        long labels;
        long kept;
        long unlabelled;
        final Set<String> dictionaries = new TreeSet<>();
    }

    ImportLabelsResult run(String name) {
        Path file = session.importDirectory().file(name);
        long lines = read(file, name, this::dictionary);
        Counts counts = new Counts();
        try (BatchWriter writer = BatchWriter.of(session, lines > SINGLE_TRANSACTION_LINES)) {
            write(writer, file, name, counts);
            writer.finish();
        }
        return new ImportLabelsResult(name, counts);
    }

    /** Gives the labels of a checked file with a writer of an import. */
    void write(BatchWriter writer, Path file, String name, Counts counts) {
        Map<String, FeatureStore> stores = new HashMap<>();
        read(
                file,
                name,
                label -> {
                    counts.lines++;
                    counts.format = label.format();
                    String dictionary = dictionary(label);
                    counts.dictionaries.add(dictionary);
                    if (label.label() == null) {
                        counts.unlabelled++;
                        return;
                    }
                    Node feature =
                            stores.computeIfAbsent(
                                            dictionary,
                                            d -> new FeatureStore(writer, d, Optional.empty()))
                                    .merge(label.layer(), label.index());
                    if (feature.hasProperty("label") && !config.replace()) {
                        counts.kept++;
                        return;
                    }
                    feature.setProperty("label", label.label());
                    set(feature, "labelNotes", label.notes());
                    set(feature, "labelBy", label.by());
                    counts.labels++;
                    writer.wrote(300 + 2L * label.label().length());
                });
    }

    private static void set(Node feature, String key, String value) {
        if (value == null) {
            feature.removeProperty(key);
        } else {
            feature.setProperty(key, value);
        }
    }

    long read(Path file, String name, LabelFile.Sink sink) {
        return LabelFile.read(
                file,
                name,
                (done, total) -> {
                    session.monitor().check();
                    session.monitor().progress("reading " + name, done, total);
                },
                sink);
    }

    private String dictionary(LabelFile.Label label) {
        boolean annotations = label.format().equals("annotations");
        if (annotations && config.dictionary().isEmpty()) {
            throw new ConfigurationException(
                    "sot.import.labels: annotations do not say of which dictionary their features"
                            + " are; pass {dictionary: '...'}");
        }
        return annotations
                ? config.dictionary().get() + "/" + label.set()
                : config.dictionary().orElse(label.set());
    }
}
