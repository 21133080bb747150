package dev.sot.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.neo4j.graphdb.Entity;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Path;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.spatial.Point;

/**
 * Writes values of Cypher as JSON.
 *
 * <p>Nodes, relationships and paths are objects with the keys of Neo4j's own Query API ({@code
 * elementId}, {@code labels}, {@code properties}; {@code startNodeElementId}, {@code
 * endNodeElementId}, {@code type}; {@code nodes}, {@code relationships}). Points are objects with
 * {@code crs} and {@code coordinates}. Dates, times and durations are strings in ISO 8601. Numbers
 * that JSON does not have are the strings {@code NaN}, {@code Infinity} and {@code -Infinity}.
 */
final class JsonRows {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonRows() {}

    /** One row as an object, columns in the order of the statement, without a line break. */
    static String row(List<String> columns, Map<String, Object> row) {
        return write(
                json -> {
                    json.writeStartObject();
                    for (String column : columns) {
                        json.writeFieldName(column);
                        write(json, row.get(column));
                    }
                    json.writeEndObject();
                });
    }

    /** One value. */
    static String value(Object value) {
        return write(json -> write(json, value));
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static String write(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Float number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Node node) {
            json.writeStartObject();
            json.writeStringField("elementId", node.getElementId());
            json.writeArrayFieldStart("labels");
            for (Label label : node.getLabels()) {
                json.writeString(label.name());
            }
            json.writeEndArray();
            writeProperties(json, node);
            json.writeEndObject();
        } else if (value instanceof Relationship relationship) {
            json.writeStartObject();
            json.writeStringField("elementId", relationship.getElementId());
            json.writeStringField("startNodeElementId", relationship.getStartNode().getElementId());
            json.writeStringField("endNodeElementId", relationship.getEndNode().getElementId());
            json.writeStringField("type", relationship.getType().name());
            writeProperties(json, relationship);
            json.writeEndObject();
        } else if (value instanceof Path path) {
            json.writeStartObject();
            writeArray(json, "nodes", path.nodes());
            writeArray(json, "relationships", path.relationships());
            json.writeEndObject();
        } else if (value instanceof Point point) {
            json.writeStartObject();
            json.writeStringField("crs", point.getCRS().getType());
            json.writeFieldName("coordinates");
            write(json, point.getCoordinate().getCoordinate());
            json.writeEndObject();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value.getClass().isArray()) {
            json.writeStartArray();
            for (int i = 0; i < Array.getLength(value); i++) {
                write(json, Array.get(value, i));
            }
            json.writeEndArray();
        } else {
            json.writeString(value.toString());
        }
    }

    private static void writeArray(JsonGenerator json, String name, Iterable<?> elements)
            throws IOException {
        json.writeFieldName(name);
        json.writeStartArray();
        for (Object element : elements) {
            write(json, element);
        }
        json.writeEndArray();
    }

    private static void writeProperties(JsonGenerator json, Entity entity) throws IOException {
        json.writeFieldName("properties");
        write(json, new TreeMap<>(entity.getAllProperties()));
    }
}
