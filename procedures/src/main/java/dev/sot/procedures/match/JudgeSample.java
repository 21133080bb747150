package dev.sot.procedures.match;

import dev.sot.procedures.labelling.Contexts;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.JudgementStore.Pair;
import dev.sot.transport.match.Shuffle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Pairs to be judged, and as many random ones: the same features, each source with the target of
 * another pair, so that the two kinds differ in nothing but the pairing.
 *
 * @param pairs both kinds, in a random order
 * @param matched how many are not random
 * @param candidates different pairs that they were drawn from
 * @param withoutContexts pairs that were drawn and left out because one of their features is active
 *     in no recorded text
 */
record JudgeSample(List<Pair> pairs, int matched, int candidates, int withoutContexts) {

    /**
     * Draws.
     *
     * @param given sources and targets
     * @param most pairs to draw at most
     */
    static JudgeSample of(
            Session session, Collection<Pair> given, int most, long seed, Contexts contexts) {
        Set<Pair> known = new HashSet<>(given);
        List<Pair> candidates =
                known.stream()
                        .sorted(Comparator.comparing(Pair::source).thenComparing(Pair::target))
                        .toList();
        List<Pair> matched = new ArrayList<>();
        int withoutContexts = 0;
        for (int candidate : shuffled(candidates.size(), seed)) {
            if (matched.size() == most) {
                break;
            }
            session.monitor().check();
            session.monitor().progress("drawing pairs", matched.size(), most);
            Pair pair = candidates.get(candidate);
            if (contexts.of(pair.source()).isEmpty() || contexts.of(pair.target()).isEmpty()) {
                withoutContexts++;
            } else {
                matched.add(pair);
            }
        }
        List<Pair> all = new ArrayList<>(matched);
        all.addAll(random(session, matched, known, seed));
        return new JudgeSample(
                IntStream.of(shuffled(all.size(), Shuffle.seed(seed, "order")))
                        .mapToObj(all::get)
                        .toList(),
                matched.size(),
                candidates.size(),
                withoutContexts);
    }

    private static List<Pair> random(
            Session session, List<Pair> matched, Set<Pair> known, long seed) {
        Set<Pair> drawn = new HashSet<>();
        List<Pair> random = new ArrayList<>();
        for (int i = 0; i < matched.size(); i++) {
            session.monitor().check();
            String source = matched.get(i).source();
            int[] others = shuffled(matched.size(), Shuffle.seed(seed, "partner of " + i));
            IntStream.of(others)
                    .mapToObj(other -> matched.get(other).target())
                    .filter(target -> !target.equals(source))
                    .filter(target -> !known.contains(new Pair(source, target, false)))
                    .map(target -> new Pair(source, target, true))
                    .filter(drawn::add)
                    .findFirst()
                    .ifPresent(random::add);
        }
        return random;
    }

    private static int[] shuffled(int size, long seed) {
        return Shuffle.of(IntStream.range(0, size).toArray(), seed);
    }
}
