package dev.sot.formats;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The manifest of an activation bundle: what its files are said to hold; {@code unembedding} is
 * null when it has none.
 */
record BundleManifest(
        String model,
        int layers,
        int positions,
        int prompts,
        boolean firstTokenIsSink,
        List<String> positionsFiles,
        List<String> promptsFiles,
        List<States> states,
        Unembedding unembedding,
        List<Dictionary> dictionaries,
        Map<String, String> hashes,
        String contentHash) {
    static final String FORMAT = "sot-bundle/1";
    private static final Set<String> KINDS = Set.of("sae", "transcoder", "clt");
    private static final Set<String> NORMALISATIONS = Set.of("none", "rms", "layer");

    /** The states of a layer. */
    record States(String place, int layer, String hook, List<String> files) {}

    /** The model's unembedding, and the normalisation before it. */
    record Unembedding(String normalisation, double epsilon, List<String> files) {}

    /** A dictionary; {@code labels} is empty when it has none. */
    record Dictionary(
            String name,
            String kind,
            String hook,
            String activation,
            List<Layer> layers,
            List<String> labels) {}

    /** A layer of a dictionary; vectors and activations are empty when it has none. */
    record Layer(
            String place,
            int layer,
            int width,
            int hiddenSize,
            List<String> vectors,
            List<String> activations) {}

    static BundleManifest read(Path file, String name) {
        FileStamp stamp = FileStamp.of(file, name);
        return JsonPass.over(
                file,
                name,
                stamp,
                ReadListener.NONE,
                pass -> {
                    pass.parser.nextToken();
                    pass.require(JsonToken.START_OBJECT, "beginning", "the manifest's object");
                    JsonNode tree = Json.tree(Json.text(pass.parser));
                    return new Parser(name).manifest(tree, pass.finish());
                });
    }

    /** Takes a manifest apart. */
    private record Parser(String file) {
        BundleManifest manifest(JsonNode tree, String contentHash) {
            String format = text(tree, "", "format");
            if (!format.equals(FORMAT)) {
                throw failure(
                        "format",
                        "the format is \"" + Json.shorten(format) + "\"",
                        "this version reads \"" + FORMAT + "\"");
            }
            JsonNode model = tree.path("model");
            String modelName = text(model, "model.", "name");
            int layers = whole(model, "model.", "layers", 1, Integer.MAX_VALUE);
            int positions = whole(tree, "", "positions", 0, Integer.MAX_VALUE);
            int prompts = whole(tree, "", "prompts", 0, Integer.MAX_VALUE);
            JsonNode sink = tree.path("firstTokenIsSink");
            if (!sink.isBoolean()) {
                throw wrong("firstTokenIsSink", sink, "true or false");
            }

            List<States> states = new ArrayList<>();
            Set<Integer> stateLayers = new HashSet<>();
            int i = 0;
            for (JsonNode entry : list(tree, "states")) {
                String place = "states[" + i++ + "]";
                int layer = whole(entry, place + ".", "layer", 0, layers - 1);
                if (!stateLayers.add(layer)) {
                    throw twice(place + ".layer", "layer " + layer);
                }
                states.add(
                        new States(
                                place,
                                layer,
                                optionalText(entry, place + ".", "hook"),
                                files(entry, place + ".", "file")));
            }

            List<Dictionary> dictionaries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            i = 0;
            for (JsonNode entry : list(tree, "dictionaries")) {
                String place = "dictionaries[" + i++ + "]";
                Dictionary dictionary = dictionary(entry, place, layers);
                if (!names.add(dictionary.name)) {
                    throw twice(place + ".name", dictionary.name);
                }
                dictionaries.add(dictionary);
            }

            Map<String, String> hashes = new LinkedHashMap<>();
            JsonNode sha256 = tree.path("sha256");
            if (!sha256.isObject()) {
                throw wrong("sha256", sha256, "an object of file names and hashes");
            }
            for (Map.Entry<String, JsonNode> hash : sha256.properties()) {
                if (!hash.getValue().isTextual()) {
                    throw wrong(
                            "sha256." + Json.shorten(hash.getKey()),
                            hash.getValue(),
                            "64 hexadecimal digits");
                }
                hashes.put(hash.getKey(), hash.getValue().textValue());
            }
            return new BundleManifest(
                    modelName,
                    layers,
                    positions,
                    prompts,
                    sink.booleanValue(),
                    files(tree, "", "positionsFile"),
                    files(tree, "", "promptsFile"),
                    states,
                    isAbsent(tree, "unembedding") ? null : unembedding(tree.path("unembedding")),
                    dictionaries,
                    hashes,
                    contentHash);
        }

        private Unembedding unembedding(JsonNode entry) {
            String normalisation = text(entry, "unembedding.", "normalisation");
            if (!NORMALISATIONS.contains(normalisation)) {
                throw wrong(
                        "unembedding.normalisation",
                        entry.get("normalisation"),
                        "none, rms or layer");
            }
            JsonNode epsilon = entry.path("epsilon");
            if (!epsilon.isMissingNode()
                    && !(epsilon.isNumber()
                            && epsilon.doubleValue() >= 0
                            && Double.isFinite(epsilon.doubleValue()))) {
                throw wrong("unembedding.epsilon", epsilon, "a number of at least 0");
            }
            return new Unembedding(
                    normalisation, epsilon.doubleValue(), files(entry, "unembedding.", "file"));
        }

        private Dictionary dictionary(JsonNode entry, String place, int modelLayers) {
            String kind = text(entry, place + ".", "kind");
            if (!KINDS.contains(kind)) {
                throw wrong(place + ".kind", entry.get("kind"), "sae, transcoder or clt");
            }
            List<Layer> layers = new ArrayList<>();
            Set<Integer> numbers = new HashSet<>();
            int i = 0;
            for (JsonNode layer : list(entry, "layers")) {
                String at = place + ".layers[" + i++ + "]";
                int number = whole(layer, at + ".", "layer", 0, modelLayers - 1);
                if (!numbers.add(number)) {
                    throw twice(at + ".layer", "layer " + number);
                }
                layers.add(
                        new Layer(
                                at,
                                number,
                                whole(layer, at + ".", "width", 1, Integer.MAX_VALUE),
                                whole(layer, at + ".", "hiddenSize", 1, Integer.MAX_VALUE),
                                optionalFiles(layer, at + ".", "vectors"),
                                optionalFiles(layer, at + ".", "activations")));
            }
            return new Dictionary(
                    text(entry, place + ".", "name"),
                    kind,
                    optionalText(entry, place + ".", "hook"),
                    optionalText(entry, place + ".", "activation"),
                    layers,
                    optionalFiles(entry, place + ".", "labels"));
        }

        private String text(JsonNode node, String prefix, String key) {
            JsonNode value = node.path(key);
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw wrong(prefix + key, value, "a text");
            }
            return value.textValue();
        }

        private String optionalText(JsonNode node, String prefix, String key) {
            return isAbsent(node, key) ? null : text(node, prefix, key);
        }

        private int whole(JsonNode node, String prefix, String key, int least, int most) {
            JsonNode value = node.path(key);
            if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
                throw wrong(prefix + key, value, "a whole number from " + least + " to " + most);
            }
            return value.intValue();
        }

        private Iterable<JsonNode> list(JsonNode node, String key) {
            if (isAbsent(node, key)) {
                return List.of();
            }
            if (!node.path(key).isArray()) {
                throw wrong(key, node.path(key), "a list");
            }
            return node.path(key);
        }

        private List<String> files(JsonNode node, String prefix, String key) {
            JsonNode value = node.path(key);
            List<String> files = new ArrayList<>();
            for (JsonNode file : value.isArray() ? value : List.of(value)) {
                if (!file.isTextual() || file.textValue().isBlank()) {
                    throw wrong(prefix + key, file, "a file name or a list of file names");
                }
                files.add(file.textValue());
            }
            if (files.isEmpty()) {
                throw wrong(prefix + key, value, "a file name or a list of file names");
            }
            return List.copyOf(files);
        }

        private List<String> optionalFiles(JsonNode node, String prefix, String key) {
            return isAbsent(node, key) ? List.of() : files(node, prefix, key);
        }

        private static boolean isAbsent(JsonNode node, String key) {
            return node.path(key).isMissingNode() || node.path(key).isNull();
        }

        private FormatException wrong(String place, JsonNode value, String expected) {
            return failure(place, Json.mismatch(value, expected), "write " + expected);
        }

        private FormatException twice(String place, String what) {
            return failure(place, Json.shorten(what) + " occurs twice", "keep one of the two");
        }

        private FormatException failure(String place, String problem, String remedy) {
            return new FormatException(file, place, problem, remedy);
        }
    }
}
