package dev.sot.procedures.circuit;

import dev.sot.formats.CircuitHeader;
import dev.sot.formats.CircuitWriter;
import dev.sot.formats.LinkRecord;
import dev.sot.formats.QParams;
import dev.sot.formats.SupernodePartition;
import dev.sot.procedures.runtime.ImportDirectory;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Written;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import java.nio.file.Path;
import java.util.List;
import org.neo4j.graphdb.Node;

/** Writes a circuit as the field's tools read it. */
final class CircuitExport {

    private final Session session;
    private final ExportCircuitConfig config;

    CircuitExport(Session session, ExportCircuitConfig config) {
        this.session = session;
        this.config = config;
    }

    ExportCircuitResult run(String slug, String file) {
        Path target =
                session.importDirectory().target("sot.export.circuit", file, config.overwrite());
        Node circuit = CircuitStore.require(session.tx(), slug);
        List<Node> nodes = CircuitStore.nodes(circuit);
        CircuitHeader header = CircuitStore.header(circuit);
        int supernodes = 0;
        if (config.compression().isPresent()) {
            Node compression =
                    CompressionStore.requireOf(
                            session.tx(), config.compression().get(), header.slug());
            List<SupernodePartition.Group> groups = CompressionStore.groups(compression, nodes);
            supernodes = groups.size();
            header =
                    header.withQParams(
                            QParams.withSupernodes(
                                    header.qParamsJson(),
                                    CompressionStore.pins(compression, nodes),
                                    groups));
        }
        String[] ids =
                nodes.stream().map(n -> (String) n.getProperty("nodeId")).toArray(String[]::new);
        Written<LinkRecord> links =
                new Written<>(
                        session,
                        "links",
                        CircuitStore.links(nodes)
                                .map(
                                        link ->
                                                new LinkRecord(
                                                        ids[link.source()],
                                                        ids[link.target()],
                                                        (Double)
                                                                link.relationship()
                                                                        .getProperty("weight"),
                                                        (String)
                                                                link.relationship()
                                                                        .getProperty(
                                                                                "extra", null))));
        CircuitWriter.write(
                target, header, nodes.stream().map(CircuitStore::read).iterator(), links);
        return new ExportCircuitResult(
                header.slug(),
                file,
                nodes.size(),
                links.count(),
                supernodes,
                ImportDirectory.size(target));
    }
}
