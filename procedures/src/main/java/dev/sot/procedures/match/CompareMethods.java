package dev.sot.procedures.match;

import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import dev.sot.transport.Geometry;
import dev.sot.transport.PointTable;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.match.Assignment;
import dev.sot.transport.match.Blocks;
import dev.sot.transport.match.Correction;
import dev.sot.transport.match.Match;
import dev.sot.transport.match.Matching;
import dev.sot.transport.match.baseline.Centroids;
import dev.sot.transport.match.baseline.Counterparts;
import dev.sot.transport.match.baseline.FiringLikeness;
import dev.sot.transport.match.baseline.FoldedVectors;
import dev.sot.transport.match.baseline.Likeness;
import dev.sot.transport.match.baseline.TokenLikeness;
import dev.sot.transport.match.baseline.VectorAssignment;
import dev.sot.transport.match.baseline.VectorLikeness;
import dev.sot.transport.search.PairMemory;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Matches two families by every method. */
final class CompareMethods {

    private static final String SHARED_POSITIONS =
            "needs both sides recorded on the same positions";

    /** A distribution, its support and its cloud beside their arrays. */
    private static final long BYTES_PER_DISTRIBUTION = 500;

    private final Session session;
    private final Heap heap;
    private final CompareCorpus corpus;
    private final CompareOptions options;
    private Optional<Compared> compared = Optional.empty();

    /**
     * Methods.
     *
     * @param heap counts what is kept from one method to the next
     */
    CompareMethods(Session session, Heap heap, CompareCorpus corpus, CompareOptions options) {
        this.session = session;
        this.heap = heap;
        this.corpus = corpus;
        this.options = options;
    }

    /** What each method finds. */
    Map<CompareMethod, CompareFound> all(CompareSide sources, CompareSide targets) {
        Map<CompareMethod, CompareFound> found = new EnumMap<>(CompareMethod.class);
        for (CompareMethod method : CompareMethod.values()) {
            found.put(method, find(method, sources, targets));
        }
        return found;
    }

    /** What one method finds. */
    CompareFound find(CompareMethod method, CompareSide sources, CompareSide targets) {
        try (Heap ofMethod = session.heap()) {
            return switch (method) {
                case WASSERSTEIN -> wasserstein(sources, targets, Assignment.NEAREST);
                case WASSERSTEIN_ONE_TO_ONE -> wasserstein(sources, targets, Assignment.ONE_TO_ONE);
                case CENTROID -> centroids(ofMethod, sources, targets, VectorLikeness::distance);
                case CENTROID_COSINE ->
                        centroids(ofMethod, sources, targets, VectorLikeness::cosine);
                case ACTIVATION_CORRELATION ->
                        onSharedPositions(
                                ofMethod,
                                sources,
                                targets,
                                () ->
                                        FiringLikeness.correlation(
                                                sources.recording(),
                                                targets.recording(),
                                                corpus.fit().cardinality()));
                case JACCARD ->
                        onSharedPositions(
                                ofMethod,
                                sources,
                                targets,
                                () ->
                                        FiringLikeness.jaccard(
                                                sources.recording(), targets.recording()));
                case TOKEN_HISTOGRAM -> tokens(ofMethod, sources, targets);
                case DECODER_COSINE ->
                        vectors(
                                ofMethod,
                                sources,
                                targets,
                                sources.vectors().decoder(),
                                targets.vectors().decoder());
                case ENCODER_COSINE ->
                        vectors(
                                ofMethod,
                                sources,
                                targets,
                                sources.vectors().encoder(),
                                targets.vectors().encoder());
                case SAE_MATCH -> saeMatch(ofMethod, sources, targets);
            };
        }
    }

    /** Turns two lists of vectors into a likeness. */
    @FunctionalInterface
    private interface OfVectors {
        Likeness of(float[][] sources, float[][] targets);
    }

    private CompareFound nearest(Likeness likeness) {
        return CompareFound.of(
                Counterparts.nearest(likeness, options.concurrency(), session.monitor()));
    }

    private CompareFound centroids(
            Heap heap, CompareSide sources, CompareSide targets, OfVectors likeness) {
        if (SpaceStore.isOfTokens(corpus.space())) {
            return CompareFound.unavailable("tokens have no mean; needs a space with geometry");
        }
        SpacePositions space = SpacePositions.of(corpus.space());
        int[] positions =
                Stream.concat(sources.features().stream(), targets.features().stream())
                        .map(space::start)
                        .distinct()
                        .sorted()
                        .flatMapToInt(start -> corpus.fit().stream().map(p -> start + p))
                        .toArray();
        int[] row = new int[space.size()];
        Arrays.fill(row, -1);
        for (int i = 0; i < positions.length; i++) {
            row[positions[i]] = i;
        }
        int dimension = ((Number) corpus.space().getProperty("dimension")).intValue();
        heap.take(
                4L * positions.length * dimension
                        + 12 * (sources.recording().firings() + targets.recording().firings())
                        + 4L * dimension * (sources.size() + 3L * targets.size()));
        PointTable points = SpaceStore.gather(session.tx(), corpus.space(), positions);
        double[] mean = Centroids.mean(points);
        return nearest(
                likeness.of(
                        Centroids.of(
                                corpus.placed(sources.features(), sources.recording())
                                        .renumbered(row),
                                points,
                                mean,
                                session.monitor()),
                        Centroids.of(
                                corpus.placed(targets.features(), targets.recording())
                                        .renumbered(row),
                                points,
                                mean,
                                session.monitor())));
    }

    private CompareFound onSharedPositions(
            Heap heap, CompareSide sources, CompareSide targets, Supplier<Likeness> likeness) {
        if (sources.recording() != sources.elsewhere()) {
            return CompareFound.unavailable(SHARED_POSITIONS);
        }
        heap.take(12 * targets.recording().firings() + 4L * corpus.prompt().length);
        return nearest(likeness.get()).noted(SHARED_POSITIONS);
    }

    private CompareFound tokens(Heap heap, CompareSide sources, CompareSide targets) {
        // No histogram has more tokens than firings.
        heap.take(24 * (sources.recording().firings() + targets.recording().firings()));
        return nearest(
                new TokenLikeness(
                        sources.recording(),
                        targets.recording(),
                        corpus.token(),
                        session.monitor()));
    }

    private CompareFound vectors(
            Heap heap,
            CompareSide sources,
            CompareSide targets,
            float[][] ofSources,
            float[][] ofTargets) {
        Optional<String> problem = sources.vectors().problemWith(targets.vectors());
        if (problem.isPresent()) {
            return CompareFound.unavailable(problem.get());
        }
        heap.take(8L * targets.size() * ofTargets[0].length);
        return nearest(VectorLikeness.cosine(ofSources, ofTargets));
    }

    private CompareFound saeMatch(Heap heap, CompareSide sources, CompareSide targets) {
        Optional<String> problem = sources.vectors().problemWith(targets.vectors());
        if (problem.isPresent()) {
            return CompareFound.unavailable(problem.get());
        }
        boolean thresholds =
                sources.vectors().threshold().isPresent()
                        && targets.vectors().threshold().isPresent();
        int length = sources.vectors().encoder()[0].length + sources.vectors().decoder()[0].length;
        heap.take(4L * length * (sources.size() + 3L * targets.size()));
        int[] assigned =
                VectorAssignment.of(
                        folded(sources, thresholds),
                        folded(targets, thresholds),
                        options.concurrency(),
                        session.monitor());
        return CompareFound.of(Counterparts.assigned(assigned, targets.size()))
                .noted("folded by " + (thresholds ? "thresholds" : "mean activations"));
    }

    private static float[][] folded(CompareSide side, boolean thresholds) {
        return FoldedVectors.fold(
                side.vectors().encoder(),
                side.vectors().decoder(),
                thresholds
                        ? side.vectors().threshold().orElseThrow()
                        : side.recording().meanActivations());
    }

    /** By Wasserstein distance, with certificates. */
    private CompareFound wasserstein(
            CompareSide sources, CompareSide targets, Assignment assignment) {
        List<Match> matches = matching(sources, targets).matches(assignment, 1);
        int[] target = new int[sources.size()];
        int[] reverse = new int[targets.size()];
        Arrays.fill(target, -1);
        Arrays.fill(reverse, -1);
        BitSet certified = new BitSet();
        for (Match match : matches) {
            target[match.source()] = match.target();
            if (match.mutual() || assignment == Assignment.ONE_TO_ONE) {
                reverse[match.target()] = match.source();
            }
            certified.set(match.source(), match.certified(options.level()));
        }
        return new CompareFound(
                Optional.of(new Counterparts(target, reverse)),
                Optional.of(certified),
                Optional.empty());
    }

    /** Both families' distributions and what is known of them; kept for the next method. */
    private Matching matching(CompareSide sources, CompareSide targets) {
        if (compared.isEmpty()
                || compared.get().sources() != sources
                || compared.get().targets() != targets) {
            compared = Optional.of(new Compared(sources, targets, newMatching(sources, targets)));
        }
        return compared.get().matching();
    }

    private Matching newMatching(CompareSide sources, CompareSide targets) {
        int distributions = 2 * (sources.size() + targets.size());
        int dimension = ((Number) corpus.space().getProperty("dimension")).intValue();
        heap.take(
                distributions
                                * (BYTES_PER_DISTRIBUTION
                                        + 16L * options.support()
                                        + Geometry.cloudBytes(options.support(), dimension))
                        + 4L * SpacePositions.of(corpus.space()).size() * (1 + dimension)
                        + PairMemory.bytes(
                                distributions,
                                (long) sources.size() * targets.size()
                                        + (long) sources.size() * sources.size()
                                        + (long) targets.size() * targets.size()));
        return new Matching(
                clouds(sources, targets).problem(),
                Correction.BACKGROUND,
                options.concurrency(),
                Blocks.atOnce(session.monitor()));
    }

    private MatchClouds clouds(CompareSide sources, CompareSide targets) {
        SupportBuilder supports =
                SpaceStore.supports(
                        corpus.space(),
                        SupportBuilder.DEFAULT_METHOD,
                        options.support(),
                        options.seed());
        MatchClouds.Builder builder =
                new MatchClouds.Builder(
                        session,
                        corpus.space(),
                        options.distance(),
                        supports,
                        options.concurrency());
        SplitHalves halves =
                new SplitHalves(
                        session,
                        corpus.space(),
                        options.distance(),
                        SpacePositions.of(corpus.space()).prompts(session),
                        supports,
                        options.seed(),
                        options.concurrency());
        Placed ofSources = placed(builder, halves, sources);
        Placed ofTargets = placed(builder, halves, targets);
        return builder.build(
                ofSources.family(sources, 0),
                ofTargets.family(targets, 1),
                List.of(ofSources.ofSources(), ofTargets.ofTargets()));
    }

    private Placed placed(MatchClouds.Builder builder, SplitHalves halves, CompareSide side) {
        List<Optional<Firings>> firings =
                side.firings(corpus.placed(side.features(), side.recording()), options.exponent());
        int[] here = add(builder, firings);
        double[] noise = noise(halves, firings);
        if (side.elsewhere() == side.recording()) {
            return new Placed(here, here, noise, noise);
        }
        List<Optional<Firings>> others =
                side.firings(corpus.placed(side.features(), side.elsewhere()), options.exponent());
        return new Placed(here, add(builder, others), noise, noise(halves, others));
    }

    private double[] noise(SplitHalves halves, List<Optional<Firings>> firings) {
        return halves.noise(
                "sampling noise", firings.size(), firings::get, Blocks.atOnce(session.monitor()));
    }

    private static int[] add(MatchClouds.Builder builder, List<Optional<Firings>> firings) {
        return firings.stream().mapToInt(f -> f.map(builder::add).orElse(-1)).toArray();
    }

    /** Two families as they are matched. */
    private record Compared(CompareSide sources, CompareSide targets, Matching matching) {}

    /**
     * The numbers of a family's distributions, here and on the other family's positions, and their
     * noise.
     */
    private record Placed(int[] here, int[] elsewhere, double[] noise, double[] noiseElsewhere) {

        MatchClouds.Builder.Family family(CompareSide side, int population) {
            int[] populations = IntStream.range(0, side.size()).map(i -> population).toArray();
            return new MatchClouds.Builder.Family(side.features(), here, noise, populations);
        }

        /** Looked for on the sources' positions among those on the targets', as all populations. */
        MatchClouds.Builder.Others ofSources() {
            return new MatchClouds.Builder.Others(here, elsewhere, noise, noiseElsewhere);
        }

        /** The same of the targets, whose own positions are those where they are found. */
        MatchClouds.Builder.Others ofTargets() {
            return new MatchClouds.Builder.Others(elsewhere, here, noiseElsewhere, noise);
        }
    }
}
