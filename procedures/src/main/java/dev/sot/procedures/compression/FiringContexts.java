package dev.sot.procedures.compression;

import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Distribution;
import dev.sot.transport.Firings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.neo4j.graphdb.Node;

/**
 * Where features fire on a space's positions: on which tokens, at which places of prompts, in which
 * contexts. Every firing counts with its own token, except on the positions that the space
 * excludes.
 */
final class FiringContexts {

    /** Tokens shown on either side of a firing. */
    private static final int REACH = 5;

    private final Session session;
    private final SpacePositions positions;
    private final BitSet excluded;
    private final Map<Integer, CorpusStore.Token> tokens = new HashMap<>();

    FiringContexts(Session session, Node space) {
        this.session = session;
        // Every token once, also where layers have points of their own; the first layer's excluded
        // positions are those of all.
        this.positions = SpacePositions.of(SpaceStore.corpora(space));
        this.excluded = SpaceStore.excluded(session.tx(), space);
    }

    /**
     * A feature, or one at a place of the prompts only.
     *
     * @param feature key of the feature
     * @param place the place; empty for all
     */
    record Occurrence(String feature, OptionalInt place) {}

    /** What so many of the occurrences have, and which share of them all rests on it. */
    record Share<T>(T what, double share) {}

    /**
     * A context in which occurrences fire strongly.
     *
     * @param text the prompt around the firing, the token itself in brackets
     * @param occurrences how many fire there
     */
    record Context(String text, int occurrences) {}

    /**
     * Where some occurrences fire.
     *
     * @param counted those that fire at all
     * @param tokens tokens with the largest shares of the activations, each occurrence counting the
     *     same
     * @param places places in prompts, likewise
     * @param contexts different contexts, those first where the activations, each as a share of the
     *     occurrence's largest, add up to most
     */
    record Summary(
            int counted,
            List<Share<String>> tokens,
            List<Share<Integer>> places,
            List<Context> contexts) {}

    /** Strength and number of the firings at one position. */
    private record Strength(int position, double sum, int firing) {

        Strength plus(double strength) {
            return new Strength(position, sum + strength, firing + 1);
        }
    }

    /** Reads all firings of the occurrences; the largest of each kind are returned. */
    Summary of(List<Occurrence> occurrences, int shown) {
        Map<String, Double> byToken = new TreeMap<>();
        Map<Integer, Double> byPlace = new TreeMap<>();
        Map<Integer, Strength> byPosition = new HashMap<>();
        int counted = 0;
        for (Occurrence occurrence : occurrences) {
            session.monitor().check();
            Distribution firings = firings(occurrence);
            if (firings == null) {
                continue;
            }
            counted++;
            double largest = Arrays.stream(firings.weights()).max().orElseThrow();
            for (int i = 0; i < firings.size(); i++) {
                CorpusStore.Token token = token(firings.positions()[i]);
                double weight = firings.weights()[i];
                byToken.merge(token.token(), weight, Double::sum);
                byPlace.merge(token.position(), weight, Double::sum);
                byPosition.compute(
                        firings.positions()[i],
                        (position, strength) ->
                                (strength == null ? new Strength(position, 0, 0) : strength)
                                        .plus(weight / largest));
            }
        }
        return new Summary(
                counted,
                largest(byToken, counted, shown),
                largest(byPlace, counted, shown),
                contexts(byPosition, shown));
    }

    private Distribution firings(Occurrence occurrence) {
        CorpusStore.FeatureActivations activations =
                positions.activations(session.tx(), occurrence.feature());
        if (activations == null) {
            return null;
        }
        int[] fired = activations.positions();
        int[] kept =
                IntStream.range(0, fired.length)
                        .filter(
                                i ->
                                        occurrence.place().isEmpty()
                                                || token(fired[i]).position()
                                                        == occurrence.place().getAsInt())
                        .toArray();
        return Firings.of(
                        occurrence.feature(),
                        Arrays.stream(kept).map(i -> fired[i]).toArray(),
                        Arrays.stream(kept).mapToDouble(i -> activations.values()[i]).toArray(),
                        excluded)
                .map(Firings::distribution)
                .orElse(null);
    }

    private static <K extends Comparable<K>> List<Share<K>> largest(
            Map<K, Double> weights, int counted, int shown) {
        return weights.entrySet().stream()
                .sorted(
                        Map.Entry.<K, Double>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(shown)
                .map(e -> new Share<>(e.getKey(), e.getValue() / counted))
                .toList();
    }

    private List<Context> contexts(Map<Integer, Strength> byPosition, int shown) {
        List<Strength> strongest =
                byPosition.values().stream()
                        .sorted(
                                Comparator.comparingDouble((Strength s) -> -s.sum())
                                        .thenComparingInt(Strength::position))
                        .toList();
        List<Context> contexts = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < strongest.size() && contexts.size() < shown; i++) {
            String text =
                    positions.token(session.tx(), strongest.get(i).position(), REACH).context();
            if (texts.add(text)) {
                contexts.add(new Context(text, strongest.get(i).firing()));
            }
        }
        return contexts;
    }

    private CorpusStore.Token token(int position) {
        return tokens.computeIfAbsent(position, p -> positions.token(session.tx(), p, 0));
    }
}
