package dev.sot.transport.cluster;

import dev.sot.transport.circuit.CircuitGraph;

/** How much of a circuit grouping two nodes would hide. */
public final class LinkMass {

    private LinkMass() {}

    /**
     * The share of the absolute weight of all of a circuit's links that runs between two nodes, in
     * either direction; summed over the pairs in one group it is what the group hides, links of a
     * node to itself apart. O(nodes^2 + links).
     *
     * @param nodes nodes to compare, each once
     * @return shares, condensed in the order of {@code nodes}; 0 throughout in a circuit without
     *     weight
     */
    public static double[] between(CircuitGraph graph, int[] nodes) {
        int[] place = Labels.places(nodes, graph.nodeCount());
        double[] mass = new double[Condensed.length(nodes.length)];
        double total = 0;
        for (int v = 0; v < graph.nodeCount(); v++) {
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                double weight = Math.abs(graph.inWeight(k));
                total += weight;
                int i = place[v];
                int j = place[graph.inSource(k)];
                if (i >= 0 && j >= 0 && i != j) {
                    mass[Condensed.index(i, j, nodes.length)] += weight;
                }
            }
        }
        for (int k = 0; k < mass.length && total > 0; k++) {
            mass[k] /= total;
        }
        return mass;
    }
}
