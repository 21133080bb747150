package dev.sot.procedures.compression;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.NodeNames;
import dev.sot.formats.ResolvedPartition;
import dev.sot.formats.SupernodeFile;
import dev.sot.formats.SupernodePartition;
import dev.sot.procedures.config.Configuration;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.SupernodeRecord;
import dev.sot.procedures.store.LoadedCircuit;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.circuit.Quotient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Node;

/**
 * Stores a partition that people made in a frontend as a compression, with the superedges that the
 * frontend draws.
 */
final class SupernodesImport {

    private final Session session;
    private final Optional<String> id;
    private final boolean allPins;

    SupernodesImport(Session session, Map<String, Object> given) {
        this.session = session;
        Configuration configuration = new Configuration("sot.import.supernodes", given);
        this.id = configuration.optionalString("id");
        this.allPins = configuration.bool("allPins", false);
        configuration.finish();
        SchemaStore.require(session.tx());
    }

    ImportSupernodesResult run(String slug, Path file, String displayName) {
        LoadedCircuit circuit = LoadedCircuit.of(session, CircuitStore.require(session.tx(), slug));
        Map<String, Integer> nodeOfId = nodesById(circuit);
        NodeNames names = new NodeNames(circuit.nodes().stream().map(CircuitStore::read).toList());
        SupernodePartition read = SupernodeFile.read(file, displayName);
        ResolvedPartition partition =
                read.resolve(names, allPins ? Integer.MAX_VALUE : SupernodePartition.MAX_PINS);
        if (partition.groups().isEmpty()) {
            throw new ConfigurationException(
                    displayName
                            + ": none of its pinned nodes or supernode members is a node of circuit"
                            + " '"
                            + circuit.name()
                            + "'; was it made for another circuit?");
        }
        int[] assignment = new int[circuit.nodes().size()];
        Arrays.fill(assignment, -1);
        List<SupernodeRecord> supernodes = new ArrayList<>();
        for (ResolvedPartition.Group group : partition.groups()) {
            int rank = supernodes.size();
            List<Integer> members = group.nodeIds().stream().map(nodeOfId::get).toList();
            members.forEach(m -> assignment[m] = rank);
            supernodes.add(record(circuit, group, rank, members));
        }
        Quotient quotient = Quotient.of(circuit.graph(), assignment);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("method", "imported");
        properties.put("source", displayName);
        properties.putAll(CollapseFigures.ofCompression(session, circuit, quotient, supernodes));
        String name = id.orElse(circuit.name() + "/" + file.getFileName());
        Node compression =
                CompressionStore.write(
                        session,
                        name,
                        circuit,
                        CollapseFigures.ofSupernodes(session, circuit, quotient, supernodes),
                        quotient.superedges(),
                        properties);
        long labels =
                read.labels(names).entrySet().stream()
                        .filter(
                                label ->
                                        CompressionStore.labelMember(
                                                compression,
                                                circuit.nodes().get(nodeOfId.get(label.getKey())),
                                                label.getValue()))
                        .count();
        return new ImportSupernodesResult(
                name,
                circuit.name(),
                partition,
                quotient.superedges().size(),
                labels,
                read.clerps().size() - labels);
    }

    /**
     * Where a feature and an error share an id, it means the feature: frontends do not pin errors.
     */
    private static Map<String, Integer> nodesById(LoadedCircuit circuit) {
        Map<String, Integer> nodes = new HashMap<>();
        for (int i = 0; i < circuit.nodes().size(); i++) {
            String nodeId = (String) circuit.nodes().get(i).getProperty("nodeId");
            if (circuit.kind(i) == CircuitNodeKind.ERROR) {
                nodes.putIfAbsent(nodeId, i);
            } else {
                nodes.put(nodeId, i);
            }
        }
        return nodes;
    }

    private static SupernodeRecord record(
            LoadedCircuit circuit, ResolvedPartition.Group group, int rank, List<Integer> members) {
        Set<CircuitNodeKind> kinds =
                members.stream().map(circuit::kind).collect(Collectors.toSet());
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("rank", rank);
        properties.put("named", group.label() != null);
        properties.put("labelSource", group.label() != null ? "imported" : "member");
        properties.put("influence", Compressor.influence(circuit, members));
        properties.put(
                "layers",
                members.stream().mapToInt(m -> circuit.layer()[m]).sorted().distinct().toArray());
        properties.put(
                "positions",
                members.stream()
                        .mapToInt(m -> circuit.position()[m])
                        .sorted()
                        .distinct()
                        .toArray());
        return new SupernodeRecord(
                group.id(),
                group.label() != null ? group.label() : circuit.label(members.get(0)),
                kinds.size() == 1
                        ? kinds.iterator().next().name().toLowerCase(Locale.ROOT)
                        : "mixed",
                members,
                properties);
    }
}
