package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.MergingQuotient;
import java.util.Arrays;

/**
 * What a cut must keep of the circuit whose nodes it groups: a budget for the weight that groups
 * hide, and a quotient without cycles. A cut under a policy goes through the merges of a hierarchy
 * in ascending order of height and leaves out those that the policy refuses, and with them all that
 * build on these.
 *
 * <p>Both refusals are final, so that the result is maximal: hidden weight only grows, so a merge
 * refused for the budget would exceed it at the end as well; and a path through a third group,
 * which is what makes a merge close a cycle, stays one, since the two groups that were not merged
 * are not merged with anything else either.
 *
 * <p>A policy can be used for any number of cuts.
 */
public final class MergePolicy {

    private final CircuitGraph graph;
    private final int[] block;
    private final int items;
    private final double budget;
    private final boolean acyclic;

    /**
     * @param graph the circuit
     * @param block item that each node belongs to; a number from {@code items} on for a group that
     *     no cut changes; -1 for a node that is in no group and whose links do not count
     * @param items number of items of the hierarchy
     * @param budget largest share of the links' absolute weight that groups may hide, 0 to 1; 1 for
     *     no limit
     * @param acyclic whether the groups must not depend on each other in a circle
     * @throws IllegalArgumentException if lengths do not fit or the budget is not such a share
     */
    public MergePolicy(CircuitGraph graph, int[] block, int items, double budget, boolean acyclic) {
        if (block.length != graph.nodeCount()) {
            throw new IllegalArgumentException(
                    "block has " + block.length + " entries for " + graph.nodeCount() + " nodes");
        }
        if (!(budget >= 0 && budget <= 1)) {
            throw new IllegalArgumentException(
                    "the budget of internal mass is " + budget + "; it must be between 0 and 1");
        }
        this.graph = graph;
        this.block = block.clone();
        this.items = items;
        this.budget = budget;
        this.acyclic = acyclic;
    }

    /**
     * Starts one cut.
     *
     * @throws IllegalArgumentException if single items already hide more than the budget, or
     *     already depend on each other in a circle
     */
    Run start(int clusters, Monitor monitor) {
        return new Run(clusters, monitor);
    }

    /** The state of the quotient during one cut. */
    final class Run {

        private final MergingQuotient quotient;
        private final int[] group;
        private final Monitor monitor;

        /** Place of each group in an order in which all superedges point forward. */
        private int[] rank;

        private int[] visited;
        private int visits;
        private int[] forward;
        private int forwardCount;
        private int[] backward;
        private int backwardCount;

        private Run(int clusters, Monitor monitor) {
            this.monitor = monitor;
            int groups = Math.max(items, Arrays.stream(block).max().orElse(-1) + 1);
            quotient = new MergingQuotient(graph, block, groups, monitor);
            group = new int[clusters];
            for (int i = 0; i < items; i++) {
                group[i] = i;
            }
            if (quotient.internalMass() > budget) {
                throw new IllegalArgumentException(
                        "single items hide "
                                + quotient.internalMass()
                                + " of the links' absolute weight already, more than the budget of"
                                + " "
                                + budget
                                + "; raise it");
            }
            if (acyclic) {
                rank = new int[groups];
                visited = new int[groups];
                forward = new int[groups];
                backward = new int[groups];
                order();
            }
        }

        /** Merges two clusters into a third if the policy allows. */
        boolean merge(int left, int right, int merged) {
            monitor.check();
            int a = group[left];
            int b = group[right];
            if (budget < 1 && quotient.internalMass() + quotient.massBetween(a, b) > budget) {
                return false;
            }
            if (!acyclic) {
                group[merged] = quotient.merge(a, b);
                return true;
            }
            int early = rank[a] < rank[b] ? a : b;
            int late = early == a ? b : a;
            if (closesCycle(early, late)) {
                return false;
            }
            collectBefore(early, late);
            int[] ranks = places(early, late);
            int kept = quotient.merge(a, b);
            int next = 0;
            for (int k = 0; k < backwardCount; k++) {
                rank[backward[k]] = ranks[next++];
            }
            rank[kept] = ranks[next++];
            for (int k = 0; k < forwardCount; k++) {
                rank[forward[k]] = ranks[next++];
            }
            group[merged] = kept;
            return true;
        }

        /** Orders the groups so that each comes after all that point to it, by levels. */
        private void order() {
            int[] waitingFor = new int[rank.length];
            int found = 0;
            for (int g = 0; g < rank.length; g++) {
                int at = g;
                quotient.forEachSource(g, (source, edge) -> waitingFor[at]++);
                if (waitingFor[g] == 0) {
                    forward[found++] = g;
                }
            }
            int[] end = {found};
            for (int done = 0; done < end[0]; done++) {
                rank[forward[done]] = done;
                quotient.forEachTarget(
                        forward[done],
                        (target, edge) -> {
                            if (--waitingFor[target] == 0) {
                                forward[end[0]++] = target;
                            }
                        });
            }
            if (end[0] < rank.length) {
                throw new IllegalArgumentException(
                        "single items depend on each other in a circle already, and cycles can only"
                                + " be refused where there is none yet; give acyclic: 'report' or"
                                + " 'collapse' instead");
            }
        }

        /**
         * Whether a path leads from one group to a later one through a third. Only groups between
         * the two in the order can be on it; those met are collected.
         */
        private boolean closesCycle(int early, int late) {
            visits++;
            forwardCount = 0;
            boolean[] found = {false};
            MergingQuotient.LinkConsumer first =
                    (target, edge) -> {
                        if (rank[target] < rank[late] && visited[target] != visits) {
                            visited[target] = visits;
                            forward[forwardCount++] = target;
                        }
                    };
            MergingQuotient.LinkConsumer further =
                    (target, edge) -> {
                        found[0] |= target == late;
                        first.accept(target, edge);
                    };
            quotient.forEachTarget(early, first);
            for (int k = 0; k < forwardCount && !found[0]; k++) {
                quotient.forEachTarget(forward[k], further);
            }
            return found[0];
        }

        /** Collects the groups after one in the order from which a path leads to a later one. */
        private void collectBefore(int early, int late) {
            visits++;
            backwardCount = 0;
            MergingQuotient.LinkConsumer collect =
                    (source, edge) -> {
                        if (rank[source] > rank[early] && visited[source] != visits) {
                            visited[source] = visits;
                            backward[backwardCount++] = source;
                        }
                    };
            quotient.forEachSource(late, collect);
            for (int k = 0; k < backwardCount; k++) {
                quotient.forEachSource(backward[k], collect);
            }
        }

        /**
         * The places of all that moves when two groups become one: what leads to the later one
         * moves before both, what follows from the earlier one behind both, each in its order
         * (after Pearce and Kelly 2006).
         */
        private int[] places(int early, int late) {
            sortByRank(forward, forwardCount);
            sortByRank(backward, backwardCount);
            int[] ranks = new int[forwardCount + backwardCount + 2];
            int next = 0;
            ranks[next++] = rank[early];
            ranks[next++] = rank[late];
            for (int k = 0; k < forwardCount; k++) {
                ranks[next++] = rank[forward[k]];
            }
            for (int k = 0; k < backwardCount; k++) {
                ranks[next++] = rank[backward[k]];
            }
            Arrays.sort(ranks);
            return ranks;
        }

        private void sortByRank(int[] groups, int count) {
            long[] keys = new long[count];
            for (int k = 0; k < count; k++) {
                keys[k] = (long) rank[groups[k]] << 32 | groups[k];
            }
            Arrays.sort(keys);
            for (int k = 0; k < count; k++) {
                groups[k] = (int) keys[k];
            }
        }
    }
}
