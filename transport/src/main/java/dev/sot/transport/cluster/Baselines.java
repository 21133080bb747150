package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import dev.sot.transport.circuit.CircuitGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Partitions and distances to hold a compression against: chance, place in the network, and the
 * distances that others use.
 */
public final class Baselines {

    private Baselines() {}

    /**
     * A random partition in which every group has as many members as in the given one. The same
     * seed gives the same partition on every Java version. O(n).
     *
     * @param group group of each item; items with a negative group keep it
     */
    public static int[] randomSameSizes(int[] group, long seed) {
        int[] members = new int[group.length];
        int count = 0;
        for (int i = 0; i < group.length; i++) {
            if (group[i] >= 0) {
                members[count++] = i;
            }
        }
        int[] shuffled = group.clone();
        Random random = new Random(seed);
        for (int last = count - 1; last > 0; last--) {
            int i = members[random.nextInt(last + 1)];
            int swap = shuffled[i];
            shuffled[i] = shuffled[members[last]];
            shuffled[members[last]] = swap;
        }
        return shuffled;
    }

    /**
     * A greedy partition into groups of exactly the given sizes, so that two distances can be
     * compared without the sizes deciding. Groups are made in descending order of size; each takes,
     * among the items left, the seed whose nearest (size - 1) items are nearest to it on average,
     * together with these. Ties go to the item of the smallest number.
     *
     * <p>O(n^2 log n) time, 4 n^2 bytes.
     *
     * @param condensed distances as in {@link HierarchicalClustering#averageLinkage}
     * @param n number of items
     * @param sizes size of each group, at least 1 each; items left over are in no group
     * @return group of each item, the index of its size in {@code sizes}, or -1
     * @throws IllegalArgumentException if the sizes add up to more than n or one is below 1, or the
     *     distances are not such
     */
    public static int[] sizeMatched(double[] condensed, int n, int[] sizes, Monitor monitor) {
        Condensed.check(condensed, n);
        long total = 0;
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("a group size is " + size + "; least is 1");
            }
            total += size;
        }
        if (total > n) {
            throw new IllegalArgumentException(
                    "group sizes add up to " + total + ", but there are only " + n + " items");
        }
        Integer[] order = new Integer[sizes.length];
        Arrays.setAll(order, g -> g);
        Arrays.sort(order, (g, h) -> Integer.compare(sizes[h], sizes[g]));

        int[] group = new int[n];
        Arrays.fill(group, -1);
        int[][] nearest = new int[n][];
        int[] start = new int[n];
        for (int done = 0; done < order.length; done++) {
            monitor.check();
            int others = sizes[order[done]] - 1;
            int best = -1;
            double bestSum = Double.POSITIVE_INFINITY;
            for (int seed = 0; seed < n; seed++) {
                if (group[seed] >= 0) {
                    continue;
                }
                double sum = 0;
                if (others > 0) {
                    if (nearest[seed] == null) {
                        monitor.check();
                        nearest[seed] = byDistance(condensed, n, seed);
                    }
                    start[seed] = bringForward(nearest[seed], start[seed], others, group);
                    for (int k = 0; k < others; k++) {
                        int other = nearest[seed][start[seed] + k];
                        sum += condensed[Condensed.index(seed, other, n)];
                    }
                }
                if (sum < bestSum) {
                    bestSum = sum;
                    best = seed;
                }
            }
            group[best] = order[done];
            for (int k = 0; k < others; k++) {
                group[nearest[best][start[best] + k]] = order[done];
            }
            monitor.progress("size-matched groups", done + 1, order.length);
        }
        return group;
    }

    /** All other items in ascending order of distance, then number. */
    private static int[] byDistance(double[] condensed, int n, int item) {
        Integer[] others = new Integer[n - 1];
        Arrays.setAll(others, k -> k < item ? k : k + 1);
        Arrays.sort(
                others,
                (i, j) ->
                        Double.compare(
                                condensed[Condensed.index(item, i, n)],
                                condensed[Condensed.index(item, j, n)]));
        return Arrays.stream(others).mapToInt(Integer::intValue).toArray();
    }

    /**
     * Moves the first {@code count} items without group up against each other, dropping those in
     * between, and returns where they now begin. Each item is dropped only once, which keeps the
     * whole search at O(n^2).
     */
    private static int bringForward(int[] items, int start, int count, int[] group) {
        int end = start;
        int found = 0;
        while (found < count) {
            if (group[items[end++]] < 0) {
                found++;
            }
        }
        int begin = end;
        for (int k = end - 1; k >= start; k--) {
            if (group[items[k]] < 0) {
                items[--begin] = items[k];
            }
        }
        return begin;
    }

    /**
     * Distances by role in the circuit: 1 - cosine of two nodes' signed edge profiles. A profile is
     * the vector of a node's incoming weights over all sources, scaled to unit length, followed by
     * that of its outgoing weights over all targets. A node without any link of non-zero weight has
     * distance 1 to all others.
     *
     * <p>Time O(sum over neighbours of the square of their number of links), at most O(nodes *
     * links).
     *
     * @param nodes nodes to compare, each once
     * @return distances between 0 and 2, condensed in the order of {@code nodes}
     */
    public static double[] edgeProfileDistances(CircuitGraph graph, int[] nodes, Monitor monitor) {
        int n = nodes.length;
        int[] place = new int[graph.nodeCount()];
        Arrays.fill(place, -1);
        for (int i = 0; i < n; i++) {
            if (place[nodes[i]] >= 0) {
                throw new IllegalArgumentException("node " + nodes[i] + " is given twice");
            }
            place[nodes[i]] = i;
        }
        double[] inNorm = new double[n];
        double[] outNorm = new double[n];
        for (int i = 0; i < n; i++) {
            for (int k = graph.inBegin(nodes[i]); k < graph.inEnd(nodes[i]); k++) {
                inNorm[i] += graph.inWeight(k) * graph.inWeight(k);
            }
            for (int k = graph.outBegin(nodes[i]); k < graph.outEnd(nodes[i]); k++) {
                outNorm[i] += graph.outWeight(k) * graph.outWeight(k);
            }
            inNorm[i] = Math.sqrt(inNorm[i]);
            outNorm[i] = Math.sqrt(outNorm[i]);
        }
        double[] distances = new double[Condensed.length(n)];
        double[] in = new double[n];
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            monitor.check();
            Arrays.fill(in, 0);
            Arrays.fill(out, 0);
            for (int k = graph.inBegin(nodes[i]); k < graph.inEnd(nodes[i]); k++) {
                int u = graph.inSource(k);
                for (int l = graph.outBegin(u); l < graph.outEnd(u); l++) {
                    int j = place[graph.outTarget(l)];
                    if (j > i) {
                        in[j] += graph.inWeight(k) * graph.outWeight(l);
                    }
                }
            }
            for (int k = graph.outBegin(nodes[i]); k < graph.outEnd(nodes[i]); k++) {
                int v = graph.outTarget(k);
                for (int l = graph.inBegin(v); l < graph.inEnd(v); l++) {
                    int j = place[graph.inSource(l)];
                    if (j > i) {
                        out[j] += graph.outWeight(k) * graph.inWeight(l);
                    }
                }
            }
            for (int j = i + 1; j < n; j++) {
                double dot =
                        quotient(in[j], inNorm[i] * inNorm[j])
                                + quotient(out[j], outNorm[i] * outNorm[j]);
                double norm =
                        Math.sqrt(
                                (double) parts(inNorm[i], outNorm[i])
                                        * parts(inNorm[j], outNorm[j]));
                distances[Condensed.index(i, j, n)] = distance(quotient(dot, norm));
            }
            monitor.progress("edge profiles", i + 1, n);
        }
        return distances;
    }

    private static int parts(double inNorm, double outNorm) {
        return (inNorm > 0 ? 1 : 0) + (outNorm > 0 ? 1 : 0);
    }

    private static double quotient(double dot, double norm) {
        return norm > 0 ? dot / norm : 0;
    }

    private static double distance(double cosine) {
        return Math.min(2, Math.max(0, 1 - cosine));
    }

    /**
     * Distances by direction: 1 - cosine of two vectors, such as decoder directions. A vector of
     * zeros has distance 1 to all others. O(n^2 dimension).
     *
     * @param vectors one vector per item, all of the same dimension
     * @return distances between 0 and 2, condensed
     * @throws IllegalArgumentException if dimensions differ or an entry is not finite
     */
    public static double[] cosineDistances(float[][] vectors, Monitor monitor) {
        int n = vectors.length;
        double[] norm = new double[n];
        for (int i = 0; i < n; i++) {
            if (vectors[i].length != vectors[0].length) {
                throw new IllegalArgumentException(
                        "vector "
                                + i
                                + " has dimension "
                                + vectors[i].length
                                + ", the first has "
                                + vectors[0].length);
            }
            norm[i] = Math.sqrt(dot(vectors[i], vectors[i]));
            if (!Double.isFinite(norm[i])) {
                throw new IllegalArgumentException(
                        "vector " + i + " has an entry that is not finite");
            }
        }
        double[] distances = new double[Condensed.length(n)];
        int k = 0;
        for (int i = 0; i < n; i++) {
            monitor.check();
            for (int j = i + 1; j < n; j++) {
                distances[k++] = distance(quotient(dot(vectors[i], vectors[j]), norm[i] * norm[j]));
            }
            monitor.progress("cosine distances", i + 1, n);
        }
        return distances;
    }

    private static double dot(float[] a, float[] b) {
        // Four sums, because the processor can add into them at the same time.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            s0 += (double) a[k] * b[k];
            s1 += (double) a[k + 1] * b[k + 1];
            s2 += (double) a[k + 2] * b[k + 2];
            s3 += (double) a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            s0 += (double) a[k] * b[k];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /**
     * The partition in which items with equal keys share a group, such as layer and position.
     * Groups are numbered in the order of their first members. O(n).
     */
    public static int[] byKey(Object[] keys) {
        Map<Object, Integer> number = new HashMap<>();
        int[] group = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            int next = number.size();
            group[i] = number.computeIfAbsent(keys[i], key -> next);
        }
        return group;
    }
}
