package dev.sot.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Query parameters given on the command line as {@code name=value}. */
final class Parameters {
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    // Cypher's integers; procedures get those in a list as they are.
                    .enable(DeserializationFeature.USE_LONG_FOR_INTS);

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
            Object value = value(assignment.substring(equals + 1));
            requireStorable(name, value);
            parameters.put(name, value);
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

    private static void requireStorable(String name, Object value) {
        if (value instanceof BigInteger) {
            throw new UsageException(
                    "--param "
                            + name
                            + ": "
                            + value
                            + " exceeds 64 bits; give it as a string, in quotes, or with a"
                            + " fraction.");
        } else if (value instanceof List<?> list) {
            list.forEach(element -> requireStorable(name, element));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(element -> requireStorable(name, element));
        }
    }
}
