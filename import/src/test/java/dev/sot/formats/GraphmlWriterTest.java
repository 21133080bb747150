package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.formats.GraphmlWriter.Attribute;
import dev.sot.formats.GraphmlWriter.Edge;
import dev.sot.formats.GraphmlWriter.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** GraphML as another parser reads it. */
class GraphmlWriterTest {
    private static final String NAMESPACE = "http://graphml.graphdrawing.org/xmlns";
    private static final List<Attribute> OF_NODES =
            List.of(
                    new Attribute("label", Type.STRING),
                    new Attribute("layer", Type.INT),
                    new Attribute("index", Type.LONG),
                    new Attribute("pinned", Type.BOOLEAN));
    private static final List<Attribute> OF_EDGES = List.of(new Attribute("weight", Type.DOUBLE));

    @TempDir Path directory;

    @Test
    void anotherParserReadsEveryValueAndTheTypesDeclared() throws Exception {
        String label = " <b>\"Texas\" & 'so on'</b>]]> grüße \ud83d\ude00\r\n\t";
        Document document =
                written(
                        List.of(
                                new Object[] {label, 3, 5_000_000_000L, true},
                                new Object[] {"", null, null, false}),
                        List.of(new Edge(0, 1, new Object[] {-0.1}), edge(1, 1, 1e-300)));

        Element root = document.getDocumentElement();
        assertThat(root.getLocalName()).isEqualTo("graphml");
        assertThat(root.getNamespaceURI()).isEqualTo(NAMESPACE);
        Element graph = children(root, "graph").get(0);
        assertThat(graph.getAttribute("edgedefault")).isEqualTo("directed");
        assertThat(children(graph, "desc").get(0).getTextContent()).isEqualTo("a & b");
        Map<String, Element> keys = new LinkedHashMap<>();
        children(root, "key").forEach(key -> keys.put(key.getAttribute("id"), key));
        assertThat(keys.values())
                .extracting(
                        k ->
                                k.getAttribute("for")
                                        + " "
                                        + k.getAttribute("attr.name")
                                        + " "
                                        + k.getAttribute("attr.type"))
                .containsExactly(
                        "node label string",
                        "node layer int",
                        "node index long",
                        "node pinned boolean",
                        "edge weight double");

        List<Element> nodes = children(graph, "node");
        assertThat(nodes).extracting(n -> n.getAttribute("id")).containsExactly("n0", "n1");
        assertThat(data(nodes.get(0), keys))
                .isEqualTo(
                        Map.of(
                                "label", label,
                                "layer", "3",
                                "index", "5000000000",
                                "pinned", "true"));
        assertThat(data(nodes.get(1), keys)).isEqualTo(Map.of("label", "", "pinned", "false"));
        List<Element> edges = children(graph, "edge");
        assertThat(edges)
                .extracting(
                        e ->
                                e.getAttribute("id")
                                        + e.getAttribute("source")
                                        + e.getAttribute("target"))
                .containsExactly("e0n0n1", "e1n1n1");
        assertThat(data(edges.get(0), keys)).isEqualTo(Map.of("weight", "-0.1"));
        assertThat(data(edges.get(1), keys)).isEqualTo(Map.of("weight", "1.0E-300"));
        assertThat(Files.list(directory)).hasSize(1);
    }

    @Test
    void whatXmlCannotHoldIsWrittenAsInJson() throws Exception {
        Document document =
                written(
                        List.<Object[]>of(
                                new Object[] {
                                    "a\u0000b\u001bc\ud800d\uffffe\u0085f", null, null, null
                                }),
                        List.of());
        assertThat(document.getElementsByTagNameNS(NAMESPACE, "data").item(0).getTextContent())
                .isEqualTo("a\\u0000b\\u001bc\\ud800d\\uffffe\u0085f");
    }

    @Test
    void aGraphWithoutNodesIsAGraph() throws Exception {
        Document document = written(List.of(), List.of());
        assertThat(document.getElementsByTagNameNS(NAMESPACE, "graph").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagNameNS(NAMESPACE, "node").getLength()).isZero();
    }

    @Test
    void aValueForEveryAttributeIsNeeded() {
        assertThatThrownBy(() -> written(List.<Object[]>of(new Object[1]), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 values for 4 attributes");
        assertThat(directory).isEmptyDirectory();
    }

    private static Edge edge(int source, int target, double weight) {
        return new Edge(source, target, new Object[] {weight});
    }

    private Document written(List<Object[]> nodes, List<Edge> edges) throws Exception {
        Path file = directory.resolve("graph.graphml");
        GraphmlWriter.write(file, "a & b", OF_NODES, nodes.iterator(), OF_EDGES, edges.iterator());
        return parsed(file);
    }

    private static Document parsed(Path file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        try (var in = Files.newInputStream(file)) {
            return factory.newDocumentBuilder().parse(in);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        NodeList all = parent.getChildNodes();
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i) instanceof Element element && element.getLocalName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private static Map<String, String> data(Element element, Map<String, Element> keys)
            throws IOException {
        Map<String, String> data = new LinkedHashMap<>();
        for (Element value : children(element, "data")) {
            Element key = keys.get(value.getAttribute("key"));
            assertThat(key.getAttribute("for")).isEqualTo(element.getLocalName());
            data.put(key.getAttribute("attr.name"), value.getTextContent());
        }
        return data;
    }
}
