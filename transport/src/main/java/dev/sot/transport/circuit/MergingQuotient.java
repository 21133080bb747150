package dev.sot.transport.circuit;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A circuit collapsed into groups that are merged one pair after the other. Knows at any time what
 * {@link PartitionMass} says of the groups, and their superedges.
 *
 * <p>O(nodes + links) to build. A merge looks at the superedges of the group that has fewer of
 * them, so that all merges together take O(links log links). About 80 bytes per link.
 */
public final class MergingQuotient {

    private final int[] nodes;
    private final LinkTable[] out;
    private final LinkTable[] in;

    /** Superedge of each group with itself, or -1. */
    private final int[] own;

    private final double[] positive;
    private final double[] negative;
    private final long[] positiveQuanta;
    private final long[] negativeQuanta;
    private final int[] positiveLinks;
    private final int[] negativeLinks;
    private int made;
    private double internal;
    private double retained;
    private final double total;
    private final long quanta;
    private final long links;

    /**
     * Starts with the given groups.
     *
     * @param group group of each node, at least 0 and below {@code groups}, or -1 for a node that
     *     is not part of the partition
     * @param groups number of groups; they keep these numbers until they are merged
     */
    public MergingQuotient(CircuitGraph graph, int[] group, int groups, Monitor monitor) {
        if (group.length != graph.nodeCount()) {
            throw new IllegalArgumentException(
                    "group has " + group.length + " entries for " + graph.nodeCount() + " nodes");
        }
        nodes = new int[groups];
        out = new LinkTable[groups];
        in = new LinkTable[groups];
        own = new int[groups];
        Arrays.setAll(out, g -> new LinkTable());
        Arrays.setAll(in, g -> new LinkTable());
        Arrays.fill(own, -1);
        double quantum = Quantum.of(graph, group, monitor);
        int most = graph.linkCount();
        double[] plus = new double[most];
        double[] minus = new double[most];
        long[] plusQuanta = new long[most];
        long[] minusQuanta = new long[most];
        int[] plusLinks = new int[most];
        int[] minusLinks = new int[most];
        long allQuanta = 0;
        long allLinks = 0;
        for (int u = 0; u < group.length; u++) {
            monitor.check();
            if (group[u] < 0) {
                continue;
            }
            nodes[group[u]]++;
            for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                int t = group[graph.outTarget(k)];
                double w = graph.outWeight(k);
                if (t < 0 || w == 0) {
                    continue;
                }
                int edge = edge(group[u], t);
                plus[edge] += Math.max(w, 0);
                minus[edge] += Math.min(w, 0);
                long count = Quantum.round(w, quantum);
                plusQuanta[edge] += w > 0 ? count : 0;
                minusQuanta[edge] += w < 0 ? count : 0;
                allQuanta += count;
                if (count > 0) {
                    plusLinks[edge] += w > 0 ? 1 : 0;
                    minusLinks[edge] += w < 0 ? 1 : 0;
                    allLinks++;
                }
            }
        }
        positive = Arrays.copyOf(plus, made);
        negative = Arrays.copyOf(minus, made);
        positiveQuanta = Arrays.copyOf(plusQuanta, made);
        negativeQuanta = Arrays.copyOf(minusQuanta, made);
        positiveLinks = Arrays.copyOf(plusLinks, made);
        negativeLinks = Arrays.copyOf(minusLinks, made);
        quanta = allQuanta;
        links = allLinks;
        double all = 0;
        for (int e = 0; e < made; e++) {
            all += absolute(e);
        }
        total = all;
        for (int g = 0; g < groups; g++) {
            if (own[g] >= 0) {
                internal += absolute(own[g]);
            }
            for (int slot = 0; slot < out[g].capacity(); slot++) {
                if (out[g].key(slot) >= 0) {
                    retained += Math.abs(weight(out[g].value(slot)));
                }
            }
        }
    }

    private int edge(int source, int target) {
        int edge = source == target ? own[source] : out[source].get(target);
        if (edge < 0) {
            edge = made++;
            if (source == target) {
                own[source] = edge;
            } else {
                out[source].put(target, edge);
                in[target].put(source, edge);
            }
        }
        return edge;
    }

    /** Share of the absolute weight between members that is hidden inside groups. */
    public double internalMass() {
        return total > 0 ? Math.min(1, internal / total) : 0;
    }

    /** Share lost where links of opposite sign meet in one superedge. */
    public double cancelledMass() {
        return Math.max(0, 1 - internalMass() - retainedMass());
    }

    /** Share that the signed superedges carry. */
    public double retainedMass() {
        return total > 0 ? Math.min(1, Math.max(0, retained / total)) : 1;
    }

    /** By how much {@link #internalMass} would grow if two groups were merged. */
    public double massBetween(int a, int b) {
        int there = out[a].get(b);
        int back = in[a].get(b);
        double mass = (there < 0 ? 0 : absolute(there)) + (back < 0 ? 0 : absolute(back));
        return total > 0 ? mass / total : 0;
    }

    /** Number of nodes in a group. */
    public int nodeCount(int group) {
        return nodes[group];
    }

    /** Absolute weight of all links in whole quanta, see {@link Quantum}. */
    public long quanta() {
        return quanta;
    }

    /** Number of links of at least one quantum. */
    public long links() {
        return links;
    }

    /** Positive weight of a superedge, in quanta. */
    public long positiveQuanta(int edge) {
        return positiveQuanta[edge];
    }

    /** Absolute negative weight of a superedge, in quanta. */
    public long negativeQuanta(int edge) {
        return negativeQuanta[edge];
    }

    /** Number of links of at least one positive quantum in a superedge. */
    public int positiveLinks(int edge) {
        return positiveLinks[edge];
    }

    /** Number of links of at least one negative quantum in a superedge. */
    public int negativeLinks(int edge) {
        return negativeLinks[edge];
    }

    /** Calls for every superedge out of a group to another. */
    public void forEachTarget(int group, LinkConsumer action) {
        forEach(out[group], action);
    }

    /** Calls for every superedge into a group from another. */
    public void forEachSource(int group, LinkConsumer action) {
        forEach(in[group], action);
    }

    /** Calls with the superedge of a group with itself, if there is one. */
    public void ifOwn(int group, IntConsumer action) {
        if (own[group] >= 0) {
            action.accept(own[group]);
        }
    }

    /** Takes a superedge. */
    @FunctionalInterface
    public interface LinkConsumer {

        /**
         * @param other group at the other end
         * @param edge number of the superedge
         */
        void accept(int other, int edge);
    }

    private static void forEach(LinkTable table, LinkConsumer action) {
        for (int slot = 0; slot < table.capacity(); slot++) {
            if (table.key(slot) >= 0) {
                action.accept(table.key(slot), table.value(slot));
            }
        }
    }

    /**
     * Merges two different groups.
     *
     * @return the one of the two numbers that stands for both from now on
     */
    public int merge(int a, int b) {
        boolean more = out[a].size() + in[a].size() >= out[b].size() + in[b].size();
        int kept = more ? a : b;
        int gone = more ? b : a;
        hide(kept, out[kept].get(gone));
        out[kept].remove(gone);
        in[gone].remove(kept);
        hide(kept, in[kept].get(gone));
        in[kept].remove(gone);
        out[gone].remove(kept);
        if (own[gone] >= 0) {
            own[kept] = own[kept] < 0 ? own[gone] : added(own[gone], own[kept]);
        }
        move(out[gone], out[kept], in, gone, kept);
        move(in[gone], in[kept], out, gone, kept);
        out[gone] = null;
        in[gone] = null;
        nodes[kept] += nodes[gone];
        return kept;
    }

    /** Makes a superedge between two groups that merge one of the union with itself. */
    private void hide(int kept, int edge) {
        if (edge < 0) {
            return;
        }
        internal += absolute(edge);
        retained -= Math.abs(weight(edge));
        own[kept] = own[kept] < 0 ? edge : added(edge, own[kept]);
    }

    private void move(LinkTable from, LinkTable to, LinkTable[] others, int gone, int kept) {
        for (int slot = 0; slot < from.capacity(); slot++) {
            int other = from.key(slot);
            if (other < 0) {
                continue;
            }
            int edge = from.value(slot);
            int present = to.get(other);
            others[other].remove(gone);
            if (present < 0) {
                to.put(other, edge);
                others[other].put(kept, edge);
            } else {
                double apart = Math.abs(weight(edge)) + Math.abs(weight(present));
                added(edge, present);
                // Rounding must not make the retained mass grow.
                retained -= Math.max(0, apart - Math.abs(weight(present)));
            }
        }
    }

    /** Adds one superedge to another and returns the latter. */
    private int added(int edge, int to) {
        positive[to] += positive[edge];
        negative[to] += negative[edge];
        positiveQuanta[to] += positiveQuanta[edge];
        negativeQuanta[to] += negativeQuanta[edge];
        positiveLinks[to] += positiveLinks[edge];
        negativeLinks[to] += negativeLinks[edge];
        return to;
    }

    private double weight(int edge) {
        return positive[edge] + negative[edge];
    }

    private double absolute(int edge) {
        return positive[edge] - negative[edge];
    }
}
