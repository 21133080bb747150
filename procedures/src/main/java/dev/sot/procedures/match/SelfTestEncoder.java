package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.transport.match.baseline.MeanState;
import dev.sot.transport.match.baseline.Perturbation;
import dev.sot.transport.match.baseline.Recording;
import dev.sot.transport.match.baseline.SparseEncoder;
import dev.sot.transport.match.baseline.SparseEncoder.Activation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.neo4j.graphdb.Node;

/**
 * Encodes the recorded states of a layer with a dictionary's encoder or a perturbed one, by the
 * dictionary's own activation function. Which that is, the dictionary says; where it does not,
 * thresholds tell of jumprelu and their absence of relu. The k of topk is the largest number of
 * features that were recorded on one position.
 */
final class SelfTestEncoder {

    /** Share of the firings that encoding without perturbation must repeat. */
    private static final double LEAST_REPEATED = 0.9;

    private final Session session;
    private final CompareCorpus corpus;
    private final CompareVectors vectors;
    private final int layer;
    private final int concurrency;
    private final Activation activation;
    private final double[] mean;
    private final int k;
    private final double repeated;

    /**
     * An encoder that repeats what was recorded.
     *
     * @param recording what the features do on the whole corpus
     * @throws ConfigurationException where states or vectors are missing, or are not what the
     *     activations were made of
     */
    SelfTestEncoder(
            Session session,
            Heap heap,
            CompareCorpus corpus,
            Node dictionary,
            int layer,
            CompareVectors vectors,
            Recording recording,
            int concurrency) {
        this.session = session;
        this.corpus = corpus;
        this.vectors = vectors;
        this.layer = layer;
        this.concurrency = concurrency;
        vectors.problem()
                .ifPresent(
                        problem -> {
                            throw impossible(problem);
                        });
        if (vectors.bias().isEmpty()) {
            throw impossible(
                    "the encoder's biases are not stored; drop the corpus and import its bundle"
                            + " again");
        }
        if (!CorpusStore.stateLayers(corpus.corpus()).contains(layer)) {
            throw impossible("the corpus has no states of the layer");
        }
        if (states().dimension() != vectors.encoder()[0].length) {
            throw impossible("the encoder's vectors are not as long as the states");
        }
        this.activation = activation(dictionary);
        this.mean = meanState();
        this.k = SparseEncoder.mostAtOnce(recording, corpus.prompt().length);
        this.repeated = SparseEncoder.repeated(recording, encode(heap, vectors.encoder()));
        if (!(repeated >= LEAST_REPEATED)) {
            throw impossible(
                    "encoding the states after the layer by %s repeats only %.0f%% of the recorded firings; the dictionary reads something else"
                            .formatted(activation(), 100 * repeated));
        }
    }

    private ConfigurationException impossible(String why) {
        return new ConfigurationException(
                SelfTestConfig.PROCEDURE
                        + ": the dictionary's layer "
                        + layer
                        + " cannot be perturbed: "
                        + why
                        + ". Test with {sigma: 0}");
    }

    private Activation activation(Node dictionary) {
        Map<String, Activation> known =
                Arrays.stream(Activation.values())
                        .collect(Collectors.toMap(a -> a.name().toLowerCase(Locale.ROOT), a -> a));
        Optional<Object> said = Optional.ofNullable(dictionary.getProperty("activation", null));
        Activation found =
                said.map(name -> known.get(((String) name).toLowerCase(Locale.ROOT)))
                        .orElse(
                                vectors.threshold().isPresent()
                                        ? Activation.JUMPRELU
                                        : Activation.RELU);
        if (said.isPresent() && !known.containsKey(((String) said.get()).toLowerCase(Locale.ROOT))
                || found == Activation.JUMPRELU && vectors.threshold().isEmpty()) {
            throw impossible(
                    "its activation function '"
                            + said.orElse("jumprelu")
                            + "' is not one of "
                            + known.keySet().stream().sorted().toList()
                            + ", or its thresholds are missing");
        }
        return found;
    }

    private double[] meanState() {
        BitSet included = (BitSet) corpus.fit().clone();
        included.or(corpus.heldOut());
        MeanState states = new MeanState(vectors.encoder()[0].length, included);
        forEachBlock(
                block -> states.add(Math.toIntExact(block.start()), block.count(), block.values()));
        return states.mean();
    }

    private CorpusStore.States states() {
        return new CorpusStore.States(session.tx(), corpus.corpus(), layer);
    }

    private void forEachBlock(Consumer<CorpusStore.Block> sink) {
        CorpusStore.States states = states();
        int positions = corpus.prompt().length;
        for (int position = 0; position < positions; ) {
            session.monitor().check();
            session.monitor().progress("encoding states", position, positions);
            CorpusStore.Block block = states.at(position);
            sink.accept(block);
            position += block.count();
        }
    }

    /** What the features do with other encoder vectors, about the mean state. */
    Recording encode(Heap heap, float[][] encoder) {
        long positions = corpus.prompt().length;
        heap.take(8L * encoder.length * encoder[0].length + 24 * positions * Math.max(1, k));
        SparseEncoder sparse =
                new SparseEncoder(
                        encoder,
                        Perturbation.biases(
                                vectors.encoder(), encoder, vectors.bias().orElseThrow(), mean),
                        vectors.threshold().orElse(new double[0]),
                        activation,
                        k);
        forEachBlock(
                block ->
                        sparse.encode(
                                Math.toIntExact(block.start()),
                                block.count(),
                                block.values(),
                                concurrency,
                                session.monitor()));
        heap.release(8L * encoder.length * encoder[0].length);
        return sparse.recording();
    }

    /** The activation function's name. */
    String activation() {
        return activation.name().toLowerCase(Locale.ROOT);
    }

    /** The share of the firings that encoding without perturbation repeats. */
    double repeated() {
        return repeated;
    }
}
