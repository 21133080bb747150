package dev.sot.transport.circuit;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Pruning by influence on the logits, as circuit-tracer does it: of what is ranked by influence,
 * the first ones are kept until they hold a given share of the whole. Ties go to the smallest
 * numbers.
 */
public final class Pruning {

    private Pruning() {}

    /**
     * Which features are kept; nodes of other kinds always are. O(n log n).
     *
     * @param influence of each node, {@code >= 0}
     * @param share of the features' influence that is kept, from 0 to 1
     */
    public static boolean[] features(CircuitGraph graph, double[] influence, double share) {
        int[] features =
                IntStream.range(0, graph.nodeCount())
                        .filter(v -> graph.kind(v) == NodeKind.FEATURE)
                        .toArray();
        boolean[] kept = new boolean[graph.nodeCount()];
        for (int v = 0; v < kept.length; v++) {
            kept[v] = graph.kind(v) != NodeKind.FEATURE;
        }
        double[] score = IntStream.of(features).mapToDouble(v -> influence[v]).toArray();
        for (int k : strongest(score, share)) {
            kept[features[k]] = true;
        }
        return kept;
    }

    /**
     * The circuit with its most influential links alone: a link's influence is its share in the
     * absolute input of its target, times the target's influence, its own probability included.
     * O(links log links).
     *
     * @param influence of each node, {@code >= 0}
     * @param share of the links' influence that is kept, from 0 to 1
     */
    public static CircuitGraph links(CircuitGraph graph, double[] influence, double share) {
        int links = graph.linkCount();
        int[] source = new int[links];
        int[] target = new int[links];
        double[] weight = new double[links];
        double[] score = new double[links];
        int next = 0;
        for (int v = 0; v < graph.nodeCount(); v++) {
            double input = 0;
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                input += Math.abs(graph.inWeight(k));
            }
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++, next++) {
                source[next] = graph.inSource(k);
                target[next] = v;
                weight[next] = graph.inWeight(k);
                score[next] =
                        input > 0
                                ? Math.abs(weight[next])
                                        / input
                                        * (influence[v] + graph.logitProbability(v))
                                : 0;
            }
        }
        int[] kept = strongest(score, share);
        return graph.withLinks(
                IntStream.of(kept).map(k -> source[k]).toArray(),
                IntStream.of(kept).map(k -> target[k]).toArray(),
                IntStream.of(kept).mapToDouble(k -> weight[k]).toArray());
    }

    /** The fewest numbers whose scores hold the share, ascending; none of score 0. */
    private static int[] strongest(double[] score, double share) {
        double total = 0;
        for (double s : score) {
            total += s;
        }
        int[] ranked =
                IntStream.range(0, score.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer k) -> -score[k]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double held = 0;
        int kept = 0;
        while (kept < ranked.length && held < share * total && score[ranked[kept]] > 0) {
            held += score[ranked[kept++]];
        }
        return IntStream.range(0, kept).map(k -> ranked[k]).sorted().toArray();
    }
}
