package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a circuit file is laid out, as its first node tells. */
enum CircuitShape {
    /** metadata, qParams, nodes with {@code node_id}, links. */
    TRACER("links"),
    /** metadata without a name, nodes with {@code neuron_idx}, edges, token_strings. */
    ADAG("edges"),
    /** metadata, nodes with {@code component}, links. */
    FEATURE_CIRCUIT("links");

    private static final Pattern ADAG_ID = Pattern.compile("(-?\\d{1,9})_(\\d{1,9})_(\\d{1,10})");

    private final String linksKey;

    CircuitShape(String linksKey) {
        this.linksKey = linksKey;
    }

    /** The key of the list of links. */
    String linksKey() {
        return linksKey;
    }

    /** The id of the node that a link names. */
    String nodeId(String endpoint) {
        if (this != ADAG) {
            return endpoint;
        }
        Matcher matcher = ADAG_ID.matcher(endpoint);
        return matcher.matches()
                ? adagId(matcher.group(1), matcher.group(3), matcher.group(2))
                : endpoint;
    }

    /**
     * ADAG writes layer, position, neuron; the id is put in circuit-tracer's order, in which the
     * same three numbers would otherwise mean another node.
     */
    static String adagId(Object layer, Object neuron, Object position) {
        return (layer.toString().equals("-1") ? "E" : layer) + "_" + neuron + "_" + position;
    }

    /** Looks at the file's beginning; {@link #TRACER} where nothing tells otherwise. */
    static CircuitShape of(JsonPass pass) throws IOException {
        JsonParser parser = pass.parser;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return TRACER;
        }
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (key.equals("nodes")) {
                return token == JsonToken.START_ARRAY ? ofFirstNode(parser) : TRACER;
            }
            parser.skipChildren();
        }
        return TRACER;
    }

    private static CircuitShape ofFirstNode(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return TRACER;
        }
        CircuitShape shape = TRACER;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            parser.skipChildren();
            switch (key) {
                case "node_id" -> {
                    return TRACER;
                }
                case "neuron_idx" -> shape = ADAG;
                case "component" -> shape = FEATURE_CIRCUIT;
                default -> {
                    // Says nothing.
                }
            }
        }
        return shape;
    }
}
