package dev.sot.formats;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The weights of a dictionary as the field's libraries save them: a directory of SAELens ({@code
 * cfg.json}, {@code sae_weights.safetensors}), of sparsify ({@code sae.safetensors}), of
 * circuit-tracer's per-layer ({@code layer_0.safetensors}) or cross-layer transcoders ({@code
 * W_enc_0.safetensors}, {@code W_dec_0.safetensors}), or of Gemma Scope ({@code params.npz}). What
 * a directory is, its files tell.
 *
 * <p>{@link #open} checks headers and shapes; {@link #read} reads a block of features at a time, so
 * that no matrix is ever whole in memory, whichever way it lies.
 */
public final class DictionaryWeights {
    /** Values of a block of one matrix: 8 MiB. */
    private static final int BLOCK = 1 << 21;

    private static final int MAX_TEXT = 1 << 20;
    private static final Pattern HOOK_LAYER =
            Pattern.compile("(?:blocks|layers)\\.(\\d{1,6})\\b.*");
    private static final Pattern PER_LAYER = Pattern.compile("layer_(\\d{1,6})\\.safetensors");
    private static final Pattern CROSS_LAYER = Pattern.compile("W_enc_(\\d{1,6})\\.safetensors");
    private static final Pattern YAML = Pattern.compile("(\\w+):\\s*[\"']?([^\"'#]*?)[\"']?\\s*");

    /** Whose files they are. */
    public enum Format {
        SAELENS,
        SPARSIFY,
        CIRCUIT_TRACER_PLT,
        CIRCUIT_TRACER_CLT,
        GEMMA_SCOPE
    }

    /** A layer: {@code width} features of {@code hiddenSize} values. */
    public record Layer(int layer, int width, int hiddenSize) {}

    /**
     * Takes a feature's vectors of hiddenSize values, in arrays that the sink may keep.
     *
     * <p>{@code bias} is what is added to the encoder's product with a raw state; null where states
     * are normalised before. {@code threshold} is null where the dictionary has none. The decoder
     * of a cross-layer transcoder is the sum over the layers that it writes to.
     */
    @FunctionalInterface
    public interface Sink {
        void feature(
                int layer,
                int index,
                float[] encoder,
                float[] decoder,
                Double bias,
                Double threshold);
    }

    /** Tensors of a layer; across says that a feature's vector is a column of the encoder. */
    private record Tensors(
            Layer shape,
            Tensor encoder,
            Tensor decoder,
            boolean across,
            Tensor encoderBias,
            Tensor threshold,
            Tensor decoderBias,
            boolean subtracts,
            boolean raw) {}

    private final Path directory;
    private final String name;
    private final Format format;
    private final List<Tensors> layers = new ArrayList<>();
    private JsonNode config;
    private final Map<String, String> yaml = new TreeMap<>();

    private DictionaryWeights(Path directory, String name, Format format) {
        this.directory = directory;
        this.name = name;
        this.format = format;
    }

    /**
     * Checks the files of a dictionary.
     *
     * @param directory the directory
     * @param displayName its name in messages
     * @param layer the layer, where the files do not tell it
     * @throws FormatException when it holds none, or one that is not sound
     */
    public static DictionaryWeights open(
            Path directory, String displayName, Optional<Integer> layer) {
        DictionaryWeights weights =
                new DictionaryWeights(directory, displayName, format(directory, displayName));
        try {
            weights.open(layer);
        } catch (IOException e) {
            throw FileStamp.unreadable(displayName, e);
        }
        weights.layers.sort((a, b) -> Integer.compare(a.shape.layer, b.shape.layer));
        return weights;
    }

    private static Format format(Path directory, String name) {
        if (exists(directory, "sae_weights.safetensors")) {
            return Format.SAELENS;
        }
        if (exists(directory, "sae.safetensors")) {
            return Format.SPARSIFY;
        }
        if (exists(directory, "params.npz")) {
            return Format.GEMMA_SCOPE;
        }
        if (!numbered(directory, name, CROSS_LAYER).isEmpty()) {
            return Format.CIRCUIT_TRACER_CLT;
        }
        if (!numbered(directory, name, PER_LAYER).isEmpty()) {
            return Format.CIRCUIT_TRACER_PLT;
        }
        throw new FormatException(
                name,
                "directory",
                "it holds no weights",
                "name a directory with sae_weights.safetensors, sae.safetensors, params.npz,"
                        + " layer_0.safetensors or W_enc_0.safetensors");
    }

    private static boolean exists(Path directory, String file) {
        return Files.isRegularFile(directory.resolve(file));
    }

    private static Map<Integer, String> numbered(Path directory, String name, Pattern pattern) {
        Map<Integer, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory)) {
            paths.forEach(
                    path -> {
                        Matcher matcher = pattern.matcher(path.getFileName().toString());
                        if (matcher.matches()) {
                            files.put(
                                    Integer.parseInt(matcher.group(1)),
                                    path.getFileName().toString());
                        }
                    });
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
        return files;
    }

    /** Whose files they are. */
    public Format format() {
        return format;
    }

    /** The layers, ascending. */
    public List<Layer> layers() {
        return layers.stream().map(Tensors::shape).toList();
    }

    /** The kind of dictionary, as activation bundles call it. */
    public String kind() {
        boolean transcoder = config != null && config.path("transcode").asBoolean(false);
        return switch (format) {
            case CIRCUIT_TRACER_CLT -> "clt";
            case CIRCUIT_TRACER_PLT -> "transcoder";
            default -> transcoder ? "transcoder" : "sae";
        };
    }

    /** What config.yaml calls the dictionary, as circuits do, if there is one. */
    public Optional<String> scan() {
        return Optional.ofNullable(yaml.get("scan")).filter(s -> !s.isBlank());
    }

    private void open(Optional<Integer> given) throws IOException {
        switch (format) {
            case SAELENS -> {
                readConfig();
                Map<String, Tensor> t = safetensors("sae_weights.safetensors");
                boolean raw = config.path("normalize_activations").asText("none").equals("none");
                boolean subtracts = config.path("apply_b_dec_to_input").asBoolean(true);
                add(
                        given.or(this::configuredLayer),
                        new Names("W_enc", "W_dec", "b_enc", "b_dec", "threshold"),
                        t,
                        true,
                        subtracts,
                        raw);
            }
            case SPARSIFY -> {
                readConfig();
                add(
                        given.or(this::configuredLayer),
                        new Names("encoder.weight", "W_dec", "encoder.bias", "b_dec", "threshold"),
                        safetensors("sae.safetensors"),
                        false,
                        !config.path("transcode").asBoolean(false),
                        !config.path("normalize_io").asBoolean(false));
            }
            case GEMMA_SCOPE ->
                    add(
                            given.or(this::layerInPath),
                            new Names("W_enc", "W_dec", "b_enc", "b_dec", "threshold"),
                            NpzFile.read(file("params.npz"), name + "/params.npz"),
                            true,
                            false,
                            true);
            case CIRCUIT_TRACER_PLT -> {
                readYaml();
                for (Map.Entry<Integer, String> f :
                        numbered(directory, name, PER_LAYER).entrySet()) {
                    add(
                            Optional.of(f.getKey()),
                            new Names(
                                    "W_enc",
                                    "W_dec",
                                    "b_enc",
                                    "b_dec",
                                    "activation_function.threshold"),
                            safetensors(f.getValue()),
                            false,
                            false,
                            true);
                }
            }
            case CIRCUIT_TRACER_CLT -> {
                readYaml();
                for (Map.Entry<Integer, String> f :
                        numbered(directory, name, CROSS_LAYER).entrySet()) {
                    int i = f.getKey();
                    Map<String, Tensor> t = new TreeMap<>(safetensors(f.getValue()));
                    t.putAll(safetensors("W_dec_" + i + ".safetensors"));
                    add(
                            Optional.of(i),
                            new Names(
                                    "W_enc_" + i,
                                    "W_dec_" + i,
                                    "b_enc_" + i,
                                    "b_dec_" + i,
                                    "threshold_" + i),
                            t,
                            false,
                            false,
                            true);
                }
            }
        }
    }

    private record Names(
            String encoder,
            String decoder,
            String encoderBias,
            String decoderBias,
            String threshold) {}

    private void add(
            Optional<Integer> layer,
            Names names,
            Map<String, Tensor> tensors,
            boolean across,
            boolean subtracts,
            boolean raw) {
        int number =
                layer.orElseThrow(
                        () ->
                                new FormatException(
                                        name,
                                        "layer",
                                        "the files do not say of which layer they are",
                                        "name it in the configuration: layer: ..."));
        Tensor encoder = tensor(tensors, names.encoder);
        Tensor decoder = tensor(tensors, names.decoder);
        Tensor bias = tensor(tensors, names.encoderBias);
        Tensor decoderBias = tensor(tensors, names.decoderBias);
        Tensor threshold = tensors.get(names.threshold);
        long width = bias.size();
        long hidden = decoderBias.size();
        if (width < 1 || hidden < 1 || width > Integer.MAX_VALUE - 8 || hidden > BLOCK) {
            throw bias.failure(
                    ".shape",
                    "the dictionary has " + width + " features of " + hidden + " values",
                    "at most " + BLOCK + " values are supported");
        }
        requireShape(bias, width);
        requireShape(decoderBias, hidden);
        if (across) {
            requireShape(encoder, hidden, width);
        } else {
            requireShape(encoder, width, hidden);
        }
        if (format == Format.CIRCUIT_TRACER_CLT) {
            long[] shape = decoder.shape();
            if (shape.length != 3 || shape[1] < 1) {
                throw wrongShape(decoder, "[" + width + ", layers, " + hidden + "]");
            }
            requireShape(decoder, width, shape[1], hidden);
        } else {
            requireShape(decoder, width, hidden);
        }
        if (threshold != null) {
            boolean single = threshold.size() == 1;
            requireShape(threshold, single ? threshold.shape() : new long[] {width});
        }
        layers.add(
                new Tensors(
                        new Layer(number, (int) width, (int) hidden),
                        encoder,
                        decoder,
                        across,
                        bias,
                        threshold,
                        decoderBias,
                        subtracts,
                        raw));
    }

    private Tensor tensor(Map<String, Tensor> tensors, String tensor) {
        Tensor found = tensors.get(tensor);
        if (found == null) {
            throw new FormatException(
                    name,
                    tensor,
                    "there is no such tensor among " + Json.shorten(tensors.keySet().toString()),
                    "check that these are the weights of a dictionary");
        }
        return found;
    }

    private static void requireShape(Tensor tensor, long... shape) {
        if (!tensor.type().isReal()) {
            throw tensor.failure(
                    ".dtype", "the type is " + tensor.type(), "save it as F16, BF16, F32 or F64");
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw wrongShape(tensor, Arrays.toString(shape));
        }
    }

    private static FormatException wrongShape(Tensor tensor, String expected) {
        return tensor.failure(
                ".shape",
                "the shape is " + Arrays.toString(tensor.shape()),
                "the biases ask for " + expected);
    }

    private Path file(String file) {
        try {
            Path real = directory.resolve(file).toRealPath();
            if (real.startsWith(directory.toRealPath())) {
                return real;
            }
        } catch (IOException e) {
            throw new FormatException(
                    name + "/" + file,
                    "file",
                    "the file is missing",
                    "copy the whole directory",
                    e);
        }
        throw new FormatException(
                name + "/" + file, "file", "it leads out of the directory", "copy the file itself");
    }

    private Map<String, Tensor> safetensors(String file) {
        return SafetensorsFile.read(file(file), name + "/" + file);
    }

    private void readConfig() {
        Path path = file("cfg.json");
        String display = name + "/cfg.json";
        config =
                JsonPass.over(
                        path,
                        display,
                        FileStamp.of(path, display),
                        ReadListener.NONE,
                        pass -> {
                            pass.parser.nextToken();
                            JsonFields fields = JsonFields.read(pass, "beginning");
                            pass.finish();
                            return fields.object();
                        });
    }

    private Optional<Integer> configuredLayer() {
        for (String key : List.of("hook_layer", "layer")) {
            if (config.path(key).isInt() && config.path(key).intValue() >= 0) {
                return Optional.of(config.path(key).intValue());
            }
        }
        for (JsonNode hook :
                List.of(
                        config.path("hook_name"),
                        config.path("metadata").path("hook_name"),
                        config.path("hookpoint"))) {
            Matcher matcher = HOOK_LAYER.matcher(hook.asText(""));
            if (matcher.matches()) {
                return Optional.of(Integer.parseInt(matcher.group(1)));
            }
        }
        return layerInPath();
    }

    /** Gemma Scope and sparsify name directories layer_5 and layers.5.mlp. */
    private Optional<Integer> layerInPath() {
        Matcher matcher = Pattern.compile("layers?[_.](\\d{1,6})\\b").matcher(name);
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    /** The plain entries of config.yaml's top level; it may be missing. */
    private void readYaml() throws IOException {
        if (!exists(directory, "config.yaml")) {
            return;
        }
        Path path = file("config.yaml");
        if (Files.size(path) > MAX_TEXT) {
            throw new FormatException(
                    name + "/config.yaml",
                    "file",
                    "it is larger than " + MAX_TEXT + " bytes",
                    "check what it is");
        }
        for (String line :
                new String(Files.readAllBytes(path), StandardCharsets.UTF_8).split("\n")) {
            Matcher matcher = YAML.matcher(line);
            if (matcher.matches()) {
                yaml.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
            }
        }
    }

    /**
     * Passes all features on, by layer and index.
     *
     * @param listener called for every block with the features done and their number; may throw
     * @throws FormatException when a value is not finite
     */
    public void read(Sink sink, ReadListener listener) {
        long all = layers.stream().mapToLong(l -> l.shape.width).sum();
        long done = 0;
        for (Tensors layer : layers) {
            done = read(layer, sink, listener, done, all);
        }
    }

    /**
     * What is added to the sum of the decoder vectors; empty where outputs are scaled after.
     *
     * @param layer one of {@link #layers}
     * @throws FormatException when a value is not finite
     */
    public Optional<float[]> decoderBias(Layer layer) {
        Tensors tensors =
                layers.stream().filter(t -> t.shape.equals(layer)).findFirst().orElseThrow();
        float[] bias = vector(tensors.decoderBias);
        for (int k = 0; k < bias.length; k++) {
            if (!Float.isFinite(bias[k])) {
                throw tensors.decoderBias.failure(
                        "[" + k + "]", "the value is " + bias[k], "save finite values");
            }
        }
        return tensors.raw ? Optional.of(bias) : Optional.empty();
    }

    private static long read(Tensors t, Sink sink, ReadListener listener, long done, long all) {
        int width = t.shape.width;
        int hidden = t.shape.hiddenSize;
        int targets = (int) (t.decoder.size() / ((long) width * hidden));
        int most = Math.max(1, Math.min(width, BLOCK / hidden));
        float[] subtracted = t.subtracts ? vector(t.decoderBias) : null;
        float[] row = new float[Math.max(hidden, most)];
        try (Tensor.Reader encoder = t.encoder.open();
                Tensor.Reader decoder = t.decoder.open();
                Tensor.Reader biases = t.encoderBias.open();
                Tensor.Reader thresholds =
                        (t.threshold == null ? t.encoderBias : t.threshold).open()) {
            for (int start = 0; start < width; start += most) {
                listener.bytesRead(done + start, all);
                int n = Math.min(most, width - start);
                float[][] block = new float[n][hidden];
                if (t.across) {
                    for (int k = 0; k < hidden; k++) {
                        encoder.read((long) k * width + start, n, row);
                        for (int i = 0; i < n; i++) {
                            block[i][k] = row[i];
                        }
                    }
                } else {
                    for (int i = 0; i < n; i++) {
                        encoder.read((long) (start + i) * hidden, hidden, block[i]);
                    }
                }
                float[] bias = new float[n];
                biases.read(start, n, bias);
                for (int i = 0; i < n; i++) {
                    int index = start + i;
                    float[] out = new float[hidden];
                    for (int target = 0; target < targets; target++) {
                        decoder.read(((long) index * targets + target) * hidden, hidden, row);
                        for (int k = 0; k < hidden; k++) {
                            out[k] += row[k];
                        }
                    }
                    requireFinite(t.encoder, block[i], index);
                    requireFinite(t.decoder, out, index);
                    double offset = bias[i];
                    for (int k = 0; subtracted != null && k < hidden; k++) {
                        offset -= (double) block[i][k] * subtracted[k];
                    }
                    if (!Double.isFinite(offset)) {
                        throw t.encoderBias.failure(
                                "[" + index + "]", "the value is " + offset, "save finite values");
                    }
                    sink.feature(
                            t.shape.layer,
                            index,
                            block[i],
                            out,
                            t.raw ? (Double) offset : null,
                            threshold(t, thresholds, index));
                }
            }
        }
        return done + width;
    }

    private static Double threshold(Tensors t, Tensor.Reader reader, int index) {
        if (t.threshold == null) {
            return null;
        }
        double[] value = new double[1];
        reader.read(t.threshold.size() == 1 ? 0 : index, 1, value);
        if (!Double.isFinite(value[0])) {
            throw t.threshold.failure(
                    "[" + index + "]", "the value is " + value[0], "save finite values");
        }
        return value[0];
    }

    private static float[] vector(Tensor tensor) {
        float[] values = new float[(int) tensor.size()];
        try (Tensor.Reader reader = tensor.open()) {
            reader.read(0, values.length, values);
        }
        return values;
    }

    private static void requireFinite(Tensor tensor, float[] values, int feature) {
        for (int k = 0; k < values.length; k++) {
            if (!Float.isFinite(values[k])) {
                throw tensor.failure(
                        " of feature " + feature,
                        "value " + k + " is " + values[k],
                        "save finite values");
            }
        }
    }
}
