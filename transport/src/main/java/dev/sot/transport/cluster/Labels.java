package dev.sot.transport.cluster;

import java.util.Arrays;

/** Numbering of groups. */
final class Labels {

    private Labels() {}

    /** The distinct group numbers {@code >= 0}, ascending. */
    static int[] distinct(int[] group) {
        return Arrays.stream(group).filter(g -> g >= 0).sorted().distinct().toArray();
    }

    /** Each group number's place among the distinct ones; -1 for a negative one. */
    static int[] dense(int[] group, int[] distinct) {
        int[] dense = new int[group.length];
        for (int i = 0; i < group.length; i++) {
            dense[i] = group[i] < 0 ? -1 : Arrays.binarySearch(distinct, group[i]);
        }
        return dense;
    }

    /** The same groups, numbered from 0 in the order of their smallest members. */
    static int[] inOrder(int[] group) {
        int[] number = new int[group.length == 0 ? 0 : Arrays.stream(group).max().getAsInt() + 1];
        Arrays.fill(number, -1);
        int[] ordered = new int[group.length];
        int next = 0;
        for (int i = 0; i < group.length; i++) {
            if (number[group[i]] < 0) {
                number[group[i]] = next++;
            }
            ordered[i] = number[group[i]];
        }
        return ordered;
    }

    /**
     * Where each of a circuit's nodes is among some of them, -1 for the others.
     *
     * @throws IllegalArgumentException if a node is given twice
     */
    static int[] places(int[] nodes, int nodeCount) {
        int[] place = new int[nodeCount];
        Arrays.fill(place, -1);
        for (int i = 0; i < nodes.length; i++) {
            if (place[nodes[i]] >= 0) {
                throw new IllegalArgumentException("node " + nodes[i] + " is given twice");
            }
            place[nodes[i]] = i;
        }
        return place;
    }

    static int[] sizes(int[] dense, int groups) {
        int[] sizes = new int[groups];
        for (int g : dense) {
            if (g >= 0) {
                sizes[g]++;
            }
        }
        return sizes;
    }
}
