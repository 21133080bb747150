package dev.sot.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Query parameters given on the command line as {@code name=value}. */
final class Parameters {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Parameters() {}

    /**
     * Reads parameters. A value that is JSON is taken as such, any other as a string; a string that
     * looks like JSON is given in quotes.
     *
     * @param assignments {@code name=value} each
     * @throws UsageException if a name is missing or given twice, or an integer exceeds 64 bits
     */
    static Map<String, Object> parse(List<String> assignments) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new UsageException(
                        "--param " + assignment + " has no name; write --param name=value.");
            }
            String name = assignment.substring(0, equals);
            if (parameters.containsKey(name)) {
                throw new UsageException("--param " + name + " is given twice.");
            }
            parameters.put(name, ofCypher(name, value(assignment.substring(equals + 1))));
        }
        return parameters;
    }

    private static Object value(String text) {
        if (text.isBlank()) {
            return text;
        }
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /** With Cypher's integers: procedures get those in a list or a map as they are. */
    private static Object ofCypher(String name, Object value) {
        if (value instanceof Integer integer) {
            return integer.longValue();
        } else if (value instanceof BigInteger) {
            throw new UsageException(
                    "--param "
                            + name
                            + ": "
                            + value
                            + " exceeds 64 bits; give it as a string, in quotes, or with a"
                            + " fraction.");
        } else if (value instanceof List<?> list) {
            List<Object> converted = new ArrayList<>();
            list.forEach(element -> converted.add(ofCypher(name, element)));
            return converted;
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> converted = new LinkedHashMap<>();
            map.forEach((key, element) -> converted.put((String) key, ofCypher(name, element)));
            return converted;
        }
        return value;
    }
}
