package dev.sot.transport.cluster;

import java.util.Arrays;

/**
 * A hierarchy of clusters over n items. Items are clusters 0 to n - 1, and the i-th merge, in
 * ascending order of height, makes cluster n + i out of two earlier ones (the numbering of SciPy).
 *
 * <p>Partitions cut from it are nested. They are given as a group per item, groups numbered from 0
 * in the order of their smallest members. Immutable.
 */
public final class Dendrogram {

    private final int items;
    private final int[] left;
    private final int[] right;
    private final double[] height;
    private final int[] size;

    /** Takes over its arguments. */
    Dendrogram(int items, int[] left, int[] right, double[] height, int[] size) {
        this.items = items;
        this.left = left;
        this.right = right;
        this.height = height;
        this.size = size;
    }

    /** Number of items. */
    public int itemCount() {
        return items;
    }

    /** Number of merges, one less than items. */
    public int mergeCount() {
        return height.length;
    }

    /** The smaller number of the two clusters that a merge joins. */
    public int left(int merge) {
        return left[merge];
    }

    /** The larger number of the two clusters that a merge joins. */
    public int right(int merge) {
        return right[merge];
    }

    /** Distance between the two clusters that a merge joins; never below that of the one before. */
    public double height(int merge) {
        return height[merge];
    }

    /** Items in the cluster that a merge makes. */
    public int size(int merge) {
        return size[merge];
    }

    /**
     * The partition into exactly k groups. Where several merges have the height at which the cut
     * falls, the earlier ones are done. O(n).
     *
     * @throws IllegalArgumentException unless {@code 1 <= k <= n}
     */
    public int[] cutToSize(int k) {
        if (k < 1 || k > items) {
            throw new IllegalArgumentException(
                    "cannot cut " + items + " items into " + k + " groups; 1 to " + items + " can");
        }
        return after(items - k);
    }

    /**
     * The partition after all merges at height d or below. O(n).
     *
     * @throws IllegalArgumentException if d is negative or NaN
     */
    public int[] cutAtDistance(double d) {
        if (!(d >= 0)) {
            throw new IllegalArgumentException("cut distance is " + d + "; it must be >= 0");
        }
        int merges = 0;
        while (merges < height.length && height[merges] <= d) {
            merges++;
        }
        return after(merges);
    }

    private int[] after(int merges) {
        int[] parent = new int[items + merges];
        Arrays.fill(parent, -1);
        for (int m = 0; m < merges; m++) {
            parent[left[m]] = items + m;
            parent[right[m]] = items + m;
        }
        // A parent has a larger number than its children, so one descending pass finds all tops.
        int[] top = new int[items + merges];
        for (int c = top.length - 1; c >= 0; c--) {
            top[c] = parent[c] < 0 ? c : top[parent[c]];
        }
        int[] number = new int[items + merges];
        Arrays.fill(number, -1);
        int groups = 0;
        int[] group = new int[items];
        for (int i = 0; i < items; i++) {
            if (number[top[i]] < 0) {
                number[top[i]] = groups++;
            }
            group[i] = number[top[i]];
        }
        return group;
    }
}
