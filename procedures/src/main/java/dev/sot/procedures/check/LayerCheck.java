package dev.sot.procedures.check;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DictionaryLayer;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.FeatureVectors;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.StoredStates;
import dev.sot.transport.dictionary.BarycentreIdentity;
import dev.sot.transport.dictionary.DictionaryFit;
import dev.sot.transport.dictionary.FeatureActivity;
import dev.sot.transport.match.baseline.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.neo4j.graphdb.Node;

/** Checks one layer of a dictionary on one corpus. */
final class LayerCheck {

    private static final int[] NOWHERE = {};
    private static final double[] NOTHING = {};

    private final Session session;
    private final CheckConfig config;
    private final CheckedCorpus corpus;
    private final String dictionary;
    private final int layer;
    private final Optional<String> hook;
    private final int statesLayer;
    private final List<String> keys = new ArrayList<>();
    private final List<Boolean> recorded = new ArrayList<>();
    private final List<Optional<float[]>> decoders = new ArrayList<>();
    private Recording recording;

    private LayerCheck(
            Session session,
            CheckConfig config,
            CheckedCorpus corpus,
            String dictionary,
            int layer) {
        this.session = session;
        this.config = config;
        this.corpus = corpus;
        this.dictionary = dictionary;
        this.layer = layer;
        this.hook = property("hook").map(String.class::cast);
        this.statesLayer = statesLayer();
    }

    /** What there is to say of the layer. */
    static CheckedLayer of(
            Session session,
            CheckConfig config,
            CheckedCorpus corpus,
            String dictionary,
            int layer) {
        try (Heap heap = session.heap()) {
            return new LayerCheck(session, config, corpus, dictionary, layer).run(heap);
        }
    }

    private CheckedLayer run(Heap heap) {
        read(heap);
        BitSet excluded = corpus.excluded(statesLayer);
        Optional<Obstacle> obstacle = obstacle(excluded);
        Optional<DictionaryFit> fit =
                obstacle.isPresent() ? Optional.empty() : Optional.of(fit(heap, excluded));
        List<CheckedFeature> features = new ArrayList<>(keys.size());
        for (int f = 0; f < keys.size(); f++) {
            int feature = f;
            features.add(
                    new CheckedFeature(
                            keys.get(f),
                            recorded.get(f),
                            decoders.get(f).map(BarycentreIdentity::norm),
                            FeatureActivity.of(
                                    recording.positions().get(f),
                                    recording.values().get(f),
                                    excluded,
                                    corpus.positions()),
                            fit.map(found -> found.features().get(feature))));
        }
        return new CheckedLayer(dictionary, layer, features, fit, obstacle);
    }

    private void read(Heap heap) {
        List<Node> features = FeatureSelection.layer(dictionary, layer).resolve(session.tx());
        Optional<Integer> width =
                DictionaryLayer.find(session.tx(), dictionary, layer).map(DictionaryLayer::width);
        List<int[]> positions = new ArrayList<>(features.size());
        List<double[]> values = new ArrayList<>(features.size());
        for (Node feature : features) {
            session.monitor().check();
            session.monitor()
                    .progress(
                            "reading activations of " + dictionary + " layer " + layer,
                            keys.size(),
                            features.size());
            String key = (String) feature.getProperty("key");
            keys.add(key);
            recorded.add(width.isEmpty() || (Long) feature.getProperty("index") < width.get());
            Optional<float[]> decoder = FeatureVectors.of(feature).map(FeatureVectors::decoder);
            decoders.add(decoder);
            CorpusStore.FeatureActivations found =
                    CorpusStore.activations(session.tx(), key, corpus.name());
            heap.take(
                    500
                            + 4L * decoder.map(d -> d.length).orElse(0)
                            + (found == null ? 0 : 12L * found.positions().length));
            positions.add(found == null ? NOWHERE : found.positions());
            values.add(found == null ? NOTHING : found.values());
        }
        recording = new Recording(positions, values);
        if (recording.firings() == 0) {
            recorded.replaceAll(all -> false);
        }
    }

    private Optional<Obstacle> obstacle(BitSet excluded) {
        if (recording.firings() == 0) {
            return obstacle(
                    "no feature of the layer has activations on the corpus",
                    "import a bundle with the activations of this layer");
        }
        if (recording.positions().stream()
                .allMatch(positions -> Arrays.stream(positions).allMatch(excluded::get))) {
            return obstacle(
                    "features of the layer fire on excluded positions only",
                    "set excludeFirstToken and sinkFactor so that others count");
        }
        Optional<Obstacle> ofStates = obstacleOfStates();
        if (ofStates.isPresent()) {
            return ofStates;
        }
        for (int f = 0; f < keys.size(); f++) {
            if (decoders.get(f).isEmpty() && recording.firings(f) > 0) {
                return obstacle(
                        "feature '" + keys.get(f) + "' fires and has no decoder vector",
                        "import a bundle with the dictionary's vectors");
            }
        }
        Optional<float[]> bias = bias();
        if (bias.isEmpty()) {
            return obstacle(
                    "the decoder's bias is not stored",
                    "import the dictionary's weights, or drop the corpus and import its bundle"
                            + " again");
        }
        int dimension = states().dimension();
        if (bias.get().length != dimension
                || decoders.stream()
                        .flatMap(Optional::stream)
                        .anyMatch(d -> d.length != dimension)) {
            return obstacle(
                    "the decoder's vectors are not as long as the states, which have "
                            + dimension
                            + " coordinates",
                    "record the states that the dictionary reconstructs");
        }
        return Optional.empty();
    }

    /** Whether the states of the layer are those that the dictionary adds up to. */
    private Optional<Obstacle> obstacleOfStates() {
        String kind = (String) property("kind").orElse("dictionary of unknown kind");
        if (kind.equals("clt")) {
            return obstacle(
                    "the dictionary writes to several layers, and no single one's states are what"
                            + " its decoder vectors add up to",
                    "none; the identity is one of dictionaries with a layer each");
        }
        StoredStates stored = corpus.states().get(statesLayer);
        String wanted = hook.map(h -> "`" + h + "`").orElse("what the dictionary reconstructs");
        if (stored == null) {
            return obstacle(
                    "the corpus has no states of the layer",
                    "record the states of " + wanted + " at layer " + layer);
        }
        if (!corpus.complete(statesLayer)) {
            return obstacle(
                    (corpus.positions() - stored.positions())
                            + " positions have no states of the layer",
                    "drop the corpus and import its bundle again");
        }
        boolean known = hook.isPresent() && stored.hook().isPresent();
        boolean preceding = statesLayer != layer;
        if (known && !preceding && !isHook(stored.hook().get(), hook.get())
                || !known && !kind.equals("sae")) {
            return obstacle(
                    "the %s reconstructs %s, and the states of the layer are those of %s"
                            .formatted(
                                    kind,
                                    hook.isEmpty() ? "what is not known" : wanted,
                                    stored.hook()
                                            .map(h -> "`" + h + "`")
                                            .orElse("a hook that is not known")),
                    "record the states of " + wanted + " in a bundle of their own");
        }
        return Optional.empty();
    }

    private Optional<Object> property(String key) {
        Node node = session.tx().findNode(Names.DICTIONARY, "name", dictionary);
        return Optional.ofNullable(node.getProperty(key, null));
    }

    /** Whether a hook with or without its layer in front is one. */
    private static boolean isHook(String full, String hook) {
        return full.equals(hook) || full.endsWith("." + hook);
    }

    /**
     * The layer whose states the dictionary reconstructs: the stream before a layer is that after
     * the one before it.
     */
    private int statesLayer() {
        StoredStates before = corpus.states().get(layer - 1);
        boolean here =
                Optional.ofNullable(corpus.states().get(layer))
                        .flatMap(StoredStates::hook)
                        .filter(at -> isHook(at, "hook_resid_pre"))
                        .isPresent();
        return !here
                        && hook.filter(h -> isHook(h, "hook_resid_pre")).isPresent()
                        && before != null
                        && before.hook().filter(h -> isHook(h, "hook_resid_post")).isPresent()
                ? layer - 1
                : layer;
    }

    private static Optional<Obstacle> obstacle(String why, String remedy) {
        return Optional.of(new Obstacle(why, remedy));
    }

    private Optional<float[]> bias() {
        return DictionaryLayer.find(session.tx(), dictionary, layer)
                .flatMap(DictionaryLayer::decoderBias);
    }

    private CorpusStore.States states() {
        return new CorpusStore.States(session.tx(), corpus.node(), statesLayer);
    }

    private DictionaryFit fit(Heap heap, BitSet excluded) {
        CorpusStore.States states = states();
        int dimension = states.dimension();
        heap.take(BarycentreIdentity.bytes(keys.size(), dimension));
        float[] none = new float[dimension];
        BitSet included = new BitSet();
        included.set(0, corpus.positions());
        included.andNot(excluded);
        BarycentreIdentity identity =
                new BarycentreIdentity(
                        decoders.stream().map(d -> d.orElse(none)).toArray(float[][]::new),
                        bias().orElseThrow(),
                        recording,
                        included,
                        config.offSupportPositions()
                                .orElseGet(
                                        () ->
                                                BarycentreIdentity.affordable(
                                                        keys.size(), dimension)),
                        config.concurrency(),
                        session.monitor());
        for (int position = 0; position < corpus.positions(); ) {
            session.monitor()
                    .progress(
                            "checking " + dictionary + " layer " + layer,
                            position,
                            corpus.positions());
            CorpusStore.Block block = states.at(position);
            identity.add(block.count(), block.values());
            position += block.count();
        }
        return identity.fit(
                config.lambda().map(OptionalDouble::of).orElseGet(OptionalDouble::empty));
    }
}
