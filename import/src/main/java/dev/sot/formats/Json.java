package dev.sot.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * JSON as this module reads and writes it: bounded on reading, numbers kept as they are written.
 */
final class Json {
    /** Longest string, in characters. Strings in circuits are prompts and labels. */
    static final int MAX_STRING = 1_000_000;

    /** Longest subtree that is kept as text, in characters. */
    static final int MAX_TREE = 16_000_000;

    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(MAX_STRING)
                                    .maxNameLength(10_000)
                                    .maxNumberLength(1_000)
                                    .maxNestingDepth(100)
                                    .build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    // Read, so that the reader can say which value is not a number.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    // The bytes after the value belong to the file's hash.
                    .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private Json() {}

    /** The tree of a text that {@link #copy} wrote. */
    static JsonNode tree(String json) throws IOException {
        return MAPPER.readTree(json);
    }

    /** A string as the text of a JSON value. */
    static String quote(String text) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            generator.writeString(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toString();
    }

    /**
     * The value at which the parser stands as text, numbers digit by digit. The parser stops at the
     * value's last token.
     */
    static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return parser.getText();
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            generator.enable(JsonGenerator.Feature.STRICT_DUPLICATE_DETECTION);
            // A generator that is closed early would complete what it began.
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            int depth = 0;
            while (true) {
                depth += copyToken(parser, generator);
                if (depth == 0) {
                    break;
                }
                if (out.getBuffer().length() > MAX_TREE) {
                    throw new StreamConstraintsException(
                            "a value is longer than " + MAX_TREE + " characters",
                            parser.currentLocation());
                }
                parser.nextToken();
            }
        }
        return out.toString();
    }

    /** The texts in a JSON list, or none for null. */
    static Set<String> texts(String json) throws IOException {
        Set<String> texts = new LinkedHashSet<>();
        if (json != null) {
            tree(json).forEach(text -> texts.add(text.asText()));
        }
        return texts;
    }

    /** Writes a JSON value that is given as text. */
    static void copy(String json, JsonGenerator generator) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            while (parser.nextToken() != null) {
                copyToken(parser, generator);
            }
        }
    }

    /** The members of a JSON object, each as text, in order. */
    static Map<String, String> members(String json) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        if (json == null) {
            return members;
        }
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new StreamConstraintsException("not a JSON object: " + shorten(json));
            }
            for (String name = parser.nextFieldName();
                    name != null;
                    name = parser.nextFieldName()) {
                parser.nextToken();
                members.put(name, text(parser));
            }
        }
        return members;
    }

    /** The JSON object with these members, or null when there are none. */
    static String object(Map<String, String> members) {
        if (members.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder("{");
        members.forEach(
                (name, value) ->
                        json.append(json.length() > 1 ? "," : "")
                                .append(quote(name))
                                .append(':')
                                .append(value));
        return json.append('}').toString();
    }

    /**
     * Checks that a text can be written as UTF-8.
     *
     * @throws JsonProcessingException when it holds half of a surrogate pair
     */
    static String checked(String text, JsonParser parser) throws JsonProcessingException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    throw new InvalidText(parser, c);
                }
            }
        }
        return text;
    }

    /** A value for a message: at most 80 characters, line breaks and controls escaped. */
    static String shorten(String text) {
        String cut = text.length() > 80 ? text.substring(0, 77) + "..." : text;
        StringBuilder shown = new StringBuilder();
        for (char c : cut.toCharArray()) {
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Copies one token and returns by how much it changes the nesting depth. */
    private static int copyToken(JsonParser parser, JsonGenerator generator) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                generator.writeStartObject();
                return 1;
            }
            case START_ARRAY -> {
                generator.writeStartArray();
                return 1;
            }
            case END_OBJECT -> {
                generator.writeEndObject();
                return -1;
            }
            case END_ARRAY -> {
                generator.writeEndArray();
                return -1;
            }
            case FIELD_NAME -> generator.writeFieldName(checked(parser.currentName(), parser));
            case VALUE_STRING -> generator.writeString(checked(parser.getText(), parser));
            case VALUE_NUMBER_INT -> generator.writeNumber(parser.getText());
            case VALUE_NUMBER_FLOAT -> {
                if (parser.isNaN()) {
                    throw new InvalidNumber(parser);
                }
                generator.writeNumber(parser.getText());
            }
            case VALUE_TRUE -> generator.writeBoolean(true);
            case VALUE_FALSE -> generator.writeBoolean(false);
            case VALUE_NULL -> generator.writeNull();
            default -> throw new IllegalStateException("token " + parser.currentToken());
        }
        return 0;
    }

    /** Half of a surrogate pair in a string. */
    static final class InvalidText extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        InvalidText(JsonParser parser, char c) {
            super(
                    String.format("a text holds \\u%04x, half of a surrogate pair", (int) c),
                    parser.currentLocation());
        }
    }

    /** NaN or an infinity where JSON has numbers. */
    static final class InvalidNumber extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        InvalidNumber(JsonParser parser) throws IOException {
            super(parser.getText() + " is not a JSON number", parser.currentLocation());
        }
    }

    /** What is wrong with a value that is not what it should be. */
    static String mismatch(JsonNode value, String expected) {
        return value.isMissingNode()
                ? "the key is missing"
                : "found " + shorten(value.toString()) + " where " + expected + " belongs";
    }
}
