package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads attribution circuits in the JSON of circuit-tracer ({@code create_graph_files}),
 * Neuronpedia ({@code graph-schema.json}) and the other {@linkplain CircuitDialect dialects}, which
 * are told apart by what they hold.
 *
 * <p>The file is read as a stream. The first pass checks everything and keeps the nodes, and 8
 * bytes for each link while it counts them; {@link CircuitDocument#forEachLink} is another pass. A
 * file whose links come before its nodes costs one pass more. Time is linear in the file plus the
 * sorting of the links' ends.
 *
 * <p>Rules for what the formats leave open:
 *
 * <ul>
 *   <li>{@code feature_type} alone decides what a node is. Types of other dialects are refused.
 *   <li>The index of a feature comes from its id and must agree with {@code feature}: Cantor's
 *       number in schema version 1; also the layer's digits followed by five digits, or the bare
 *       index, in version 0. Where single nodes of version 0 allow both, they are the former
 *       exactly if all nodes of the file allow it.
 *   <li>A feature and an error may share an id (the error {@code 0_L_p} and the feature L of layer
 *       0). A link into that id enters the feature, for errors have no incoming links. A link out
 *       of it leaves the feature, except that of exactly two links to the same node in a layer
 *       above the error's the second leaves the error.
 *   <li>Of several links with the same ends the last one holds, as in the dense matrices of the
 *       field's tools. Links with a missing end are left out. {@link LinkCounts} says how many.
 * </ul>
 */
public final class CircuitReader {
    private static final Set<String> LORSA_TYPES =
            Set.of("lorsa", "lorsa error", "bias", "unknown");

    private final JsonPass pass;
    private final CircuitShape shape;
    private final String fileName;
    private final CircuitReadOptions options;

    private final List<CircuitNodeRecord> nodes = new ArrayList<>();
    private final List<Integer> undecided = new ArrayList<>();
    private final List<NodeDraft> undecidedDrafts = new ArrayList<>();
    private final Map<String, Integer> foreignTypes = new TreeMap<>();
    private boolean rawIndices;
    private boolean lorsa;
    private boolean intermediate;
    private NodeDraft notCantor;
    private LinkIndex index;
    private boolean linksCounted;

    private CircuitReader(
            JsonPass pass, CircuitShape shape, String fileName, CircuitReadOptions options) {
        this.pass = pass;
        this.shape = shape;
        this.fileName = fileName;
        this.options = options;
    }

    /**
     * Checks a whole circuit file.
     *
     * @param file the file
     * @param displayName its name in messages
     * @param options what the caller knows better than the file
     * @param listener follows each pass
     * @throws FormatException when the file cannot be read or is not a circuit of these dialects
     */
    public static CircuitDocument read(
            Path file, String displayName, CircuitReadOptions options, ReadListener listener) {
        FileStamp stamp = FileStamp.of(file, displayName);
        CircuitShape shape = JsonPass.over(file, displayName, stamp, listener, CircuitShape::of);
        String fileName = file.getFileName().toString();
        Checked checked =
                JsonPass.over(
                        file,
                        displayName,
                        stamp,
                        listener,
                        pass -> new CircuitReader(pass, shape, fileName, options).readAll());
        if (checked.counts == null) {
            checked = checked.withCounts(checked.countLinks(file, displayName, stamp, listener));
        }
        return new StreamedCircuit(file, displayName, stamp, listener, checked);
    }

    /**
     * Whether a file is meant as a circuit: a JSON object with nodes or links. The indices that
     * tools write beside circuits, such as circuit-tracer's {@code graph-metadata.json}, are not. A
     * file that is no JSON counts as one, so that {@link #read} says what is wrong with it.
     */
    public static boolean isCircuit(Path file, String displayName, ReadListener listener) {
        FileStamp stamp = FileStamp.of(file, displayName);
        try {
            return JsonPass.over(
                    file, displayName, stamp, listener, pass -> hasCircuitKey(pass.parser));
        } catch (FormatException e) {
            return true;
        }
    }

    private static boolean hasCircuitKey(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return first == null;
        }
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            if (key.equals("nodes") || key.equals("links")) {
                return true;
            }
            parser.nextToken();
            parser.skipChildren();
        }
        return false;
    }

    private Checked readAll() throws IOException {
        pass.parser.nextToken();
        pass.require(JsonToken.START_OBJECT, "beginning", "the object of a circuit");
        String metadata = null;
        String qParams = null;
        boolean hasNodes = false;
        boolean hasLinks = false;
        Map<String, String> others = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        JsonParser parser = pass.parser;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            if (!seen.add(key)) {
                throw pass.duplicate(Json.shorten(key));
            }
            parser.nextToken();
            switch (key) {
                case "metadata" -> {
                    pass.require(JsonToken.START_OBJECT, key, "an object");
                    metadata = Json.text(parser);
                }
                case "qParams" -> {
                    pass.require(JsonToken.START_OBJECT, key, "an object");
                    qParams = Json.text(parser);
                }
                case "nodes" -> {
                    hasNodes = true;
                    readNodes();
                }
                default -> {
                    if (!key.equals(shape.linksKey())) {
                        pass.keep(others, key, Json.shorten(key));
                        continue;
                    }
                    hasLinks = true;
                    linksCounted = index != null;
                    readLinks(
                            pass,
                            shape,
                            (source, target, weight, extra) -> {
                                if (linksCounted) {
                                    index.count(source, target, weight);
                                }
                            });
                }
            }
        }
        pass.require(JsonToken.END_OBJECT, "end", "the end of the circuit");
        requireKey("metadata", metadata != null);
        if (shape == CircuitShape.TRACER) {
            requireKey("qParams", qParams != null);
        } else if (qParams == null) {
            qParams = "{}";
        }
        requireKey("nodes", hasNodes);
        requireKey(shape.linksKey(), hasLinks);
        String hash = pass.finish();

        if (shape != CircuitShape.TRACER) {
            metadata = completed(metadata, others);
        }
        JsonNode tree = Json.tree(metadata);
        checkSchemaVersion(tree);
        CircuitHeader header = header(tree, metadata, qParams, Json.object(others));
        return new Checked(
                shape,
                header,
                Collections.unmodifiableList(nodes),
                index,
                linksCounted ? index.complete() : null,
                hash,
                dialect(tree, Json.tree(qParams), others),
                lorsaDictionary(tree));
    }

    /** The metadata with what files of other shapes keep elsewhere or not at all. */
    private String completed(String metadata, Map<String, String> others) throws IOException {
        Map<String, String> members = Json.members(metadata);
        List<String> tokens = new ArrayList<>();
        JsonNode written = Json.tree(others.getOrDefault("token_strings", "[]"));
        // A list of lists holds the prompts of a batch; only a single one is the circuit's.
        JsonNode one = written.size() == 1 && written.get(0).isArray() ? written.get(0) : written;
        for (JsonNode token : one) {
            if (token.isTextual()) {
                tokens.add(token.textValue());
            }
        }
        if (tokens.size() != one.size()) {
            tokens.clear();
        }
        members.putIfAbsent("slug", Json.quote(fileName.replaceFirst("\\.json$", "")));
        members.putIfAbsent("prompt", Json.quote(String.join("", tokens)));
        members.putIfAbsent(
                "prompt_tokens",
                "[" + String.join(",", tokens.stream().map(Json::quote).toList()) + "]");
        if (!members.containsKey("scan") && members.containsKey("dictionary")) {
            members.put("scan", members.get("dictionary"));
        }
        options.dictionary().ifPresent(d -> members.putIfAbsent("scan", Json.quote(d)));
        return Json.object(members);
    }

    private void requireKey(String key, boolean present) {
        if (!present) {
            throw pass.failureAt(
                    key,
                    "the key is missing",
                    "a circuit has the keys metadata, "
                            + (shape == CircuitShape.TRACER ? "qParams, " : "")
                            + "nodes and "
                            + shape.linksKey());
        }
    }

    private void readNodes() throws IOException {
        pass.require(JsonToken.START_ARRAY, "nodes", "a list");
        for (int i = 0; pass.parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (shape != CircuitShape.TRACER) {
                nodes.add(
                        shape == CircuitShape.ADAG
                                ? ForeignNodes.adag(pass, i)
                                : ForeignNodes.featureCircuit(pass, i));
                continue;
            }
            NodeDraft draft = NodeDraft.read(pass, i);
            if (draft.kind() == null) {
                String type =
                        foreignTypes.size() < 10 ? Json.shorten(draft.featureType()) : "others";
                foreignTypes.merge(type, 1, Integer::sum);
            } else {
                nodes.add(toRecord(draft));
            }
        }
        if (!foreignTypes.isEmpty()) {
            StringBuilder types = new StringBuilder();
            foreignTypes.forEach(
                    (type, count) ->
                            types.append(types.length() > 0 ? ", " : "")
                                    .append('"')
                                    .append(type)
                                    .append("\" (")
                                    .append(count)
                                    .append(count == 1 ? " node)" : " nodes)"));
            throw pass.failureAt(
                    "nodes",
                    "feature_type " + types + " belongs to a dialect that is not supported",
                    "the types are cross layer transcoder, unexplored node, lorsa, mlp"
                            + " reconstruction error, lorsa error, bias, unknown, embedding and"
                            + " logit");
        }
        for (int i = 0; i < undecided.size(); i++) {
            NodeDraft.IndexEncoding encoding =
                    rawIndices ? NodeDraft.IndexEncoding.RAW : NodeDraft.IndexEncoding.LAYER_DIGITS;
            nodes.set(undecided.get(i), undecidedDrafts.get(i).toRecord(encoding));
        }
        if (shape == CircuitShape.ADAG) {
            int last = nodes.stream().mapToInt(CircuitNodeRecord::layer).max().orElse(-1);
            nodes.replaceAll(n -> n.layer() == last && last >= 0 ? ForeignNodes.output(n) : n);
        }
        index = new LinkIndex(pass, nodes);
    }

    private CircuitNodeRecord toRecord(NodeDraft draft) throws IOException {
        lorsa |= LORSA_TYPES.contains(draft.featureType());
        intermediate |= draft.isIntermediate();
        if (draft.kind() != CircuitNodeKind.FEATURE) {
            return draft.toRecord(NodeDraft.IndexEncoding.NONE);
        }
        NodeDraft.IndexEncoding encoding = draft.encoding();
        boolean cantor =
                encoding == NodeDraft.IndexEncoding.CANTOR
                        || encoding == NodeDraft.IndexEncoding.NONE;
        if (!cantor && notCantor == null) {
            notCantor = draft;
        }
        if (encoding == NodeDraft.IndexEncoding.RAW && draft.layer() > 0) {
            rawIndices = true;
        }
        if (encoding == NodeDraft.IndexEncoding.RAW_OR_LAYER_DIGITS) {
            undecided.add(nodes.size());
            undecidedDrafts.add(draft);
        }
        return draft.toRecord(encoding);
    }

    /** Takes the links as the file has them. */
    @FunctionalInterface
    private interface RawLinkSink {
        void link(String source, String target, double weight, String extra);
    }

    private static void readLinks(JsonPass pass, CircuitShape shape, RawLinkSink sink)
            throws IOException {
        pass.require(JsonToken.START_ARRAY, shape.linksKey(), "a list");
        JsonParser parser = pass.parser;
        for (long i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw pass.wrongType("links[" + i + "]", "an object");
            }
            String source = null;
            String target = null;
            double weight = Double.NaN;
            Map<String, String> others = null;
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                switch (key) {
                    case "source" -> {
                        requireFirst(pass, source == null, i, key);
                        source = shape.nodeId(endpoint(pass, token, i, key));
                    }
                    case "target" -> {
                        requireFirst(pass, target == null, i, key);
                        target = shape.nodeId(endpoint(pass, token, i, key));
                    }
                    case "weight" -> {
                        requireFirst(pass, Double.isNaN(weight), i, key);
                        if (token == JsonToken.START_ARRAY && shape == CircuitShape.ADAG) {
                            others = others == null ? new LinkedHashMap<>() : others;
                            weight = meanWeight(pass, i, others);
                        } else {
                            weight = weight(pass, token, i);
                        }
                    }
                    default -> {
                        others = others == null ? new LinkedHashMap<>() : others;
                        pass.keep(others, key, "links[" + i + "]." + Json.shorten(key));
                    }
                }
            }
            requirePresent(pass, source != null, i, "source");
            requirePresent(pass, target != null, i, "target");
            requirePresent(pass, !Double.isNaN(weight), i, "weight");
            sink.link(source, target, weight, others == null ? null : Json.object(others));
        }
    }

    // Paths are put together only for failures: this is the innermost loop over millions of links.

    private static String endpoint(JsonPass pass, JsonToken token, long i, String key)
            throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw pass.wrongType("links[" + i + "]." + key, "a node's id");
        }
        return pass.parser.getText();
    }

    private static double weight(JsonPass pass, JsonToken token, long i) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            double weight = pass.parser.getDoubleValue();
            if (Double.isFinite(weight)) {
                return weight;
            }
        }
        return pass.finite("links[" + i + "].weight");
    }

    /** ADAG's weights over the prompts of a batch; the list is kept beside their mean. */
    private static double meanWeight(JsonPass pass, long i, Map<String, String> others)
            throws IOException {
        double sum = 0;
        List<String> weights = new ArrayList<>();
        while (pass.parser.nextToken() != JsonToken.END_ARRAY) {
            sum += pass.finite("links[" + i + "].weight[" + weights.size() + "]");
            weights.add(pass.parser.getText());
        }
        if (weights.isEmpty()) {
            throw pass.failure(
                    "links[" + i + "].weight", "the list is empty", "write one weight a prompt");
        }
        others.put("weights", weights.toString());
        return sum / weights.size();
    }

    private static void requireFirst(JsonPass pass, boolean first, long i, String key) {
        if (!first) {
            throw pass.duplicate("links[" + i + "]." + key);
        }
    }

    private static void requirePresent(JsonPass pass, boolean present, long i, String key) {
        if (!present) {
            throw pass.failure(
                    "links[" + i + "]." + key,
                    "the key is missing",
                    "each link needs source, target and weight");
        }
    }

    private void checkSchemaVersion(JsonNode metadata) {
        JsonNode version = metadata.get("schema_version");
        if (version == null || version.isNull()) {
            return;
        }
        if (!version.isInt() || version.intValue() < 0 || version.intValue() > 1) {
            throw pass.failureAt(
                    "metadata.schema_version",
                    "version " + Json.shorten(version.toString()) + " is not known",
                    "versions 0 and 1 are supported");
        }
        if (version.intValue() == 1 && notCantor != null) {
            throw notCantor.notCantor();
        }
    }

    private CircuitHeader header(JsonNode metadata, String json, String qParams, String others) {
        String slug = required(metadata, "slug");
        if (slug.isBlank()) {
            throw pass.failureAt(
                    "metadata.slug", "the circuit's name is empty", "give the circuit a name");
        }
        String prompt = required(metadata, "prompt");
        JsonNode tokens = metadata.path("prompt_tokens");
        if (!tokens.isArray()) {
            throw pass.failureAt(
                    "metadata.prompt_tokens",
                    tokens.isMissingNode() ? "the key is missing" : "it is not a list",
                    "write the prompt's tokens as a list of texts");
        }
        List<String> promptTokens = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isTextual()) {
                throw pass.failureAt(
                        "metadata.prompt_tokens[" + i + "]",
                        "found " + Json.shorten(tokens.get(i).toString()) + " where a text belongs",
                        "write the prompt's tokens as a list of texts");
            }
            promptTokens.add(tokens.get(i).textValue());
        }
        JsonNode scanNode = metadata.path("scan");
        if (!scanNode.isTextual() && !scanNode.isNull() && !scanNode.isMissingNode()) {
            throw pass.failureAt(
                    "metadata.scan",
                    "found " + Json.shorten(scanNode.toString()) + " where a text belongs",
                    "write the model or dictionary as a text");
        }
        String scan = scanNode.textValue();

        String transcoderSet = metadata.path("info").path("transcoder_set").asText("");
        String sourceSet =
                metadata.path("feature_details").path("neuronpedia_source_set").asText("");
        String dictionary;
        String source;
        if (options.dictionary().isPresent()) {
            dictionary = options.dictionary().get();
            source = "config";
        } else if (!transcoderSet.isBlank()) {
            dictionary = transcoderSet;
            source = "info.transcoder_set";
        } else if (!sourceSet.isBlank() && scan != null) {
            dictionary = scan + "/" + sourceSet;
            source = "feature_details";
        } else if (scan != null && !scan.isBlank()) {
            dictionary = scan;
            source = "scan";
        } else {
            throw pass.failureAt(
                    "metadata.scan",
                    "the file names no dictionary",
                    "name it in the configuration: dictionary: '...'");
        }
        return new CircuitHeader(
                slug, scan, prompt, promptTokens, dictionary, source, json, qParams, others);
    }

    private String required(JsonNode metadata, String key) {
        JsonNode value = metadata.path(key);
        if (!value.isTextual()) {
            throw pass.failureAt(
                    "metadata." + key,
                    value.isMissingNode()
                            ? "the key is missing"
                            : "found " + Json.shorten(value.toString()) + " where a text belongs",
                    "metadata needs slug, prompt, prompt_tokens and scan");
        }
        return value.textValue();
    }

    private CircuitDialect dialect(
            JsonNode metadata, JsonNode qParams, Map<String, String> others) {
        if (shape != CircuitShape.TRACER) {
            return shape == CircuitShape.ADAG
                    ? CircuitDialect.ADAG
                    : CircuitDialect.SPARSE_FEATURE_CIRCUITS;
        }
        if (lorsa) {
            return CircuitDialect.LORSA;
        }
        if (intermediate || metadata.has("node_sep_threshold")) {
            return CircuitDialect.ELEUTHERAI;
        }
        boolean anthropic =
                qParams.path("pinnedIds").isTextual()
                        || qParams.has("hiddenIds")
                        || qParams.has("logitDiff")
                        || metadata.path("scan").asText("").startsWith("jackl-circuits-runs");
        if (anthropic) {
            return CircuitDialect.ANTHROPIC;
        }
        boolean neuronpedia =
                metadata.has("info")
                        || metadata.has("feature_details")
                        || metadata.has("generation_settings")
                        || metadata.has("pruning_settings")
                        || others.containsKey("qk_only_nodes");
        return neuronpedia ? CircuitDialect.NEURONPEDIA : CircuitDialect.CIRCUIT_TRACER;
    }

    /** Where Neuronpedia keeps the Lorsa features of a circuit, null where it does not say. */
    private static String lorsaDictionary(JsonNode metadata) {
        String set =
                metadata.path("feature_details").path("neuronpedia_lorsa_source_set").asText("");
        String scan = metadata.path("scan").asText("");
        return set.isBlank() || scan.isBlank() ? null : scan + "/" + set;
    }

    /** What the first pass found; counts is null when the links came before the nodes. */
    private record Checked(
            CircuitShape shape,
            CircuitHeader header,
            List<CircuitNodeRecord> nodes,
            LinkIndex index,
            LinkCounts counts,
            String contentHash,
            CircuitDialect dialect,
            String lorsaDictionary) {
        Checked withCounts(LinkCounts counted) {
            return new Checked(
                    shape, header, nodes, index, counted, contentHash, dialect, lorsaDictionary);
        }

        String dictionary(CircuitNodeRecord feature) {
            String component = feature.component();
            if (component == null) {
                return header.dictionary();
            }
            boolean named = component.equals(NodeDraft.LORSA) && lorsaDictionary != null;
            return named ? lorsaDictionary : header.dictionary() + "/" + component;
        }

        LinkCounts countLinks(Path file, String name, FileStamp stamp, ReadListener listener) {
            scanLinks(
                    file,
                    name,
                    stamp,
                    listener,
                    (source, target, weight, extra) -> index.count(source, target, weight));
            return index.complete();
        }

        /** Reads the file again, only for its links. */
        void scanLinks(
                Path file, String name, FileStamp stamp, ReadListener listener, RawLinkSink sink) {
            if (!stamp.equals(FileStamp.of(file, name))) {
                throw FileStamp.changed(name);
            }
            String hash =
                    JsonPass.over(
                            file,
                            name,
                            stamp,
                            listener,
                            pass -> {
                                JsonParser parser = pass.parser;
                                parser.nextToken();
                                for (String key = parser.nextFieldName();
                                        key != null;
                                        key = parser.nextFieldName()) {
                                    parser.nextToken();
                                    if (key.equals(shape.linksKey())) {
                                        readLinks(pass, shape, sink);
                                    } else {
                                        parser.skipChildren();
                                    }
                                }
                                return pass.finish();
                            });
            if (!hash.equals(contentHash)) {
                throw FileStamp.changed(name);
            }
        }
    }

    /** A checked file whose links are read when asked for. */
    private static final class StreamedCircuit implements CircuitDocument {
        private final Path file;
        private final String name;
        private final FileStamp stamp;
        private final ReadListener listener;
        private final Checked checked;

        StreamedCircuit(
                Path file, String name, FileStamp stamp, ReadListener listener, Checked checked) {
            this.file = file;
            this.name = name;
            this.stamp = stamp;
            this.listener = listener;
            this.checked = checked;
        }

        @Override
        public CircuitHeader header() {
            return checked.header;
        }

        @Override
        public List<CircuitNodeRecord> nodes() {
            return checked.nodes;
        }

        @Override
        public LinkCounts links() {
            return checked.counts;
        }

        @Override
        public String contentHash() {
            return checked.contentHash;
        }

        @Override
        public CircuitDialect dialect() {
            return checked.dialect;
        }

        @Override
        public String dictionary(CircuitNodeRecord feature) {
            return checked.dictionary(feature);
        }

        @Override
        public void forEachLink(LinkSink sink) {
            LinkIndex.Placement placement = checked.index.placement();
            checked.scanLinks(
                    file,
                    name,
                    stamp,
                    listener,
                    (source, target, weight, extra) -> {
                        long place = placement.next(source, target);
                        if (place != LinkIndex.NOT_STORED) {
                            sink.link((int) (place >>> 32), (int) place, weight, extra);
                        }
                    });
        }
    }
}
