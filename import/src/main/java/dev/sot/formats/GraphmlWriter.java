package dev.sot.formats;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes directed graphs as GraphML (graphml.graphdrawing.org, version 1.0 with the extension for
 * attributes), in the part of it that NetworkX, Gephi and yEd all read: one graph, declared and
 * typed attributes, no defaults, no nesting. Nodes are called {@code n0}, {@code n1}, ... in the
 * order in which they are written, edges {@code e0}, {@code e1}, ...
 *
 * <p>Characters that XML 1.0 cannot hold (controls, half surrogate pairs) are written as they are
 * written in JSON, such as {@code \u001b}.
 */
public final class GraphmlWriter {
    private static final String NAMESPACE = "http://graphml.graphdrawing.org/xmlns";
    private static final String SCHEMA = NAMESPACE + "/1.0/graphml.xsd";
    private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

    /** The types of values that GraphML knows, without float. */
    public enum Type {
        BOOLEAN,
        INT,
        LONG,
        DOUBLE,
        STRING
    }

    /** An attribute that nodes or edges may have. */
    public record Attribute(String name, Type type) {
        public Attribute {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
        }
    }

    /**
     * One edge.
     *
     * @param source number of the node at which it starts
     * @param target number of the node at which it ends
     * @param values one for each attribute of edges, null where it has none
     */
    public record Edge(int source, int target, Object[] values) {}

    private final XMLStreamWriter xml;

    private GraphmlWriter(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /**
     * Writes a graph as a stream.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @param description what the graph is
     * @param nodeAttributes attributes of nodes
     * @param nodes of each node one value for each attribute, null where it has none
     * @param edgeAttributes attributes of edges
     * @param edges the edges
     * @throws FormatException when the file cannot be written
     */
    public static void write(
            Path target,
            String description,
            List<Attribute> nodeAttributes,
            Iterator<Object[]> nodes,
            List<Attribute> edgeAttributes,
            Iterator<Edge> edges) {
        AtomicFile.writeBytes(
                target,
                out -> {
                    Writer writer =
                            new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                    try {
                        XMLStreamWriter xml =
                                XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(writer);
                        new GraphmlWriter(xml)
                                .write(description, nodeAttributes, nodes, edgeAttributes, edges);
                        xml.close();
                    } catch (XMLStreamException e) {
                        throw new IOException(e);
                    }
                    writer.flush();
                });
    }

    private void write(
            String description,
            List<Attribute> nodeAttributes,
            Iterator<Object[]> nodes,
            List<Attribute> edgeAttributes,
            Iterator<Edge> edges)
            throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        line();
        xml.writeStartElement("graphml");
        xml.writeDefaultNamespace(NAMESPACE);
        xml.writeNamespace("xsi", INSTANCE);
        xml.writeAttribute("xsi", INSTANCE, "schemaLocation", NAMESPACE + " " + SCHEMA);
        line();
        declare("node", "v", nodeAttributes);
        declare("edge", "w", edgeAttributes);
        xml.writeStartElement("graph");
        xml.writeAttribute("id", "G");
        xml.writeAttribute("edgedefault", "directed");
        line();
        xml.writeStartElement("desc");
        text(description);
        xml.writeEndElement();
        line();
        for (int i = 0; nodes.hasNext(); i++) {
            xml.writeStartElement("node");
            xml.writeAttribute("id", "n" + i);
            values("v", nodeAttributes, nodes.next());
        }
        for (int i = 0; edges.hasNext(); i++) {
            Edge edge = edges.next();
            xml.writeStartElement("edge");
            xml.writeAttribute("id", "e" + i);
            xml.writeAttribute("source", "n" + edge.source());
            xml.writeAttribute("target", "n" + edge.target());
            values("w", edgeAttributes, edge.values());
        }
        xml.writeEndElement();
        line();
        xml.writeEndElement();
        line();
        xml.writeEndDocument();
    }

    private void declare(String of, String prefix, List<Attribute> attributes)
            throws XMLStreamException {
        for (int i = 0; i < attributes.size(); i++) {
            xml.writeEmptyElement("key");
            xml.writeAttribute("id", prefix + i);
            xml.writeAttribute("for", of);
            xml.writeAttribute("attr.name", attributes.get(i).name());
            xml.writeAttribute(
                    "attr.type", attributes.get(i).type().name().toLowerCase(Locale.ROOT));
            line();
        }
    }

    private void values(String prefix, List<Attribute> attributes, Object[] values)
            throws XMLStreamException {
        if (values.length != attributes.size()) {
            throw new IllegalArgumentException(
                    values.length + " values for " + attributes.size() + " attributes");
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                xml.writeStartElement("data");
                xml.writeAttribute("key", prefix + i);
                text(values[i].toString());
                xml.writeEndElement();
            }
        }
        xml.writeEndElement();
        line();
    }

    private void line() throws XMLStreamException {
        xml.writeCharacters("\n");
    }

    private void text(String text) throws XMLStreamException {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\r') {
                // A parser would read the character itself as a line feed.
                xml.writeCharacters(plain.toString());
                plain.setLength(0);
                xml.writeEntityRef("#13");
            } else if (c == '\t' || c == '\n' || c >= ' ' && !unspeakable(c)) {
                plain.appendCodePoint(c);
            } else {
                plain.append(String.format("\\u%04x", c));
            }
        }
        xml.writeCharacters(plain.toString());
    }

    private static boolean unspeakable(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                || c == 0xfffe
                || c == 0xffff;
    }
}
