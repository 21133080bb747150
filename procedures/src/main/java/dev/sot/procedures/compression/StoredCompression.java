package dev.sot.procedures.compression;

import dev.sot.formats.JsonMap;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitSource;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SpaceStore;
import java.util.ArrayList;
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
        if (node.getProperty("space", null) instanceof String space) {
            Object hash =
                    SpaceStore.require(session.tx(), Optional.of(space), List.of())
                            .getProperty("contentHash");
            if (!hash.equals(node.getProperty("spaceHash"))) {
                throw new ConfigurationException(
                        "%s: the reference space '%s' was replaced after compression '%s' was made in it; compress the circuit again"
                                .formatted(procedure, space, node.getProperty("id")));
            }
            distance = distance.in(space);
        }
        return new StoredCompression(
                node, Optional.of(made.with(distance, made.grouping(), made.size())));
    }

    /** Reads what it compresses. */
    LoadedCircuit circuit(Session session, String procedure, Heap heap) {
        List<Node> circuits = CompressionStore.circuits(node);
        Object argument =
                circuits.isEmpty() ? CompressionStore.name(node) : new ArrayList<>(circuits);
        return CircuitSource.of(
                        session.tx(), procedure, argument, made.flatMap(CompressConfig::own))
                .get(0)
                .load(session, heap);
    }

    /** The supernode of each of the circuit's nodes, -1 for none. */
    int[] assignment(LoadedCircuit circuit) {
        return CompressionStore.assignment(node, circuit.nodes());
    }
}
