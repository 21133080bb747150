package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.match.baseline.Counterparts;
import dev.sot.transport.match.baseline.FiringLikeness;
import dev.sot.transport.match.baseline.HeldOutJudge;
import dev.sot.transport.match.baseline.Recording;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/** Matches the same features by every method and judges all by held-out prompts. */
final class Compare {

    private static final String BEST = "best on the held-out prompts";
    private static final String UNJUDGED =
            "nothing is judged: no source has a target that correlates enough on the held-out"
                    + " prompts; lower `minCorrelation`";

    private final Session session;
    private final CompareConfig config;

    Compare(Session session, CompareConfig config) {
        this.session = session;
        this.config = config;
    }

    /** A family before it is known which of its features fire often enough. */
    private record Recorded(List<Node> features, Recording everywhere) {

        Recorded select(BitSet chosen) {
            int[] indices = chosen.stream().toArray();
            return new Recorded(
                    chosen.stream().mapToObj(features::get).toList(), everywhere.select(indices));
        }
    }

    /** One row a method. */
    Stream<CompareRow> rows() {
        try (Heap heap = session.heap()) {
            return rows(heap).stream();
        }
    }

    private List<CompareRow> rows(Heap heap) {
        List<Node> sourceFeatures = config.sources().resolve(session.tx());
        List<Node> targetFeatures = config.targets().resolve(session.tx());
        Node space =
                SpaceStore.require(
                        session.tx(),
                        config.options().distance().space(),
                        Stream.concat(sourceFeatures.stream(), targetFeatures.stream())
                                .map(f -> (String) f.getProperty("dictionary"))
                                .collect(Collectors.toSet()));
        config.options().bounding().requireFitting(space);
        CompareCorpus corpus = CompareCorpus.of(session, heap, space, config.options().seed());
        List<BitSet> halves =
                config.disjoint()
                        ? corpus.halves(config.options().seed())
                        : List.of(corpus.fit(), corpus.fit());
        requireDifferent(sourceFeatures, targetFeatures);
        Recorded sources = eligible(heap, "source", sourceFeatures, corpus, halves.get(0));
        Recorded targets = eligible(heap, "target", targetFeatures, corpus, halves.get(1));
        Map<CompareMethod, CompareFound> found =
                new CompareMethods(session, heap, corpus, config.options())
                        .all(
                                side(heap, sources, halves.get(0), halves.get(1)),
                                side(heap, targets, halves.get(1), halves.get(0)));
        return judged(found, corpus, sources, targets);
    }

    private static void requireDifferent(List<Node> sources, List<Node> targets) {
        Set<Node> both = new HashSet<>(sources);
        both.retainAll(Set.copyOf(targets));
        both.stream()
                .map(f -> (String) f.getProperty("key"))
                .sorted()
                .findFirst()
                .ifPresent(
                        key -> {
                            throw new ConfigurationException(
                                    "sot.match.compare: feature '"
                                            + key
                                            + "' is a source and a target; every method would"
                                            + " match it to itself. Choose different features");
                        });
    }

    private Recorded eligible(
            Heap heap, String family, List<Node> features, CompareCorpus corpus, BitSet half) {
        Recorded all = new Recorded(features, corpus.recording(session, heap, features));
        int least = config.minFirings();
        BitSet chosen = all.everywhere().on(corpus.fit()).firingAtLeast(least);
        chosen.and(all.everywhere().on(corpus.heldOut()).firingAtLeast(least / 2));
        chosen.and(all.everywhere().on(half).firingAtLeast(least / 2));
        if (chosen.isEmpty()) {
            throw new ConfigurationException(
                    "sot.match.compare: no "
                            + family
                            + " fires on "
                            + least
                            + " positions of the prompts to match on and on half as many of the"
                            + " others; choose other features, or lower `minFirings`");
        }
        return all.select(chosen);
    }

    private CompareSide side(Heap heap, Recorded family, BitSet here, BitSet elsewhere) {
        heap.take(24 * family.everywhere().firings());
        Recording recording = family.everywhere().on(here);
        return new CompareSide(
                family.features(),
                recording,
                here.equals(elsewhere) ? recording : family.everywhere().on(elsewhere),
                CompareVectors.of(session, heap, family.features()));
    }

    private List<CompareRow> judged(
            Map<CompareMethod, CompareFound> found,
            CompareCorpus corpus,
            Recorded sources,
            Recorded targets) {
        Map<CompareMethod, Integer> verdict = new LinkedHashMap<>();
        List<Counterparts> matches = new ArrayList<>();
        found.forEach(
                (method, f) ->
                        f.counterparts()
                                .ifPresent(
                                        c -> {
                                            verdict.put(method, matches.size());
                                            matches.add(c);
                                        }));
        Optional<Counterparts> certified =
                found.get(CompareMethod.WASSERSTEIN)
                        .certified()
                        .map(c -> matches.get(verdict.get(CompareMethod.WASSERSTEIN)).of(c));
        certified.ifPresent(matches::add);
        List<HeldOutJudge.Verdict> verdicts =
                HeldOutJudge.judge(
                        FiringLikeness.correlation(
                                sources.everywhere().on(corpus.heldOut()),
                                targets.everywhere().on(corpus.heldOut()),
                                corpus.heldOut().cardinality()),
                        matches,
                        config.minCorrelation(),
                        config.options().concurrency(),
                        session.monitor());
        int most = verdict.values().stream().mapToInt(v -> verdicts.get(v).right()).max().orElse(0);
        int judged = verdicts.get(0).sources();
        List<CompareRow> rows = new ArrayList<>();
        for (Map.Entry<CompareMethod, CompareFound> entry : found.entrySet()) {
            Integer own = verdict.get(entry.getKey());
            Boolean best = own == null ? null : judged > 0 && verdicts.get(own).right() == most;
            rows.add(
                    new CompareRow(
                            entry.getKey(),
                            entry.getValue(),
                            best,
                            sources.features().size(),
                            targets.features().size(),
                            own == null ? null : agreement(own, verdict, matches),
                            own == null ? null : verdicts.get(own),
                            entry.getValue().certified().isPresent()
                                    ? verdicts.get(verdicts.size() - 1)
                                    : null,
                            corpus,
                            judged,
                            note(entry.getValue().note(), own, judged, best)));
        }
        return rows;
    }

    private static Map<String, Object> agreement(
            int own, Map<CompareMethod, Integer> verdict, List<Counterparts> matches) {
        Map<String, Object> agreement = new LinkedHashMap<>();
        verdict.forEach(
                (method, other) -> {
                    double share = matches.get(own).agreement(matches.get(other));
                    if (other != own && !Double.isNaN(share)) {
                        agreement.put(method.text(), share);
                    }
                });
        return agreement;
    }

    private static String note(Optional<String> note, Integer own, int judged, Boolean best) {
        if (own != null && judged == 0) {
            return UNJUDGED;
        }
        return Boolean.TRUE.equals(best)
                ? note.map(n -> BEST + "; " + n).orElse(BEST)
                : note.orElse(null);
    }
}
