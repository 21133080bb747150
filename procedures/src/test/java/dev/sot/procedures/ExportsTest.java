package dev.sot.procedures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Compressions as files for other tools, and read back from them. */
class ExportsTest {

    private static final String PARTITION =
            "MATCH (n:CircuitNode)-[m:MEMBER_OF]->(s)-[:IN_COMPRESSION]->({id: $id}) WITH s, m, n"
                    + " ORDER BY n.key RETURN s.label AS label, s.named AS named,"
                    + " collect([n.key, m.label]) AS members ORDER BY members";

    @RegisterExtension static final Database database = Database.withSchema();

    @BeforeEach
    void importCircuit() {
        database.write("circuit.json", CircuitJson.small("tiny").toString());
        database.row("CALL sot.import.circuit('circuit.json')");
        database.rows("MATCH (f:Feature {key: 'model/dictionary/0/5'}) SET f.label = 'a feature'");
        database.write(
                "hand.json",
                "{\"pinnedIds\":[\"0_5_1\",\"1_6_2\",\"4_42_2\",\"E_18_2\",\"2_7_2\"],\"supernodes\":[[\"both"
                    + " <b>\",\"0_5_1\",\"1_6_2\"],[\"alone\",\"2_7_2\"]],\"clerps\":[[\"1_100006_2\",\"old"
                    + " form\"],[\"9_9_9\",\"nowhere\"]]}");
        assertThat(database.row("CALL sot.import.supernodes('tiny', 'hand.json', {id: 'hand'})"))
                .containsEntry("supernodes", 4L)
                .containsEntry("memberLabels", 1L)
                .containsEntry("unmatchedLabels", 1L);
    }

    @AfterEach
    void clear() throws Exception {
        database.clear();
        try (var files = Files.list(database.importDirectory())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aSubgraphIsTheBodyThatNeuronpediaTakes() {
        assertThat(
                        database.row(
                                "CALL sot.export.subgraph('hand', 'body.json', {modelId: 'm',"
                                        + " pruningThreshold: 0.8})"))
                .containsEntry("compression", "hand")
                .containsEntry("modelId", "m")
                .containsEntry("slug", "tiny")
                .containsEntry("supernodes", 2L)
                .containsEntry("pins", 5L)
                .containsEntry("undrawnPins", 0L)
                .containsEntry("labels", 2L);
        JsonNode body = CircuitJson.read(database.importDirectory().resolve("body.json"));
        assertThat(body)
                .isEqualTo(
                        CircuitJson.parse(
                                "{\"modelId\":\"m\",\"slug\":\"tiny\",\"displayName\":\"hand\","
                                    + "\"pinnedIds\":[\"4_42_2\",\"2_7_2\",\"1_6_2\",\"E_18_2\",\"0_5_1\"],\"supernodes\":[[\"both"
                                    + " <b>\",\"0_5_1\",\"1_6_2\"],[\"alone\",\"2_7_2\"]],\"clerps\":[[\"0_20_1\",\"a"
                                    + " feature\"],[\"1_34_2\",\"old"
                                    + " form\"]],\"pruningThreshold\":0.8,"
                                    + "\"densityThreshold\":null}"));
    }

    @Test
    void namesThatNeuronpediaDoesNotTakeAreRefused() {
        database.failure("CALL sot.export.subgraph('hand', 'body.json')")
                .contains("in a modelId, not 'model/dictionary'; ")
                .endsWith("{modelId: 'gemma-2-2b'} or another");
        database.failure(
                        "CALL sot.export.subgraph('hand', 'body.json', {modelId: 'm', slug: 'a"
                                + " b'})")
                .contains("in a slug, not 'a b'; ");
        assertThat(database.importDirectory().resolve("body.json")).doesNotExist();
    }

    @Test
    void everyExportIsReadBackAsTheSamePartition() {
        List<Map<String, Object>> before = database.rows(PARTITION, "id", "hand");
        database.row("CALL sot.export.subgraph('hand', 'body.json', {modelId: 'm'})");
        database.row("CALL sot.export.circuit('tiny', 'whole.json', {compression: 'hand'})");
        for (String file : List.of("body.json", "whole.json")) {
            assertThat(
                            database.row(
                                    "CALL sot.import.supernodes('tiny', $file, {id: 'again'})",
                                    "file",
                                    file))
                    .containsEntry("unmatchedPins", 0L)
                    .containsEntry("unmatchedMembers", 0L)
                    .containsEntry("vanishedSupernodes", 0L)
                    .containsEntry("unmatchedLabels", 0L);
            List<Map<String, Object>> again = database.rows(PARTITION, "id", "again");
            assertThat(again).as(file).hasSameSizeAs(before);
            for (int i = 0; i < again.size(); i++) {
                assertThat(again.get(i))
                        .as(file)
                        .containsEntry("label", before.get(i).get("label"))
                        .containsEntry("named", before.get(i).get("named"));
                assertThat(keys(again.get(i))).as(file).isEqualTo(keys(before.get(i)));
            }
        }
        // The subgraph also carries labels, the database's own among them.
        database.row("CALL sot.import.supernodes('tiny', 'body.json', {id: 'again'})");
        assertThat(
                        database.rows(
                                "MATCH (n)-[m:MEMBER_OF]->()-[:IN_COMPRESSION]->({id: 'again'})"
                                        + " WHERE m.label IS NOT NULL RETURN n.nodeId AS id,"
                                        + " m.label AS label ORDER BY id"))
                .containsExactly(
                        Map.of("id", "0_5_1", "label", "a feature"),
                        Map.of("id", "1_6_2", "label", "old form"));
    }

    private static List<Object> keys(Map<String, Object> supernode) {
        List<Object> keys = new ArrayList<>();
        ((List<?>) supernode.get("members")).forEach(m -> keys.add(((List<?>) m).get(0)));
        return keys;
    }

    @Test
    void pinsInAnthropicsFormAreMatched() {
        database.write(
                "anthropic.json",
                "{\"qParams\":{\"pinnedIds\":\"0_5-0,1_6-0,L_42-2\",\"supernodes\":[[\"x\",\"0_5-0\",\"1_6-0\"]]}}");
        assertThat(database.row("CALL sot.import.supernodes('tiny', 'anthropic.json', {id: 'js'})"))
                .containsEntry("supernodes", 2L)
                .containsEntry("members", 3L)
                .containsEntry("unmatchedPins", 0L)
                .containsEntry("unmatchedMembers", 0L);
    }

    @Test
    void moreThan200PinsAreReadBackWhenAskedFor() {
        CircuitJson circuit = new CircuitJson("wide");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            circuit.feature(1, 1000 + i, 1);
            circuit.link("1_" + (1000 + i) + "_1", "4_42_2", i + 1);
            ids.add("\"1_" + (1000 + i) + "_1\"");
        }
        circuit.logit(42, 2, 0.5);
        database.write("wide.json", circuit.toString());
        database.row("CALL sot.import.circuit('wide.json')");
        database.write(
                "all.json",
                "{\"pinnedIds\":["
                        + String.join(",", ids)
                        + "],\"supernodes\":[[\"first\","
                        + String.join(",", ids.subList(0, 60))
                        + "],[\"second\","
                        + String.join(",", ids.subList(60, 250))
                        + "]]}");
        assertThat(database.row("CALL sot.import.supernodes('wide', 'all.json', {id: 'drawn'})"))
                .containsEntry("members", 200L)
                .containsEntry("droppedPins", 50L);
        database.row("CALL sot.import.supernodes('wide', 'all.json', {id: 'all', allPins: true})");
        assertThat(database.row("CALL sot.export.subgraph('all', 'body.json', {modelId: 'm'})"))
                .containsEntry("pins", 250L)
                .containsEntry("undrawnPins", 50L);
        assertThat(
                        database.row(
                                "CALL sot.import.supernodes('wide', 'body.json', {id: 'again',"
                                        + " allPins: true})"))
                .containsEntry("members", 250L)
                .containsEntry("droppedPins", 0L);
        assertThat(database.rows(PARTITION, "id", "again"))
                .isEqualTo(database.rows(PARTITION, "id", "all"));
    }

    @Test
    void graphmlHoldsTheCircuitWithItsSupernodes() throws Exception {
        assertThat(database.row("CALL sot.export.graphml('hand', 'members.graphml')"))
                .containsEntry("circuit", "tiny")
                .containsEntry("compression", "hand")
                .containsEntry("nodes", 8L)
                .containsEntry("edges", 9L);
        Graph graph = read("members.graphml");
        List<Map<String, Object>> stored =
                database.rows(
                        "MATCH (n:CircuitNode) OPTIONAL MATCH (n)-[:MEMBER_OF]->(s) OPTIONAL MATCH"
                                + " (n)-[:OF_FEATURE]->(f) RETURN n.nodeId AS nodeId,"
                                + " coalesce(n.label, f.label) AS label, n.layer AS layer,"
                                + " n.influence AS influence, n.activation AS activation, f.key AS"
                                + " feature, s.rank AS supernode, s.label AS supernodeLabel ORDER"
                                + " BY n.ordinal");
        List<Map<String, Object>> nodes = new ArrayList<>(graph.nodes.values());
        for (int i = 0; i < stored.size(); i++) {
            for (String key : stored.get(i).keySet()) {
                Object value = stored.get(i).get(key);
                if (value != null || !key.equals("label")) {
                    assertThat(nodes.get(i).get(key)).as(key).isEqualTo(value);
                }
            }
        }
        assertThat(nodes)
                .filteredOn(n -> "both <b>".equals(n.get("supernodeLabel")))
                .extracting(n -> n.get("nodeId"))
                .containsExactly("0_5_1", "1_6_2");
        assertThat(
                        graph.edges.stream()
                                .map(
                                        e ->
                                                List.of(
                                                        graph.nodes.get(e.source).get("nodeId"),
                                                        graph.nodes.get(e.target).get("nodeId"),
                                                        e.values.get("weight")))
                                .toList())
                .containsExactlyInAnyOrderElementsOf(
                        database
                                .rows(
                                        "MATCH (a)-[l:ATTRIBUTES_TO]->(b) RETURN [a.nodeId,"
                                                + " b.nodeId, l.weight] AS link")
                                .stream()
                                .map(r -> ExportsTest.<List<Object>>cast(r.get("link")))
                                .toList());
    }

    @Test
    void graphmlHoldsTheCompressedCircuit() throws Exception {
        assertThat(
                        database.row(
                                "CALL sot.export.graphml('hand', 'hand.graphml', {compressed:"
                                        + " true})"))
                .containsEntry("nodes", 4L);
        Graph graph = read("hand.graphml");
        List<Map<String, Object>> nodes = new ArrayList<>(graph.nodes.values());
        assertThat(nodes)
                .extracting(n -> n.get("rank"), n -> n.get("size"))
                .startsWith(org.assertj.core.groups.Tuple.tuple(0, 1));
        assertThat(nodes)
                .filteredOn(n -> n.get("label").equals("both <b>"))
                .first()
                .satisfies(
                        n -> {
                            assertThat(n).containsEntry("meanLayer", 0.5);
                            assertThat(n).containsEntry("meanPosition", 1.5);
                            assertThat(n).containsEntry("kind", "feature");
                        });
        assertThat(
                        graph.edges.stream()
                                .map(
                                        e ->
                                                List.of(
                                                        graph.nodes.get(e.source).get("label"),
                                                        graph.nodes.get(e.target).get("label"),
                                                        e.values))
                                .toList())
                .containsExactlyInAnyOrderElementsOf(
                        database
                                .rows(
                                        "MATCH (a)-[e:SUPER_ATTRIBUTES_TO]->(b) RETURN [a.label,"
                                            + " b.label, e {.weight, .normalizedWeight, .positive,"
                                            + " .negative, .absolute, .links}] AS edge")
                                .stream()
                                .map(r -> ExportsTest.<List<Object>>cast(r.get("edge")))
                                .toList());
    }

    @SuppressWarnings("unchecked")
    private static <T> T cast(Object value) {
        return (T) value;
    }

    private static void compressTogether() {
        database.write("twin.json", CircuitJson.small("twin").toString());
        database.row("CALL sot.import.circuit('twin.json')");
        database.row(
                "CALL sot.compress(['tiny', 'twin'], {id: 'pair', distance: 'edgeProfile',"
                        + " targetSize: 2})");
    }

    @Test
    void circuitsCompressedTogetherAreExportedWithTheirSupernodes() throws Exception {
        compressTogether();
        assertThat(database.row("CALL sot.export.graphml('pair', 'pair.graphml')"))
                .containsEntry("circuit", "tiny+twin")
                .containsEntry("compression", "pair")
                .containsEntry("nodes", 16L)
                .containsEntry("edges", 18L);
        Graph members = read("pair.graphml");
        assertThat(members.nodes.values())
                .filteredOn(n -> n.get("nodeId").equals("2_7_2"))
                .extracting(n -> n.get("circuit"))
                .containsExactly("tiny", "twin");
        assertThat(members.nodes.values()).allMatch(n -> n.containsKey("supernode"));
        assertThat(members.edges)
                .allSatisfy(
                        e ->
                                assertThat(members.nodes.get(e.source).get("circuit"))
                                        .isEqualTo(members.nodes.get(e.target).get("circuit")));

        Map<String, Object> compressed =
                database.row(
                        "CALL sot.export.graphml('pair', 'supernodes.graphml', {compressed:"
                                + " true})");
        Graph supernodes = read("supernodes.graphml");
        assertThat(compressed)
                .containsEntry("nodes", (long) supernodes.nodes.size())
                .containsEntry("edges", (long) supernodes.edges.size());
        assertThat(
                        supernodes.nodes.values().stream()
                                .mapToLong(n -> ((Number) n.get("size")).longValue())
                                .sum())
                .isEqualTo(16);

        // Each circuit by itself, with its part of the supernodes, is read back as that part.
        for (String slug : List.of("tiny", "twin")) {
            database.row(
                    "CALL sot.export.circuit($slug, 'part.json', {compression: 'pair', overwrite:"
                            + " true})",
                    "slug",
                    slug);
            database.row(
                    "CALL sot.import.supernodes($slug, 'part.json', {id: 'part'})", "slug", slug);
            assertThat(
                            database.row(
                                    "CALL sot.compare('pair', 'part') YIELD nodes, adjustedRand"
                                            + " RETURN nodes, adjustedRand"))
                    .containsEntry("nodes", 3L)
                    .containsEntry("adjustedRand", 1.0);
            database.row("CALL sot.compress.drop('part')");
        }
        database.failure("CALL sot.export.subgraph('pair', 'x.json')")
                .contains("is one of several circuits");
    }

    @Test
    void aGraphOfTheUsersOwnIsExportedCompressed() throws Exception {
        database.row(
                "CALL sot.compress('mine', {id: 'own', distance: 'edgeProfile', targetSize: 2,"
                    + " nodeQuery: 'MATCH (node:CircuitNode) RETURN node', relationshipQuery:"
                    + " 'MATCH (source)-[l:ATTRIBUTES_TO]->(target) RETURN source, target, l.weight"
                    + " AS weight'})");
        assertThat(
                        database.row(
                                "CALL sot.export.graphml('own', 'own.graphml', {compressed:"
                                        + " true})"))
                .containsEntry("circuit", "mine")
                .containsEntry("nodes", (long) 2);
        assertThat(read("own.graphml").nodes).hasSize(2);
        database.failure("CALL sot.export.graphml('own', 'members.graphml')")
                .contains("is one of the graph 'mine'")
                .contains("{compressed: true}");
    }

    @Test
    void aCircuitAloneHasNoSupernodes() throws Exception {
        assertThat(database.row("CALL sot.export.graphml('tiny', 'tiny.graphml')"))
                .containsEntry("compression", null);
        assertThat(read("tiny.graphml").nodes.values()).noneMatch(n -> n.containsKey("supernode"));
        database.failure("CALL sot.export.graphml('tiny', 'x.graphml', {compressed: true})")
                .contains("'tiny' is a circuit");
        database.failure("CALL sot.export.graphml('nothing', 'x.graphml')")
                .contains("no circuit and no compression 'nothing'");
        database.failure("CALL sot.export.graphml(7, 'x.graphml')").contains("`graph` must be");
        database.rows("MATCH (c:Compression {id: 'hand'}) SET c.id = 'tiny'");
        database.failure("CALL sot.export.graphml('tiny', 'x.graphml')")
                .contains("a circuit and a compression");
        assertThat(
                        database.row(
                                "MATCH (c:Compression) CALL sot.export.graphml(c, 'node.graphml')"
                                        + " YIELD compression RETURN compression"))
                .containsEntry("compression", "tiny");
    }

    @Test
    void anExistingFileIsKeptUnlessAskedFor() {
        Map<String, String> overwriting =
                Map.of(
                        "subgraph", "{modelId: 'm', overwrite: true}",
                        "graphml", "{overwrite: true}");
        for (String procedure : overwriting.keySet()) {
            database.write("there", "precious");
            database.failure("CALL sot.export." + procedure + "('hand', 'there')")
                    .contains("sot.export." + procedure)
                    .contains("overwrite: true");
            assertThat(database.importDirectory().resolve("there")).hasContent("precious");
            database.row(
                    "CALL sot.export."
                            + procedure
                            + "('hand', 'there', "
                            + overwriting.get(procedure)
                            + ")");
            assertThat(database.importDirectory().resolve("there"))
                    .content()
                    .doesNotContain("precious");
        }
        database.failure("CALL sot.export.subgraph('hand', '../out.json')").contains("leads out");
    }

    private record GraphEdge(String source, String target, Map<String, Object> values) {}

    private record Graph(Map<String, Map<String, Object>> nodes, List<GraphEdge> edges) {}

    /** A file as GraphML's rules say to read it, with values of the types declared. */
    private static Graph read(String name) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Element root =
                factory.newDocumentBuilder()
                        .parse(database.importDirectory().resolve(name).toFile())
                        .getDocumentElement();
        Map<String, Element> keys = new LinkedHashMap<>();
        for (Element key : elements(root, "key")) {
            assertThat(keys.put(key.getAttribute("id"), key)).isNull();
        }
        Graph graph = new Graph(new LinkedHashMap<>(), new ArrayList<>());
        for (Element node : elements(root, "node")) {
            assertThat(graph.nodes.put(node.getAttribute("id"), values(node, keys))).isNull();
        }
        for (Element edge : elements(root, "edge")) {
            String source = edge.getAttribute("source");
            String target = edge.getAttribute("target");
            assertThat(graph.nodes).containsKeys(source, target);
            graph.edges.add(new GraphEdge(source, target, values(edge, keys)));
        }
        return graph;
    }

    private static Map<String, Object> values(Element element, Map<String, Element> keys) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Element data : elements(element, "data")) {
            Element key = keys.get(data.getAttribute("key"));
            assertThat(key.getAttribute("for")).isEqualTo(element.getLocalName());
            String text = data.getTextContent();
            values.put(
                    key.getAttribute("attr.name"),
                    switch (key.getAttribute("attr.type")) {
                        case "int" -> Integer.valueOf(text);
                        case "double" -> Double.valueOf(text);
                        case "string" -> text;
                        default -> throw new AssertionError(key.getAttribute("attr.type"));
                    });
        }
        return values;
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList found =
                parent.getElementsByTagNameNS("http://graphml.graphdrawing.org/xmlns", name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}
