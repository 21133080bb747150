package dev.sot.procedures.circuit;

import dev.sot.formats.CircuitDocument;
import dev.sot.formats.CircuitHeader;
import dev.sot.formats.CircuitNodeKind;
import dev.sot.formats.CircuitNodeRecord;
import dev.sot.formats.CircuitReadOptions;
import dev.sot.formats.CircuitReader;
import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CircuitStore;
import dev.sot.procedures.store.FeatureStore;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import dev.sot.transport.circuit.Scores;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Transaction;

/**
 * Imports one circuit file. A circuit of at most {@link CircuitStore#SINGLE_TRANSACTION_LINKS}
 * links is written in the caller's transaction; a larger one is staged in batches under a label of
 * its own and appears, whole, with the last.
 */
final class CircuitImport {

    private final Session session;
    private final ImportCircuitConfig config;
    private final Stopwatch stopwatch = new Stopwatch();

    CircuitImport(Session session, ImportCircuitConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
    }

    ImportCircuitResult run(Path file, String displayName) {
        CircuitDocument document =
                CircuitReader.read(
                        file,
                        displayName,
                        new CircuitReadOptions(config.dictionary()),
                        (done, total) -> {
                            session.monitor().check();
                            session.monitor().progress("reading " + displayName, done, total);
                        });
        return Exclusive.run(
                session,
                "circuit '" + document.header().slug() + "'",
                () -> write(document, displayName));
    }

    private ImportCircuitResult write(CircuitDocument document, String displayName) {
        CircuitHeader header = document.header();
        int links = Math.toIntExact(document.links().stored());
        Optional<Node> existing = CircuitStore.find(session.tx(), header.slug());
        boolean large =
                links > CircuitStore.SINGLE_TRANSACTION_LINKS
                        || existing.filter(CircuitStore::isLarge).isPresent();
        boolean same = existing.filter(circuit -> isSame(circuit, document)).isPresent();
        if (!large && !same) {
            // Waits for an import of the same dictionary that is not committed yet, which may be
            // one
            // of this circuit.
            FeatureStore.mergeDictionary(session.tx(), header.dictionary(), config.model());
            existing = CircuitStore.find(session.tx(), header.slug());
            same = existing.filter(circuit -> isSame(circuit, document)).isPresent();
        }
        if (same) {
            return ImportCircuitResult.of(
                    displayName,
                    "unchanged",
                    document,
                    storedScores(existing.orElseThrow()),
                    stopwatch.lap(),
                    0);
        }
        if (existing.isPresent()) {
            requireReplaceable(config, displayName, header.slug());
        }
        try (Heap heap = session.heap()) {
            heap.take(40L * links + 400L * document.nodes().size());
            Links loaded = Links.of(document, links);
            CircuitGraph graph = graph(document.nodes(), loaded);
            Content content = content(document, loaded, graph, displayName);
            long readMillis = stopwatch.lap();
            dropStaged(header.slug());
            if (!large) {
                existing.ifPresent(circuit -> CircuitStore.delete(session, circuit));
                writeAtOnce(content);
            } else {
                writeStaged(content, existing);
            }
            return ImportCircuitResult.of(
                    displayName,
                    existing.isPresent() ? "replaced" : "imported",
                    document,
                    content.scores(),
                    readMillis,
                    stopwatch.lap());
        }
    }

    /** Refuses to put a circuit in the place of a different one unless that is wanted. */
    static void requireReplaceable(ImportCircuitConfig config, String displayName, String slug) {
        if (!config.replace()) {
            throw new ConfigurationException(
                    displayName
                            + ": a different circuit with the slug '"
                            + slug
                            + "' is already in the database; pass {replace: true} to replace it"
                            + " with its compressions, or change metadata.slug in the file");
        }
    }

    /** Whether a stored circuit is the one of a document. */
    static boolean isSame(Node circuit, CircuitDocument document) {
        return document.contentHash().equals(circuit.getProperty("contentHash", null))
                && document.header().dictionary().equals(circuit.getProperty("dictionary", null));
    }

    private Content content(
            CircuitDocument document, Links links, CircuitGraph graph, String displayName) {
        try {
            return new Content(
                    document,
                    links,
                    Attribution.influence(graph, session.monitor()).values(),
                    document.dialect().scored()
                            ? Attribution.scores(graph, session.monitor())
                            : new Scores(Double.NaN, Double.NaN));
        } catch (ArithmeticException e) {
            throw new ConfigurationException(displayName + ": links: " + e.getMessage());
        }
    }

    private record Content(
            CircuitDocument document, Links links, double[] influence, Scores scores) {}

    /**
     * Links as parallel arrays of node indices and weights; further fields, which are rare, by
     * link.
     */
    private record Links(int[] source, int[] target, double[] weight, Map<Integer, String> extra) {

        static Links of(CircuitDocument document, int count) {
            int[] source = new int[count];
            int[] target = new int[count];
            double[] weight = new double[count];
            Map<Integer, String> extra = new HashMap<>();
            int[] next = {0};
            document.forEachLink(
                    (s, t, w, e) -> {
                        int link = next[0]++;
                        source[link] = s;
                        target[link] = t;
                        weight[link] = w;
                        if (e != null) {
                            extra.put(link, e);
                        }
                    });
            return new Links(source, target, weight, extra);
        }
    }

    private static CircuitGraph graph(List<CircuitNodeRecord> nodes, Links links) {
        NodeKind[] kinds = new NodeKind[nodes.size()];
        double[] logitProbability = new double[nodes.size()];
        for (int i = 0; i < kinds.length; i++) {
            CircuitNodeRecord node = nodes.get(i);
            kinds[i] = NodeKind.valueOf(node.kind().name());
            logitProbability[i] =
                    node.kind() == CircuitNodeKind.LOGIT ? node.tokenProbability() : 0;
        }
        return new CircuitGraph(
                kinds, logitProbability, links.source(), links.target(), links.weight());
    }

    private void writeAtOnce(Content content) {
        Transaction tx = session.tx();
        try (BatchWriter writer = BatchWriter.inCallersTransaction(session)) {
            Node circuit = tx.createNode(Names.CIRCUIT);
            circuit.setProperty("slug", content.document().header().slug());
            List<BatchWriter.Handle> nodes = writeNodes(writer, writer.handle(circuit), content);
            publish(circuit, nodes, content);
            writeLinks(writer, nodes, content.links());
        }
    }

    private void writeStaged(Content content, Optional<Node> existing) {
        BatchWriter.Handle replaced = null;
        Node[] touched =
                Stream.concat(
                                content.document().dictionaries().stream()
                                        .map(
                                                name ->
                                                        session.tx()
                                                                .findNode(
                                                                        Names.DICTIONARY,
                                                                        "name",
                                                                        name))
                                        .filter(Objects::nonNull),
                                existing.stream())
                        .toArray(Node[]::new);
        try (BatchWriter writer = BatchWriter.batched(session, touched)) {
            Node staged = writer.tx().createNode(Names.STAGED_CIRCUIT);
            staged.setProperty("slug", content.document().header().slug());
            BatchWriter.Handle handle = writer.handle(staged);
            List<BatchWriter.Handle> nodes = writeNodes(writer, handle, content);
            writer.flush();
            writeLinks(writer, nodes, content.links());
            writer.flush();
            if (existing.isPresent()) {
                replaced =
                        writer.handle(
                                writer.tx().getNodeByElementId(existing.get().getElementId()));
                CircuitStore.retire(replaced.node());
            }
            handle.node().removeLabel(Names.STAGED_CIRCUIT);
            handle.node().addLabel(Names.CIRCUIT);
            publish(handle.node(), nodes, content);
            writer.flush();
            if (replaced != null) {
                CircuitStore.deleteContents(session, writer, replaced.node());
            }
            writer.finish();
        }
    }

    /** Nodes without what makes them visible to readers, linked to their features. */
    private List<BatchWriter.Handle> writeNodes(
            BatchWriter writer, BatchWriter.Handle circuit, Content content) {
        Map<String, FeatureStore> dictionaries = new HashMap<>();
        List<CircuitNodeRecord> records = content.document().nodes();
        List<BatchWriter.Handle> handles = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            CircuitNodeRecord record = records.get(i);
            Node node = writer.tx().createNode();
            CircuitStore.write(node, record, i, content.influence()[i]);
            node.createRelationshipTo(circuit.node(), Names.IN_CIRCUIT);
            if (record.kind() == CircuitNodeKind.FEATURE) {
                FeatureStore features =
                        dictionaries.computeIfAbsent(
                                content.document().dictionary(record),
                                name -> new FeatureStore(writer, name, config.model()));
                Node feature = features.merge(record.layer(), record.featureIndex());
                if (!record.label().isEmpty() && !feature.hasProperty("label")) {
                    feature.setProperty("label", record.label());
                }
                node.createRelationshipTo(feature, Names.OF_FEATURE);
            }
            handles.add(writer.handle(node));
            writer.wrote(1000);
            session.monitor().check();
        }
        return handles;
    }

    private void publish(Node circuit, List<BatchWriter.Handle> nodes, Content content) {
        CircuitDocument document = content.document();
        String slug = document.header().slug();
        CircuitStore.writeHeader(circuit, document.header());
        circuit.setProperty("contentHash", document.contentHash());
        circuit.setProperty("dialect", document.dialect().text());
        circuit.setProperty("nodes", (long) document.nodes().size());
        circuit.setProperty("links", document.links().stored());
        setScore(circuit, "replacementScore", content.scores().replacement());
        setScore(circuit, "completenessScore", content.scores().completeness());
        circuit.setProperty("importedAt", ZonedDateTime.now(ZoneOffset.UTC));
        for (int i = 0; i < nodes.size(); i++) {
            CircuitNodeRecord record = document.nodes().get(i);
            Node node = nodes.get(i).node();
            node.setProperty("key", CircuitStore.nodeKey(slug, record.kind(), record.nodeId()));
            node.addLabel(Names.CIRCUIT_NODE);
            node.addLabel(CircuitStore.label(record.kind()));
        }
    }

    private static void setScore(Node circuit, String property, double score) {
        if (!Double.isNaN(score)) {
            circuit.setProperty(property, score);
        }
    }

    private void writeLinks(BatchWriter writer, List<BatchWriter.Handle> nodes, Links links) {
        int count = links.source().length;
        for (int i = 0; i < count; i++) {
            Relationship link =
                    nodes.get(links.source()[i])
                            .node()
                            .createRelationshipTo(
                                    nodes.get(links.target()[i]).node(), Names.ATTRIBUTES_TO);
            link.setProperty("weight", links.weight()[i]);
            if (links.extra().containsKey(i)) {
                link.setProperty("extra", links.extra().get(i));
            }
            writer.wrote(300);
            if ((i & 1023) == 0) {
                session.monitor().check();
                session.monitor().progress("writing links", i, count);
            }
        }
    }

    /** Removes what an earlier import of the same slug left when it was killed. */
    private void dropStaged(String slug) {
        List<Node> left;
        try (ResourceIterator<Node> found =
                session.tx().findNodes(Names.STAGED_CIRCUIT, "slug", slug)) {
            left = found.stream().toList();
        }
        for (Node node : left) {
            try (BatchWriter writer = BatchWriter.batched(session)) {
                CircuitStore.deleteContents(
                        session, writer, writer.tx().getNodeByElementId(node.getElementId()));
                writer.finish();
            }
        }
    }

    private static Scores storedScores(Node circuit) {
        return new Scores(
                (Double) circuit.getProperty("replacementScore", Double.NaN),
                (Double) circuit.getProperty("completenessScore", Double.NaN));
    }
}
