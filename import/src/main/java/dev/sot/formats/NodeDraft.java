package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as it stands in the file, before its feature index is known. */
final class NodeDraft {
    /** How a file writes the index of a feature. */
    enum IndexEncoding {
        /** {@code feature} is the Cantor number; the index is in the id. */
        CANTOR,
        /**
         * Id or {@code feature} hold the layer's digits followed by five digits of index (schema
         * version 0).
         */
        LAYER_DIGITS,
        /** {@code feature} repeats the index in the id (schema version 0). */
        RAW,
        /** RAW or LAYER_DIGITS: which, only the other nodes of the file can tell. */
        RAW_OR_LAYER_DIGITS,
        /** The file has no {@code feature}; the index is in the id. */
        NONE
    }

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,9}");

    /** circuit-tracer and Neuronpedia, the latter with a middle part in its Lorsa graphs. */
    private static final Pattern FEATURE_ID =
            Pattern.compile("(?<layer>\\d{1,9})_(?:(?:cro|lor)_)?(?<index>\\d{1,10})_\\d+");

    /** EleutherAI's attribute. */
    private static final Pattern INTERMEDIATE_ID =
            Pattern.compile("intermediate_\\d+_(?<layer>\\d{1,9})_(?<index>\\d{1,10})");

    private static final Pattern FEATURE_JS_ID =
            Pattern.compile("(?<layer>\\d{1,9})_(?<index>\\d{1,10})-\\d+");
    static final String LORSA = "lorsa";

    private static final Pattern TOKEN_ID = Pattern.compile("(?:E|-?\\d{1,9})_(\\d{1,18})_(\\d+)");
    private static final int LAYER_DIGITS_BASE = 100_000;

    private static final int NODE_ID = 1;
    private static final int FEATURE = 1 << 1;
    private static final int LAYER = 1 << 2;
    private static final int POSITION = 1 << 3;
    private static final int FEATURE_TYPE = 1 << 4;
    private static final int TOKEN_PROBABILITY = 1 << 5;
    private static final int TARGET_LOGIT = 1 << 6;
    private static final int RUN = 1 << 7;
    private static final int REVERSE_POSITION = 1 << 8;
    private static final int JS_NODE_ID = 1 << 9;
    private static final int CLERP = 1 << 10;
    private static final int INFLUENCE = 1 << 11;
    private static final int ACTIVATION = 1 << 12;
    private static final String[] NAMES = {
        "node_id",
        "feature",
        "layer",
        "ctx_idx",
        "feature_type",
        "token_prob",
        "is_target_logit",
        "run_idx",
        "reverse_ctx_idx",
        "jsNodeId",
        "clerp",
        "influence",
        "activation"
    };
    private static final Map<String, Integer> FIELDS = fields();

    private final JsonPass pass;
    private final int number;
    private int present;
    private int nulls;
    private String nodeId;
    private String featureType;
    private CircuitNodeKind kind;
    private int layer;
    private String layerText;
    private int position;
    private Long feature;
    private Double activation;
    private Double influence;
    private double tokenProbability;
    private boolean targetLogit;
    private String runText;
    private String reversePositionText;
    private String jsNodeId;
    private String label = "";
    private final Map<String, String> others = new LinkedHashMap<>();

    private NodeDraft(JsonPass pass, int number) {
        this.pass = pass;
        this.number = number;
    }

    private static Map<String, Integer> fields() {
        Map<String, Integer> fields = new LinkedHashMap<>();
        for (int i = 0; i < NAMES.length; i++) {
            fields.put(NAMES[i], 1 << i);
        }
        return Map.copyOf(fields);
    }

    static CircuitNodeKind kind(String featureType) {
        return switch (featureType) {
            case "cross layer transcoder", "unexplored node", LORSA -> CircuitNodeKind.FEATURE;
            case "mlp reconstruction error", "lorsa error", "bias", "unknown" ->
                    CircuitNodeKind.ERROR;
            case "embedding" -> CircuitNodeKind.EMBEDDING;
            case "logit" -> CircuitNodeKind.LOGIT;
            default -> null;
        };
    }

    /**
     * Reads the object at which the pass stands; {@link #kind()} is null when its feature type is
     * none of this dialect's.
     */
    static NodeDraft read(JsonPass pass, int number) throws IOException {
        pass.require(JsonToken.START_OBJECT, "nodes[" + number + "]", "an object");
        NodeDraft draft = new NodeDraft(pass, number);
        JsonParser parser = pass.parser;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            Integer field = FIELDS.get(name);
            if (field == null) {
                pass.keep(draft.others, name, draft.path(Json.shorten(name)));
                continue;
            }
            if ((draft.present & field) != 0) {
                throw pass.duplicate(draft.path(name));
            }
            draft.present |= field;
            if (token == JsonToken.VALUE_NULL && field > FEATURE_TYPE
                    || token == JsonToken.VALUE_NULL && field == FEATURE) {
                draft.nulls |= field;
            } else {
                draft.readField(field, name);
            }
        }
        draft.requirePresent(FEATURE_TYPE);
        draft.kind = kind(draft.featureType);
        if (draft.kind != null) {
            draft.check();
        }
        return draft;
    }

    private void readField(int field, String name) throws IOException {
        String path = path(name);
        switch (field) {
            case NODE_ID -> {
                nodeId = pass.string(path);
                if (nodeId.isEmpty()) {
                    throw pass.failure(path, "the id is empty", "give each node an id of its own");
                }
            }
            case FEATURE -> feature = pass.whole(path, -1, Long.MAX_VALUE);
            case LAYER -> readLayer(path);
            case POSITION -> position = (int) pass.whole(path, 0, Integer.MAX_VALUE);
            case FEATURE_TYPE -> {
                String text = pass.string(path);
                featureType = kind(text) == null ? text : text.intern();
            }
            case TOKEN_PROBABILITY -> tokenProbability = pass.finite(path);
            case TARGET_LOGIT -> {
                if (!pass.parser.currentToken().isBoolean()) {
                    throw pass.wrongType(path, "true or false");
                }
                targetLogit = pass.parser.getBooleanValue();
            }
            case RUN -> runText = numberText(path);
            case REVERSE_POSITION -> reversePositionText = numberText(path);
            case JS_NODE_ID -> jsNodeId = pass.string(path);
            case CLERP -> label = pass.string(path);
            case INFLUENCE -> influence = pass.finite(path);
            case ACTIVATION -> activation = pass.finite(path);
            default -> throw new IllegalStateException(name);
        }
    }

    private void readLayer(String path) throws IOException {
        String expected = "a layer number, or \"E\" for embeddings,";
        switch (pass.parser.currentToken()) {
            case VALUE_NUMBER_INT -> {
                layer = (int) pass.whole(path, -1, 999_999_999);
                layerText = Integer.toString(layer);
            }
            case VALUE_STRING -> {
                String text = pass.string(path);
                if (!text.equals("E") && !WHOLE.matcher(text).matches()) {
                    throw pass.wrongType(path, expected);
                }
                layer = text.equals("E") ? -1 : Integer.parseInt(text);
                if (layer < -1) {
                    throw pass.wrongType(path, expected);
                }
                layerText = Json.quote(text);
            }
            default -> throw pass.wrongType(path, expected);
        }
    }

    private String numberText(String path) throws IOException {
        pass.finite(path);
        return pass.parser.getText();
    }

    private void check() {
        requirePresent(NODE_ID);
        requirePresent(LAYER);
        requirePresent(POSITION);
        if (kind == CircuitNodeKind.EMBEDDING) {
            layer = -1;
        }
        if (kind == CircuitNodeKind.FEATURE || kind == CircuitNodeKind.ERROR) {
            if (layer < 0) {
                throw pass.failure(
                        path("layer"),
                        "node "
                                + Json.shorten(nodeId)
                                + " ("
                                + featureType
                                + ") lies in layer "
                                + layerText,
                        "features and errors lie in layers from 0");
            }
        }
    }

    private void requirePresent(int field) {
        if ((present & field) == 0) {
            String name = NAMES[Integer.numberOfTrailingZeros(field)];
            throw pass.failure(
                    path(name),
                    "the key is missing"
                            + (nodeId == null ? "" : " in node " + Json.shorten(nodeId)),
                    "each node needs node_id, layer, ctx_idx and feature_type");
        }
    }

    private String path(String field) {
        return "nodes[" + number + "]." + field;
    }

    String nodeId() {
        return nodeId;
    }

    String featureType() {
        return featureType;
    }

    int layer() {
        return layer;
    }

    CircuitNodeKind kind() {
        return kind;
    }

    FormatException failure(String field, String problem, String remedy) {
        return pass.failureAt(path(field), problem, remedy);
    }

    /** How this feature's index is written. */
    IndexEncoding encoding() {
        long inId = indexInId();
        if (feature == null || feature == -1) {
            return IndexEncoding.NONE;
        }
        if (inId <= Cantor.MAX_COORDINATE && Cantor.encode(layer, inId) == feature) {
            return IndexEncoding.CANTOR;
        }
        long low = inId - (long) layer * LAYER_DIGITS_BASE;
        boolean idHasLayerDigits = low >= 0 && low < LAYER_DIGITS_BASE;
        if (feature == inId) {
            return idHasLayerDigits && layer > 0
                    ? IndexEncoding.RAW_OR_LAYER_DIGITS
                    : IndexEncoding.RAW;
        }
        boolean featureHasLayerDigits =
                inId < LAYER_DIGITS_BASE && (long) layer * LAYER_DIGITS_BASE + inId == feature;
        if (featureHasLayerDigits || idHasLayerDigits && low == feature) {
            return IndexEncoding.LAYER_DIGITS;
        }
        throw failure(
                "feature",
                "node "
                        + Json.shorten(nodeId)
                        + " of layer "
                        + layer
                        + " has feature "
                        + feature
                        + ", which is neither the Cantor number of index "
                        + inId
                        + (inId <= Cantor.MAX_COORDINATE
                                ? " (" + Cantor.encode(layer, inId) + ")"
                                : "")
                        + " nor that index with or without the layer's digits",
                "correct the one that is wrong");
    }

    /** The failure of a feature whose encoding its file's schema version does not have. */
    FormatException notCantor() {
        return failure(
                "feature",
                "node "
                        + Json.shorten(nodeId)
                        + " has feature "
                        + feature
                        + ", but the Cantor number of layer "
                        + layer
                        + " and index "
                        + indexInId()
                        + " is "
                        + Cantor.encode(layer, indexInId()),
                "correct the one that is wrong, or metadata.schema_version");
    }

    /** The index as the id writes it. */
    private long indexInId() {
        Matcher matcher = FEATURE_ID.matcher(nodeId);
        boolean matches = matcher.matches();
        if (!matches) {
            matcher = INTERMEDIATE_ID.matcher(nodeId);
            matches = matcher.matches();
        }
        if (!matches && jsNodeId != null) {
            matcher = FEATURE_JS_ID.matcher(jsNodeId);
            matches = matcher.matches();
        }
        if (!matches) {
            throw failure(
                    "node_id",
                    "the id "
                            + Json.shorten(nodeId)
                            + " of a feature does not have the form layer_index_position",
                    "convert the file to circuit-tracer's ids");
        }
        if (Long.parseLong(matcher.group("layer")) != layer) {
            throw failure(
                    "node_id",
                    "the id "
                            + Json.shorten(matcher.group())
                            + " names layer "
                            + matcher.group("layer")
                            + ", the field layer "
                            + layerText,
                    "correct the one that is wrong");
        }
        long index = Long.parseLong(matcher.group("index"));
        if (index > Cantor.MAX_COORDINATE) {
            throw failure(
                    "node_id",
                    "the id " + Json.shorten(matcher.group()) + " has an index above 2147483647",
                    "correct the id");
        }
        return index;
    }

    /** The node, when its file writes indices like this. */
    CircuitNodeRecord toRecord(IndexEncoding encoding) throws IOException {
        CircuitNodeRecord plain = record(featureIndex(encoding), null);
        Map<String, String> set = new LinkedHashMap<>();
        List<String> absent = new ArrayList<>();
        deviate(LAYER, Json.quote(CanonicalNode.layer(plain)), layerText, set, absent);
        deviate(
                FEATURE,
                String.valueOf(CanonicalNode.feature(plain)),
                String.valueOf(feature),
                set,
                absent);
        deviate(RUN, "0", runText, set, absent);
        deviate(REVERSE_POSITION, "0", reversePositionText, set, absent);
        deviate(JS_NODE_ID, CanonicalNode.jsNodeId(plain), jsNodeId, set, absent);
        if (set.containsKey("jsNodeId") && jsNodeId != null) {
            set.put("jsNodeId", Json.quote(jsNodeId));
        }
        for (int field : new int[] {TOKEN_PROBABILITY, TARGET_LOGIT, CLERP}) {
            deviate(field, "", (nulls & field) != 0 ? null : "", set, absent);
        }
        for (int field : new int[] {INFLUENCE, ACTIVATION}) {
            deviate(field, "", "", set, absent);
        }
        set.putAll(others);
        if (set.isEmpty() && absent.isEmpty()) {
            return plain;
        }
        Map<String, String> extra = new LinkedHashMap<>();
        if (!set.isEmpty()) {
            extra.put("set", Json.object(set));
        }
        if (!absent.isEmpty()) {
            extra.put("absent", "[\"" + String.join("\",\"", absent) + "\"]");
        }
        return record(plain.featureIndex(), Json.object(extra));
    }

    private void deviate(
            int field,
            String canonical,
            String actual,
            Map<String, String> set,
            List<String> absent) {
        String name = NAMES[Integer.numberOfTrailingZeros(field)];
        if ((present & field) == 0) {
            absent.add(name);
        } else if (!canonical.equals(actual)) {
            set.put(name, (nulls & field) != 0 ? "null" : actual);
        }
    }

    private Long featureIndex(IndexEncoding encoding) {
        switch (kind) {
            case FEATURE -> {
                long inId = indexInId();
                long low = inId - (long) layer * LAYER_DIGITS_BASE;
                boolean idHasLayerDigits = low >= 0 && low < LAYER_DIGITS_BASE;
                // Where feature alone has the layer's digits, the id holds the index itself.
                boolean strip =
                        encoding == IndexEncoding.LAYER_DIGITS
                                && idHasLayerDigits
                                && (feature == inId || feature == low);
                return strip ? low : inId;
            }
            case EMBEDDING, LOGIT -> {
                Matcher matcher = TOKEN_ID.matcher(nodeId);
                if (matcher.matches()) {
                    return Long.valueOf(matcher.group(1));
                }
                return kind == CircuitNodeKind.LOGIT && feature != null && feature >= 0
                        ? feature
                        : null;
            }
            default -> {
                return null;
            }
        }
    }

    private CircuitNodeRecord record(Long featureIndex, String extra) {
        return new CircuitNodeRecord(
                nodeId,
                kind,
                featureType,
                layer,
                position,
                featureIndex,
                activation,
                influence,
                tokenProbability,
                targetLogit,
                label,
                kind == CircuitNodeKind.FEATURE ? component() : null,
                extra);
    }

    /** The dictionary among several, as Lorsa's feature type or a converted file's field says. */
    private String component() {
        if (featureType.equals(LORSA)) {
            return LORSA;
        }
        String json = others.get("component");
        if (json == null) {
            return null;
        }
        String component = json.substring(1, Math.max(1, json.length() - 1));
        if (!json.startsWith("\"") || !ForeignNodes.isComponent(component)) {
            throw failure(
                    "component",
                    "found " + Json.shorten(json),
                    "write at most 40 letters, digits, +, - and _");
        }
        return component;
    }

    /** Whether the id is in the form that only EleutherAI's attribute writes. */
    boolean isIntermediate() {
        return INTERMEDIATE_ID.matcher(nodeId).matches();
    }
}
