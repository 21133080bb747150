package dev.sot.formats;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of an object of a file, checked as they are taken; {@code place} is its path. */
record JsonFields(JsonPass pass, String place, JsonNode object) {

    /** The object at which the parser stands. */
    static JsonFields read(JsonPass pass, String place) throws IOException {
        pass.require(JsonToken.START_OBJECT, place, "an object");
        return new JsonFields(pass, place, Json.tree(Json.text(pass.parser)));
    }

    boolean has(String key) {
        return !object.path(key).isMissingNode() && !object.path(key).isNull();
    }

    JsonNode get(String key) {
        return object.path(key);
    }

    String text(String key) {
        if (!object.path(key).isTextual()) {
            throw wrong(key, "a text");
        }
        return object.path(key).textValue();
    }

    long whole(String key, long least, long most) {
        JsonNode value = object.path(key);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw wrong(key, "a whole number from " + least + " to " + most);
        }
        return value.longValue();
    }

    double finite(String key) {
        JsonNode value = object.path(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "a finite number");
        }
        return value.doubleValue();
    }

    /** The fields that are none of these, as JSON. */
    Map<String, String> further(String... known) {
        Map<String, String> further = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> further.put(field.getKey(), field.getValue().toString()));
        Arrays.asList(known).forEach(further::remove);
        return further;
    }

    FormatException wrong(String key, String expected) {
        return failure(key, Json.mismatch(object.path(key), expected), "write " + expected);
    }

    FormatException failure(String key, String problem, String remedy) {
        return pass.failure(place + "." + key, problem, remedy);
    }
}
