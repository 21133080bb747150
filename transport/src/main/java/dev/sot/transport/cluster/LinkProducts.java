package dev.sot.transport.cluster;

import dev.sot.transport.circuit.CircuitGraph;
import java.util.Arrays;

/**
 * Inner products of nodes' links: with A[i,j] the weight of the link from j to i,
 *
 * <pre>
 *   in(i, j)  = sum over sources u of A[i,u] A[j,u] s_u
 *   out(i, j) = sum over targets v of A[v,i] A[v,j] t_v
 * </pre>
 *
 * <p>Row by row, along the links only: time O(sum over neighbours of the square of their number of
 * links) for all rows.
 */
final class LinkProducts {

    private final CircuitGraph graph;
    private final int[] nodes;
    private final double[] sourceWeight;
    private final double[] targetWeight;
    private final int[] place;
    private final double[] inSquare;
    private final double[] outSquare;

    /** All sources and targets weigh 1. */
    LinkProducts(CircuitGraph graph, int[] nodes) {
        this(graph, nodes, ones(graph), ones(graph));
    }

    /**
     * Products under weights.
     *
     * @param nodes nodes to compare, each once
     * @param sourceWeight s by node, {@code >= 0}
     * @param targetWeight t by node, {@code >= 0}
     */
    LinkProducts(CircuitGraph graph, int[] nodes, double[] sourceWeight, double[] targetWeight) {
        this.graph = graph;
        this.nodes = nodes;
        this.sourceWeight = sourceWeight;
        this.targetWeight = targetWeight;
        place = Labels.places(nodes, graph.nodeCount());
        inSquare = new double[nodes.length];
        outSquare = new double[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            int node = nodes[i];
            for (int k = graph.inBegin(node); k < graph.inEnd(node); k++) {
                double w = graph.inWeight(k);
                inSquare[i] += w * w * sourceWeight[graph.inSource(k)];
            }
            for (int k = graph.outBegin(node); k < graph.outEnd(node); k++) {
                double w = graph.outWeight(k);
                outSquare[i] += w * w * targetWeight[graph.outTarget(k)];
            }
        }
    }

    private static double[] ones(CircuitGraph graph) {
        double[] ones = new double[graph.nodeCount()];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** {@code in(i, i)}. */
    double inSquare(int i) {
        return inSquare[i];
    }

    /** {@code out(i, i)}. */
    double outSquare(int i) {
        return outSquare[i];
    }

    /**
     * The products of one node with those after it.
     *
     * @param in set to {@code in(i, j)} for every j above i
     * @param out set to {@code out(i, j)} for every j above i
     */
    void row(int i, double[] in, double[] out) {
        Arrays.fill(in, 0);
        Arrays.fill(out, 0);
        for (int k = graph.inBegin(nodes[i]); k < graph.inEnd(nodes[i]); k++) {
            int u = graph.inSource(k);
            double w = graph.inWeight(k) * sourceWeight[u];
            for (int l = graph.outBegin(u); l < graph.outEnd(u); l++) {
                int j = place[graph.outTarget(l)];
                if (j > i) {
                    in[j] += w * graph.outWeight(l);
                }
            }
        }
        for (int k = graph.outBegin(nodes[i]); k < graph.outEnd(nodes[i]); k++) {
            int v = graph.outTarget(k);
            double w = graph.outWeight(k) * targetWeight[v];
            for (int l = graph.inBegin(v); l < graph.inEnd(v); l++) {
                int j = place[graph.inSource(l)];
                if (j > i) {
                    out[j] += w * graph.inWeight(l);
                }
            }
        }
    }
}
