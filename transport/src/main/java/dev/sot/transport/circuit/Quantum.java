package dev.sot.transport.circuit;

import dev.sot.transport.Monitor;

/**
 * The unit in which links' weights are counted where they are coded in bits. It is the mean
 * absolute weight of the links that are not 0, halved until rounding every weight to a multiple of
 * it changes the absolute weight of all together by at most 1 %: the same for a circuit whose
 * weights are all scaled by one factor.
 */
final class Quantum {

    private static final double LARGEST_LOSS = 0.01;

    /** Below 2^-40 of the mean only a circuit without any weight could be. */
    private static final int MOST_HALVINGS = 40;

    private Quantum() {}

    /** The unit for the links between nodes of group {@code >= 0}; 1 without any weight. */
    static double of(CircuitGraph graph, int[] group, Monitor monitor) {
        double total = 0;
        long links = 0;
        for (int u = 0; u < group.length; u++) {
            for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                if (counts(graph, group, u, k)) {
                    total += Math.abs(graph.outWeight(k));
                    links++;
                }
            }
        }
        if (links == 0) {
            return 1;
        }
        double quantum = total / links;
        for (int halving = 0; halving < MOST_HALVINGS; halving++) {
            double change = 0;
            monitor.check();
            for (int u = 0; u < group.length; u++) {
                for (int k = graph.outBegin(u); k < graph.outEnd(u); k++) {
                    if (counts(graph, group, u, k)) {
                        double w = graph.outWeight(k);
                        change += Math.abs(Math.abs(w) - round(w, quantum) * quantum);
                    }
                }
            }
            if (change <= LARGEST_LOSS * total) {
                break;
            }
            quantum /= 2;
        }
        return quantum;
    }

    private static boolean counts(CircuitGraph graph, int[] group, int u, int k) {
        return group[u] >= 0 && group[graph.outTarget(k)] >= 0 && graph.outWeight(k) != 0;
    }

    /** Absolute weight in whole quanta. */
    static long round(double weight, double quantum) {
        return Math.round(Math.abs(weight) / quantum);
    }
}
