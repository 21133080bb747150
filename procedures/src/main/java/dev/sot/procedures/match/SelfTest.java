package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.match.baseline.Perturbation;
import dev.sot.transport.match.baseline.PlantedCopy;
import dev.sot.transport.match.baseline.PlantedTruth;
import dev.sot.transport.match.baseline.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/**
 * Copies layers of a dictionary, so that every partner is known, and looks how many of them each
 * method finds: the features as they are on one half of the prompts, their copies on the other.
 */
final class SelfTest {

    private final Session session;
    private final SelfTestConfig config;

    SelfTest(Session session, SelfTestConfig config) {
        this.session = session;
        this.config = config;
    }

    /** One row a layer, perturbation and method. */
    Stream<SelfTestRow> rows() {
        FeatureSelection selection =
                new FeatureSelection(
                        Optional.empty(),
                        Optional.of(config.dictionary()),
                        config.layers(),
                        Optional.empty(),
                        Optional.empty());
        Map<Integer, List<Node>> layers = new TreeMap<>();
        for (Node feature : selection.resolve(session.tx())) {
            layers.computeIfAbsent(
                            ((Number) feature.getProperty("layer")).intValue(),
                            layer -> new ArrayList<>())
                    .add(feature);
        }
        List<SelfTestRow> rows = new ArrayList<>();
        try (Heap heap = session.heap()) {
            Node space =
                    SpaceStore.require(
                            session.tx(),
                            config.options().distance().space(),
                            List.of(config.dictionary()));
            config.options().bounding().requireFitting(space);
            CompareCorpus corpus = CompareCorpus.of(session, heap, space, config.options().seed());
            layers.forEach(
                    (layer, features) -> {
                        try (Heap ofLayer = session.heap()) {
                            new Layer(ofLayer, corpus, layer, features).test(rows);
                        }
                    });
        }
        return rows.stream();
    }

    /** One layer of the dictionary. */
    private final class Layer {

        private final Heap heap;
        private final CompareCorpus corpus;
        private final int layer;
        private final List<Node> features;
        private final List<BitSet> halves;
        private final Recording recording;
        private final CompareVectors vectors;
        private final PlantedCopy copy;
        private final int[] eligible;
        private final CompareSide sources;
        private final Optional<SelfTestEncoder> encoder;

        Layer(Heap heap, CompareCorpus corpus, int layer, List<Node> features) {
            this.heap = heap;
            this.corpus = corpus;
            this.layer = layer;
            this.features = features;
            long seed = config.options().seed();
            this.halves = corpus.halves(seed);
            this.recording = corpus.recording(session, heap, features);
            this.vectors = CompareVectors.of(session, heap, features);
            this.copy = PlantedCopy.draw(features.size(), config.removed(), seed);
            this.eligible = eligible();
            this.sources = side(eligible, recording, vectors, 0);
            this.encoder =
                    config.sigma().stream().anyMatch(sigma -> sigma > 0)
                            ? Optional.of(encoder())
                            : Optional.empty();
        }

        private SelfTestEncoder encoder() {
            return new SelfTestEncoder(
                    session,
                    heap,
                    corpus,
                    session.tx().findNode(Names.DICTIONARY, "name", config.dictionary()),
                    layer,
                    vectors,
                    recording,
                    config.options().concurrency());
        }

        private int[] eligible() {
            int least = config.minFirings();
            BitSet chosen = recording.on(corpus.fit()).firingAtLeast(least);
            for (BitSet half : halves) {
                chosen.and(recording.on(half).firingAtLeast(least / 2));
            }
            if (chosen.isEmpty()) {
                throw new ConfigurationException(
                        SelfTestConfig.PROCEDURE
                                + ": no feature of layer "
                                + layer
                                + " fires on "
                                + least
                                + " positions, half of them on each half of the prompts; lower"
                                + " `minFirings`");
            }
            return chosen.stream().toArray();
        }

        private CompareSide side(
                int[] chosen, Recording everywhere, CompareVectors ofAll, int half) {
            Recording selected = everywhere.select(chosen);
            heap.take(12 * selected.firings());
            return new CompareSide(
                    Arrays.stream(chosen).mapToObj(features::get).toList(),
                    selected.on(halves.get(half)),
                    selected.on(halves.get(1 - half)),
                    ofAll.select(chosen));
        }

        void test(List<SelfTestRow> rows) {
            for (double sigma : config.sigma()) {
                try (Heap ofSigma = session.heap()) {
                    test(sigma, ofSigma, rows);
                }
            }
        }

        private void test(double sigma, Heap ofSigma, List<SelfTestRow> rows) {
            long seed = config.options().seed();
            CompareVectors perturbed = perturbed(ofSigma, sigma, seed);
            Recording copied =
                    copy.of(
                            sigma == 0
                                    ? recording
                                    : encoder.orElseThrow().encode(ofSigma, perturbed.encoder()));
            int[] candidates =
                    copied.on(halves.get(1)).firingAtLeast(config.minFirings() / 4).stream()
                            .toArray();
            CompareSide targets = targets(ofSigma, candidates, copied, perturbed);
            PlantedTruth truth = truth(candidates);
            CompareMethods methods = new CompareMethods(session, ofSigma, corpus, config.options());
            Map<CompareMethod, CompareFound> found = new EnumMap<>(CompareMethod.class);
            for (boolean rotated : config.rotated()) {
                CompareSide seen = rotated ? rotated(targets, seed) : targets;
                for (CompareMethod method : CompareMethod.values()) {
                    // What features do is the same in every basis.
                    if (method.ofVectors() || !found.containsKey(method)) {
                        found.put(method, methods.find(method, sources, seen));
                    }
                    rows.add(
                            new SelfTestRow(
                                    layer,
                                    sigma,
                                    rotated,
                                    method,
                                    found.get(method),
                                    truth,
                                    candidates.length,
                                    sigma == 0 ? Optional.empty() : encoder));
                }
            }
        }

        private CompareVectors perturbed(Heap ofSigma, double sigma, long seed) {
            if (vectors.problem().isPresent() || sigma == 0) {
                return vectors;
            }
            ofSigma.take(8L * features.size() * vectors.encoder()[0].length);
            return new CompareVectors(
                    Perturbation.noise(vectors.encoder(), sigma, seed, session.monitor()),
                    Perturbation.noise(vectors.decoder(), sigma, seed + 1, session.monitor()),
                    vectors.bias(),
                    vectors.threshold(),
                    Optional.empty());
        }

        private CompareSide targets(
                Heap ofSigma, int[] candidates, Recording copied, CompareVectors perturbed) {
            CompareVectors ofCopy =
                    perturbed.problem().isPresent()
                            ? perturbed
                            : new CompareVectors(
                                            copy.encoder(perturbed.encoder()),
                                            copy.decoder(perturbed.decoder()),
                                            Optional.empty(),
                                            perturbed.threshold().map(copy::threshold),
                                            Optional.empty())
                                    .select(candidates);
            Recording selected = copied.select(candidates);
            ofSigma.take(12 * selected.firings());
            return new CompareSide(
                    Arrays.stream(candidates)
                            .mapToObj(c -> features.get(copy.original()[c]))
                            .toList(),
                    selected.on(halves.get(1)),
                    selected.on(halves.get(0)),
                    ofCopy);
        }

        private CompareSide rotated(CompareSide targets, long seed) {
            CompareVectors of = targets.vectors();
            if (of.problem().isPresent()) {
                return targets;
            }
            return new CompareSide(
                    targets.features(),
                    targets.recording(),
                    targets.elsewhere(),
                    new CompareVectors(
                            rotated(of.encoder(), seed + 2),
                            rotated(of.decoder(), seed + 2),
                            of.bias(),
                            of.threshold(),
                            Optional.empty()));
        }

        private float[][] rotated(float[][] of, long seed) {
            return Perturbation.rotated(
                    of,
                    Perturbation.rotation(of[0].length, seed, session.monitor()),
                    session.monitor());
        }

        private PlantedTruth truth(int[] candidates) {
            return new PlantedTruth(
                    Arrays.stream(eligible)
                            .map(f -> copy.partner()[f])
                            .map(c -> c < 0 ? -1 : Math.max(-1, Arrays.binarySearch(candidates, c)))
                            .toArray());
        }
    }
}
