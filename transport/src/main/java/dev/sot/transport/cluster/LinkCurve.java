package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.MergingQuotient;
import java.util.Arrays;

/**
 * What becomes of a circuit's links in every cut of a hierarchy, each array by the number of merges
 * done.
 */
record LinkCurve(double[] internal, double[] cancelled, double[] retained, double[] bits) {

    /**
     * O(links log links) for the masses, and for the description length one step for every
     * superedge at a merged group: at most O(n^2), and less in a sparse circuit.
     *
     * @param block item that each node belongs to; a number from the number of items on for a group
     *     that no cut changes; -1 for a node that is in no group
     */
    static LinkCurve of(Dendrogram dendrogram, CircuitGraph graph, int[] block, Monitor monitor) {
        int n = dendrogram.itemCount();
        int merges = dendrogram.mergeCount();
        int blocks = Math.max(n, Arrays.stream(block).max().orElse(-1) + 1);
        MergingQuotient quotient = new MergingQuotient(graph, block, blocks, monitor);
        DescriptionLength length = new DescriptionLength(quotient, n, blocks);
        double[] internal = new double[merges + 1];
        double[] cancelled = new double[merges + 1];
        double[] retained = new double[merges + 1];
        double[] bits = new double[merges + 1];
        int[] group = new int[n + merges];
        for (int i = 0; i < n; i++) {
            group[i] = i;
        }
        for (int done = 0; ; done++) {
            internal[done] = quotient.internalMass();
            cancelled[done] = quotient.cancelledMass();
            retained[done] = quotient.retainedMass();
            bits[done] = length.bits();
            if (done == merges) {
                return new LinkCurve(internal, cancelled, retained, bits);
            }
            monitor.check();
            int a = dendrogram.left(done);
            int b = dendrogram.right(done);
            group[n + done] =
                    length.merge(
                            group[a],
                            group[b],
                            dendrogram.clusterSize(a),
                            dendrogram.clusterSize(b));
        }
    }
}
