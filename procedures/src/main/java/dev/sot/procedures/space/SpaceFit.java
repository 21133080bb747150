package dev.sot.procedures.space;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.ContentHash;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.SinkFilter;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/**
 * Fits a space: every position of the corpus is placed by hidden states, whatever the layer of the
 * feature that fires there. In the {@code aligned} space that is the state of the same position at
 * one reference layer; in the {@code concat} space the states of the same position at several
 * layers; in the {@code prompt} space the states at some positions of its prompt, the same for all
 * positions of a prompt.
 */
final class SpaceFit {

    /** Values up to which a space is written in the caller's transaction. */
    static final int SINGLE_TRANSACTION_VALUES = 4_000_000;

    /** Vectors that are projected by one product. */
    private static final int PROJECTED_TOGETHER = 512;

    private final Session session;
    private final SpaceFitConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Node corpus;
    private final int positions;
    private final List<Integer> layers;

    private SpaceFit(Session session, SpaceFitConfig config) {
        this.session = session;
        this.config = config;
        SchemaStore.require(session.tx());
        this.corpus = CorpusStore.require(session.tx(), config.corpus().orElse(null));
        this.positions = Math.toIntExact((Long) corpus.getProperty("positions"));
        this.layers = layers();
    }

    /** Fits the space that is asked for. */
    static SpaceFitResult run(Session session, SpaceFitConfig config) {
        return config.method() == SpaceMethod.TOKENS
                ? new TokenSpaceFit(session, config).run()
                : new SpaceFit(session, config).run();
    }

    private SpaceFitResult run() {
        try (Heap heap = session.heap()) {
            heap.take(CorpusStore.PromptLayout.bytes(positions));
            CorpusStore.PromptLayout layout = CorpusStore.promptLayout(session, corpus);
            SpaceChoice choice = SpaceChoice.of(config, layout);
            Optional<PromptStates> prompts =
                    choice.method() == SpaceMethod.PROMPT
                            ? Optional.of(PromptStates.of(layout, choice.promptPositions()))
                            : Optional.empty();
            String name = config.name().orElse(choice.method().text());
            return Exclusive.run(
                    session,
                    "reference space '" + name + "'",
                    () -> fit(heap, name, choice, prompts));
        }
    }

    private SpaceFitResult fit(
            Heap heap, String name, SpaceChoice choice, Optional<PromptStates> prompts) {
        boolean excludeFirst =
                config.excludeFirstToken()
                        .orElseGet(() -> (Boolean) corpus.getProperty("firstTokenIsSink"));
        note(name, choice, excludeFirst);
        String hash = contentHash(choice, excludeFirst);
        NamedSpace named = NamedSpace.of(session, name, hash, config.replace());
        if (named.unchanged()) {
            return new SpaceFitResult(
                    named.found().orElseThrow(), "unchanged", choice, 0, 0, 0, config.effective());
        }
        Exclusions exclusions = exclusions(excludeFirst, prompts);
        PositionStates states =
                choice.method() == SpaceMethod.CONCAT
                        ? PositionStates.concatenated(session, corpus, layers, exclusions.all())
                        : PositionStates.of(session, corpus, layers.get(0));
        Vectors vectors = new Vectors(states, prompts);
        long preProcessingMillis = stopwatch.lap();
        double width = vectors.width();
        LinearAlgebra algebra =
                Backends.choose(config.backend(), vectors.count() * width * width / 2);
        config.effective().put("backend", algebra.name());
        // The scatter matrix, and its copies while eigenvectors are computed.
        heap.take((long) (4 * Double.BYTES * width * width));
        PrincipalSpace fitted = fit(vectors, exclusions.all(), algebra);
        long computeMillis = stopwatch.lap();
        boolean batched = (long) positions * fitted.dimension() > SINGLE_TRANSACTION_VALUES;
        // Only now that the new space is sure to be had: a fit that fails leaves the old one.
        named.delete(session);
        try (BatchWriter writer = BatchWriter.of(session, batched, corpus)) {
            Node space = writer.tx().createNode(Names.REFERENCE_SPACE);
            space.setProperty("name", name);
            space.setProperty("method", choice.method().text());
            if (choice.method() == SpaceMethod.CONCAT) {
                space.setProperty("layers", layers.stream().mapToInt(Integer::intValue).toArray());
            } else {
                space.setProperty("layer", layers.get(0));
            }
            if (choice.method() == SpaceMethod.PROMPT) {
                space.setProperty(
                        "promptPositions",
                        choice.promptPositions().stream().mapToInt(Integer::intValue).toArray());
            }
            space.setProperty("dimension", fitted.dimension());
            space.setProperty("whitened", fitted.whitened());
            space.setProperty("explainedVariance", fitted.explainedVariance());
            space.setProperty("positions", (long) positions);
            space.setProperty("excludedFirstTokens", exclusions.firstTokens());
            space.setProperty("excludedSinks", exclusions.sinks());
            space.setProperty("contentHash", hash);
            space.setProperty("backend", algebra.name());
            space.setProperty("complete", false);
            space.createRelationshipTo(
                    writer.tx().getNodeByElementId(corpus.getElementId()), Names.FITTED_ON);
            BatchWriter.Handle handle = writer.handle(space);
            project(writer, handle, vectors, fitted, exclusions.all(), algebra);
            handle.node().setProperty("complete", true);
            SpaceFitResult result =
                    new SpaceFitResult(
                            handle.node(),
                            named.status(),
                            choice,
                            preProcessingMillis,
                            computeMillis,
                            stopwatch.lap(),
                            config.effective());
            writer.finish();
            return result;
        }
    }

    private void note(String name, SpaceChoice choice, boolean excludeFirst) {
        config.effective().put("name", name);
        config.effective().put("method", choice.method().text());
        if (choice.method() == SpaceMethod.PROMPT) {
            config.effective().put("promptPositions", choice.promptPositions());
        }
        config.effective().put("corpus", corpus.getProperty("name"));
        if (choice.method() == SpaceMethod.CONCAT) {
            config.effective().put("layers", layers);
        } else {
            config.effective().put("layer", layers.get(0));
        }
        config.effective().put("excludeFirstToken", excludeFirst);
    }

    private List<Integer> layers() {
        List<Integer> recorded = CorpusStore.stateLayers(corpus);
        if (recorded.isEmpty()) {
            throw new ConfigurationException(
                    "sot.space.fit: the corpus '"
                            + corpus.getProperty("name")
                            + "' has no hidden states; import a bundle with states");
        }
        if (config.method() == SpaceMethod.CONCAT) {
            List<Integer> chosen = config.layers().orElse(recorded);
            if (!recorded.containsAll(chosen)) {
                throw notRecorded("layers", "be of", recorded, chosen);
            }
            return chosen.stream().distinct().sorted().toList();
        }
        int chosen = config.layer().orElse(recorded.get(recorded.size() - 1));
        if (!recorded.contains(chosen)) {
            throw notRecorded("layer", "be one of", recorded, chosen);
        }
        return List.of(chosen);
    }

    private static ConfigurationException notRecorded(
            String key, String be, List<Integer> recorded, Object chosen) {
        return new ConfigurationException(
                "sot.space.fit: configuration key `"
                        + key
                        + "` must "
                        + be
                        + " the layers with hidden states, "
                        + recorded
                        + ", got "
                        + chosen);
    }

    private record Exclusions(BitSet all, int firstTokens, int sinks) {}

    private Exclusions exclusions(boolean excludeFirst, Optional<PromptStates> prompts) {
        BitSet excluded = excludeFirst ? CorpusStore.firstTokens(corpus) : new BitSet();
        int firstTokens = excluded.cardinality();
        BitSet sinks = new BitSet();
        for (int layer : layers) {
            sinks.or(SinkFilter.sinks(norms(layer), config.sinkFactor()));
        }
        sinks.andNot(excluded);
        prompts.ifPresent(p -> p.spread(sinks));
        excluded.or(sinks);
        return new Exclusions(excluded, firstTokens, excluded.cardinality() - firstTokens);
    }

    private double[] norms(int layer) {
        double[] norms = new double[positions];
        PositionStates states = PositionStates.of(session, corpus, layer);
        int width = states.width();
        states.forEach(
                "finding excluded positions",
                (position, values, offset) -> {
                    double sum = 0;
                    for (int k = 0; k < width; k++) {
                        double value = values[offset + k];
                        sum += value * value;
                    }
                    norms[position] = Math.sqrt(sum);
                });
        return norms;
    }

    private PrincipalSpace fit(Vectors vectors, BitSet excluded, LinearAlgebra algebra) {
        PrincipalSpace.Fitter fitter =
                new PrincipalSpace.Fitter(
                        vectors.width(), algebra, config.concurrency(), session.monitor());
        vectors.forEach(
                "fitting reference space",
                (first, count, values, offset) -> {
                    if (excluded.nextClearBit(first) < first + count) {
                        fitter.add(values, offset);
                    }
                });
        return fitter.fit(config.dimension(), config.whiten());
    }

    private void project(
            BatchWriter writer,
            BatchWriter.Handle space,
            Vectors vectors,
            PrincipalSpace fitted,
            BitSet excluded,
            LinearAlgebra algebra) {
        PointWriter points =
                new PointWriter(writer, space, positions, fitted.dimension(), excluded);
        int width = fitted.inputDimension();
        int together = Math.min(vectors.count(), PROJECTED_TOGETHER);
        float[] gathered = new float[together * width];
        int[] counts = new int[together];
        int[] waiting = {0};
        vectors.forEach(
                "placing positions",
                (first, count, values, offset) -> {
                    System.arraycopy(values, offset, gathered, waiting[0] * width, width);
                    counts[waiting[0]++] = count;
                    if (waiting[0] == together || first + count == positions) {
                        float[] projected =
                                fitted.project(
                                        gathered,
                                        waiting[0],
                                        algebra,
                                        config.concurrency(),
                                        session.monitor());
                        for (int i = 0; i < waiting[0]; i++) {
                            points.add(projected, i * fitted.dimension(), counts[i]);
                        }
                        waiting[0] = 0;
                    }
                });
    }

    /** Two spaces with the same hash hold the same points, up to the rounding of a backend. */
    private String contentHash(SpaceChoice choice, boolean excludeFirst) {
        return ContentHash.of(
                choice.method() == SpaceMethod.PROMPT
                        ? choice.method().text() + choice.promptPositions()
                        : choice.method().text(),
                (String) corpus.getProperty("name"),
                (String) corpus.getProperty("contentHash"),
                choice.method() == SpaceMethod.CONCAT
                        ? layers.toString()
                        : layers.get(0).toString(),
                Integer.toString(config.dimension()),
                Boolean.toString(config.whiten()),
                Boolean.toString(excludeFirst),
                Double.toString(config.sinkFactor()));
    }
}
