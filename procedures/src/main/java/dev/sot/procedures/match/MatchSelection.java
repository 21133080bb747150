package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.distance.DistanceConfig;
import dev.sot.procedures.meta.Version;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.procedures.store.SpaceStore;
import dev.sot.transport.Firings;
import dev.sot.transport.match.Blocks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

    /**
     * What a run matches.
     *
     * @throws ConfigurationException also where the space has no such distributions
     */
    static MatchSelection of(Session session, MatchConfig config) {
        MatchSelection selection =
                of(session, config.sources(), config.targets(), config.distance());
        config.bounding().requireFitting(selection.space());
        return selection;
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
            throw new ConfigurationException(
                    "no " + family + " is selected: the list or query that chooses them has none");
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

    /** Identifies what is matched: another result means that a run begun before rests on others. */
    String inputs() {
        ContentHash hash = new ContentHash();
        hash.add(Version.get());
        hash.add(String.valueOf(space.getProperty("contentHash", "")));
        SpaceStore.corpora(space)
                .forEach(c -> hash.add(String.valueOf(c.getProperty("contentHash", ""))));
        Stream.of(sources, targets, all())
                .forEach(
                        family -> {
                            hash.add(String.valueOf(family.size()));
                            family.forEach(f -> hash.add((String) f.getProperty("key")));
                        });
        return hash.hex();
    }

    /**
     * Looks whether anything can be matched, before much is computed.
     *
     * @throws ConfigurationException where no source or no target has a distribution
     */
    void requireFiring(Session session, SideFirings firings) {
        requireFiring(session, "source", sources, feature -> firings.of(feature, 0));
        requireFiring(
                session, "target", targets, feature -> firings.of(feature, firings.sides() - 1));
    }

    private void requireFiring(
            Session session,
            String family,
            List<Node> selected,
            Function<Node, Optional<Firings>> firings) {
        for (Node feature : selected) {
            session.monitor().check();
            if (firings.apply(feature).isPresent()) {
                return;
            }
        }
        throw new ConfigurationException(
                "no "
                        + family
                        + " fires in the reference space '"
                        + spaceName()
                        + "' outside the excluded positions; sources and targets must be"
                        + " recorded on its corpora. Choose another space with {space: ...}");
    }

    /**
     * Makes the distributions, and measures their noise.
     *
     * @throws ConfigurationException where no source or no target has a distribution
     */
    MatchClouds load(Session session, MatchConfig config, SideFirings firings, Blocks blocks) {
        requireFiring(session, firings);
        List<Node> all = all();
        SplitHalves splitting =
                new SplitHalves(
                        session,
                        space,
                        config.distance(),
                        firings.prompts(),
                        config.supports(space),
                        config.seed(),
                        config.concurrency());
        MatchClouds.Builder builder =
                new MatchClouds.Builder(
                        session,
                        space,
                        config.distance(),
                        config.supports(space),
                        config.concurrency());
        List<Map<Node, Integer>> items = new ArrayList<>();
        List<double[]> noise = new ArrayList<>();
        for (int side = 0; side < firings.sides(); side++) {
            int half = side;
            Map<Node, Integer> ofSide = new HashMap<>();
            int looked = 0;
            for (Node feature : all) {
                session.monitor().check();
                session.monitor().progress("building distributions", looked++, all.size());
                firings.of(feature, half).ifPresent(f -> ofSide.put(feature, builder.add(f)));
            }
            items.add(ofSide);
            noise.add(
                    splitting.noise(
                            "sampling noise " + side,
                            all.size(),
                            i -> firings.of(all.get(i), half),
                            blocks));
        }
        int last = items.size() - 1;
        return clouds(
                builder,
                new Made(items.get(0), noise(noise.get(0))),
                new Made(items.get(last), noise(noise.get(last))));
    }

    private Map<Node, Double> noise(double[] noise) {
        Map<Node, Double> ofFeatures = new HashMap<>();
        all().forEach(feature -> ofFeatures.put(feature, noise[ofFeatures.size()]));
        return ofFeatures;
    }

    /** The numbers of the distributions of one side, and how noisy they are. */
    private record Made(Map<Node, Integer> items, Map<Node, Double> noise) {

        int[] items(List<Node> features) {
            return features.stream().mapToInt(f -> items.getOrDefault(f, -1)).toArray();
        }

        double[] noise(List<Node> features) {
            return features.stream().mapToDouble(noise::get).toArray();
        }
    }

    private MatchClouds clouds(MatchClouds.Builder builder, Made ofSources, Made ofTargets) {
        Map<String, Integer> numbers = new HashMap<>();
        List<MatchClouds.Builder.Others> populations = new ArrayList<>();
        boolean same = ofSources.items() == ofTargets.items();
        for (List<Node> layer : layers) {
            numbers.put(layer(layer.get(0)), populations.size());
            int[] items = ofSources.items(layer);
            populations.add(
                    new MatchClouds.Builder.Others(
                            items,
                            same ? items : ofTargets.items(layer),
                            ofSources.noise(layer),
                            ofTargets.noise(layer)));
        }
        return builder.build(
                family(sources, ofSources, numbers),
                family(targets, ofTargets, numbers),
                populations);
    }

    private static MatchClouds.Builder.Family family(
            List<Node> features, Made made, Map<String, Integer> numbers) {
        return new MatchClouds.Builder.Family(
                features,
                made.items(features),
                made.noise(features),
                features.stream().mapToInt(f -> numbers.get(layer(f))).toArray());
    }
}
