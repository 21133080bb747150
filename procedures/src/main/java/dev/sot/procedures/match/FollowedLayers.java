package dev.sot.procedures.match;

import dev.sot.procedures.config.ConfigurationException;
import dev.sot.procedures.runtime.Heap;
import dev.sot.procedures.runtime.Session;
import dev.sot.procedures.store.FeatureSelection;
import dev.sot.transport.match.Blocks;
import dev.sot.transport.match.Chains;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.graphdb.Node;

/** The layers of a dictionary, matched one with the next in both directions, and linked. */
final class FollowedLayers {

    /** A link with its match, and its places in lists of predecessors and successors. */
    private static final long BYTES_PER_LINK = 500;

    private final List<List<Node>> layers = new ArrayList<>();
    private final List<BitSet> silent = new ArrayList<>();
    private final List<Map<Chains.Link, MatchRow>> links = new ArrayList<>();
    private final Chains chains;

    /**
     * Follows.
     *
     * @param heap counts what is kept of the links
     */
    FollowedLayers(Session session, Heap heap, ChainsConfig config) {
        List<Integer> numbers = numbers(session, config);
        for (int layer : numbers) {
            List<Node> features = selection(config, layer).resolve(session.tx());
            layers.add(features);
            BitSet all = new BitSet();
            all.set(0, features.size());
            silent.add(all);
        }
        for (int at = 0; at + 1 < numbers.size(); at++) {
            Map<Chains.Link, MatchRow> found = new LinkedHashMap<>();
            link(session, heap, config, numbers, at, at + 1, found);
            link(session, heap, config, numbers, at + 1, at, found);
            links.add(found);
        }
        this.chains =
                Chains.of(
                        layers.stream().mapToInt(List::size).toArray(),
                        links.stream().map(l -> List.copyOf(l.keySet())).toList(),
                        silent);
    }

    private static List<Integer> numbers(Session session, ChainsConfig config) {
        List<Integer> numbers =
                config.layers()
                        .orElseGet(
                                () ->
                                        dictionary(config).resolve(session.tx()).stream()
                                                .map(f -> (Number) f.getProperty("layer"))
                                                .map(Number::intValue)
                                                .distinct()
                                                .sorted()
                                                .toList());
        if (numbers.size() < 2) {
            throw new ConfigurationException(
                    "dictionary '"
                            + config.dictionary()
                            + "' has features in layers "
                            + numbers
                            + " only; features are followed through at least two");
        }
        return numbers;
    }

    private static FeatureSelection dictionary(ChainsConfig config) {
        return new FeatureSelection(
                Optional.empty(),
                Optional.of(config.dictionary()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static FeatureSelection selection(ChainsConfig config, int layer) {
        return FeatureSelection.layer(config.dictionary(), layer);
    }

    /** Adds the links that the matches of one direction are, unless the other has added them. */
    private void link(
            Session session,
            Heap heap,
            ChainsConfig config,
            List<Integer> numbers,
            int from,
            int to,
            Map<Chains.Link, MatchRow> found) {
        MatchConfig match =
                config.match()
                        .between(
                                selection(config, numbers.get(from)),
                                selection(config, numbers.get(to)));
        Map<Node, Integer> ofSources = indices(layers.get(from));
        Map<Node, Integer> ofTargets = indices(layers.get(to));
        MatchSelection selected = MatchSelection.of(session, match);
        try (Matcher matcher =
                new Matcher(session, match, selected, Blocks.atOnce(session.monitor()))) {
            heard(silent.get(from), ofSources, matcher.clouds().sources());
            heard(silent.get(to), ofTargets, matcher.clouds().targets());
            for (Certificate certificate : matcher.matches()) {
                if (config.links().has(certificate)) {
                    MatchRow row = new MatchRow(matcher.clouds(), certificate);
                    int source = ofSources.get(row.source);
                    int target = ofTargets.get(row.target);
                    heap.take(BYTES_PER_LINK);
                    found.putIfAbsent(
                            from < to
                                    ? new Chains.Link(source, target)
                                    : new Chains.Link(target, source),
                            row);
                }
            }
        }
    }

    /** Features that have a distribution on either side are not silent. */
    private static void heard(BitSet silent, Map<Node, Integer> indices, MatchClouds.Side side) {
        side.features().forEach(feature -> silent.clear(indices.get(feature)));
    }

    private static Map<Node, Integer> indices(List<Node> features) {
        Map<Node, Integer> indices = new HashMap<>();
        features.forEach(feature -> indices.put(feature, indices.size()));
        return indices;
    }

    /** The features of each layer, in the order in which layers are followed. */
    List<List<Node>> layers() {
        return layers;
    }

    /** The links from each layer to the next, each with the match that it is. */
    List<Map<Chains.Link, MatchRow>> links() {
        return links;
    }

    /** The number of all of them. */
    int size() {
        return links.stream().mapToInt(Map::size).sum();
    }

    Chains chains() {
        return chains;
    }
}
