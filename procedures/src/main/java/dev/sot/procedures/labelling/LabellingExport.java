package dev.sot.procedures.labelling;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.LabellingFile;
import dev.sot.formats.LabellingTask;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressedFeatures;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Writes what the database knows of supernodes as prompts. */
final class LabellingExport {

    /** Tokens shown on either side of an active one. */
    private static final int REACH = 12;

    private final Session session;
    private final ExportLabellingConfig config;
    private long features;
    private long furtherFeatures;

    LabellingExport(Session session, ExportLabellingConfig config) {
        this.session = session;
        this.config = config;
    }

    ExportLabellingResult run(String id, String file) {
        Path target = session.importDirectory().target(file);
        if (Files.exists(target) && !config.overwrite()) {
            throw new ConfigurationException(
                    "sot.export.labelling: '"
                            + file
                            + "' exists; pass {overwrite: true} to replace it, or give another"
                            + " name");
        }
        Node compression = CompressionStore.require(session.tx(), id);
        String partition = CompressedFeatures.of(compression).hash();
        Contexts contexts = Contexts.strongest(session, config.contexts(), REACH);
        List<LabellingTask> tasks = new ArrayList<>();
        List<Node> supernodes = CompressionStore.supernodes(compression);
        for (Node supernode : supernodes) {
            session.monitor().check();
            session.monitor().progress("describing supernodes", tasks.size(), supernodes.size());
            List<Node> members =
                    CompressionStore.members(supernode).stream()
                            .filter(CompressedFeatures::isFeature)
                            .sorted(
                                    Comparator.comparingDouble(
                                            n -> -(Double) n.getProperty("influence")))
                            .toList();
            if (!members.isEmpty()) {
                tasks.add(task(compression, partition, supernode, members, contexts));
            }
        }
        LabellingFile.write(target, tasks.iterator());
        return new ExportLabellingResult(
                file,
                (String) compression.getProperty("id"),
                tasks.size(),
                features,
                furtherFeatures);
    }

    private LabellingTask task(
            Node compression,
            String partition,
            Node supernode,
            List<Node> members,
            Contexts contexts) {
        List<Node> shown = members.subList(0, Math.min(config.features(), members.size()));
        features += shown.size();
        furtherFeatures += members.size() - shown.size();
        Node circuit = CompressionStore.circuit(compression);
        String[] promptTokens = (String[]) circuit.getProperty("promptTokens");
        return new LabellingTask(
                (String) compression.getProperty("id"),
                partition,
                (String) supernode.getProperty("key"),
                (String) circuit.getProperty("prompt"),
                shown.stream().map(n -> feature(n, promptTokens, contexts)).toList(),
                members.size() - shown.size(),
                tokens(supernode),
                links(supernode, Direction.OUTGOING),
                links(supernode, Direction.INCOMING));
    }

    private static LabellingTask.Feature feature(
            Node node, String[] promptTokens, Contexts contexts) {
        int position = ((Number) node.getProperty("position")).intValue();
        Node feature = CircuitStore.feature(node);
        return new LabellingTask.Feature(
                (String) node.getProperty("label", feature.getProperty("label", null)),
                ((Number) node.getProperty("layer")).intValue(),
                position,
                position < promptTokens.length ? promptTokens[position] : null,
                contexts.of((String) feature.getProperty("key")));
    }

    private static List<LabellingTask.TokenShare> tokens(Node supernode) {
        String[] tokens = (String[]) supernode.getProperty("topTokens", new String[0]);
        double[] shares = (double[]) supernode.getProperty("topTokenShares", new double[0]);
        return IntStream.range(0, tokens.length)
                .mapToObj(i -> new LabellingTask.TokenShare(tokens[i], shares[i]))
                .toList();
    }

    /** The largest superedges; reconstruction errors say nothing about what features mean. */
    private List<LabellingTask.Link> links(Node supernode, Direction direction) {
        List<LabellingTask.Link> links = new ArrayList<>();
        try (var superedges = supernode.getRelationships(direction, Names.SUPER_ATTRIBUTES_TO)) {
            for (Relationship superedge : superedges) {
                Node other = superedge.getOtherNode(supernode);
                String kind = (String) other.getProperty("kind");
                if (!kind.equalsIgnoreCase(CircuitNodeKind.ERROR.name())) {
                    links.add(
                            new LabellingTask.Link(
                                    (String) other.getProperty("label"),
                                    kind,
                                    (Double) superedge.getProperty("weight")));
                }
            }
        }
        links.sort(
                Comparator.comparingDouble((LabellingTask.Link l) -> -Math.abs(l.weight()))
                        .thenComparing(LabellingTask.Link::supernode));
        return links.subList(0, Math.min(config.links(), links.size()));
    }
}
