package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.Attribution;
import dev.sot.transport.circuit.CircuitGraph;

/**
 * Likeness by role: what of the tokens a node takes up, and what of it reaches the logits.
 *
 * <p>With A[i,j] the weight of the link from j to i, influence and relevance as in {@link
 * Attribution} with the weights of the logits and of the embeddings themselves included, the role
 * of node i is the vector
 *
 * <pre>    r_i = [ A[k,i] sqrt(influence_k) over all k ; A[i,k] sqrt(relevance_k) over all k ]
 * </pre>
 *
 * <p>and two nodes are alike by the cosine of their roles. It is the similarity that the
 * attribution graph tools of IamKrill1n (circuit_tracer_mod, 2026) group by, with {@link
 * CorrelationClustering}.
 *
 * <p>Time O(sum over neighbours of the square of their number of links), at most O(nodes * links).
 */
public final class RoleVectors {

    private RoleVectors() {}

    /**
     * Cosines of two nodes' roles.
     *
     * @param nodes nodes to compare, each once
     * @return cosines between -1 and 1, condensed in the order of {@code nodes}; 0 where a node has
     *     no role, that is no link that leads from a token or to a logit
     * @throws ArithmeticException if influence or relevance do not converge, as in {@link
     *     Attribution#influence}
     */
    public static double[] similarities(CircuitGraph graph, int[] nodes, Monitor monitor) {
        int n = nodes.length;
        double[] relevance = Attribution.relevance(graph, monitor);
        double[] embedding = Attribution.embeddingWeights(graph);
        double[] influence = Attribution.influence(graph, monitor).values();
        for (int v = 0; v < graph.nodeCount(); v++) {
            relevance[v] += embedding[v];
            influence[v] += graph.logitProbability(v);
        }
        LinkProducts products = LinkProducts.together(graph, nodes, relevance, influence);
        double[] similarities = new double[Condensed.length(n)];
        double[] in = new double[n];
        double[] out = new double[n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            products.row(i, in, out);
            double square = products.inSquare(i) + products.outSquare(i);
            for (int j = i + 1; j < n; j++) {
                double other = products.inSquare(j) + products.outSquare(j);
                double cosine = Cosine.of(in[j] + out[j], square, other);
                similarities[next++] = Math.min(1, Math.max(-1, cosine));
            }
            monitor.progress("roles", i + 1, n);
        }
        return similarities;
    }

    /**
     * 1 - cosine of two nodes' roles.
     *
     * @param nodes nodes to compare, each once
     * @return distances between 0 and 2, condensed in the order of {@code nodes}
     * @throws ArithmeticException as {@link #similarities} does
     */
    public static double[] distances(CircuitGraph graph, int[] nodes, Monitor monitor) {
        double[] distances = similarities(graph, nodes, monitor);
        int n = nodes.length;
        for (int i = 0; i < n; i++) {
            monitor.check();
            int row = Condensed.row(i, n);
            for (int j = i + 1; j < n; j++) {
                distances[row + j] = Cosine.distance(distances[row + j]);
            }
        }
        return distances;
    }
}
