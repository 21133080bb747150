package dev.sot.transport.circuit;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Influence and scores of an attribution circuit, as circuit-tracer and Neuronpedia define them.
 *
 * <p>Let A[i,j] be the weight of the link from j to i, w the logit probabilities (0 elsewhere) and
 * N = |A| / max(row sum of |A|, 1e-10). Then
 *
 * <pre>
 *   influence    = sum over k >= 1 of w N^k
 *   replacement  = influence of tokens / (influence of tokens + influence of errors)
 *   completeness = sum_i (1 - sum over errors j of N[i,j]) (influence_i + w_i) / sum_i (influence_i + w_i)
 * </pre>
 *
 * <p>Both scores are meant for the unpruned circuit; of a pruned file they are simply other
 * numbers, comparable only with scores of files pruned in the same way. They depend on which nodes
 * are pinned, never on how nodes are grouped.
 */
public final class Attribution {

    /** Terms of the influence series after which a cyclic circuit is given up. */
    public static final int MAX_ITERATIONS = 1000;

    /** A term of the series this small beside the sum so far ends it. */
    public static final double TOLERANCE = 1e-14;

    private static final double SMALLEST_INPUT = 1e-10;

    private Attribution() {}

    /**
     * Influence of every node. One pass against the direction of the links, O(nodes + links), when
     * the circuit has no cycle; otherwise O(links) for each term of the series. A link of weight 0
     * closes no cycle.
     *
     * @throws ArithmeticException if the series has not converged after {@link #MAX_ITERATIONS}
     *     terms, as when the nodes of a cycle that the logits depend on have no other input
     */
    public static Influence influence(CircuitGraph graph, Monitor monitor) {
        double[] probability = new double[graph.nodeCount()];
        Arrays.setAll(probability, graph::logitProbability);
        return influence(graph, probability, monitor);
    }

    /**
     * Relevance of every node: how much of what the tokens send out reaches it. It is influence
     * against the direction of the links, with every embedding weighing the same: with e = 1 /
     * number of embeddings for each of them (0 elsewhere) and M[j,i] the share of |A[j,i]| in all
     * that i sends out,
     *
     * <pre>
     *   relevance = sum over k >= 1 of e (M')^k
     * </pre>
     *
     * <p>Costs what {@link #influence} costs; 0 everywhere in a circuit without embeddings.
     *
     * @return relevance by node, all {@code >= 0}; an embedding's own weight is not part of it
     * @throws ArithmeticException as {@link #influence} does
     */
    public static double[] relevance(CircuitGraph graph, Monitor monitor) {
        return influence(graph.reversed(), embeddingWeights(graph), monitor).values();
    }

    /** The same for each embedding, 1 in all; 0 for all other nodes. */
    public static double[] embeddingWeights(CircuitGraph graph) {
        int[] embeddings =
                IntStream.range(0, graph.nodeCount())
                        .filter(v -> graph.kind(v) == NodeKind.EMBEDDING)
                        .toArray();
        double[] weight = new double[graph.nodeCount()];
        for (int v : embeddings) {
            weight[v] = 1.0 / embeddings.length;
        }
        return weight;
    }

    /** Influence on nodes that weigh as given. */
    private static Influence influence(CircuitGraph graph, double[] weight, Monitor monitor) {
        double[] scale = rowScale(graph);
        int[] order = targetsFirst(graph);
        return order.length == graph.nodeCount()
                ? new Influence(exactInfluence(graph, weight, scale, order), true, 0)
                : iteratedInfluence(graph, weight, scale, monitor);
    }

    /**
     * Signed total effect of every node on one node: with S = A / max(row sum of |A|, 1e-10), the
     * signed counterpart of N,
     *
     * <pre>
     *   effect(u) = sum over k >= 1 of S^k [node, u]
     * </pre>
     *
     * <p>that is the sum over all paths from u of the products of the signed shares that each link
     * has in the input of its target. Positive for what pushes the node up, negative for what
     * pushes it down. Costs what {@link #influence} costs.
     *
     * @throws ArithmeticException as {@link #influence} does
     */
    public static double[] effects(CircuitGraph graph, int node, Monitor monitor) {
        int n = graph.nodeCount();
        double[] scale = rowScale(graph);
        int[] order = targetsFirst(graph);
        double[] effect = new double[n];
        if (order.length == n) {
            for (int u : order) {
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    int v = graph.outTarget(k);
                    effect[u] += graph.outWeight(k) * scale[v] * (effect[v] + (v == node ? 1 : 0));
                }
            }
            return effect;
        }
        double[] term = new double[n];
        term[node] = 1;
        double total = 0;
        for (int iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
            monitor.check();
            double[] next = new double[n];
            double added = 0;
            for (int u = 0; u < n; u++) {
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    int v = graph.outTarget(k);
                    next[u] += graph.outWeight(k) * scale[v] * term[v];
                }
                effect[u] += next[u];
                added += Math.abs(next[u]);
            }
            total += added;
            if (added <= TOLERANCE * total) {
                return effect;
            }
            term = next;
        }
        throw notConverged("effects have");
    }

    private static ArithmeticException notConverged(String what) {
        return new ArithmeticException(
                what
                        + " not converged after "
                        + MAX_ITERATIONS
                        + " terms: the circuit has a cycle with almost no link into it from"
                        + " outside, or, for relevance, out of it; remove a link of the cycle");
    }

    private static double[] rowScale(CircuitGraph graph) {
        double[] scale = new double[graph.nodeCount()];
        for (int v = 0; v < scale.length; v++) {
            scale[v] = 1 / Math.max(graph.absoluteInput(v), SMALLEST_INPUT);
        }
        return scale;
    }

    /** Nodes such that each comes after all it points to; without those upstream of a cycle. */
    private static int[] targetsFirst(CircuitGraph graph) {
        int n = graph.nodeCount();
        int[] waitingFor = new int[n];
        int[] order = new int[n];
        int found = 0;
        for (int v = 0; v < n; v++) {
            for (int k = graph.outBegin(v); k < graph.outEnd(v); k++) {
                if (graph.outWeight(k) != 0) {
                    waitingFor[v]++;
                }
            }
            if (waitingFor[v] == 0) {
                order[found++] = v;
            }
        }
        for (int done = 0; done < found; done++) {
            int v = order[done];
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                if (graph.inWeight(k) != 0 && --waitingFor[graph.inSource(k)] == 0) {
                    order[found++] = graph.inSource(k);
                }
            }
        }
        return Arrays.copyOf(order, found);
    }

    private static double[] exactInfluence(
            CircuitGraph graph, double[] weight, double[] scale, int[] order) {
        double[] influence = new double[graph.nodeCount()];
        for (int u : order) {
            double sum = 0;
            for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                int v = graph.outTarget(k);
                sum += Math.abs(graph.outWeight(k)) * scale[v] * (weight[v] + influence[v]);
            }
            influence[u] = sum;
        }
        return influence;
    }

    private static Influence iteratedInfluence(
            CircuitGraph graph, double[] weight, double[] scale, Monitor monitor) {
        int n = graph.nodeCount();
        double[] influence = new double[n];
        double[] term = new double[n];
        double[] next = new double[n];
        for (int v = 0; v < n; v++) {
            term[v] = weight[v] * scale[v];
        }
        double total = 0;
        for (int iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
            monitor.check();
            double added = 0;
            for (int u = 0; u < n; u++) {
                double sum = 0;
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    sum += Math.abs(graph.outWeight(k)) * term[graph.outTarget(k)];
                }
                influence[u] += sum;
                added += sum;
                next[u] = sum * scale[u];
            }
            total += added;
            if (added <= TOLERANCE * total) {
                return new Influence(influence, false, iteration);
            }
            double[] spent = term;
            term = next;
            next = spent;
        }
        throw notConverged("influence has");
    }

    /**
     * Replacement and completeness score. Costs what {@link #influence} costs.
     *
     * @throws ArithmeticException as {@link #influence} does
     */
    public static Scores scores(CircuitGraph graph, Monitor monitor) {
        double[] influence = influence(graph, monitor).values();
        double[] scale = rowScale(graph);
        double tokens = 0;
        double errors = 0;
        double complete = 0;
        double total = 0;
        for (int v = 0; v < influence.length; v++) {
            if (graph.kind(v) == NodeKind.EMBEDDING) {
                tokens += influence[v];
            } else if (graph.kind(v) == NodeKind.ERROR) {
                errors += influence[v];
            }
            double fromErrors = 0;
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                if (graph.kind(graph.inSource(k)) == NodeKind.ERROR) {
                    fromErrors += Math.abs(graph.inWeight(k)) * scale[v];
                }
            }
            double share = influence[v] + graph.logitProbability(v);
            complete += (1 - fromErrors) * share;
            total += share;
        }
        return new Scores(tokens / (tokens + errors), complete / total);
    }

    /**
     * The circuit in which only the pinned features still explain anything: what an unpinned
     * feature sends out is added to the error node of the same layer and position, where there is
     * one (the first, should there be several), and all links of the feature are removed. Nodes
     * that are no features stay as they are, pinned or not. {@link #scores} of the result are the
     * scores of the pinned subgraph.
     *
     * <p>Node numbers do not change. O(nodes + links).
     *
     * @param pinned whether each node is pinned
     * @param layer layer of each node; read for features and errors only
     * @param position token position of each node; read for features and errors only
     * @throws IllegalArgumentException if an argument has not one entry per node
     */
    public static CircuitGraph pinned(
            CircuitGraph graph, boolean[] pinned, int[] layer, int[] position) {
        int n = graph.nodeCount();
        if (pinned.length != n || layer.length != n || position.length != n) {
            throw new IllegalArgumentException(
                    "pinned, layer and position have "
                            + pinned.length
                            + ", "
                            + layer.length
                            + " and "
                            + position.length
                            + " entries for "
                            + n
                            + " nodes");
        }
        int[] standIn = standIns(graph, pinned, layer, position);
        int[] source = new int[graph.linkCount()];
        int[] target = new int[graph.linkCount()];
        double[] weight = new double[graph.linkCount()];
        int links = 0;
        int[] linkFrom = new int[n];
        Arrays.fill(linkFrom, -1);
        for (int v = 0; v < n; v++) {
            if (standIn[v] != v) {
                continue;
            }
            int firstOfTarget = links;
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                int u = standIn[graph.inSource(k)];
                if (u < 0) {
                    continue;
                }
                if (linkFrom[u] < firstOfTarget) {
                    linkFrom[u] = links;
                    source[links] = u;
                    target[links] = v;
                    links++;
                }
                weight[linkFrom[u]] += graph.inWeight(k);
            }
        }
        return graph.withLinks(
                Arrays.copyOf(source, links),
                Arrays.copyOf(target, links),
                Arrays.copyOf(weight, links));
    }

    /** For each node what its outgoing links belong to: itself, an error node, or nothing (-1). */
    private static int[] standIns(
            CircuitGraph graph, boolean[] pinned, int[] layer, int[] position) {
        int n = graph.nodeCount();
        Map<Long, Integer> errorAt = new HashMap<>();
        for (int v = 0; v < n; v++) {
            if (graph.kind(v) == NodeKind.ERROR) {
                errorAt.putIfAbsent(place(layer[v], position[v]), v);
            }
        }
        int[] standIn = new int[n];
        for (int v = 0; v < n; v++) {
            boolean folded = graph.kind(v) == NodeKind.FEATURE && !pinned[v];
            standIn[v] = folded ? errorAt.getOrDefault(place(layer[v], position[v]), -1) : v;
        }
        return standIn;
    }

    private static long place(int layer, int position) {
        return (long) layer << 32 | position & 0xffffffffL;
    }
}
