package dev.sot.procedures.compression;

import dev.sot.formats.JsonMap;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitSource;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SpaceStore;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * A compression in the database, with how it was made.
 *
 * @param node the {@code :Compression}
 * @param made its configuration, with the level and the space that it came to; none for one that
 *     was made by hand
 */
record StoredCompression(Node node, Optional<CompressConfig> made) {

    /**
     * Finds it.
     *
     * @throws ConfigurationException when there is none of that id, or the space that it was made
     *     in is another one now
     */
    static StoredCompression require(Session session, String procedure, String id) {
        Node node = CompressionStore.require(session.tx(), id);
        if (!(node.getProperty("configuration", null) instanceof String json)) {
            return new StoredCompression(node, Optional.empty());
        }
        CompressConfig made = CompressConfig.of(procedure, JsonMap.read(json));
        DistanceChoice distance =
                made.distance()
                        .at(
                                Level.valueOf(
                                        ((String) node.getProperty("level"))
                                                .toUpperCase(Locale.ROOT)));
        Optional<String> space = space(session, procedure, node);
        if (space.isPresent()) {
            distance = distance.in(space.get());
        }
        return new StoredCompression(
                node, Optional.of(made.with(distance, made.grouping(), made.size())));
    }

    /**
     * The reference space that a compression was made in; none where none was needed.
     *
     * @throws ConfigurationException when that space is another one now
     */
    static Optional<String> space(Session session, String procedure, Node compression) {
        if (!(compression.getProperty("space", null) instanceof String space)) {
            return Optional.empty();
        }
        Object hash =
                SpaceStore.require(session.tx(), Optional.of(space), List.of())
                        .getProperty("contentHash");
        if (!hash.equals(compression.getProperty("spaceHash", hash))) {
            throw new ConfigurationException(
                    "%s: the reference space '%s' was replaced after compression '%s' was made in it; compress the circuit again"
                            .formatted(procedure, space, compression.getProperty("id")));
        }
        if (compression.hasProperty("staleSince")) {
            throw new ConfigurationException(
                    "%s: firings were added to distributions in the reference space '%s' after compression '%s' was made of them; compress the circuit again"
                            .formatted(procedure, space, compression.getProperty("id")));
        }
        return Optional.of(space);
    }

    /**
     * Makes sure that a circuit is what a compression was made of.
     *
     * @throws ConfigurationException when it is another one, or was imported anew
     */
    static void requireSame(LoadedCircuit circuit, String procedure, Node compression) {
        String[] hashes = hashes(circuit);
        if (!Arrays.equals(hashes, (String[]) compression.getProperty("circuitHashes", hashes))) {
            throw new ConfigurationException(
                    "%s: '%s' is not what compression '%s' was made of, '%s', or has changed since; compress it again"
                            .formatted(
                                    procedure,
                                    circuit.name(),
                                    compression.getProperty("id"),
                                    CompressionStore.name(compression)));
        }
    }

    /** Content hashes of the circuits, in the order of their slugs. */
    static String[] hashes(LoadedCircuit circuit) {
        return circuit.circuits().stream()
                .map(c -> (String) c.getProperty("contentHash"))
                .toArray(String[]::new);
    }

    /**
     * What a compression compresses, as a procedure's first argument: its circuits, or the name of
     * a graph of the user's own.
     */
    static Object compressed(Node compression) {
        List<Node> circuits = CompressionStore.circuits(compression);
        return circuits.isEmpty() ? CompressionStore.name(compression) : circuits;
    }

    /** Reads what it compresses. */
    LoadedCircuit circuit(Session session, String procedure, Heap heap) {
        return CircuitSource.of(
                        session.tx(),
                        procedure,
                        compressed(node),
                        made.flatMap(CompressConfig::own))
                .get(0)
                .load(session, heap);
    }

    /** The supernode of each of the circuit's nodes, -1 for none. */
    int[] assignment(LoadedCircuit circuit) {
        return CompressionStore.assignment(node, circuit.nodes());
    }
}
