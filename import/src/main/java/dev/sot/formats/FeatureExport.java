package dev.sot.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Exports of feature dashboards, read as a stream with one feature in memory: SAEDashboard's {@code
 * batch-N.json}, Neuronpedia's JSON lines of features and activations, and dumps of activations on
 * probe prompts; each plain or compressed with gzip. What a file is, its content tells.
 *
 * <p>Neuronpedia keeps features' statistics and their windows in different files: read the former
 * first. The statistics are held, about a kilobyte a feature, of {@link #MAX_FEATURES} at most; so
 * are the values of a probe dump, which has them by prompt. The windows of a feature follow one
 * another.
 */
public final class FeatureExport {
    /** Most features of one import. */
    public static final int MAX_FEATURES = 1 << 18;

    /** Most tokens, and characters of tokens, of one feature's windows. */
    private static final int MAX_TOKENS = 1 << 20;

    private static final int MAX_CHARACTERS = 1 << 24;

    /** Most values of a dump of activations on probe prompts. */
    private static final int MAX_PROBE_VALUES = 1 << 23;

    private static final int MAX_BARS = 200;
    private static final Pattern SOURCE = Pattern.compile("(\\d{1,6})(?:-(.{1,200}))?");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final double[] NONE = {};

    /** What a file holds, in the order in which files of several kinds are to be read. */
    public enum Kind {
        /** Statistics of Neuronpedia's features. */
        NEURONPEDIA_FEATURES,
        /** Windows of Neuronpedia's features. */
        NEURONPEDIA_ACTIVATIONS,
        /** SAEDashboard's features, with both. */
        SAE_DASHBOARD,
        /** All activations of some features on a few prompts. */
        PROBE_PROMPTING,
        /** Neuronpedia's explanations, which {@link LabelFile} reads. */
        EXPLANATIONS,
        /** Anything else, such as the model.jsonl beside an export. */
        OTHER
    }

    /** Takes features, one after another, and may keep them. */
    @FunctionalInterface
    public interface Sink {
        void feature(ExportedFeature feature);
    }

    private record Key(String model, String set, int layer, long index) {}

    private final Sink sink;
    private final Map<Key, ExportedFeature.Statistics> statistics = new HashMap<>();
    private final Set<Key> done = new HashSet<>();
    private Key current;
    private List<ExportedFeature.Window> windows = new ArrayList<>();
    private int tokens;
    private int characters;
    private int probeValues;

    /** A reader that passes features on. */
    public FeatureExport(Sink sink) {
        this.sink = sink;
    }

    /**
     * What a file holds, by its first value.
     *
     * @throws FormatException when it does not begin as JSON
     */
    public static Kind kind(Path file, String displayName, ReadListener listener) {
        return JsonPass.over(
                file,
                displayName,
                FileStamp.of(file, displayName),
                listener,
                pass -> kind(pass.parser));
    }

    private static Kind kind(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return Kind.OTHER;
        }
        Set<String> keys = new HashSet<>();
        for (String key = parser.nextFieldName();
                key != null && keys.size() < 200;
                key = parser.nextFieldName()) {
            boolean list = parser.nextToken() == JsonToken.START_ARRAY;
            if (list && key.equals("features")) {
                return Kind.SAE_DASHBOARD;
            }
            if (list && key.equals("results")) {
                return Kind.PROBE_PROMPTING;
            }
            parser.skipChildren();
            keys.add(key);
        }
        if (!keys.contains("modelId") || !keys.contains("layer") || !keys.contains("index")) {
            return Kind.OTHER;
        }
        if (keys.contains("tokens") && keys.contains("values")) {
            return Kind.NEURONPEDIA_ACTIVATIONS;
        }
        if (keys.contains("description")) {
            return Kind.EXPLANATIONS;
        }
        return keys.contains("frac_nonzero") || keys.contains("maxActApprox")
                ? Kind.NEURONPEDIA_FEATURES
                : Kind.OTHER;
    }

    /**
     * Reads a file from beginning to end.
     *
     * @return SHA-256 of its bytes
     * @throws FormatException when it is not sound; features may have been passed on by then
     */
    public String read(Path file, String displayName, Kind kind, ReadListener listener) {
        return JsonPass.over(
                file,
                displayName,
                FileStamp.of(file, displayName),
                listener,
                pass -> {
                    switch (kind) {
                        case SAE_DASHBOARD -> readDashboard(pass);
                        case PROBE_PROMPTING -> readProbes(pass);
                        case NEURONPEDIA_FEATURES, NEURONPEDIA_ACTIVATIONS -> {
                            while (pass.parser.nextToken() != null) {
                                readRow(pass, kind == Kind.NEURONPEDIA_ACTIVATIONS);
                            }
                        }
                        default -> throw new IllegalArgumentException(kind.toString());
                    }
                    return pass.finish();
                });
    }

    /** Passes on the last feature, then those of which there are only statistics. */
    public void finish() {
        flush();
        List<Key> silent = new ArrayList<>(statistics.keySet());
        silent.removeAll(done);
        silent.sort(
                Comparator.comparing(Key::model)
                        .thenComparing(Key::set)
                        .thenComparingInt(Key::layer)
                        .thenComparingLong(Key::index));
        for (Key key : silent) {
            current = key;
            flush();
        }
    }

    private void flush() {
        if (current != null) {
            sink.feature(
                    new ExportedFeature(
                            current.model,
                            current.set,
                            current.layer,
                            current.index,
                            statistics.remove(current),
                            List.copyOf(windows)));
            done.add(current);
            current = null;
            windows = new ArrayList<>();
            tokens = 0;
            characters = 0;
        }
    }

    private void begin(JsonPass pass, String place, Key key) {
        if (key.equals(current)) {
            return;
        }
        flush();
        if (done.contains(key)) {
            throw pass.failure(
                    place,
                    "feature "
                            + key.index
                            + " of layer "
                            + key.layer
                            + " occurs again after other features",
                    "sort the rows by feature, each feature in one file");
        }
        requireFew(pass, place, done.size());
        current = key;
    }

    private static void requireFew(JsonPass pass, String place, int features) {
        if (features >= MAX_FEATURES) {
            throw pass.failure(
                    place,
                    "there are more than " + MAX_FEATURES + " features",
                    "import them in parts, such as one layer at a time");
        }
    }

    private void add(JsonPass pass, String place, ExportedFeature.Window window) {
        if (window.tokens().size() != window.values().length) {
            throw pass.failure(
                    place,
                    "there are "
                            + window.tokens().size()
                            + " tokens and "
                            + window.values().length
                            + " values",
                    "write one value a token");
        }
        windows.add(window);
    }

    // --- SAEDashboard

    private void readDashboard(JsonPass pass) throws IOException {
        JsonParser parser = pass.parser;
        parser.nextToken();
        pass.require(JsonToken.START_OBJECT, "beginning", "an object");
        String model = null;
        Integer layer = null;
        String set = null;
        String suffix = "";
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            switch (key) {
                case "model_id" -> model = pass.string(key);
                case "layer" -> layer = (int) pass.whole(key, 0, 999_999);
                case "sae_set" -> set = pass.string(key);
                case "sae_id_suffix" ->
                        suffix = token == JsonToken.VALUE_NULL ? "" : "__" + pass.string(key);
                case "features" -> {
                    if (model == null || layer == null || set == null) {
                        throw pass.failure(
                                key,
                                "model_id, layer and sae_set do not come before it",
                                "write the file with SAEDashboard again");
                    }
                    pass.require(JsonToken.START_ARRAY, key, "a list");
                    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                        readFeature(pass, "features[" + i + "]", model, set + suffix, layer);
                    }
                }
                default -> parser.skipChildren();
            }
        }
        pass.require(JsonToken.END_OBJECT, "end", "the end of the batch");
    }

    private void readFeature(JsonPass pass, String place, String model, String set, int layer)
            throws IOException {
        pass.require(JsonToken.START_OBJECT, place, "an object");
        flush();
        JsonParser parser = pass.parser;
        Long index = null;
        StatisticsDraft draft = new StatisticsDraft();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            String path = place + "." + key;
            switch (key) {
                case "feature_index" -> index = pass.whole(path, 0, 999_999_999);
                case "activations" -> {
                    pass.require(JsonToken.START_ARRAY, path, "a list");
                    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                        String at = path + "[" + i + "]";
                        pass.require(JsonToken.START_OBJECT, at, "an object");
                        add(pass, at, readWindow(pass, at).window(pass, at));
                    }
                }
                default -> {
                    if (!draft.read(pass, path, key)) {
                        parser.skipChildren();
                    }
                }
            }
        }
        if (index == null) {
            throw pass.failure(
                    place + ".feature_index", "the key is missing", "give each feature its index");
        }
        List<ExportedFeature.Window> read = windows;
        windows = new ArrayList<>();
        Key key = new Key(model, set, layer, index);
        begin(pass, place, key);
        statistics.put(key, draft.statistics(pass, place));
        windows = read;
        flush();
    }

    // --- Neuronpedia

    private void readRow(JsonPass pass, boolean activations) throws IOException {
        pass.require(JsonToken.START_OBJECT, "line", "an object");
        if (activations) {
            WindowDraft draft = readWindow(pass, "");
            begin(pass, "index", draft.key(pass));
            add(pass, "values", draft.window(pass, ""));
            return;
        }
        JsonParser parser = pass.parser;
        WindowDraft identity = new WindowDraft();
        StatisticsDraft draft = new StatisticsDraft();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            if (!identity.readIdentity(pass, key) && !draft.read(pass, key, key)) {
                parser.skipChildren();
            }
        }
        requireFew(pass, "index", statistics.size());
        if (statistics.put(identity.key(pass), draft.statistics(pass, "freq_hist")) != null) {
            throw pass.failure("index", "the feature occurs twice", "keep one of the two");
        }
    }

    private WindowDraft readWindow(JsonPass pass, String place) throws IOException {
        String prefix = place.isEmpty() ? "" : place + ".";
        JsonParser parser = pass.parser;
        WindowDraft draft = new WindowDraft();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            String path = prefix + Json.shorten(key);
            switch (key) {
                case "tokens" -> draft.tokens = readTokens(pass, path);
                case "values" -> draft.values = readNumbers(pass, path, MAX_TOKENS);
                case "bin_min", "binMin" -> draft.binMin = optional(pass, path, token);
                case "bin_max", "binMax" -> draft.binMax = optional(pass, path, token);
                case "bin_contains", "binContains" ->
                        draft.binContains = optional(pass, path, token);
                default -> {
                    if (!place.isEmpty() || !draft.readIdentity(pass, key)) {
                        parser.skipChildren();
                    }
                }
            }
        }
        return draft;
    }

    private static double optional(JsonPass pass, String path, JsonToken token) throws IOException {
        return token == JsonToken.VALUE_NULL ? Double.NaN : pass.finite(path);
    }

    private List<String> readTokens(JsonPass pass, String path) throws IOException {
        pass.require(JsonToken.START_ARRAY, path, "a list");
        List<String> texts = new ArrayList<>();
        while (pass.parser.nextToken() != JsonToken.END_ARRAY) {
            String text = pass.string(path + "[" + texts.size() + "]");
            texts.add(text);
            characters += text.length();
            if (++tokens > MAX_TOKENS || characters > MAX_CHARACTERS) {
                throw pass.failure(
                        path,
                        "one feature's windows have more than "
                                + (tokens > MAX_TOKENS
                                        ? MAX_TOKENS + " tokens"
                                        : MAX_CHARACTERS + " characters"),
                        "real exports stay far below; check what wrote it");
            }
        }
        return texts;
    }

    private static double[] readNumbers(JsonPass pass, String path, int most) throws IOException {
        pass.require(JsonToken.START_ARRAY, path, "a list of numbers");
        double[] numbers = new double[64];
        int size = 0;
        while (pass.parser.nextToken() != JsonToken.END_ARRAY) {
            if (size == most) {
                throw pass.failure(
                        path,
                        "the list has more than " + most + " numbers",
                        "real exports stay far below; check what wrote it");
            }
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
            }
            numbers[size] = pass.finite(path + "[" + size + "]");
            size++;
        }
        return Arrays.copyOf(numbers, size);
    }

    private static final class WindowDraft {
        private String model;
        private String source;
        private String index;
        private List<String> tokens;
        private double[] values;
        private double binMin = Double.NaN;
        private double binMax = Double.NaN;
        private double binContains = Double.NaN;

        boolean readIdentity(JsonPass pass, String key) throws IOException {
            switch (key) {
                case "modelId" -> model = pass.string(key);
                case "layer" -> source = textOrWhole(pass, key);
                case "index" -> index = textOrWhole(pass, key);
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static String textOrWhole(JsonPass pass, String key) throws IOException {
            return pass.parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    ? Long.toString(pass.whole(key, 0, 999_999_999))
                    : pass.string(key);
        }

        Key key(JsonPass pass) {
            Matcher matcher = SOURCE.matcher(source == null ? "" : source);
            if (model == null || !matcher.matches()) {
                throw pass.failure(
                        model == null ? "modelId" : "layer",
                        model == null
                                ? "the key is missing"
                                : "found " + source + " where a source such as 6-res-jb belongs",
                        "write it as Neuronpedia's exports do");
            }
            if (index == null || !WHOLE.matcher(index).matches()) {
                throw pass.failure(
                        "index",
                        index == null
                                ? "the key is missing"
                                : "found " + Json.shorten(index) + " where a number belongs",
                        "give the feature's index");
            }
            return new Key(
                    model,
                    matcher.group(2) == null ? "" : matcher.group(2),
                    Integer.parseInt(matcher.group(1)),
                    Long.parseLong(index));
        }

        ExportedFeature.Window window(JsonPass pass, String place) {
            if (tokens == null || values == null) {
                throw pass.failure(
                        place.isEmpty() ? "line" : place,
                        "a window needs tokens and values",
                        "export both");
            }
            boolean interval = binContains >= 0 && binMax >= binMin;
            return new ExportedFeature.Window(
                    tokens,
                    values,
                    interval ? binMin : Double.NaN,
                    interval ? binMax : Double.NaN,
                    interval ? binContains : Double.NaN);
        }
    }

    private static final class StatisticsDraft {
        private double fracNonzero = Double.NaN;
        private double[] values = NONE;
        private double[] heights = NONE;

        boolean read(JsonPass pass, String path, String key) throws IOException {
            boolean isNull = pass.parser.currentToken() == JsonToken.VALUE_NULL;
            switch (key) {
                case "frac_nonzero" -> {
                    fracNonzero = isNull ? Double.NaN : pass.finite(path);
                    if (fracNonzero < 0 || fracNonzero > 1) {
                        throw pass.wrongType(path, "a share from 0 to 1");
                    }
                }
                case "freq_hist_data_bar_values" ->
                        values = isNull ? NONE : readNumbers(pass, path, MAX_BARS);
                case "freq_hist_data_bar_heights" ->
                        heights = isNull ? NONE : readNumbers(pass, path, MAX_BARS);
                default -> {
                    return false;
                }
            }
            return true;
        }

        ExportedFeature.Statistics statistics(JsonPass pass, String place) {
            if (values.length != heights.length) {
                throw pass.failure(
                        place,
                        "the histogram of firings has "
                                + values.length
                                + " values and "
                                + heights.length
                                + " heights",
                        "write one height a value");
            }
            for (int i = 0; i < values.length; i++) {
                if (heights[i] < 0 || i > 0 && values[i] < values[i - 1]) {
                    throw pass.failure(
                            place,
                            "bar "
                                    + i
                                    + " of the histogram of firings has value "
                                    + values[i]
                                    + " and height "
                                    + heights[i],
                            "write ascending values and heights of at least 0");
                }
            }
            return new ExportedFeature.Statistics(fracNonzero, values, heights);
        }
    }

    // --- dumps of activations on probe prompts

    private void readProbes(JsonPass pass) throws IOException {
        JsonParser parser = pass.parser;
        parser.nextToken();
        pass.require(JsonToken.START_OBJECT, "beginning", "an object");
        String model = null;
        Map<Key, List<ExportedFeature.Window>> features =
                new TreeMap<>(
                        Comparator.comparing(Key::set)
                                .thenComparingInt(Key::layer)
                                .thenComparingLong(Key::index));
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            if (key.equals("model")) {
                model = pass.string(key);
            } else if (key.equals("results")) {
                pass.require(JsonToken.START_ARRAY, key, "a list");
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    readProbe(pass, "results[" + i + "]", features);
                }
            } else {
                parser.skipChildren();
            }
        }
        pass.require(JsonToken.END_OBJECT, "end", "the end of the dump");
        if (model == null) {
            throw pass.failureAt("model", "the key is missing", "name the model");
        }
        for (Map.Entry<Key, List<ExportedFeature.Window>> feature : features.entrySet()) {
            Key key = feature.getKey();
            begin(pass, "results", new Key(model, key.set, key.layer, key.index));
            windows.addAll(feature.getValue());
        }
        flush();
    }

    private void readProbe(
            JsonPass pass, String place, Map<Key, List<ExportedFeature.Window>> features)
            throws IOException {
        pass.require(JsonToken.START_OBJECT, place, "an object");
        JsonParser parser = pass.parser;
        List<String> texts = null;
        Map<Key, double[]> values = new HashMap<>();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            String path = place + "." + Json.shorten(key);
            if (key.equals("tokens")) {
                texts = List.copyOf(readTokens(pass, path));
            } else if (key.equals("activations")) {
                pass.require(JsonToken.START_ARRAY, path, "a list");
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    readProbeValues(pass, path + "[" + i + "]", values);
                }
            } else {
                parser.skipChildren();
            }
        }
        if (texts == null) {
            throw pass.failure(place + ".tokens", "the key is missing", "write the tokens");
        }
        for (Map.Entry<Key, double[]> feature : values.entrySet()) {
            if (feature.getValue().length != texts.size()) {
                throw pass.failure(
                        place,
                        "feature "
                                + feature.getKey().index
                                + " of layer "
                                + feature.getKey().layer
                                + " has "
                                + feature.getValue().length
                                + " values for "
                                + texts.size()
                                + " tokens",
                        "write one value a token");
            }
            requireFew(pass, place, features.size());
            features.computeIfAbsent(feature.getKey(), k -> new ArrayList<>())
                    .add(
                            new ExportedFeature.Window(
                                    texts, feature.getValue(), Double.NaN, Double.NaN, Double.NaN));
        }
    }

    private void readProbeValues(JsonPass pass, String place, Map<Key, double[]> into)
            throws IOException {
        pass.require(JsonToken.START_OBJECT, place, "an object");
        JsonParser parser = pass.parser;
        WindowDraft identity = new WindowDraft();
        identity.model = "";
        double[] values = null;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            switch (key) {
                case "source" -> identity.source = pass.string(place + ".source");
                case "index" -> identity.index = WindowDraft.textOrWhole(pass, place + ".index");
                case "values" -> values = readNumbers(pass, place + ".values", MAX_TOKENS);
                default -> parser.skipChildren();
            }
        }
        Key key = identity.key(pass);
        probeValues += values == null ? 0 : values.length;
        if (values == null || into.put(key, values) != null || probeValues > MAX_PROBE_VALUES) {
            throw pass.failure(
                    place,
                    values == null
                            ? "the values are missing"
                            : probeValues > MAX_PROBE_VALUES
                                    ? "the dump has more than " + MAX_PROBE_VALUES + " values"
                                    : "the feature occurs twice in a prompt",
                    "write each feature once a prompt, with its values");
        }
    }
}
