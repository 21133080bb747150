package dev.sot.procedures.export;

import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.GraphmlWriter;
import dev.sot.formats.GraphmlWriter.Attribute;
import dev.sot.formats.GraphmlWriter.Edge;
import dev.sot.formats.GraphmlWriter.Type;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.ImportDirectory;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Written;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.CompressionStore;
import dev.sot.procedures.store.CompressionStore.Membership;
import dev.sot.procedures.store.Names;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;

/** Writes a circuit with the supernodes of a compression, or the compressed circuit, as GraphML. */
final class GraphmlExport {

    private static final List<Attribute> OF_MEMBERS =
            List.of(
                    new Attribute("label", Type.STRING),
                    new Attribute("nodeId", Type.STRING),
                    new Attribute("circuit", Type.STRING),
                    new Attribute("kind", Type.STRING),
                    new Attribute("layer", Type.INT),
                    new Attribute("position", Type.INT),
                    new Attribute("feature", Type.STRING),
                    new Attribute("activation", Type.DOUBLE),
                    new Attribute("influence", Type.DOUBLE),
                    new Attribute("tokenProbability", Type.DOUBLE),
                    new Attribute("supernode", Type.INT),
                    new Attribute("supernodeLabel", Type.STRING));
    private static final List<Attribute> OF_LINKS = List.of(new Attribute("weight", Type.DOUBLE));
    private static final List<Attribute> OF_SUPERNODES =
            List.of(
                    new Attribute("label", Type.STRING),
                    new Attribute("rank", Type.INT),
                    new Attribute("kind", Type.STRING),
                    new Attribute("size", Type.INT),
                    new Attribute("meanLayer", Type.DOUBLE),
                    new Attribute("meanPosition", Type.DOUBLE),
                    new Attribute("influence", Type.DOUBLE));
    private static final List<Attribute> OF_SUPEREDGES =
            List.of(
                    new Attribute("weight", Type.DOUBLE),
                    new Attribute("normalizedWeight", Type.DOUBLE),
                    new Attribute("positive", Type.DOUBLE),
                    new Attribute("negative", Type.DOUBLE),
                    new Attribute("absolute", Type.DOUBLE),
                    new Attribute("links", Type.INT));

    private final Session session;
    private final ExportGraphmlConfig config;

    GraphmlExport(Session session, ExportGraphmlConfig config) {
        this.session = session;
        this.config = config;
    }

    ExportGraphmlResult run(Object graph, String file) {
        Path target =
                session.importDirectory().target("sot.export.graphml", file, config.overwrite());
        Node start = graph(graph);
        Node compression = start.hasLabel(Names.COMPRESSION) ? start : null;
        List<Node> circuits =
                compression == null ? List.of(start) : CompressionStore.circuits(compression);
        String name =
                compression == null
                        ? CircuitStore.slug(CircuitStore.requireImported(start))
                        : CompressionStore.name(compression);
        String id = compression == null ? null : (String) compression.getProperty("id");
        String description = "circuit " + name + (id == null ? "" : ", compression " + id);
        Contents contents;
        if (config.compressed()) {
            if (compression == null) {
                throw new ConfigurationException(
                        "sot.export.graphml: `compressed` needs a compression; '"
                                + name
                                + "' is a circuit");
            }
            contents = writeSupernodes(target, description, compression);
        } else {
            if (circuits.isEmpty()) {
                throw new ConfigurationException(
                        "sot.export.graphml: compression '"
                                + id
                                + "' is one of the graph '"
                                + name
                                + "', which is no circuit; pass {compressed: true} to write its"
                                + " supernodes");
            }
            contents = writeMembers(target, description, circuits, compression);
        }
        return new ExportGraphmlResult(
                name, id, file, contents.nodes(), contents.edges(), ImportDirectory.size(target));
    }

    /** What was written. */
    private record Contents(int nodes, long edges) {}

    private Node graph(Object argument) {
        if (argument instanceof Node node
                && (node.hasLabel(Names.CIRCUIT) || node.hasLabel(Names.COMPRESSION))) {
            return node;
        }
        if (!(argument instanceof String name)) {
            throw new ConfigurationException(
                    "sot.export.graphml: argument `graph` must be a circuit's slug, a"
                            + " compression's id, or a :Circuit or :Compression node");
        }
        List<Node> found =
                Stream.of(
                                session.tx().findNode(Names.CIRCUIT, "slug", name),
                                session.tx().findNode(Names.COMPRESSION, "id", name))
                        .filter(n -> n != null)
                        .toList();
        if (found.size() != 1) {
            throw new ConfigurationException(
                    "sot.export.graphml: "
                            + (found.isEmpty()
                                    ? "there is no circuit and no compression '"
                                            + name
                                            + "'; CALL sot.list() shows both"
                                    : "'"
                                            + name
                                            + "' is a circuit and a compression; pass its node"));
        }
        return found.get(0);
    }

    private Contents writeMembers(
            Path target, String description, List<Node> circuits, Node compression) {
        List<Node> nodes = circuits.stream().flatMap(c -> CircuitStore.nodes(c).stream()).toList();
        List<Node> supernodes =
                compression == null ? List.of() : CompressionStore.supernodes(compression);
        Map<Node, Node> supernodeOf = new HashMap<>();
        supernodes.forEach(
                s -> CompressionStore.members(s).forEach(member -> supernodeOf.put(member, s)));
        Written<Edge> links =
                new Written<>(
                        session,
                        "links",
                        CircuitStore.links(nodes)
                                .map(
                                        link ->
                                                edge(
                                                        link.source(),
                                                        link.target(),
                                                        link.relationship(),
                                                        OF_LINKS)));
        GraphmlWriter.write(
                target,
                description,
                OF_MEMBERS,
                nodes.stream().map(node -> member(node, supernodeOf.get(node))).iterator(),
                OF_LINKS,
                links);
        return new Contents(nodes.size(), links.count());
    }

    private static Object[] member(Node node, Node supernode) {
        CircuitNodeKind kind = CircuitStore.kind(node);
        return new Object[] {
            CircuitStore.name(node),
            node.getProperty("nodeId"),
            CircuitStore.slug(CircuitStore.circuit(node)),
            kind.name().toLowerCase(Locale.ROOT),
            node.getProperty("layer"),
            node.getProperty("position"),
            kind == CircuitNodeKind.FEATURE ? CircuitStore.feature(node).getProperty("key") : null,
            node.getProperty("activation", null),
            node.getProperty("influence"),
            node.getProperty("tokenProbability", null),
            supernode == null ? null : supernode.getProperty("rank"),
            supernode == null ? null : supernode.getProperty("label")
        };
    }

    private Contents writeSupernodes(Path target, String description, Node compression) {
        List<Node> supernodes = CompressionStore.supernodes(compression);
        Map<Node, Integer> numbers = new HashMap<>();
        IntStream.range(0, supernodes.size()).forEach(i -> numbers.put(supernodes.get(i), i));
        Written<Edge> superedges =
                new Written<>(
                        session,
                        "superedges",
                        supernodes.stream()
                                .flatMap(s -> CompressionStore.superedges(s).stream())
                                .map(
                                        superedge ->
                                                edge(
                                                        numbers.get(superedge.getStartNode()),
                                                        numbers.get(superedge.getEndNode()),
                                                        superedge,
                                                        OF_SUPEREDGES)));
        GraphmlWriter.write(
                target,
                description,
                OF_SUPERNODES,
                supernodes.stream().map(GraphmlExport::supernode).iterator(),
                OF_SUPEREDGES,
                superedges);
        return new Contents(supernodes.size(), superedges.count());
    }

    private static Object[] supernode(Node supernode) {
        List<Membership> members = CompressionStore.memberships(supernode);
        return new Object[] {
            supernode.getProperty("label"),
            supernode.getProperty("rank"),
            supernode.getProperty("kind"),
            supernode.getProperty("size"),
            mean(members, Membership::layer),
            mean(members, Membership::position),
            supernode.getProperty("influence", null)
        };
    }

    private static double mean(List<Membership> members, ToIntFunction<Membership> value) {
        return members.stream().mapToInt(value).average().orElseThrow();
    }

    private static Edge edge(
            int source, int target, Relationship relationship, List<Attribute> attributes) {
        return new Edge(
                source,
                target,
                attributes.stream().map(a -> relationship.getProperty(a.name())).toArray());
    }
}
