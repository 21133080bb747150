package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads partitions into supernodes from the places where people keep them: a JSON object with
 * {@code supernodes} and {@code pinnedIds} (such as the body of Neuronpedia's subgraph saving), the
 * {@code qParams} of a circuit file, or a text file with a frontend's URL or its query string.
 *
 * <p>In each of them {@code supernodes} is a list of lists (a label, then the members' ids), {@code
 * pinnedIds} a list or a text with commas, {@code clerps} a list of (id, label) pairs. A label that
 * occurs again becomes {@code label (2)}, as circuit-tracer's {@code decode_url_features} does.
 */
public final class SupernodeFile {
    private static final int MAX_URL = Json.MAX_STRING;
    private static final String FORMS =
            "give a JSON object with supernodes and pinnedIds, a circuit file, or a frontend's URL";

    private final String name;
    private JsonNode supernodes;
    private JsonNode pinnedIds;
    private JsonNode clerps;

    private SupernodeFile(String name) {
        this.name = name;
    }

    /**
     * Reads a partition from any of the files that hold one.
     *
     * @throws FormatException when the file holds none
     */
    public static SupernodePartition read(Path file, String displayName) {
        FileStamp stamp = FileStamp.of(file, displayName);
        SupernodeFile partition = new SupernodeFile(displayName);
        if (startsWithBrace(file, displayName)) {
            JsonPass.over(file, displayName, stamp, ReadListener.NONE, partition::readJson);
        } else {
            partition.readUrl(file, stamp);
        }
        return partition.build();
    }

    private static boolean startsWithBrace(Path file, String name) {
        try (var in = Files.newInputStream(file)) {
            for (byte b : in.readNBytes(4096)) {
                boolean skipped = b <= ' ';
                if (!skipped) {
                    return b == '{';
                }
            }
            return false;
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
    }

    private Void readJson(JsonPass pass) throws IOException {
        pass.parser.nextToken();
        readMembers(pass, "");
        pass.finish();
        return null;
    }

    private void readMembers(JsonPass pass, String prefix) throws IOException {
        JsonParser parser = pass.parser;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            String path = prefix + key;
            switch (key) {
                case "supernodes" -> supernodes = first(pass, supernodes, path);
                case "pinnedIds" -> pinnedIds = first(pass, pinnedIds, path);
                case "clerps" -> clerps = first(pass, clerps, path);
                case "qParams" -> {
                    if (token == JsonToken.START_OBJECT && prefix.isEmpty()) {
                        readMembers(pass, "qParams.");
                    } else {
                        parser.skipChildren();
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private static JsonNode first(JsonPass pass, JsonNode earlier, String path) throws IOException {
        if (earlier != null) {
            throw pass.duplicate(path);
        }
        return Json.tree(Json.text(pass.parser));
    }

    private void readUrl(Path file, FileStamp stamp) {
        if (stamp.size() > MAX_URL) {
            throw failure(
                    "file",
                    "it is neither JSON nor as short as a URL (" + stamp.size() + " bytes)",
                    FORMS);
        }
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (CharacterCodingException e) {
            throw new FormatException(
                    name, "file", "the bytes are not UTF-8", "save the file as UTF-8", e);
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
        if (text.lines().count() > 1) {
            throw failure("line 2", "more follows the URL", "keep one URL in the file");
        }
        int question = text.indexOf('?');
        int hash = text.indexOf('#');
        String query =
                question < 0
                        ? text.substring(hash + 1)
                        : text.substring(question + 1, hash > question ? hash : text.length());
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String key = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = decoded(parameter.substring(equals + 1), key);
            switch (key) {
                case "supernodes" -> supernodes = parsed(value, key);
                case "clerps" -> clerps = parsed(value, key);
                case "pinnedIds" -> pinnedIds = TextNode.valueOf(value);
                default -> {
                    // Other parameters hold what the frontend shows, not the partition.
                }
            }
        }
    }

    private String decoded(String value, String key) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    name,
                    key,
                    "the percent encoding is broken (" + Json.shorten(e.getMessage()) + ")",
                    "copy the whole URL again",
                    e);
        }
    }

    private JsonNode parsed(String json, String key) {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            parser.nextToken();
            if (parser.currentToken() == null) {
                return MissingNode.getInstance();
            }
            JsonNode tree = Json.tree(Json.text(parser));
            if (parser.nextToken() != null) {
                throw failure(key, "more follows the list", "copy the whole URL again");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new FormatException(
                    name,
                    key,
                    "the value is not JSON (" + Json.shorten(e.getOriginalMessage()) + ")",
                    "copy the whole URL again",
                    e);
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
    }

    private SupernodePartition build() {
        if (supernodes == null && pinnedIds == null) {
            throw failure("file", "it holds neither supernodes nor pinnedIds", FORMS);
        }
        return new SupernodePartition(groups(), pins(), labels());
    }

    private List<SupernodePartition.Group> groups() {
        List<SupernodePartition.Group> groups = new ArrayList<>();
        Set<String> labels = new HashSet<>();
        Map<String, Integer> occurrences = new HashMap<>();
        int i = 0;
        for (JsonNode entry : list(supernodes, "supernodes")) {
            List<String> texts = texts(entry, "supernodes[" + i + "]");
            if (texts.isEmpty()) {
                throw failure(
                        "supernodes[" + i + "]",
                        "the list is empty",
                        "begin each supernode with its label");
            }
            String label = texts.get(0);
            String distinct = label;
            while (!labels.add(distinct)) {
                int occurrence = occurrences.merge(label, 1, Integer::sum) + 1;
                distinct = label + " (" + occurrence + ")";
            }
            groups.add(new SupernodePartition.Group(distinct, texts.subList(1, texts.size())));
            i++;
        }
        return groups;
    }

    private List<String> pins() {
        if (pinnedIds == null || !pinnedIds.isTextual()) {
            return texts(pinnedIds, "pinnedIds");
        }
        List<String> pins = new ArrayList<>();
        for (String id : pinnedIds.textValue().split(",")) {
            if (!id.isBlank()) {
                pins.add(id.strip());
            }
        }
        return pins;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        int i = 0;
        for (JsonNode entry : list(clerps, "clerps")) {
            List<String> pair = texts(entry, "clerps[" + i + "]");
            if (pair.size() != 2) {
                throw failure(
                        "clerps[" + i + "]",
                        "the list has " + pair.size() + " texts",
                        "write pairs of a node's id and its label");
            }
            labels.put(pair.get(0), pair.get(1));
            i++;
        }
        return labels;
    }

    private List<String> texts(JsonNode node, String place) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(node, place)) {
            if (!item.isTextual()) {
                throw failure(
                        place + "[" + texts.size() + "]",
                        "found " + Json.shorten(item.toString()) + " where a text belongs",
                        "write labels and ids as texts");
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    private Iterable<JsonNode> list(JsonNode node, String place) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw failure(
                    place,
                    "found " + Json.shorten(node.toString()) + " where a list belongs",
                    "write a list");
        }
        return node;
    }

    private FormatException failure(String place, String problem, String remedy) {
        return new FormatException(name, place, problem, remedy);
    }
}
