package dev.sot.transport.circuit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A quotient made acyclic by removing as little as two rules ask for, those of circuit_tracer_mod
 * (IamKrill1n, 2026).
 *
 * <ol>
 *   <li>Of two superedges in opposite directions the one of larger absolute weight a stays, less
 *       the other's b: its weight becomes |a| - |b| with the sign of a. Where both are equally
 *       large, both are removed.
 *   <li>Groups are ordered by the median layer of their members, then the mean layer, then the
 *       smallest position, then their number; embeddings come first, logits last. Superedges
 *       against that order are removed.
 * </ol>
 *
 * <p>Groups of errors come first together with those of embeddings, which is added here: nothing
 * points to an error, so that no link from one closes a cycle.
 *
 * @param superedges what is left, in ascending order of source and target; where an opposite
 *     superedge was taken off, all sums are scaled by what is left of the weight
 * @param removedMass share of the sum of the superedges' absolute weights that is gone; 0 when
 *     there was none
 * @param opposed pairs of superedges in opposite directions
 * @param backward further superedges removed because they run against the order
 */
public record AcyclicCollapse(
        List<Superedge> superedges, double removedMass, int opposed, int backward) {

    /**
     * Makes a quotient acyclic. O(nodes log nodes + superedges).
     *
     * @param quotient of the graph by the groups
     * @param group group of each node, as the quotient was made with
     * @param layer layer of each node; read for features only
     * @param position token position of each node; read for features only
     * @throws IllegalArgumentException if an argument has not one entry per node
     */
    public static AcyclicCollapse of(
            Quotient quotient, CircuitGraph graph, int[] group, int[] layer, int[] position) {
        int n = graph.nodeCount();
        if (group.length != n || layer.length != n || position.length != n) {
            throw new IllegalArgumentException(
                    "group, layer and position have "
                            + group.length
                            + ", "
                            + layer.length
                            + " and "
                            + position.length
                            + " entries for "
                            + n
                            + " nodes");
        }
        Map<Integer, Integer> rank = ranks(graph, group, layer, position);
        Map<Long, Superedge> byEnds = new HashMap<>();
        double all = 0;
        for (Superedge edge : quotient.superedges()) {
            byEnds.put(ends(edge.source(), edge.target()), edge);
            all += Math.abs(edge.weight());
        }
        List<Superedge> kept = new ArrayList<>();
        double left = 0;
        int opposed = 0;
        int backward = 0;
        for (Superedge edge : quotient.superedges()) {
            Superedge opposite = byEnds.get(ends(edge.target(), edge.source()));
            double other = opposite == null ? 0 : Math.abs(opposite.weight());
            if (opposite != null && edge.source() < edge.target()) {
                opposed++;
            }
            if (opposite != null && Math.abs(edge.weight()) <= other) {
                continue;
            }
            if (rank.get(edge.source()) > rank.get(edge.target())) {
                backward++;
                continue;
            }
            Superedge survivor = other > 0 ? less(edge, other) : edge;
            left += Math.abs(survivor.weight());
            kept.add(survivor);
        }
        return new AcyclicCollapse(
                List.copyOf(kept), all > 0 ? Math.max(0, 1 - left / all) : 0, opposed, backward);
    }

    private static long ends(int source, int target) {
        return (long) source << 32 | target & 0xffffffffL;
    }

    /** A superedge with a smaller weight. */
    private static Superedge less(Superedge edge, double by) {
        double share = (Math.abs(edge.weight()) - by) / Math.abs(edge.weight());
        return new Superedge(
                edge.source(),
                edge.target(),
                edge.weight() * share,
                edge.normalizedWeight() * share,
                edge.positive() * share,
                edge.negative() * share,
                edge.absolute() * share,
                edge.links());
    }

    /** A group's place: what it is ordered by. */
    private record Place(int group, int kind, double medianLayer, double meanLayer, int position) {}

    private static Map<Integer, Integer> ranks(
            CircuitGraph graph, int[] group, int[] layer, int[] position) {
        Map<Integer, List<Integer>> members = new HashMap<>();
        for (int v = 0; v < group.length; v++) {
            if (group[v] >= 0) {
                members.computeIfAbsent(group[v], g -> new ArrayList<>()).add(v);
            }
        }
        List<Place> places = new ArrayList<>();
        members.forEach((g, nodes) -> places.add(place(graph, g, nodes, layer, position)));
        places.sort(
                Comparator.comparingInt(Place::kind)
                        .thenComparingDouble(Place::medianLayer)
                        .thenComparingDouble(Place::meanLayer)
                        .thenComparingInt(Place::position)
                        .thenComparingInt(Place::group));
        Map<Integer, Integer> rank = new HashMap<>();
        places.forEach(place -> rank.put(place.group, rank.size()));
        return rank;
    }

    /** By its features, if it has any. */
    private static Place place(
            CircuitGraph graph, int group, List<Integer> nodes, int[] layer, int[] position) {
        int[] features =
                nodes.stream()
                        .mapToInt(Integer::intValue)
                        .filter(v -> graph.kind(v) == NodeKind.FEATURE)
                        .toArray();
        if (features.length == 0) {
            boolean logits = nodes.stream().anyMatch(v -> graph.kind(v) == NodeKind.LOGIT);
            return new Place(group, logits ? 1 : -1, 0, 0, 0);
        }
        int[] layers = IntStream.of(features).map(v -> layer[v]).sorted().toArray();
        int half = layers.length / 2;
        double median =
                layers.length % 2 == 1
                        ? layers[half]
                        : ((double) layers[half - 1] + layers[half]) / 2;
        return new Place(
                group,
                0,
                median,
                Arrays.stream(layers).average().orElseThrow(),
                IntStream.of(features).map(v -> position[v]).min().orElseThrow());
    }
}
