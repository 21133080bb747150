package dev.sot.transport.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Partitions to hold a compression against that need no algorithm of their own: chance, and place
 * in the network.
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
