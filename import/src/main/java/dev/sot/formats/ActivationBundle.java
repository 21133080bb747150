package dev.sot.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A directory of activations, {@code sot-bundle/1}: what a model's features do on a corpus. */
public interface ActivationBundle {
    /** Checks a bundle: its manifest, and that every file it names is there, unchanged. */
    static ActivationBundle open(Path directory, String displayName, ReadListener listener) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** The model's name. */
    String model();

    /** The model's number of layers. */
    int layers();

    /** Number of token positions of the corpus. */
    int positions();

    /** Number of prompts of the corpus. */
    int prompts();

    /**
     * Whether the first token of each prompt is an attention sink, to be left out of distributions
     * by default.
     */
    boolean firstTokenIsSink();

    /** SHA-256 of the manifest, which holds the SHA-256 of every other file. */
    String contentHash();

    /** The layers whose residual-stream states the bundle holds. */
    List<States> states();

    /** The dictionaries whose activations or vectors it holds. */
    List<Dictionary> dictionaries();

    /** Passes the token positions on, in order. */
    void forEachPosition(PositionSink sink);

    /** Passes the prompts on, in order. */
    void forEachPrompt(PromptSink sink);

    /**
     * Passes the labels of a dictionary's features on, in the order of the file; none when it has
     * no labels.
     */
    void forEachLabel(String dictionary, LabelSink sink);

    /** Passes the states of a layer on, in blocks of at most {@code blockRows} positions. */
    void readStates(int layer, int blockRows, StateBlockSink sink);

    /** Passes the activations of a dictionary's layer on, feature by feature. */
    void readActivations(String dictionary, int layer, FeatureFiringsSink sink);

    /** Passes the vectors of a dictionary's layer on, feature by feature. */
    void readVectors(String dictionary, int layer, FeatureVectorSink sink);

    /** The biases of a dictionary's layer. */
    Biases readBiases(String dictionary, int layer);

    /**
     * States of one layer: the residual stream at {@code hook}, {@code positions} rows of {@code
     * dimension} values.
     */
    record States(int layer, String hook, int dimension) {}

    /**
     * A dictionary: {@code kind} is sae, transcoder or clt; {@code hook} and {@code activation} are
     * null where the manifest has none.
     */
    record Dictionary(
            String name,
            String kind,
            String hook,
            String activation,
            List<DictionaryLayer> layers,
            boolean hasLabels) {}

    /**
     * One layer of a dictionary: {@code width} features with vectors of {@code hiddenSize} values.
     */
    record DictionaryLayer(
            int layer, int width, int hiddenSize, boolean hasVectors, boolean hasActivations) {}

    /**
     * Biases of one layer: {@code encoder} and {@code threshold} have width values, {@code decoder}
     * and {@code preEncoder} hiddenSize; the last two may be null.
     */
    record Biases(float[] encoder, float[] decoder, float[] threshold, float[] preEncoder) {}

    /**
     * Takes token positions: {@code index} in the corpus, the {@code prompt}'s index, {@code
     * position} within it, the vocabulary {@code id} and the text.
     */
    @FunctionalInterface
    interface PositionSink {
        void position(int index, int prompt, int position, long id, String token);
    }

    /** Takes prompts; {@code split} is null where the file has none. */
    @FunctionalInterface
    interface PromptSink {
        void prompt(int index, String text, String split);
    }

    /**
     * Takes labels; {@code further} holds the line's other text fields, such as {@code concept}.
     */
    @FunctionalInterface
    interface LabelSink {
        void label(int layer, int index, String label, Map<String, String> further);
    }

    /**
     * Takes blocks of states: {@code values} holds {@code rows} x {@code dimension} values row by
     * row and is used again for the next block.
     */
    @FunctionalInterface
    interface StateBlockSink {
        void block(long startRow, int rows, int dimension, float[] values);
    }

    /**
     * Takes the firings of one feature: ascending positions and their positive activations, in
     * arrays of the same length that the sink may keep.
     */
    @FunctionalInterface
    interface FeatureFiringsSink {
        void firings(int feature, int[] positions, double[] values);
    }

    /** Takes one feature's vectors of hiddenSize values, in arrays that the sink may keep. */
    @FunctionalInterface
    interface FeatureVectorSink {
        void vectors(int feature, float[] encoder, float[] decoder);
    }
}
