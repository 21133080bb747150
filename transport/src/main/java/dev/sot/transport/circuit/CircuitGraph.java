package dev.sot.transport.circuit;

import java.util.Arrays;
import java.util.Objects;

/**
 * An attribution circuit: a directed graph with signed weights, where a link from u to v says how
 * much of v's value is directly attributed to u.
 *
 * <p>Nodes are numbered 0 to {@code nodeCount() - 1} by the caller. Links are held twice, as
 * compressed rows by target and by source, each row in ascending order of the other end; what is
 * computed from a circuit therefore does not depend on the order in which links were given. Links
 * into v are those numbered {@code inBegin(v)} to {@code inEnd(v) - 1} for {@link #inSource} and
 * {@link #inWeight}; links out of v likewise, with a numbering of their own.
 *
 * <p>Links of a node to itself and cycles are allowed. Immutable; 24 bytes per link and 17 per
 * node.
 */
public final class CircuitGraph {

    private final NodeKind[] kinds;
    private final double[] logitProbability;
    private final int[] inBegin;
    private final int[] inSource;
    private final double[] inWeight;
    private final int[] outBegin;
    private final int[] outTarget;
    private final double[] outWeight;

    /**
     * Copies its arguments. O(nodes + links).
     *
     * @param kinds kind of each node
     * @param logitProbability probability of the output token of each LOGIT node, 0 for all others
     * @param source node at which each link starts
     * @param target node at which each link ends
     * @param weight attribution that each link carries, of either sign
     * @throws IllegalArgumentException if lengths differ, a link ends outside the graph, a weight
     *     is not finite, a probability is negative, not finite or on a node that is no logit, or
     *     two links join the same source and target
     */
    public CircuitGraph(
            NodeKind[] kinds,
            double[] logitProbability,
            int[] source,
            int[] target,
            double[] weight) {
        int n = kinds.length;
        int links = source.length;
        if (logitProbability.length != n) {
            throw new IllegalArgumentException(
                    "logitProbability has "
                            + logitProbability.length
                            + " entries for "
                            + n
                            + " nodes; one per node is needed");
        }
        if (target.length != links || weight.length != links) {
            throw new IllegalArgumentException(
                    "source, target and weight have "
                            + links
                            + ", "
                            + target.length
                            + " and "
                            + weight.length
                            + " entries; one per link is needed");
        }
        this.kinds = kinds.clone();
        this.logitProbability = logitProbability.clone();
        for (int v = 0; v < n; v++) {
            Objects.requireNonNull(kinds[v], "kind of node " + v);
            double p = logitProbability[v];
            if (!(p >= 0) || p == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "probability of node " + v + " is " + p + "; it must be finite and >= 0");
            }
            if (p > 0 && kinds[v] != NodeKind.LOGIT) {
                throw new IllegalArgumentException(
                        "node "
                                + v
                                + " is "
                                + kinds[v]
                                + " with probability "
                                + p
                                + "; only a LOGIT has one");
            }
        }

        int[] bySourceBegin = new int[n + 1];
        for (int link = 0; link < links; link++) {
            checkEnd(source[link], n, link, "source");
            checkEnd(target[link], n, link, "target");
            if (!Double.isFinite(weight[link])) {
                throw new IllegalArgumentException(
                        "weight of link "
                                + link
                                + " from node "
                                + source[link]
                                + " to node "
                                + target[link]
                                + " is "
                                + weight[link]
                                + "; it must be finite");
            }
            bySourceBegin[source[link] + 1]++;
        }
        accumulate(bySourceBegin);
        int[] bySourceTarget = new int[links];
        double[] bySourceWeight = new double[links];
        int[] next = bySourceBegin.clone();
        for (int link = 0; link < links; link++) {
            int slot = next[source[link]]++;
            bySourceTarget[slot] = target[link];
            bySourceWeight[slot] = weight[link];
        }
        // Each transposition visits rows in ascending order and so leaves the new rows sorted.
        inBegin = new int[n + 1];
        inSource = new int[links];
        inWeight = new double[links];
        transpose(n, bySourceBegin, bySourceTarget, bySourceWeight, inBegin, inSource, inWeight);
        outBegin = bySourceBegin;
        outTarget = bySourceTarget;
        outWeight = bySourceWeight;
        transpose(n, inBegin, inSource, inWeight, outBegin, outTarget, outWeight);
        for (int u = 0; u < n; u++) {
            for (int k = outBegin[u] + 1; k < outBegin[u + 1]; k++) {
                if (outTarget[k] == outTarget[k - 1]) {
                    throw new IllegalArgumentException(
                            "more than one link from node "
                                    + u
                                    + " to node "
                                    + outTarget[k]
                                    + "; merge them into one before building the circuit");
                }
            }
        }
    }

    /** The given graph with every link turned round; shares its arrays. */
    private CircuitGraph(CircuitGraph graph) {
        kinds = graph.kinds;
        logitProbability = graph.logitProbability;
        inBegin = graph.outBegin;
        inSource = graph.outTarget;
        inWeight = graph.outWeight;
        outBegin = graph.inBegin;
        outTarget = graph.inSource;
        outWeight = graph.inWeight;
    }

    private static void checkEnd(int node, int n, int link, String end) {
        if (node < 0 || node >= n) {
            throw new IllegalArgumentException(
                    end
                            + " of link "
                            + link
                            + " is node "
                            + node
                            + "; nodes are numbered 0 to "
                            + (n - 1));
        }
    }

    private static void accumulate(int[] begin) {
        for (int v = 1; v < begin.length; v++) {
            begin[v] += begin[v - 1];
        }
    }

    private static void transpose(
            int n,
            int[] begin,
            int[] end,
            double[] weight,
            int[] newBegin,
            int[] newEnd,
            double[] newWeight) {
        int[] next = new int[n + 1];
        for (int other : end) {
            next[other + 1]++;
        }
        accumulate(next);
        System.arraycopy(next, 0, newBegin, 0, n + 1);
        for (int v = 0; v < n; v++) {
            for (int k = begin[v]; k < begin[v + 1]; k++) {
                int slot = next[end[k]]++;
                newEnd[slot] = v;
                newWeight[slot] = weight[k];
            }
        }
    }

    /** Number of nodes. */
    public int nodeCount() {
        return kinds.length;
    }

    /** Number of links, links of a node to itself and links of weight 0 included. */
    public int linkCount() {
        return inSource.length;
    }

    /** Kind of a node. */
    public NodeKind kind(int node) {
        return kinds[node];
    }

    /** Probability of a LOGIT node's token; 0 for every other node. */
    public double logitProbability(int node) {
        return logitProbability[node];
    }

    /** First of the links into a node. */
    public int inBegin(int node) {
        return inBegin[node];
    }

    /** One past the last of the links into a node. */
    public int inEnd(int node) {
        return inBegin[node + 1];
    }

    /** Source of a link, by the numbering of incoming links. */
    public int inSource(int inLink) {
        return inSource[inLink];
    }

    /** Weight of a link, by the numbering of incoming links. */
    public double inWeight(int inLink) {
        return inWeight[inLink];
    }

    /** First of the links out of a node. */
    public int outBegin(int node) {
        return outBegin[node];
    }

    /** One past the last of the links out of a node. */
    public int outEnd(int node) {
        return outBegin[node + 1];
    }

    /** Target of a link, by the numbering of outgoing links. */
    public int outTarget(int outLink) {
        return outTarget[outLink];
    }

    /** Weight of a link, by the numbering of outgoing links. */
    public double outWeight(int outLink) {
        return outWeight[outLink];
    }

    /** Sum of the absolute weights of all links into a node. */
    public double absoluteInput(int node) {
        double sum = 0;
        for (int k = inBegin[node]; k < inBegin[node + 1]; k++) {
            sum += Math.abs(inWeight[k]);
        }
        return sum;
    }

    /**
     * The circuit in which some nodes stand for others: a link becomes one between those that stand
     * for its ends, and links that then join the same two are summed, signs included. A node that
     * another stands for keeps its number and loses its links. O(nodes + links).
     *
     * @param representative for each node the one that stands for it, itself where none does
     * @throws IllegalArgumentException unless there is an entry for each node, and what stands for
     *     others stands for itself
     */
    public CircuitGraph merged(int[] representative) {
        int n = nodeCount();
        if (representative.length != n) {
            throw new IllegalArgumentException(
                    "representative has " + representative.length + " entries for " + n + " nodes");
        }
        int[] begin = new int[n + 1];
        for (int r : representative) {
            if (r < 0 || r >= n || representative[r] != r) {
                throw new IllegalArgumentException(
                        "node " + r + " stands for another, but not for itself");
            }
            begin[r + 1]++;
        }
        accumulate(begin);
        int[] member = new int[n];
        int[] next = begin.clone();
        for (int v = 0; v < n; v++) {
            member[next[representative[v]]++] = v;
        }
        int[] source = new int[linkCount()];
        int[] target = new int[linkCount()];
        double[] weight = new double[linkCount()];
        int links = 0;
        int[] linkTo = new int[n];
        Arrays.fill(linkTo, -1);
        for (int u = 0; u < n; u++) {
            int first = links;
            for (int m = begin[u]; m < begin[u + 1]; m++) {
                for (int k = outBegin[member[m]]; k < outBegin[member[m] + 1]; k++) {
                    int v = representative[outTarget[k]];
                    if (linkTo[v] < first) {
                        linkTo[v] = links;
                        source[links] = u;
                        target[links] = v;
                        links++;
                    }
                    weight[linkTo[v]] += outWeight[k];
                }
            }
        }
        return withLinks(
                Arrays.copyOf(source, links),
                Arrays.copyOf(target, links),
                Arrays.copyOf(weight, links));
    }

    /** The same nodes with every link turned round. O(1). */
    CircuitGraph reversed() {
        return new CircuitGraph(this);
    }

    /** The same nodes with other links. */
    CircuitGraph withLinks(int[] source, int[] target, double[] weight) {
        return new CircuitGraph(kinds, logitProbability, source, target, weight);
    }
}
