package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** One line of a file of JSON lines: its fields that are texts, and its others as JSON. */
record JsonLine(JsonPass pass, Map<String, String> texts, Map<String, String> others) {
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");

    /** The object at which the parser stands. */
    static JsonLine read(JsonPass pass) throws IOException {
        pass.require(JsonToken.START_OBJECT, "line", "an object");
        JsonParser parser = pass.parser;
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, String> others = new LinkedHashMap<>();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            String shown = Json.shorten(key);
            if (texts.containsKey(key) || others.containsKey(key)) {
                throw pass.duplicate(shown);
            }
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(key, pass.string(shown));
            } else {
                pass.keep(others, key, shown);
            }
        }
        return new JsonLine(pass, texts, others);
    }

    /** The line of the file on which it ends, from 1. */
    long number() {
        return pass.parser.currentTokenLocation().getLineNr();
    }

    FormatException failure(String key, String problem, String remedy) {
        return pass.failure(key, problem, remedy);
    }

    private FormatException wrong(String key, String expected) {
        String found = texts.containsKey(key) ? Json.quote(texts.get(key)) : others.get(key);
        return failure(
                key,
                found == null
                        ? "the key is missing"
                        : "found " + Json.shorten(found) + " where " + expected + " belongs",
                "write " + expected);
    }

    long whole(String key, long most) {
        String json = others.getOrDefault(key, "");
        if (!WHOLE.matcher(json).matches() || Long.parseLong(json) > most) {
            throw wrong(key, "a whole number from 0 to " + most);
        }
        return Long.parseLong(json);
    }

    String text(String key) {
        String text = texts.get(key);
        if (text == null) {
            throw wrong(key, "a text");
        }
        return text;
    }

    String optionalText(String key) {
        return "null".equals(others.getOrDefault(key, texts.containsKey(key) ? "" : "null"))
                ? null
                : text(key);
    }

    /** The members of an object, all of them finite numbers. */
    Map<String, Double> numbers(String key) throws IOException {
        if (!others.getOrDefault(key, "").startsWith("{")) {
            throw wrong(key, "an object of numbers");
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (Map.Entry<String, String> member : Json.members(others.get(key)).entrySet()) {
            double number;
            try {
                number = Double.parseDouble(member.getValue());
            } catch (NumberFormatException e) {
                number = Double.NaN;
            }
            if (!Double.isFinite(number)) {
                throw failure(
                        key + "." + Json.shorten(member.getKey()),
                        "found " + Json.shorten(member.getValue()) + " where a number belongs",
                        "write a finite number");
            }
            numbers.put(member.getKey(), number);
        }
        return numbers;
    }

    /** The fields that are none of these. */
    Map<String, String> further(String... known) {
        Map<String, String> further = new LinkedHashMap<>(texts);
        further.putAll(others);
        Arrays.asList(known).forEach(further::remove);
        return further;
    }
}
