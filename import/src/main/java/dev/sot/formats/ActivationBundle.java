package dev.sot.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A directory of activations, {@code sot-bundle/1}: what the features of a model's dictionaries do
 * at the token positions of a corpus, the model's states there, and the dictionaries' vectors.
 * {@code manifest.json} names the files and their hashes.
 *
 * <p>Positions and prompts are JSON lines; states, activations and vectors are safetensors files of
 * F16, BF16, F32 or F64 (states also npy). Wherever the manifest names a file it may name a list of
 * shards, which follow one another: lines, rows of matrices, firings at ever later positions. A
 * shard of tensors says in its tensor {@code range} where it begins and ends, so that none can be
 * left out or change places unnoticed.
 *
 * <p>{@link #open} checks the manifest, every hash and every tensor's shape; the reading methods
 * check the values and hold one block or one feature at a time. An instance may be used by several
 * threads.
 */
public final class ActivationBundle {
    /** Firings that are read ahead, over all shards of a layer. */
    private static final int READ_AHEAD = 1 << 17;

    /** Most firings that are read ahead of one shard. */
    private static final int CHUNK = 1 << 14;

    /** Most values of a block of states. */
    private static final int MAX_BLOCK = 1 << 28;

    /**
     * States of one layer: the residual stream at {@code hook} (null when not named), positions x
     * {@code dimension}, in raw units.
     */
    public record States(int layer, String hook, int dimension) {}

    /**
     * The model's unembedding: {@code tokens} rows of {@code hiddenSize} values, and what is done
     * to a state before: {@code normalisation} is none, rms or layer.
     */
    public record Unembedding(String normalisation, double epsilon, long tokens, int hiddenSize) {}

    /**
     * A dictionary: {@code kind} is sae, transcoder or clt; {@code hook} and {@code activation} are
     * null where the manifest has none.
     */
    public record Dictionary(
            String name,
            String kind,
            String hook,
            String activation,
            List<DictionaryLayer> layers,
            boolean hasLabels) {}

    /**
     * One layer of a dictionary: {@code width} features with vectors of {@code hiddenSize} values.
     */
    public record DictionaryLayer(
            int layer, int width, int hiddenSize, boolean hasVectors, boolean hasActivations) {}

    /**
     * What one layer of a dictionary adds and compares with.
     *
     * @param encoder width values
     * @param decoder hiddenSize values
     * @param threshold width values, or null
     * @param preEncoder hiddenSize values subtracted before encoding, or null
     */
    public record Biases(float[] encoder, float[] decoder, float[] threshold, float[] preEncoder) {}

    /**
     * Takes token positions: {@code index} in the corpus, the {@code prompt}'s index, {@code
     * position} within it, the vocabulary {@code id} and the text.
     */
    @FunctionalInterface
    public interface PositionSink {
        void position(int index, int prompt, int position, long id, String token);
    }

    /** Takes prompts; {@code split} (fit or heldout) is null where the file has none. */
    @FunctionalInterface
    public interface PromptSink {
        void prompt(int index, String text, String split);
    }

    /**
     * Takes labels, untrusted text; {@code further} holds the line's other fields, such as {@code
     * concept}, values that are not texts as JSON.
     */
    @FunctionalInterface
    public interface LabelSink {
        void label(int layer, int index, String label, Map<String, String> further);
    }

    /**
     * Takes blocks of states: {@code values} holds {@code rows} x {@code dimension} values row by
     * row and is used again for the next block.
     */
    @FunctionalInterface
    public interface StateBlockSink {
        void block(long startRow, int rows, int dimension, float[] values);
    }

    /**
     * Takes the rows of the unembedding, one a token, each times the weights of the normalisation;
     * {@code values} is used again for the next row.
     */
    @FunctionalInterface
    public interface UnembeddingSink {
        void row(float[] values);
    }

    /**
     * Takes the firings of one feature: ascending positions and their positive activations, in
     * arrays of the same length that the sink may keep.
     */
    @FunctionalInterface
    public interface FeatureFiringsSink {
        void firings(int feature, int[] positions, double[] values);
    }

    /** Takes one feature's vectors of hiddenSize values, in arrays that the sink may keep. */
    @FunctionalInterface
    public interface FeatureVectorSink {
        void vectors(int feature, float[] encoder, float[] decoder);
    }

    /**
     * The tensors of a shard of activations, which holds the firings at positions from {@code
     * firstPosition} up to {@code endPosition}.
     */
    private record Firings(
            Tensor feature, Tensor position, Tensor value, long firstPosition, long endPosition) {}

    /** The tensors of a shard of vectors; threshold and preEncoder may be null. */
    private record Vectors(
            Tensor encoder,
            Tensor decoder,
            Tensor encoderBias,
            Tensor decoderBias,
            Tensor threshold,
            Tensor preEncoder) {}

    private record LayerKey(String dictionary, int layer) {}

    private final BundleFiles files;
    private final BundleManifest manifest;
    private final List<States> states = new ArrayList<>();
    private final List<Dictionary> dictionaries = new ArrayList<>();
    private final Map<Integer, List<Tensor>> stateTensors = new HashMap<>();
    private final List<Tensor> unembeddingRows = new ArrayList<>();
    private Tensor normalisationWeight;
    private final Map<LayerKey, List<Firings>> firings = new HashMap<>();
    private final Map<LayerKey, List<Vectors>> vectors = new HashMap<>();

    private ActivationBundle(BundleFiles files, BundleManifest manifest) {
        this.files = files;
        this.manifest = manifest;
    }

    /**
     * Checks a bundle: its manifest, that every file it names is inside the directory and has its
     * hash, and the tensors' types and shapes.
     *
     * @param directory the bundle
     * @param displayName its name in messages
     * @param listener follows the hashing of all files
     * @throws FormatException when something is wrong with the bundle
     */
    public static ActivationBundle open(Path directory, String displayName, ReadListener listener) {
        BundleFiles files = new BundleFiles(directory, displayName);
        BundleManifest manifest =
                BundleManifest.read(
                        files.resolve("manifest.json", "file"), files.display("manifest.json"));
        files.verify(manifest.hashes(), listener);
        ActivationBundle bundle = new ActivationBundle(files, manifest);
        bundle.checkTensors();
        return bundle;
    }

    /** The model's name. */
    public String model() {
        return manifest.model();
    }

    /** The model's number of layers. */
    public int layers() {
        return manifest.layers();
    }

    /** Number of token positions of the corpus. */
    public int positions() {
        return manifest.positions();
    }

    /** Number of prompts of the corpus. */
    public int prompts() {
        return manifest.prompts();
    }

    /**
     * Whether the first token of each prompt is an attention sink, to be left out of distributions
     * by default.
     */
    public boolean firstTokenIsSink() {
        return manifest.firstTokenIsSink();
    }

    /**
     * SHA-256 of the manifest, which holds the SHA-256 of every other file: equal hashes, equal
     * bundles.
     */
    public String contentHash() {
        return manifest.contentHash();
    }

    /** The layers whose states the bundle holds, in the order of the manifest. */
    public List<States> states() {
        return List.copyOf(states);
    }

    /** The dictionaries, in the order of the manifest. */
    public List<Dictionary> dictionaries() {
        return List.copyOf(dictionaries);
    }

    /** Number of firings of a dictionary's layer; 0 where the bundle holds no activations of it. */
    public long firings(String dictionary, int layer) {
        return firings.getOrDefault(new LayerKey(dictionary, layer), List.of()).stream()
                .mapToLong(shard -> shard.feature().size())
                .sum();
    }

    /** The model's unembedding, where the bundle holds it. */
    public Optional<Unembedding> unembedding() {
        return unembeddingRows.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Unembedding(
                                manifest.unembedding().normalisation(),
                                manifest.unembedding().epsilon(),
                                unembeddingRows.stream().mapToLong(t -> t.shape()[0]).sum(),
                                (int) unembeddingRows.get(0).shape()[1]));
    }

    private void checkTensors() {
        manifest.positionsFiles().forEach(file -> files.verified(file, "positionsFile"));
        manifest.promptsFiles().forEach(file -> files.verified(file, "promptsFile"));
        for (BundleManifest.States entry : manifest.states()) {
            states.add(new States(entry.layer(), entry.hook(), openStates(entry)));
        }
        openUnembedding();
        for (BundleManifest.Dictionary entry : manifest.dictionaries()) {
            entry.labels().forEach(file -> files.verified(file, "labels"));
            List<DictionaryLayer> layers = new ArrayList<>();
            for (BundleManifest.Layer layer : entry.layers()) {
                LayerKey key = new LayerKey(entry.name(), layer.layer());
                openFirings(key, layer);
                openVectors(key, layer);
                layers.add(
                        new DictionaryLayer(
                                layer.layer(),
                                layer.width(),
                                layer.hiddenSize(),
                                !layer.vectors().isEmpty(),
                                !layer.activations().isEmpty()));
            }
            dictionaries.add(
                    new Dictionary(
                            entry.name(),
                            entry.kind(),
                            entry.hook(),
                            entry.activation(),
                            List.copyOf(layers),
                            !entry.labels().isEmpty()));
        }
    }

    private void openUnembedding() {
        if (manifest.unembedding() == null) {
            return;
        }
        for (String file : manifest.unembedding().files()) {
            Path path = files.verified(file, "unembedding.file");
            Map<String, Tensor> tensors = safetensors(file, path);
            Tensor rows = tensor(tensors, file, "W_U");
            requireReal(rows);
            long[] shape = rows.shape();
            if (shape.length != 2
                    || shape[0] < 1
                    || shape[1] < 1
                    || shape[1] > MAX_BLOCK
                    || !unembeddingRows.isEmpty()
                            && shape[1] != unembeddingRows.get(0).shape()[1]) {
                throw wrongShape(rows, "[tokens, hiddenSize], the same hiddenSize in all shards");
            }
            if (unembeddingRows.isEmpty()) {
                normalisationWeight = tensors.get("norm_weight");
                requireShape(normalisationWeight, shape[1]);
            }
            unembeddingRows.add(rows);
        }
    }

    private int openStates(BundleManifest.States entry) {
        List<Tensor> shards = new ArrayList<>();
        long rows = 0;
        long dimension = -1;
        for (String file : entry.files()) {
            Path path = files.verified(file, entry.place() + ".file");
            Tensor tensor;
            if (file.endsWith(".npy")) {
                if (entry.files().size() > 1) {
                    throw new FormatException(
                            files.display(file),
                            "file",
                            "a .npy file cannot say which positions it holds",
                            "write shards of states as safetensors with a tensor range");
                }
                tensor = NpyFile.read(path, files.display(file));
            } else {
                Map<String, Tensor> tensors = safetensors(file, path);
                tensor = tensor(tensors, file, "states");
                long end = end(tensors, file, rows, entry.files().size(), positions());
                if (tensor.shape().length > 0 && end - rows != tensor.shape()[0]) {
                    throw wrongShape(tensor, "[" + (end - rows) + ", hiddenSize], as range says");
                }
            }
            requireReal(tensor);
            long[] shape = tensor.shape();
            if (shape.length != 2
                    || shape[1] < 1
                    || shape[1] > Integer.MAX_VALUE
                    || dimension >= 0 && shape[1] != dimension) {
                throw wrongShape(tensor, "[positions, hiddenSize], the same in all shards");
            }
            rows += shape[0];
            dimension = shape[1];
            shards.add(tensor);
        }
        if (rows != positions()) {
            throw files.failure(
                    entry.place() + ".file",
                    "the states have "
                            + rows
                            + " rows, but the bundle has "
                            + positions()
                            + " positions",
                    "write one row for each position");
        }
        stateTensors.put(entry.layer(), shards);
        return (int) dimension;
    }

    private void openFirings(LayerKey key, BundleManifest.Layer layer) {
        List<Firings> shards = new ArrayList<>();
        long begin = 0;
        for (String file : layer.activations()) {
            Path path = files.verified(file, layer.place() + ".activations");
            Map<String, Tensor> tensors = safetensors(file, path);
            Tensor feature = tensor(tensors, file, "feature");
            Tensor position = tensor(tensors, file, "position");
            Tensor value = tensor(tensors, file, "value");
            requireWhole(feature);
            requireWhole(position);
            requireReal(value);
            for (Tensor tensor : List.of(feature, position, value)) {
                if (tensor.shape().length != 1 || tensor.size() != feature.size()) {
                    throw wrongShape(tensor, "[" + feature.size() + "], as long as the others");
                }
            }
            long end = end(tensors, file, begin, layer.activations().size(), positions());
            shards.add(new Firings(feature, position, value, begin, end));
            begin = end;
        }
        if (begin != positions() && !shards.isEmpty()) {
            throw files.failure(
                    layer.place() + ".activations",
                    "the shards end at position " + begin + " of " + positions(),
                    "list all shards, in their order");
        }
        if (!shards.isEmpty()) {
            firings.put(key, shards);
        }
    }

    private void openVectors(LayerKey key, BundleManifest.Layer layer) {
        List<Vectors> shards = new ArrayList<>();
        long rows = 0;
        int hiddenSize = layer.hiddenSize();
        for (String file : layer.vectors()) {
            Path path = files.verified(file, layer.place() + ".vectors");
            Map<String, Tensor> tensors = safetensors(file, path);
            end(tensors, file, rows, layer.vectors().size(), layer.width());
            Tensor encoder = tensor(tensors, file, "W_enc");
            long[] shape = encoder.shape();
            if (shape.length != 2 || shape[1] != hiddenSize) {
                throw wrongShape(encoder, "[width, " + hiddenSize + "]");
            }
            Vectors shard =
                    new Vectors(
                            encoder,
                            tensor(tensors, file, "W_dec"),
                            tensor(tensors, file, "b_enc"),
                            shards.isEmpty() ? tensor(tensors, file, "b_dec") : null,
                            tensors.get("threshold"),
                            shards.isEmpty() ? tensors.get("b_pre") : null);
            requireShape(shard.encoder, shape[0], hiddenSize);
            requireShape(shard.decoder, shape[0], hiddenSize);
            requireShape(shard.encoderBias, shape[0]);
            requireShape(shard.decoderBias, hiddenSize);
            requireShape(shard.threshold, shape[0]);
            requireShape(shard.preEncoder, hiddenSize);
            if (!shards.isEmpty()
                    && (shard.threshold == null) != (shards.get(0).threshold == null)) {
                throw encoder.failure(
                        "", "some shards have a threshold and some have none", "write it in all");
            }
            rows += shape[0];
            shards.add(shard);
        }
        if (!shards.isEmpty()) {
            if (rows != layer.width()) {
                throw files.failure(
                        layer.place() + ".vectors",
                        "the vectors have " + rows + " rows, but the width is " + layer.width(),
                        "write one row for each feature");
            }
            vectors.put(key, shards);
        }
    }

    private Map<String, Tensor> safetensors(String file, Path path) {
        return SafetensorsFile.read(path, files.display(file));
    }

    private Tensor tensor(Map<String, Tensor> tensors, String file, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new FormatException(
                    files.display(file),
                    name,
                    "there is no such tensor among " + Json.shorten(tensors.keySet().toString()),
                    "write a tensor of that name");
        }
        return tensor;
    }

    /**
     * Where a shard ends, which is to begin at {@code begin}; the only file of its kind holds all
     * and need not say so.
     */
    private long end(Map<String, Tensor> tensors, String file, long begin, int shards, long all) {
        if (shards == 1 && !tensors.containsKey("range")) {
            return all;
        }
        Tensor range = tensor(tensors, file, "range");
        requireWhole(range);
        if (range.size() != 2) {
            throw wrongShape(range, "[2]");
        }
        long[] values = new long[2];
        try (Tensor.Reader reader = range.open()) {
            reader.read(0, 2, values);
        }
        if (values[0] != begin || values[1] < begin || values[1] > all) {
            throw range.failure(
                    "",
                    "the shard goes from "
                            + values[0]
                            + " to "
                            + values[1]
                            + ", but the one in its place begins at "
                            + begin
                            + " and ends by "
                            + all,
                    "list all shards, in their order");
        }
        return values[1];
    }

    private static void requireShape(Tensor tensor, long... shape) {
        if (tensor != null) {
            requireReal(tensor);
            if (!Arrays.equals(tensor.shape(), shape)) {
                throw wrongShape(tensor, Arrays.toString(shape));
            }
        }
    }

    private static FormatException wrongShape(Tensor tensor, String expected) {
        return tensor.failure(
                ".shape",
                "the shape is " + Arrays.toString(tensor.shape()),
                "write it with shape " + expected);
    }

    private static void requireReal(Tensor tensor) {
        if (!tensor.type().isReal()) {
            throw tensor.failure(
                    ".dtype", "the type is " + tensor.type(), "write it as F16, BF16, F32 or F64");
        }
    }

    private static void requireWhole(Tensor tensor) {
        if (!tensor.type().isWhole()) {
            throw tensor.failure(
                    ".dtype", "the type is " + tensor.type(), "write it as I32 or I64");
        }
    }

    /** Passes the token positions on, in order. */
    public void forEachPosition(PositionSink sink) {
        Lines lines = new Lines("position", positions());
        int[] last = {-1, -1};
        for (String file : manifest.positionsFiles()) {
            lines.read(
                    file,
                    "positionsFile",
                    (line, index) -> {
                        int prompt = (int) line.whole("prompt", prompts() - 1L);
                        int position = (int) line.whole("position", Integer.MAX_VALUE);
                        if (prompt < last[0] || prompt == last[0] && position <= last[1]) {
                            throw line.failure(
                                    "position",
                                    "position "
                                            + position
                                            + " of prompt "
                                            + prompt
                                            + " follows position "
                                            + last[1]
                                            + " of prompt "
                                            + last[0],
                                    "sort the lines by prompt and position, each once");
                        }
                        last[0] = prompt;
                        last[1] = position;
                        sink.position(
                                index,
                                prompt,
                                position,
                                line.whole("id", Long.MAX_VALUE),
                                line.text("token"));
                    });
        }
        lines.requireAll("positionsFile");
    }

    /** Passes the prompts on, in order. */
    public void forEachPrompt(PromptSink sink) {
        Lines lines = new Lines("prompt", prompts());
        for (String file : manifest.promptsFiles()) {
            lines.read(
                    file,
                    "promptsFile",
                    (line, index) -> {
                        if (line.whole("prompt", Integer.MAX_VALUE) != index) {
                            throw line.failure(
                                    "prompt",
                                    "the prompt is not number " + index,
                                    "number the prompts from 0 in order");
                        }
                        sink.prompt(index, line.text("text"), line.optionalText("split"));
                    });
        }
        lines.requireAll("promptsFile");
    }

    /**
     * Passes the labels of a dictionary's features on, in the order of the file; none when it has
     * no labels.
     */
    public void forEachLabel(String dictionary, LabelSink sink) {
        BundleManifest.Dictionary entry = dictionary(dictionary);
        Map<Integer, BitSet> labelled = new HashMap<>();
        Lines lines = new Lines("label", Integer.MAX_VALUE);
        for (String file : entry.labels()) {
            lines.read(
                    file,
                    "labels",
                    (line, number) -> {
                        int layer = (int) line.whole("layer", layers() - 1L);
                        BundleManifest.Layer of =
                                entry.layers().stream()
                                        .filter(l -> l.layer() == layer)
                                        .findFirst()
                                        .orElseThrow(
                                                () ->
                                                        line.failure(
                                                                "layer",
                                                                "the dictionary has no layer "
                                                                        + layer,
                                                                "label features of the manifest's"
                                                                        + " layers"));
                        int index = (int) line.whole("index", of.width() - 1L);
                        BitSet features = labelled.computeIfAbsent(layer, l -> new BitSet());
                        if (features.get(index)) {
                            throw line.failure(
                                    "index",
                                    "feature "
                                            + index
                                            + " of layer "
                                            + layer
                                            + " already has a label",
                                    "keep one of the two");
                        }
                        features.set(index);
                        String label = line.text("label");
                        sink.label(layer, index, label, line.further("layer", "index", "label"));
                    });
        }
    }

    /**
     * Passes the states of a layer on, row by row in order.
     *
     * @param blockRows the most rows in a block, at least 1; the last block of a shard may have
     *     fewer
     * @throws FormatException when a value is not finite
     */
    public void readStates(int layer, int blockRows, StateBlockSink sink) {
        List<Tensor> shards = stateTensors.get(layer);
        if (shards == null) {
            throw files.failure(
                    "states",
                    "the bundle has no states of layer " + layer,
                    "it has layers " + states.stream().map(States::layer).toList());
        }
        long before = 0;
        float[] values = new float[0];
        for (Tensor shard : shards) {
            long rows = shard.shape()[0];
            int dimension = (int) shard.shape()[1];
            long perBlock = Math.min(blockRows, Math.max(1, MAX_BLOCK / dimension));
            int most = (int) Math.min(perBlock, rows);
            values = values.length == most * dimension ? values : new float[most * dimension];
            try (Tensor.Reader reader = shard.open()) {
                for (long row = 0; row < rows; row += most) {
                    int n = (int) Math.min(most, rows - row);
                    reader.read(row * dimension, n * dimension, values);
                    requireFinite(shard, values, n * dimension, row, dimension);
                    sink.block(before + row, n, dimension, values);
                }
            }
            before += rows;
        }
    }

    /**
     * Passes the rows of the unembedding on, token by token; none when the bundle has none.
     *
     * @throws FormatException when a value is not finite
     */
    public void readUnembedding(UnembeddingSink sink) {
        float[] weight =
                normalisationWeight == null ? null : concatenated(List.of(normalisationWeight));
        for (Tensor shard : unembeddingRows) {
            int width = (int) shard.shape()[1];
            float[] row = new float[width];
            try (Tensor.Reader reader = shard.open()) {
                for (long token = 0; token < shard.shape()[0]; token++) {
                    reader.read(token * width, width, row);
                    for (int k = 0; weight != null && k < width; k++) {
                        row[k] *= weight[k];
                    }
                    requireFinite(shard, row, width, token, width);
                    sink.row(row);
                }
            }
        }
    }

    private static void requireFinite(
            Tensor tensor, float[] values, int count, long firstRow, int dimension) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[i])) {
                throw tensor.failure(
                        "[" + (firstRow + i / dimension) + ", " + i % dimension + "]",
                        "the value is " + values[i],
                        "export finite values; large ones need BF16 or F32 instead of F16");
            }
        }
    }

    /**
     * Passes the activations of a dictionary's layer on, feature by feature; features that never
     * fire are left out. Holds one feature, and reads ahead in all shards at once, within a bound.
     *
     * @throws FormatException when a shard's firings are not sorted by (feature, position) without
     *     repetition, out of its range, or not positive and finite
     */
    public void readActivations(String dictionary, int layer, FeatureFiringsSink sink) {
        LayerKey key = new LayerKey(dictionary, layer);
        List<Firings> shards = firings.get(key);
        if (shards == null) {
            throw noLayer(dictionary, layer, "activations");
        }
        int width = layer(dictionary, layer).width();
        int chunk = Math.min(CHUNK, Math.max(1, READ_AHEAD / shards.size()));
        List<FiringCursor> cursors = new ArrayList<>();
        try {
            for (Firings shard : shards) {
                cursors.add(new FiringCursor(shard, width, chunk));
            }
            cursors.forEach(FiringCursor::look);
            FiringGroup group = new FiringGroup();
            while (true) {
                int feature = width;
                for (FiringCursor cursor : cursors) {
                    feature = Math.min(feature, cursor.feature());
                }
                if (feature == width) {
                    return;
                }
                for (FiringCursor cursor : cursors) {
                    cursor.takeAll(feature, group);
                }
                group.flush(feature, sink);
            }
        } finally {
            cursors.forEach(FiringCursor::close);
        }
    }

    /** The firings of one feature. */
    private static final class FiringGroup {
        private int[] positions = new int[64];
        private double[] values = new double[64];
        private int size;

        void add(int position, double value) {
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            positions[size] = position;
            values[size++] = value;
        }

        void flush(int feature, FeatureFiringsSink sink) {
            sink.firings(feature, Arrays.copyOf(positions, size), Arrays.copyOf(values, size));
            size = 0;
        }
    }

    /** Goes through the firings of a shard and checks them. */
    private static final class FiringCursor implements AutoCloseable {
        private final Firings shard;
        private final int width;
        private final long size;
        private final Tensor.Reader featureReader;
        private final Tensor.Reader positionReader;
        private final Tensor.Reader valueReader;
        private final long[] features;
        private final long[] positions;
        private final double[] values;

        /** The firing ahead, of all of the shard. */
        private long at;

        private int feature;
        private long position = -1;

        FiringCursor(Firings shard, int width, int chunk) {
            this.shard = shard;
            this.width = width;
            size = shard.feature.size();
            featureReader = shard.feature.open();
            positionReader = shard.position.open();
            valueReader = shard.value.open();
            features = new long[chunk];
            positions = new long[chunk];
            values = new double[chunk];
        }

        /** The feature of the firing ahead; the layer's width at the end. */
        int feature() {
            return feature;
        }

        /** Adds all firings of a feature, when it is the one ahead. */
        void takeAll(int wanted, FiringGroup group) {
            while (feature == wanted) {
                group.add((int) position, values[(int) (at % values.length)]);
                at++;
                look();
            }
        }

        /** Reads and checks the firing ahead. */
        private void look() {
            if (at == size) {
                feature = width;
                return;
            }
            int i = (int) (at % features.length);
            if (i == 0) {
                int n = (int) Math.min(features.length, size - at);
                featureReader.read(at, n, features);
                positionReader.read(at, n, positions);
                valueReader.read(at, n, values);
            }
            requireWithin(shard.feature, features[i], 0, width);
            requireWithin(shard.position, positions[i], shard.firstPosition, shard.endPosition);
            if (!(values[i] > 0) || Double.isInfinite(values[i])) {
                throw shard.value.failure(
                        "[" + at + "]",
                        "the activation is " + values[i],
                        "write positive finite activations and leave zeros out");
            }
            if (features[i] < feature || features[i] == feature && positions[i] <= position) {
                throw shard.position.failure(
                        "[" + at + "]",
                        "position "
                                + positions[i]
                                + " of feature "
                                + features[i]
                                + " follows position "
                                + position
                                + " of feature "
                                + feature,
                        "sort the firings by feature and position, each once");
            }
            feature = (int) features[i];
            position = positions[i];
        }

        private void requireWithin(Tensor tensor, long value, long first, long end) {
            if (value < first || value >= end) {
                throw tensor.failure(
                        "[" + at + "]",
                        "the value is " + value,
                        "write values from " + first + " to " + (end - 1));
            }
        }

        @Override
        public void close() {
            featureReader.close();
            positionReader.close();
            valueReader.close();
        }
    }

    /** Passes the encoder and decoder vectors of a dictionary's layer on, feature by feature. */
    public void readVectors(String dictionary, int layer, FeatureVectorSink sink) {
        List<Vectors> shards = vectorShards(dictionary, layer);
        int hiddenSize = layer(dictionary, layer).hiddenSize();
        int feature = 0;
        for (Vectors shard : shards) {
            try (Tensor.Reader encoderReader = shard.encoder.open();
                    Tensor.Reader decoderReader = shard.decoder.open()) {
                long rows = shard.encoder.shape()[0];
                for (long row = 0; row < rows; row++) {
                    float[] encoder = new float[hiddenSize];
                    float[] decoder = new float[hiddenSize];
                    encoderReader.read(row * hiddenSize, hiddenSize, encoder);
                    decoderReader.read(row * hiddenSize, hiddenSize, decoder);
                    requireFinite(shard.encoder, encoder, hiddenSize, row, hiddenSize);
                    requireFinite(shard.decoder, decoder, hiddenSize, row, hiddenSize);
                    sink.vectors(feature++, encoder, decoder);
                }
            }
        }
    }

    /** The biases of a dictionary's layer. */
    public Biases readBiases(String dictionary, int layer) {
        List<Vectors> shards = vectorShards(dictionary, layer);
        Vectors first = shards.get(0);
        return new Biases(
                concatenated(shards.stream().map(Vectors::encoderBias).toList()),
                concatenated(List.of(first.decoderBias)),
                first.threshold == null
                        ? null
                        : concatenated(shards.stream().map(Vectors::threshold).toList()),
                first.preEncoder == null ? null : concatenated(List.of(first.preEncoder)));
    }

    private static float[] concatenated(List<Tensor> tensors) {
        float[] all = new float[(int) tensors.stream().mapToLong(Tensor::size).sum()];
        int filled = 0;
        for (Tensor tensor : tensors) {
            float[] values = new float[(int) tensor.size()];
            try (Tensor.Reader reader = tensor.open()) {
                reader.read(0, values.length, values);
            }
            requireFinite(tensor, values, values.length, 0, values.length);
            System.arraycopy(values, 0, all, filled, values.length);
            filled += values.length;
        }
        return all;
    }

    private List<Vectors> vectorShards(String dictionary, int layer) {
        List<Vectors> shards = vectors.get(new LayerKey(dictionary, layer));
        if (shards == null) {
            throw noLayer(dictionary, layer, "vectors");
        }
        return shards;
    }

    private BundleManifest.Dictionary dictionary(String name) {
        return manifest.dictionaries().stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                files.failure(
                                        "dictionaries",
                                        "the bundle has no dictionary " + Json.shorten(name),
                                        "it has "
                                                + dictionaries.stream()
                                                        .map(Dictionary::name)
                                                        .toList()));
    }

    private BundleManifest.Layer layer(String dictionary, int layer) {
        return dictionary(dictionary).layers().stream()
                .filter(l -> l.layer() == layer)
                .findFirst()
                .orElseThrow(() -> noLayer(dictionary, layer, "features"));
    }

    private FormatException noLayer(String dictionary, int layer, String what) {
        List<Integer> layers =
                dictionary(dictionary).layers().stream().map(BundleManifest.Layer::layer).toList();
        return files.failure(
                "dictionaries",
                "dictionary " + dictionary + " has no " + what + " of layer " + layer,
                "its layers are " + layers);
    }

    /** Takes one line of a file of JSON lines, and its number from 0 over all shards. */
    @FunctionalInterface
    private interface LineSink {
        void line(JsonLine line, int number);
    }

    /** The lines of the shards of one file. */
    private final class Lines {
        private final String what;
        private final int most;
        private int count;

        Lines(String what, int most) {
            this.what = what;
            this.most = most;
        }

        void read(String file, String place, LineSink sink) {
            Path path = files.verified(file, place);
            String name = files.display(file);
            JsonPass.over(
                    path,
                    name,
                    FileStamp.of(path, name),
                    ReadListener.NONE,
                    pass -> {
                        while (pass.parser.nextToken() != null) {
                            if (count == most) {
                                throw pass.failure(
                                        what,
                                        "the manifest says there are " + most + ", but more follow",
                                        "correct the manifest");
                            }
                            sink.line(JsonLine.read(pass), count++);
                        }
                        return null;
                    });
        }

        void requireAll(String place) {
            if (count != most) {
                throw files.failure(
                        place,
                        "the manifest says there are " + most + ", but the file has " + count,
                        "copy the whole bundle again or correct the manifest");
            }
        }
    }
}
