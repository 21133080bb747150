package dev.sot.procedures.export;

import dev.sot.formats.CircuitHeader;
import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.NodeNames;
import dev.sot.formats.Subgraph;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.ImportDirectory;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.neo4j.graphdb.Node;

/** Writes a compression as Neuronpedia's API takes it. */
final class SubgraphExport {

    /** Names that Neuronpedia takes for models and graphs. */
    private static final Pattern ACCEPTED = Pattern.compile("[a-zA-Z0-9_.-]+");

    private final Session session;
    private final ExportSubgraphConfig config;

    SubgraphExport(Session session, ExportSubgraphConfig config) {
        this.session = session;
        this.config = config;
    }

    ExportSubgraphResult run(String id, String file) {
        Path target =
                session.importDirectory().target("sot.export.subgraph", file, config.overwrite());
        Node compression = CompressionStore.require(session.tx(), id);
        Node compressed = circuit(compression);
        List<Node> nodes = CircuitStore.nodes(compressed);
        CircuitHeader circuit = CircuitStore.header(compressed);
        String name = (String) compression.getProperty("id");
        Subgraph subgraph =
                new Subgraph(
                        accepted("modelId", modelId(circuit)),
                        accepted("slug", config.slug().orElse(circuit.slug())),
                        config.displayName().orElse(name),
                        CompressionStore.pins(compression, nodes),
                        CompressionStore.groups(compression, nodes),
                        labels(compression, nodes),
                        config.pruningThreshold().orElse(null),
                        config.densityThreshold().orElse(null),
                        config.overwriteId().orElse(null));
        subgraph.write(target);
        return new ExportSubgraphResult(name, subgraph, file, ImportDirectory.size(target));
    }

    private Node circuit(Node compression) {
        if (config.circuit().isEmpty() && CompressionStore.circuits(compression).size() > 1) {
            throw new ConfigurationException(
                    "sot.export.subgraph: compression '"
                            + compression.getProperty("id")
                            + "' is one of several circuits, and a subgraph is of one; name it:"
                            + " {circuit: '"
                            + CircuitStore.slug(CompressionStore.circuits(compression).get(0))
                            + "'} or another");
        }
        return CompressionStore.circuit(compression, config.circuit());
    }

    private static String accepted(String key, String name) {
        if (!ACCEPTED.matcher(name).matches()) {
            throw new ConfigurationException(
                    "sot.export.subgraph: Neuronpedia takes only letters a to z, digits, '_', '.' and '-' in a %s, not '%s'; pass the one under which the graph was uploaded: {%s: '%s'} or another"
                            .formatted(
                                    key,
                                    name,
                                    key,
                                    key.equals("slug") ? "my-graph" : "gemma-2-2b"));
        }
        return name;
    }

    /** Neuronpedia files an uploaded graph under its scan. */
    private String modelId(CircuitHeader circuit) {
        return config.modelId()
                .orElseGet(
                        () -> {
                            if (circuit.scan() == null) {
                                throw new ConfigurationException(
                                        "sot.export.subgraph: circuit '"
                                                + circuit.slug()
                                                + "' does not say of which model it is; pass"
                                                + " {modelId: 'gemma-2-2b'} or another");
                            }
                            return circuit.scan();
                        });
    }

    /**
     * Labels that the graph itself does not have: what a person called a node in this compression,
     * and those of features.
     */
    private static Map<String, String> labels(Node compression, List<Node> nodes) {
        Set<Node> ofCircuit = new HashSet<>(nodes);
        Map<String, String> labels = new LinkedHashMap<>();
        for (Node supernode : CompressionStore.supernodes(compression)) {
            for (Membership membership : CompressionStore.memberships(supernode)) {
                Node member = membership.node();
                if (membership.kind() == CircuitNodeKind.ERROR || !ofCircuit.contains(member)) {
                    continue;
                }
                String label = membership.label();
                if (label == null
                        && membership.kind() == CircuitNodeKind.FEATURE
                        && !member.hasProperty("label")) {
                    label = (String) CircuitStore.feature(member).getProperty("label", null);
                }
                if (label != null) {
                    labels.put(NodeNames.labelId(CircuitStore.read(member)), label);
                }
            }
        }
        return labels;
    }
}
