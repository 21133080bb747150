package dev.sot.transport.cluster;

import dev.sot.transport.circuit.CircuitGraph;
import java.util.Arrays;

/**
 * Inner products of nodes' links for cosines: with A[i,j] the weight of the link from j to i,
 *
 * <pre>
 *   in(i, j)  = sum over sources u of a_i A[i,u] a_j A[j,u] s_u
 *   out(i, j) = sum over targets v of b_i A[v,i] b_j A[v,j] t_v
 * </pre>
 *
 * <p>where a_i and b_i are powers of two that bring the largest of a node's weights near 1, so that
 * squares neither overflow nor vanish, whatever the weights' unit. They change no digit of a
 * cosine.
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
    private final double[] inScale;
    private final double[] outScale;
    private final double[] inSquare;
    private final double[] outSquare;

    /** For cosines of links in and of links out, each by itself: a and b are independent. */
    static LinkProducts apart(
            CircuitGraph graph, int[] nodes, double[] sourceWeight, double[] targetWeight) {
        return new LinkProducts(graph, nodes, sourceWeight, targetWeight, false);
    }

    /** For cosines of links in and out together: a = b. */
    static LinkProducts together(
            CircuitGraph graph, int[] nodes, double[] sourceWeight, double[] targetWeight) {
        return new LinkProducts(graph, nodes, sourceWeight, targetWeight, true);
    }

    /**
     * Products under weights.
     *
     * @param nodes nodes to compare, each once
     * @param sourceWeight s by node, {@code >= 0}
     * @param targetWeight t by node, {@code >= 0}
     */
    private LinkProducts(
            CircuitGraph graph,
            int[] nodes,
            double[] sourceWeight,
            double[] targetWeight,
            boolean together) {
        this.graph = graph;
        this.nodes = nodes;
        this.sourceWeight = sourceWeight;
        this.targetWeight = targetWeight;
        place = Labels.places(nodes, graph.nodeCount());
        inScale = new double[nodes.length];
        outScale = new double[nodes.length];
        inSquare = new double[nodes.length];
        outSquare = new double[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            int node = nodes[i];
            double in = 0;
            for (int k = graph.inBegin(node); k < graph.inEnd(node); k++) {
                in = Math.max(in, Math.abs(graph.inWeight(k)));
            }
            double out = 0;
            for (int k = graph.outBegin(node); k < graph.outEnd(node); k++) {
                out = Math.max(out, Math.abs(graph.outWeight(k)));
            }
            inScale[i] = scale(together ? Math.max(in, out) : in);
            outScale[i] = together ? inScale[i] : scale(out);
            for (int k = graph.inBegin(node); k < graph.inEnd(node); k++) {
                double w = graph.inWeight(k) * inScale[i];
                inSquare[i] += w * w * sourceWeight[graph.inSource(k)];
            }
            for (int k = graph.outBegin(node); k < graph.outEnd(node); k++) {
                double w = graph.outWeight(k) * outScale[i];
                outSquare[i] += w * w * targetWeight[graph.outTarget(k)];
            }
        }
    }

    /** The power of two that brings a number near 1, as far as a double can. */
    private static double scale(double largest) {
        return largest > 0
                ? Math.scalb(1.0, Math.min(Double.MAX_EXPONENT, -Math.getExponent(largest)))
                : 1;
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
            double w = graph.inWeight(k) * inScale[i] * sourceWeight[u];
            for (int l = graph.outBegin(u); l < graph.outEnd(u); l++) {
                int j = place[graph.outTarget(l)];
                if (j > i) {
                    in[j] += w * (graph.outWeight(l) * inScale[j]);
                }
            }
        }
        for (int k = graph.outBegin(nodes[i]); k < graph.outEnd(nodes[i]); k++) {
            int v = graph.outTarget(k);
            double w = graph.outWeight(k) * outScale[i] * targetWeight[v];
            for (int l = graph.inBegin(v); l < graph.inEnd(v); l++) {
                int j = place[graph.inSource(l)];
                if (j > i) {
                    out[j] += w * (graph.inWeight(l) * outScale[j]);
                }
            }
        }
    }
}
