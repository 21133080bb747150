package dev.sot.transport.cluster;

import java.util.function.Consumer;

/** All partitions of a few items. */
final class Partitions {

    private Partitions() {}

    /** Calls with every partition of n items; groups are numbered by their smallest members. */
    static void all(int n, Consumer<int[]> consumer) {
        extend(new int[n], 0, 0, consumer);
    }

    private static void extend(int[] group, int item, int groups, Consumer<int[]> consumer) {
        if (item == group.length) {
            consumer.accept(group);
            return;
        }
        for (int g = 0; g <= groups; g++) {
            group[item] = g;
            extend(group, item + 1, Math.max(groups, g + 1), consumer);
        }
    }
}
