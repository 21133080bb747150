package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import java.util.Arrays;

/**
 * Likeness by place in the circuit: which nodes a node takes from and gives to, and how much.
 *
 * <p>The profile of a node is the vector of its signed incoming weights over all sources, scaled to
 * unit length, followed by that of its outgoing weights over all targets. With complete linkage
 * ({@link HierarchicalClustering}) the distance 1 - cosine gives the grouping that comes nearest to
 * a standard of the attribution graph interfaces.
 *
 * <p>Time O(sum over neighbours of the square of their number of links), at most O(nodes * links).
 */
public final class EdgeProfiles {

    private EdgeProfiles() {}

    /**
     * 1 - cosine of two nodes' profiles. A node without any link of non-zero weight has distance 1
     * to all others.
     *
     * @param nodes nodes to compare, each once
     * @return distances between 0 and 2, condensed in the order of {@code nodes}
     */
    public static double[] distances(CircuitGraph graph, int[] nodes, Monitor monitor) {
        int n = nodes.length;
        double[] ones = new double[graph.nodeCount()];
        Arrays.fill(ones, 1);
        LinkProducts products = LinkProducts.apart(graph, nodes, ones, ones);
        double[] distances = new double[Condensed.length(n)];
        double[] in = new double[n];
        double[] out = new double[n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            products.row(i, in, out);
            for (int j = i + 1; j < n; j++) {
                double dot =
                        Cosine.of(in[j], products.inSquare(i), products.inSquare(j))
                                + Cosine.of(out[j], products.outSquare(i), products.outSquare(j));
                int squares = parts(products, i) * parts(products, j);
                distances[next++] = Cosine.distance(squares > 0 ? dot / Math.sqrt(squares) : 0);
            }
            monitor.progress("edge profiles", i + 1, n);
        }
        return distances;
    }

    /** The squared length of a profile: how many of its halves are not zero. */
    private static int parts(LinkProducts products, int i) {
        return (products.inSquare(i) > 0 ? 1 : 0) + (products.outSquare(i) > 0 ? 1 : 0);
    }

    /**
     * Cosines of two nodes' incoming weights.
     *
     * @param nodes nodes to compare, each once
     * @return cosines, condensed in the order of {@code nodes}; NaN where one of the two has no
     *     incoming link of non-zero weight
     */
    public static double[] incoming(CircuitGraph graph, int[] nodes, Monitor monitor) {
        return half(graph, nodes, true, monitor);
    }

    /**
     * Cosines of two nodes' outgoing weights.
     *
     * @param nodes nodes to compare, each once
     * @return cosines, condensed in the order of {@code nodes}; NaN where one of the two has no
     *     outgoing link of non-zero weight
     */
    public static double[] outgoing(CircuitGraph graph, int[] nodes, Monitor monitor) {
        return half(graph, nodes, false, monitor);
    }

    private static double[] half(
            CircuitGraph graph, int[] nodes, boolean incoming, Monitor monitor) {
        int n = nodes.length;
        double[] sources = new double[graph.nodeCount()];
        double[] targets = new double[graph.nodeCount()];
        Arrays.fill(incoming ? sources : targets, 1);
        LinkProducts products = LinkProducts.apart(graph, nodes, sources, targets);
        double[] cosines = new double[Condensed.length(n)];
        double[] in = new double[n];
        double[] out = new double[n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            products.row(i, in, out);
            for (int j = i + 1; j < n; j++) {
                double a = incoming ? products.inSquare(i) : products.outSquare(i);
                double b = incoming ? products.inSquare(j) : products.outSquare(j);
                double dot = incoming ? in[j] : out[j];
                cosines[next++] = a > 0 && b > 0 ? Cosine.of(dot, a, b) : Double.NaN;
            }
        }
        return cosines;
    }
}
