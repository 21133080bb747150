package dev.sot.procedures.labelling;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.LabellingFile;
import dev.sot.formats.LabellingTask;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
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
    private List<Node> circuits;
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
        circuits = CompressionStore.circuits(compression);
        String partition = PartitionHash.of(session, compression);
        Contexts contexts = Contexts.strongest(session, config.contexts(), REACH);
        List<LabellingTask> tasks = new ArrayList<>();
        List<Node> supernodes = CompressionStore.supernodes(compression);
        for (Node supernode : supernodes) {
            session.monitor().check();
            session.monitor().progress("describing supernodes", tasks.size(), supernodes.size());
            List<Membership> members =
                    CompressionStore.memberships(supernode).stream()
                            .filter(m -> m.kind() == CircuitNodeKind.FEATURE)
                            .sorted(Comparator.comparingDouble(m -> -m.influence()))
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
            List<Membership> members,
            Contexts contexts) {
        List<Membership> shown = members.subList(0, Math.min(config.features(), members.size()));
        features += shown.size();
        furtherFeatures += members.size() - shown.size();
        return new LabellingTask(
                (String) compression.getProperty("id"),
                partition,
                (String) supernode.getProperty("key"),
                circuits.stream().map(c -> (String) c.getProperty("prompt")).toList(),
                shown.stream().map(m -> feature(m, contexts)).toList(),
                members.size() - shown.size(),
                tokens(supernode),
                links(supernode, Direction.OUTGOING),
                links(supernode, Direction.INCOMING));
    }

    /** A member; in a graph of the user's own less may be known of it. */
    private LabellingTask.Feature feature(Membership member, Contexts contexts) {
        int prompt =
                circuits.isEmpty() ? -1 : circuits.indexOf(CircuitStore.circuit(member.node()));
        return new LabellingTask.Feature(
                label(member),
                prompt,
                member.layer(),
                member.position(),
                prompt < 0
                        ? null
                        : CircuitStore.promptToken(circuits.get(prompt), member.position())
                                .orElse(null),
                member.feature() == null ? List.of() : contexts.of(member.feature()));
    }

    private String label(Membership member) {
        if (member.label() != null) {
            return member.label();
        }
        Node feature =
                member.feature() == null
                        ? null
                        : session.tx().findNode(Names.FEATURE, "key", member.feature());
        return CircuitStore.ownLabel(member.node(), feature).orElse(null);
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
