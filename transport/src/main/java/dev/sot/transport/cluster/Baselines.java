package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Partitions to hold a compression against that need no algorithm of their own: chance, place in
 * the network, and groups of given sizes by any distance.
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
     * @param condensed distances as in {@link HierarchicalClustering#cluster}
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
