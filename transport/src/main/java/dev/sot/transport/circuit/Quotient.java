package dev.sot.transport.circuit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A circuit with its nodes collapsed into supernodes.
 *
 * <p>Beside plain sums, each superedge carries the weight that the attribution graph interfaces of
 * Anthropic, circuit-tracer and Neuronpedia draw. With I(v) the absolute weight of all links into v
 * and Iext(v) the same without those from v's own supernode,
 *
 * <pre>
 *   r(v)    = Iext(v) / I(v), divided by its sum over v's supernode; 1 for a supernode of one
 *   W(S, T) = sum over links u to v, u in S, v in T, of w(u, v) / Iext(v) * r(v)
 * </pre>
 *
 * <p>so that the absolute values of W into T add up to at most 1. A member without external input
 * contributes 0. Nodes outside the partition count as sources in I and Iext and nowhere else.
 *
 * <p>The quotient of an acyclic circuit is usually cyclic; {@link PartitionMass#largestCycle}
 * measures it.
 *
 * @param superedges sums over the links between two different groups, in ascending order of source
 *     and target
 * @param mass what the grouping hides, cancels and keeps
 */
public record Quotient(List<Superedge> superedges, PartitionMass mass) {

    /**
     * Collapses a circuit. O(nodes + links + e log e) for e superedges.
     *
     * @param group group of each node, any number {@code >= 0}, or -1 for a node that is not part
     *     of the partition; superedges name groups by these numbers
     */
    public static Quotient of(CircuitGraph graph, int[] group) {
        int n = graph.nodeCount();
        if (group.length != n) {
            throw new IllegalArgumentException(
                    "group has " + group.length + " entries for " + n + " nodes");
        }
        int[] labels = Arrays.stream(group).filter(g -> g >= 0).sorted().distinct().toArray();
        int groups = labels.length;
        int[] dense = new int[n];
        int[] begin = new int[groups + 1];
        for (int v = 0; v < n; v++) {
            dense[v] = group[v] < 0 ? -1 : Arrays.binarySearch(labels, group[v]);
            if (dense[v] >= 0) {
                begin[dense[v] + 1]++;
            }
        }
        for (int g = 0; g < groups; g++) {
            begin[g + 1] += begin[g];
        }
        int[] member = new int[begin[groups]];
        int[] next = begin.clone();
        for (int v = 0; v < n; v++) {
            if (dense[v] >= 0) {
                member[next[dense[v]]++] = v;
            }
        }

        double[] share = linkShares(graph, dense, begin, member);
        double[] normalized = new double[groups];
        double[] positive = new double[groups];
        double[] negative = new double[groups];
        int[] links = new int[groups];
        int[] touched = new int[groups];
        List<Superedge> superedges = new ArrayList<>();
        double internal = 0;
        double cancelled = 0;
        double retained = 0;
        for (int s = 0; s < groups; s++) {
            int touchedCount = 0;
            for (int m = begin[s]; m < begin[s + 1]; m++) {
                int u = member[m];
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    int v = graph.outTarget(k);
                    int t = dense[v];
                    double w = graph.outWeight(k);
                    if (t == s) {
                        internal += Math.abs(w);
                    } else if (t >= 0) {
                        if (links[t]++ == 0) {
                            touched[touchedCount++] = t;
                        }
                        normalized[t] += w * share[v];
                        positive[t] += Math.max(w, 0);
                        negative[t] += Math.min(w, 0);
                    }
                }
            }
            Arrays.sort(touched, 0, touchedCount);
            for (int i = 0; i < touchedCount; i++) {
                int t = touched[i];
                double weight = positive[t] + negative[t];
                double absolute = positive[t] - negative[t];
                Superedge superedge =
                        new Superedge(
                                labels[s],
                                labels[t],
                                weight,
                                normalized[t],
                                positive[t],
                                negative[t],
                                absolute,
                                links[t]);
                superedges.add(superedge);
                retained += Math.abs(weight);
                cancelled += superedge.cancelled();
                normalized[t] = 0;
                positive[t] = 0;
                negative[t] = 0;
                links[t] = 0;
            }
        }
        double total = internal + cancelled + retained;
        PartitionMass mass =
                new PartitionMass(
                        total > 0 ? internal / total : 0,
                        total > 0 ? cancelled / total : 0,
                        total > 0 ? retained / total : 1,
                        largestCycle(labels, superedges),
                        superedges.size());
        return new Quotient(List.copyOf(superedges), mass);
    }

    private static int largestCycle(int[] labels, List<Superedge> superedges) {
        int[] begin = new int[labels.length + 1];
        int[] successor = new int[superedges.size()];
        int links = 0;
        int s = 0;
        for (Superedge edge : superedges) {
            while (labels[s] != edge.source()) {
                begin[++s] = links;
            }
            if (edge.absolute() > 0) {
                successor[links++] = Arrays.binarySearch(labels, edge.target());
            }
        }
        Arrays.fill(begin, s + 1, begin.length, links);
        return StrongComponents.largest(begin, successor);
    }

    /** For each member v the factor r(v) / Iext(v) by which a link into it enters W. */
    private static double[] linkShares(CircuitGraph graph, int[] dense, int[] begin, int[] member) {
        double[] share = new double[dense.length];
        double[] external = new double[dense.length];
        for (int t = 0; t + 1 < begin.length; t++) {
            double sum = 0;
            for (int m = begin[t]; m < begin[t + 1]; m++) {
                int v = member[m];
                double internal = 0;
                for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                    if (dense[graph.inSource(k)] == t) {
                        internal += Math.abs(graph.inWeight(k));
                    } else {
                        external[v] += Math.abs(graph.inWeight(k));
                    }
                }
                if (external[v] > 0) {
                    share[v] = external[v] / (external[v] + internal);
                    sum += share[v];
                }
            }
            for (int m = begin[t]; m < begin[t + 1]; m++) {
                int v = member[m];
                share[v] = external[v] > 0 ? share[v] / sum / external[v] : 0;
            }
        }
        return share;
    }
}
