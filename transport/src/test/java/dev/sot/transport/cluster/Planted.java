package dev.sot.transport.cluster;

import java.util.Random;
import java.util.stream.IntStream;

/** Partitions to find again, and distances that tell them. */
final class Planted {

    private Planted() {}

    /** A random partition of n items into groups none of which is empty. */
    static int[] groups(int n, int groups, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, n).map(i -> i < groups ? i : random.nextInt(groups)).toArray();
    }

    static int[] permutation(int n, long seed) {
        Random random = new Random(seed);
        int[] order = IntStream.range(0, n).toArray();
        for (int last = n - 1; last > 0; last--) {
            int i = random.nextInt(last + 1);
            int swap = order[i];
            order[i] = order[last];
            order[last] = swap;
        }
        return order;
    }

    /** Below 1 within a group, above 1 between groups. */
    static double[] distances(int[] group, long seed) {
        int n = group.length;
        Random random = new Random(seed);
        double[] condensed = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                condensed[next++] =
                        group[i] == group[j]
                                ? 0.4 + 0.4 * random.nextDouble()
                                : 1.5 + random.nextDouble();
            }
        }
        return condensed;
    }
}
