package dev.sot.procedures.circuit;

import dev.sot.formats.CircuitDocument;
import dev.sot.formats.CircuitReadOptions;
import dev.sot.formats.CircuitReader;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;

/**
 * Imports the circuits of a directory: first all files are checked, then each is written and
 * committed.
 */
final class CircuitsImport {

    private final Session session;
    private final ImportCircuitConfig config;
    private final Set<String> dictionaries = new TreeSet<>();

    CircuitsImport(Session session, ImportCircuitConfig config) {
        this.session = session;
        this.config = config;
    }

    List<ImportCircuitResult> run(Path directory, String displayName) {
        List<Path> files = jsonFiles(directory);
        Set<Path> circuits = check(files, displayName);
        List<ImportCircuitResult> results = new ArrayList<>();
        requireUnlockedDictionaries();
        for (Path file : files) {
            session.monitor().check();
            if (!circuits.contains(file)) {
                results.add(ImportCircuitResult.skipped(displayName(displayName, file)));
                continue;
            }
            try (Transaction tx = session.db().beginTx()) {
                Session own = new Session(tx, session.db(), session.monitor(), session.memory());
                results.add(
                        new CircuitImport(own, config).run(file, displayName(displayName, file)));
                tx.commit();
            }
        }
        return results;
    }

    /** The files that are circuits, all of them sound. */
    private Set<Path> check(List<Path> files, String displayName) {
        Set<Path> circuits = new HashSet<>();
        Map<String, String> fileOfSlug = new HashMap<>();
        for (Path file : files) {
            String name = displayName(displayName, file);
            if (!CircuitReader.isCircuit(file, name, (done, total) -> session.monitor().check())) {
                continue;
            }
            CircuitDocument document =
                    CircuitReader.read(
                            file,
                            name,
                            new CircuitReadOptions(config.dictionary()),
                            (done, total) -> {
                                session.monitor().check();
                                session.monitor().progress("checking " + name, done, total);
                            });
            String other = fileOfSlug.put(document.header().slug(), name);
            if (other != null) {
                throw new ConfigurationException(
                        name
                                + " and "
                                + other
                                + " have the same metadata.slug '"
                                + document.header().slug()
                                + "'; give one of them another");
            }
            CircuitStore.find(session.tx(), document.header().slug())
                    .filter(circuit -> !CircuitImport.isSame(circuit, document))
                    .ifPresent(
                            circuit ->
                                    CircuitImport.requireReplaceable(
                                            config, name, document.header().slug()));
            circuits.add(file);
            dictionaries.addAll(document.dictionaries());
        }
        if (circuits.isEmpty()) {
            throw new ConfigurationException(
                    "'" + displayName + "' holds no circuit: no .json file with nodes and links");
        }
        return circuits;
    }

    /**
     * Each file is written in a transaction of its own, which would wait forever for locks of the
     * caller's.
     */
    private void requireUnlockedDictionaries() {
        for (String name : dictionaries) {
            Node dictionary = session.tx().findNode(Names.DICTIONARY, "name", name);
            if (dictionary != null) {
                BatchWriter.requireUnlocked(session, dictionary);
            }
        }
    }

    private static List<Path> jsonFiles(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".json"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String displayName(String directory, Path file) {
        return directory.replaceAll("/+$", "") + "/" + file.getFileName();
    }
}
