package dev.sot.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A map, such as a configuration, as one text: JSON. */
public final class JsonMap {

    private static final ObjectMapper MAPPER = new ObjectMapper(Json.FACTORY);
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private JsonMap() {}

    /**
     * The text of a map of texts, numbers, booleans, and lists and maps of these, keys in the map's
     * order; values of other types are written as their texts.
     */
    public static String write(Map<String, ?> map) {
        try {
            return MAPPER.writeValueAsString(plain(map));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(String.valueOf(key), plain(member)));
            return members;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonMap::plain).toList();
        }
        return value == null || value instanceof Number || value instanceof Boolean
                ? value
                : value.toString();
    }

    /**
     * The map of a text that {@link #write} wrote; whole numbers are {@link Integer} or {@link
     * Long}.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    public static Map<String, Object> read(String text) {
        try {
            return MAPPER.readValue(text, MAP);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a map in JSON: " + Json.shorten(text), e);
        }
    }
}
