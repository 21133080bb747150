package dev.sot.transport.circuit;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * What grouping does to each group of a circuit. Arrays have one entry for each group, in ascending
 * order of the groups' numbers.
 *
 * @param influence influence on the logits in the compressed circuit: {@link Attribution#influence}
 *     over the signed sums of the superedges, a group's probability that of the logits in it. Of
 *     groups of one node each it is the influence of the nodes; in general it is not the sum of the
 *     members', because hidden and cancelled weight carries none and because paths join inside a
 *     group that do not in the circuit. All NaN when the series does not converge, as when groups
 *     on a cycle have no input from outside it
 * @param internalMass share of the absolute weight between members of the partition that is hidden
 *     inside the group; over all groups they add up to {@link PartitionMass#internalMass}
 * @param cancelledMass share of it that cancels in superedges into the group; over all groups they
 *     add up to {@link PartitionMass#cancelledMass}
 */
public record SupernodeFigures(double[] influence, double[] internalMass, double[] cancelledMass) {

    /**
     * Figures of a compressed circuit. O(nodes + links + superedges), and where the compressed
     * circuit has a cycle O(superedges) for each term of the series.
     *
     * @param group group of each node, as given to {@link Quotient#of}
     * @param quotient the quotient by these groups
     */
    public static SupernodeFigures of(
            CircuitGraph graph, int[] group, Quotient quotient, Monitor monitor) {
        int[] numbers = Arrays.stream(group).filter(g -> g >= 0).sorted().distinct().toArray();
        double[] internal = new double[numbers.length];
        double[] cancelled = new double[numbers.length];
        double[] probability = new double[numbers.length];
        for (int v = 0; v < group.length; v++) {
            if (group[v] < 0) {
                continue;
            }
            int g = Arrays.binarySearch(numbers, group[v]);
            probability[g] += graph.logitProbability(v);
            for (int k = graph.inBegin(v); k < graph.inEnd(v); k++) {
                if (group[graph.inSource(k)] == group[v]) {
                    internal[g] += Math.abs(graph.inWeight(k));
                }
            }
        }
        double total = Arrays.stream(internal).sum();
        int[] source = new int[quotient.superedges().size()];
        int[] target = new int[source.length];
        double[] weight = new double[source.length];
        for (int e = 0; e < source.length; e++) {
            Superedge edge = quotient.superedges().get(e);
            source[e] = Arrays.binarySearch(numbers, edge.source());
            target[e] = Arrays.binarySearch(numbers, edge.target());
            weight[e] = edge.weight();
            cancelled[target[e]] += edge.cancelled();
            total += edge.absolute();
        }
        for (int g = 0; g < numbers.length && total > 0; g++) {
            internal[g] /= total;
            cancelled[g] /= total;
        }
        return new SupernodeFigures(
                influence(probability, source, target, weight, monitor), internal, cancelled);
    }

    private static double[] influence(
            double[] probability, int[] source, int[] target, double[] weight, Monitor monitor) {
        NodeKind[] kinds = new NodeKind[probability.length];
        for (int g = 0; g < kinds.length; g++) {
            kinds[g] = probability[g] > 0 ? NodeKind.LOGIT : NodeKind.FEATURE;
        }
        try {
            return Attribution.influence(
                            new CircuitGraph(kinds, probability, source, target, weight), monitor)
                    .values();
        } catch (ArithmeticException e) {
            double[] undefined = new double[probability.length];
            Arrays.fill(undefined, Double.NaN);
            return undefined;
        }
    }
}
