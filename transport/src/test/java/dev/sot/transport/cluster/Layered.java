package dev.sot.transport.cluster;

import dev.sot.transport.circuit.CircuitGraph;
import dev.sot.transport.circuit.NodeKind;
import java.util.Arrays;
import java.util.Random;

/** A random circuit without cycles, its nodes numbered at random. */
final class Layered {

    private Layered() {}

    static CircuitGraph graph(int nodes, double density, long seed) {
        Random random = new Random(seed);
        int[] number = Planted.permutation(nodes, seed);
        int[] source = new int[nodes * nodes];
        int[] target = new int[nodes * nodes];
        double[] weight = new double[nodes * nodes];
        int links = 0;
        for (int u = 0; u < nodes; u++) {
            for (int v = u + 1; v < nodes; v++) {
                if (random.nextDouble() < density) {
                    source[links] = number[u];
                    target[links] = number[v];
                    // Some weights vanish, some cancel, some are large.
                    weight[links++] =
                            random.nextInt(4) == 0
                                    ? random.nextInt(3) - 1
                                    : Math.pow(random.nextGaussian(), 3);
                }
            }
        }
        NodeKind[] kinds = new NodeKind[nodes];
        Arrays.fill(kinds, NodeKind.FEATURE);
        return new CircuitGraph(
                kinds,
                new double[nodes],
                Arrays.copyOf(source, links),
                Arrays.copyOf(target, links),
                Arrays.copyOf(weight, links));
    }

    /** The group of each node, when items are grouped and other blocks stay as they are. */
    static int[] groups(int[] block, int[] groupOfItem) {
        return Arrays.stream(block)
                .map(b -> b >= 0 && b < groupOfItem.length ? groupOfItem[b] : b)
                .toArray();
    }
}
