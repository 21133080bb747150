package dev.sot.transport.circuit;

import static dev.sot.transport.circuit.NodeKind.EMBEDDING;
import static dev.sot.transport.circuit.NodeKind.ERROR;
import static dev.sot.transport.circuit.NodeKind.FEATURE;
import static dev.sot.transport.circuit.NodeKind.LOGIT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Circuits to test on, with and without their nodes renumbered and links reordered. */
final class Circuits {

    record Link(int source, int target, double weight) {}

    private Circuits() {}

    static CircuitGraph of(NodeKind[] kinds, double[] probability, List<Link> links) {
        return new CircuitGraph(
                kinds,
                probability,
                links.stream().mapToInt(Link::source).toArray(),
                links.stream().mapToInt(Link::target).toArray(),
                links.stream().mapToDouble(Link::weight).toArray());
    }

    static Link link(int source, int target, double weight) {
        return new Link(source, target, weight);
    }

    /** Random nodes and links; node v is renumbered to {@code number[v]}, links are shuffled. */
    static CircuitGraph random(int n, boolean cyclic, long seed, int[] number, long shuffleSeed) {
        Random random = new Random(seed);
        NodeKind[] kinds = new NodeKind[n];
        double[] probability = new double[n];
        for (int v = 0; v < n; v++) {
            NodeKind kind = v < 4 ? EMBEDDING : v >= n - 3 ? LOGIT : v % 5 == 0 ? ERROR : FEATURE;
            kinds[number[v]] = kind;
            probability[number[v]] = kind == LOGIT ? random.nextDouble() / 3 : 0;
        }
        List<Link> links = new ArrayList<>();
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < n; v++) {
                boolean forward = u < v && v >= 4;
                boolean backward = cyclic && v >= 4 && u < n - 3;
                if ((forward || backward) && random.nextDouble() < 0.2) {
                    links.add(link(number[u], number[v], random.nextGaussian()));
                }
            }
        }
        Collections.shuffle(links, new Random(shuffleSeed));
        return of(kinds, probability, links);
    }

    static int[] identity(int n) {
        int[] number = new int[n];
        for (int v = 0; v < n; v++) {
            number[v] = v;
        }
        return number;
    }

    static int[] permutation(int n, long seed) {
        List<Integer> numbers = new ArrayList<>();
        for (int v = 0; v < n; v++) {
            numbers.add(v);
        }
        Collections.shuffle(numbers, new Random(seed));
        return numbers.stream().mapToInt(v -> v).toArray();
    }
}
