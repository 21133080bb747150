package dev.sot.procedures.space;

import dev.sot.procedures.runtime.BatchWriter;
import dev.sot.procedures.runtime.Exclusive;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.runtime.Stopwatch;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.Names;
import dev.sot.procedures.store.SchemaStore;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.procedures.store.UnembeddingStore;
import dev.sot.transport.PrincipalSpace;
import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.Moments;
import dev.sot.transport.space.Departure;
import dev.sot.transport.space.LogitLens;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.neo4j.graphdb.Node;

/**
 * Fits a space: the positions of a corpus are placed by hidden states. In the {@code aligned} space
 * that is the state of the same position at one reference layer, whatever the layer of the feature
 * that fires there; in the {@code concat} space the states of the same position at several layers;
 * in the {@code prompt} space the states at some positions of its prompt, the same for all
 * positions of a prompt. In the {@code ridge}, {@code procrustes} and {@code logitLens} spaces it
 * is the state at the feature's own layer, mapped to the space of a reference layer.
 */
final class SpaceFit {

    /** Values up to which a space is written in the caller's transaction. */
    static final int SINGLE_TRANSACTION_VALUES = 4_000_000;

    private final Session session;
    private final SpaceFitConfig config;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Heap heap;
    private final CorpusStore.PromptLayout layout;
    private final SpacePlan plan;

    private SpaceFit(Session session, Heap heap, SpaceFitConfig config) {
        this.session = session;
        this.config = config;
        this.heap = heap;
        SchemaStore.require(session.tx());
        Node corpus = CorpusStore.require(session.tx(), config.corpus().orElse(null));
        heap.take(CorpusStore.PromptLayout.bytes((Long) corpus.getProperty("positions")));
        this.layout = CorpusStore.promptLayout(session, corpus);
        this.plan = SpacePlan.of(session, config, corpus, layout);
    }

    /** Fits the space that is asked for. */
    static SpaceFitResult run(Session session, SpaceFitConfig config) {
        if (config.method() == SpaceMethod.TOKENS) {
            return new TokenSpaceFit(session, config).run();
        }
        try (Heap heap = session.heap()) {
            SpaceFit fit = new SpaceFit(session, heap, config);
            return Exclusive.run(
                    session, "reference space '" + fit.plan.name() + "'", () -> fit.fit());
        }
    }

    private SpaceFitResult fit() {
        NamedSpace named =
                NamedSpace.of(session, plan.name(), plan.contentHash(), config.replace());
        if (named.unchanged()) {
            return new SpaceFitResult(
                    named.found().orElseThrow(),
                    "unchanged",
                    plan.choice(),
                    0,
                    0,
                    0,
                    config.effective());
        }
        List<SpacePart> parts = parts();
        SpacePart main = parts.get(plan.positions().corpora().indexOf(plan.corpus()));
        long preProcessingMillis = stopwatch.lap();
        Fitting fitting = new Fitting(parts, main);
        long computeMillis = stopwatch.lap();
        boolean batched =
                (long) plan.positions().size() * fitting.space.dimension()
                        > SINGLE_TRANSACTION_VALUES;
        // Only now that the new space is sure to be had: a fit that fails leaves the old one.
        named.delete(session);
        try (BatchWriter writer =
                BatchWriter.of(session, batched, plan.positions().corpora().toArray(Node[]::new))) {
            Node space = writer.tx().createNode(Names.REFERENCE_SPACE);
            plan.describe(space, fitting.space);
            fitting.heldOutVariance.ifPresent(v -> space.setProperty("heldOutVariance", v));
            space.setProperty(
                    "excludedFirstTokens", parts.stream().mapToInt(SpacePart::firstTokens).sum());
            space.setProperty("excludedSinks", parts.stream().mapToInt(SpacePart::sinks).sum());
            space.setProperty("backend", fitting.algebra.name());
            space.setProperty("complete", false);
            parts.forEach(
                    part ->
                            SpaceStore.link(
                                    writer,
                                    space,
                                    part.corpus(),
                                    part == main,
                                    Optional.ofNullable(fitting.departures.get(part))));
            if (!plan.choice().method().mapsLayers()) {
                new FrozenSpace(
                                fitting.space,
                                fitting.states.scales(),
                                main.sinkLimits(),
                                config.excludeFirstToken())
                        .write(writer, space);
            }
            BatchWriter.Handle handle = writer.handle(space);
            fitting.place(writer, handle);
            handle.node().setProperty("complete", true);
            SpaceFitResult result =
                    new SpaceFitResult(
                            handle.node(),
                            named.status(),
                            plan.choice(),
                            preProcessingMillis,
                            computeMillis,
                            stopwatch.lap(),
                            config.effective());
            writer.finish();
            return result;
        }
    }

    private List<SpacePart> parts() {
        List<SpacePart> parts = new ArrayList<>();
        for (Node corpus : plan.positions().corpora()) {
            boolean main = corpus.equals(plan.corpus());
            if (!main) {
                heap.take(CorpusStore.PromptLayout.bytes((Long) corpus.getProperty("positions")));
            }
            parts.add(
                    SpacePart.of(
                            session,
                            corpus,
                            main ? layout : CorpusStore.promptLayout(session, corpus),
                            plan.choice(),
                            config,
                            plan.layers()));
        }
        return parts;
    }

    /** What is computed from the states, before anything is written. */
    private final class Fitting {

        private final List<SpacePart> parts;
        private final HeldOut heldOut;
        private final PositionStates states;
        private final LinearAlgebra algebra;
        private final PrincipalSpace space;
        private final Map<Integer, Placement> placements = new TreeMap<>();
        private final Map<SpacePart, Departure> departures = new HashMap<>();
        private final Map<Integer, Double> penalties;
        private Optional<Double> heldOutVariance = Optional.empty();

        Fitting(List<SpacePart> parts, SpacePart main) {
            this.parts = parts;
            this.heldOut = HeldOut.of(plan.corpus(), layout);
            PositionStates recorded =
                    plan.choice().method() == SpaceMethod.CONCAT
                            ? PositionStates.concatenated(
                                    session, plan.corpus(), plan.layers(), main.excluded())
                            : PositionStates.of(session, plan.corpus(), plan.reference());
            double width = main.vectors(recorded).width();
            this.algebra =
                    Backends.choose(
                            config.backend(), main.vectors(recorded).count() * width * width / 2);
            config.effective().put("backend", algebra.name());
            this.states = seen(recorded);
            this.space = fit(main);
            for (SpacePart part : parts) {
                if (part != main) {
                    Moments there = moments(part);
                    add(part, new BitSet(), there, there);
                    departures.put(part, departure(space, there));
                }
            }
            LayerMaps maps =
                    new LayerMaps(session, config, main, heldOut, plan.reference(), space, algebra);
            for (int layer :
                    plan.choice().method().mapsLayers()
                            ? plan.layers()
                            : List.of(plan.reference())) {
                placements.put(layer, maps.of(layer));
            }
            this.penalties = maps.penalties();
        }

        /** The states as the space sees them. */
        private PositionStates seen(PositionStates recorded) {
            if (plan.choice().method() != SpaceMethod.LOGIT_LENS) {
                return recorded;
            }
            LogitLens lens = UnembeddingStore.require(session.tx(), heap, plan.corpus());
            return recorded.through(new PositionStates.Lens(lens, algebra, config.concurrency()));
        }

        private PrincipalSpace fit(SpacePart main) {
            long width = main.vectors(states).width();
            // Copies while eigenvectors are computed, beside the moments.
            heap.take(3 * Double.BYTES * width * width);
            Moments fitted = moments(main);
            Moments judged = moments(main);
            add(main, heldOut.judged(), fitted, judged);
            if (fitted.count() > 1
                    && judged.count() > 1
                    && fitted.squares() > 0
                    && judged.squares() > 0) {
                PrincipalSpace others = principal(fitted);
                double held =
                        Departure.variance(
                                        others,
                                        judged,
                                        algebra,
                                        config.concurrency(),
                                        session.monitor())
                                * (judged.count() - 1);
                heldOutVariance = Optional.of(Math.min(1, held / judged.squares()));
                departures.put(main, departure(others, judged));
            }
            fitted.add(judged);
            return principal(fitted);
        }

        private PrincipalSpace principal(Moments of) {
            return PrincipalSpace.of(
                    of,
                    config.dimension(),
                    config.whiten(),
                    algebra,
                    config.concurrency(),
                    session.monitor());
        }

        private Departure departure(PrincipalSpace from, Moments there) {
            return Departure.of(from, there, algebra, config.concurrency(), session.monitor());
        }

        private Moments moments(SpacePart part) {
            int width = part.vectors(states).width();
            heap.take(Moments.bytes(width));
            return new Moments(width, algebra, config.concurrency(), session.monitor());
        }

        private void add(SpacePart part, BitSet judged, Moments fitted, Moments others) {
            part.vectors(states)
                    .forEach(
                            "fitting reference space",
                            (first, count, values, offset) -> {
                                if (part.excluded().nextClearBit(first) < first + count) {
                                    (judged.get(first) ? others : fitted).add(values, offset);
                                }
                            });
        }

        /** Places all positions and writes their points, and how good that is. */
        void place(BatchWriter writer, BatchWriter.Handle node) {
            PlacedPoints placed =
                    new PlacedPoints(session, writer, node, plan, parts, space.dimension());
            int[] sample =
                    plan.choice().method().mapsLayers()
                            ? heldOut.sample(
                                    parts.get(plan.positions().corpora().indexOf(plan.corpus()))
                                            .excluded(),
                                    PlacedPoints.JUDGED)
                            : new int[0];
            placements.forEach(
                    (layer, placement) ->
                            placed.add(
                                    layer,
                                    layer == plan.reference() || placements.size() == 1
                                            ? states
                                            : seen(
                                                    PositionStates.of(
                                                            session, plan.corpus(), layer)),
                                    placement,
                                    sample));
            placed.judge(algebra, config.concurrency(), penalties);
        }
    }
}
