package dev.sot.procedures.intervention;

import dev.sot.formats.InterventionList;
import dev.sot.formats.InterventionList.Partition;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CompressedFeatures;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.neo4j.graphdb.Node;

/** Writes which features of a model to average or to ablate. */
final class InterventionsExport {

    private final Session session;
    private final ExportInterventionsConfig config;

    InterventionsExport(Session session, ExportInterventionsConfig config) {
        this.session = session;
        this.config = config;
    }

    List<ExportInterventionsResult> run(Object compressions, String file) {
        Path target = session.importDirectory().target(file);
        if (Files.exists(target) && !config.overwrite()) {
            throw new ConfigurationException(
                    "sot.export.interventions: '"
                            + file
                            + "' exists; pass {overwrite: true} to replace it, or give another"
                            + " name");
        }
        List<Node> chosen = compressions(compressions);
        List<Partition> partitions = new ArrayList<>();
        for (Node compression : chosen) {
            session.monitor().check();
            session.monitor().progress("reading compressions", partitions.size(), chosen.size());
            partitions.add(CompressedFeatures.of(compression));
        }
        InterventionList.write(target, config.kinds(), config.others(), partitions);
        return partitions.stream().map(p -> new ExportInterventionsResult(file, p)).toList();
    }

    private List<Node> compressions(Object argument) {
        List<?> items = argument instanceof List<?> list ? list : Arrays.asList(argument);
        if (items.isEmpty()) {
            throw new ConfigurationException(
                    "sot.export.interventions: argument `compressions` is an empty list; name"
                            + " compressions");
        }
        List<Node> compressions = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Object item : items) {
            Node compression = compression(item);
            String id = (String) compression.getProperty("id");
            if (!ids.add(id)) {
                throw new ConfigurationException(
                        "sot.export.interventions: compression '" + id + "' is named twice");
            }
            compressions.add(compression);
        }
        return compressions;
    }

    private Node compression(Object item) {
        if (item instanceof String id) {
            return CompressionStore.require(session.tx(), id);
        }
        if (item instanceof Node node && node.hasLabel(Names.COMPRESSION)) {
            return node;
        }
        throw new ConfigurationException(
                "sot.export.interventions: argument `compressions` must be the id of a"
                        + " compression, a :Compression node, or a list of them, got "
                        + (item == null
                                ? "null"
                                : item instanceof Node
                                        ? "a node without that label"
                                        : item.getClass()
                                                .getSimpleName()
                                                .toLowerCase(Locale.ROOT)));
    }
}
