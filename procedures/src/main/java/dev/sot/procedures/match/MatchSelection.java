package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.CorpusStore;
import dev.sot.procedures.store.DistributionStore;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.SpacePositions;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import dev.sot.transport.SupportBuilder;
import dev.sot.transport.match.PromptHalves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.neo4j.graphdb.Node;

/**
 * Sources and targets as selected, and the whole layers of dictionaries that they are of: those are
 * what a match is judged by, also where only some of their features are matched.
 *
 * @param space the reference space
 * @param sources the sources
 * @param targets the targets
 * @param layers all features of the layers of both, layer by layer
 */
public record MatchSelection(
        Node space, List<Node> sources, List<Node> targets, List<List<Node>> layers) {

    /**
     * Selects.
     *
     * @throws ConfigurationException when a family is empty, or there is no space that both share
     */
    public static MatchSelection of(
            Session session,
            FeatureSelection sources,
            FeatureSelection targets,
            DistanceConfig distance) {
        return of(
                session,
                some("source", sources.resolve(session.tx())),
                some("target", targets.resolve(session.tx())),
                distance);
    }

    /** Two families of features. */
    static MatchSelection of(
            Session session, List<Node> sources, List<Node> targets, DistanceConfig distance) {
        Map<String, Node> representatives = new LinkedHashMap<>();
        Stream.concat(sources.stream(), targets.stream())
                .forEach(f -> representatives.putIfAbsent(layer(f), f));
        Node space =
                SpaceStore.require(
                        session.tx(),
                        distance.space(),
                        representatives.values().stream()
                                .map(f -> (String) f.getProperty("dictionary"))
                                .distinct()
                                .toList());
        return new MatchSelection(
                space,
                sources,
                targets,
                representatives.values().stream()
                        .map(f -> FeatureSelection.ofLayerOf(session.tx(), f))
                        .toList());
    }

    private static List<Node> some(String family, List<Node> selected) {
        if (selected.isEmpty()) {
            throw new ConfigurationException("no " + family + " is selected");
        }
        return selected;
    }

    private static String layer(Node feature) {
        return feature.getProperty("dictionary") + "/" + feature.getProperty("layer");
    }

    /** The name of the space. */
    String spaceName() {
        return (String) space.getProperty("name");
    }

    /** All features of the layers. */
    List<Node> all() {
        return layers.stream().flatMap(List::stream).toList();
    }

    /** The stored distributions. */
    public MatchClouds stored(Session session, DistanceConfig distance) {
        MatchClouds.Builder builder =
                new MatchClouds.Builder(
                        session,
                        space,
                        distance,
                        new SupportBuilder(
                                SupportBuilder.DEFAULT_METHOD,
                                SupportBuilder.DEFAULT_MAX_SUPPORT,
                                0),
                        1);
        Map<Node, Integer> items = new HashMap<>();
        int looked = 0;
        List<Node> all = all();
        for (Node feature : all) {
            session.monitor().check();
            session.monitor().progress("loading distributions", looked++, all.size());
            DistributionStore.find(session.tx(), (String) feature.getProperty("key"), spaceName())
                    .ifPresent(stored -> items.put(feature, builder.add(stored)));
        }
        return clouds(builder, items, items, "has a distribution");
    }

    /**
     * Distributions on one half of the prompts for the sources, on the other for the targets, made
     * of all firings there.
     *
     * @param supports reduces them
     * @param seed divides the prompts
     * @param concurrency number of threads
     */
    public MatchClouds disjoint(
            Session session,
            DistanceConfig distance,
            SupportBuilder supports,
            long seed,
            int concurrency) {
        SpacePositions positions = SpacePositions.of(space);
        PromptHalves halves =
                new PromptHalves(positions.prompts(session), positions.promptCount(), seed);
        BitSet excluded = SpaceStore.excluded(session.tx(), space);
        MatchClouds.Builder builder =
                new MatchClouds.Builder(session, space, distance, supports, concurrency);
        List<Map<Node, Integer>> items = List.of(new HashMap<>(), new HashMap<>());
        int looked = 0;
        List<Node> all = all();
        for (Node feature : all) {
            session.monitor().check();
            session.monitor().progress("building distributions", looked++, all.size());
            Optional<Firings> firings = firings(session, positions, feature, excluded);
            for (int half = 0; half < 2; half++) {
                int side = half;
                firings.flatMap(f -> halves.half(f, side))
                        .ifPresent(f -> items.get(side).put(feature, builder.add(f)));
            }
        }
        return clouds(builder, items.get(0), items.get(1), "fires on its half of the prompts");
    }

    /** Where a feature fires outside the excluded positions; empty where nowhere. */
    static Optional<Firings> firings(
            Session session, SpacePositions positions, Node feature, BitSet excluded) {
        String key = (String) feature.getProperty("key");
        CorpusStore.FeatureActivations activations = positions.activations(session.tx(), key);
        return activations == null
                ? Optional.empty()
                : Firings.of(key, activations.positions(), activations.values(), excluded);
    }

    private MatchClouds clouds(
            MatchClouds.Builder builder,
            Map<Node, Integer> sourceItems,
            Map<Node, Integer> targetItems,
            String present) {
        Map<String, Integer> numbers = new HashMap<>();
        List<MatchClouds.Builder.Others> populations = new ArrayList<>();
        for (List<Node> layer : layers) {
            numbers.put(layer(layer.get(0)), populations.size());
            populations.add(
                    new MatchClouds.Builder.Others(
                            items(layer, sourceItems), items(layer, targetItems)));
        }
        requireSome("source", sources, sourceItems, present);
        requireSome("target", targets, targetItems, present);
        return builder.build(
                family(sources, sourceItems, numbers),
                family(targets, targetItems, numbers),
                populations);
    }

    private static MatchClouds.Builder.Family family(
            List<Node> features, Map<Node, Integer> items, Map<String, Integer> numbers) {
        return new MatchClouds.Builder.Family(
                features,
                items(features, items),
                features.stream().mapToInt(f -> numbers.get(layer(f))).toArray());
    }

    private static int[] items(List<Node> features, Map<Node, Integer> items) {
        return features.stream().mapToInt(f -> items.getOrDefault(f, -1)).toArray();
    }

    private void requireSome(
            String family, List<Node> selected, Map<Node, Integer> items, String present) {
        if (Arrays.stream(items(selected, items)).allMatch(item -> item < 0)) {
            throw new ConfigurationException(
                    "no "
                            + family
                            + " "
                            + present
                            + " in the reference space '"
                            + spaceName()
                            + "'; sources and targets must share one space. Choose another with"
                            + " {space: ...}, or write distributions there with CALL"
                            + " sot.distributions.write({space: '"
                            + spaceName()
                            + "'})");
        }
    }
}
