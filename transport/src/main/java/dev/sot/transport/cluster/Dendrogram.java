package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.Arrays;

/**
 * A hierarchy of clusters over n items. Items are clusters 0 to n - 1, and the i-th merge, in
 * ascending order of height, makes cluster n + i out of two earlier ones (the numbering of SciPy).
 * Where {@link Constraints} forbid further merges, it is a forest: there are as many roots as items
 * less merges.
 *
 * <p>Partitions cut from it are nested. They are given as a group per item, groups numbered from 0
 * in the order of their smallest members. Every cut contains the merges of items that must link.
 * Immutable.
 */
public final class Dendrogram {

    private final int items;
    private final int required;
    private final int[] left;
    private final int[] right;
    private final double[] height;
    private final int[] size;
    private final int[] parent;

    private Dendrogram(int items, int required, int[] left, int[] right, double[] height) {
        this.items = items;
        this.required = required;
        this.left = left;
        this.right = right;
        this.height = height;
        size = new int[height.length];
        parent = new int[items + height.length];
        Arrays.fill(parent, -1);
        for (int m = 0; m < height.length; m++) {
            checkMerge(m);
            parent[left[m]] = items + m;
            parent[right[m]] = items + m;
            size[m] = clusterSize(left[m]) + clusterSize(right[m]);
        }
    }

    private void checkMerge(int m) {
        int a = left[m];
        int b = right[m];
        if (a < 0 || a >= b || b >= items + m || parent[a] >= 0 || parent[b] >= 0) {
            throw new IllegalArgumentException(
                    "merge "
                            + m
                            + " of clusters "
                            + a
                            + " and "
                            + b
                            + " is none of two different roots made before it, smaller number"
                            + " first");
        }
        if (!(height[m] >= (m == 0 ? 0 : height[m - 1]))) {
            throw new IllegalArgumentException(
                    "merge " + m + " has height " + height[m] + ", below the merge before it or 0");
        }
    }

    /**
     * A hierarchy from its merges. O(n).
     *
     * @param items number of items, at least 1
     * @param required how many of the merges, the first ones, are part of every cut
     * @param left smaller number of the two clusters that each merge joins
     * @param right larger number
     * @param height height of each merge, {@code >= 0} and never descending
     * @throws IllegalArgumentException if these are not the merges of a hierarchy
     */
    public static Dendrogram of(int items, int required, int[] left, int[] right, double[] height) {
        if (items < 1 || height.length >= items) {
            throw new IllegalArgumentException(
                    height.length + " merges of " + items + " items; at least one root is left");
        }
        if (left.length != height.length || right.length != height.length) {
            throw new IllegalArgumentException(
                    "left, right and height have "
                            + left.length
                            + ", "
                            + right.length
                            + " and "
                            + height.length
                            + " entries; one per merge is needed");
        }
        if (required < 0 || required > height.length) {
            throw new IllegalArgumentException(
                    required + " of " + height.length + " merges are required");
        }
        return new Dendrogram(items, required, left.clone(), right.clone(), height.clone());
    }

    /** Number of items. */
    public int itemCount() {
        return items;
    }

    /** Number of merges. */
    public int mergeCount() {
        return height.length;
    }

    /** How many merges, the first ones, are of items that must link. */
    public int requiredMerges() {
        return required;
    }

    /** Number of groups in the coarsest cut, items less merges: 1 without constraints. */
    public int rootCount() {
        return items - height.length;
    }

    /** Number of groups in the finest cut: the items, less the required merges. */
    public int leafCount() {
        return items - required;
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

    /** Items in a cluster, by its number. */
    int clusterSize(int cluster) {
        return cluster < items ? 1 : size[cluster - items];
    }

    /** The cluster that a cluster is merged into, or -1 for a root. */
    int parent(int cluster) {
        return parent[cluster];
    }

    /**
     * The partition into k groups. Below the number of roots it is the roots; above that of leaves,
     * the leaves. Where several merges have the height at which the cut falls, the earlier ones are
     * done. O(n).
     *
     * @throws IllegalArgumentException unless {@code 1 <= k <= n}
     */
    public int[] cutToSize(int k) {
        checkSize(k);
        return after(Math.min(height.length, Math.max(required, items - k)));
    }

    private void checkSize(int k) {
        if (k < 1 || k > items) {
            throw new IllegalArgumentException(
                    "cannot cut " + items + " items into " + k + " groups; 1 to " + items + " can");
        }
    }

    /**
     * The partition after all merges at height d or below. O(n).
     *
     * @throws IllegalArgumentException if d is negative or NaN
     */
    public int[] cutAtDistance(double d) {
        checkDistance(d);
        int merges = 0;
        while (merges < height.length && height[merges] <= d) {
            merges++;
        }
        return after(merges);
    }

    private static void checkDistance(double d) {
        if (!(d >= 0)) {
            throw new IllegalArgumentException("cut distance is " + d + "; it must be >= 0");
        }
    }

    /**
     * The partition into k groups that a policy allows, or more if it allows no fewer: merges are
     * done in ascending order of height, except for those refused and those that build on these.
     *
     * @throws IllegalArgumentException unless {@code 1 <= k <= n}, or if the policy refuses single
     *     items or a merge of items that must link
     */
    public int[] cutToSize(int k, MergePolicy policy, Monitor monitor) {
        checkSize(k);
        return cut(k, Double.POSITIVE_INFINITY, policy, monitor);
    }

    /**
     * The partition after all merges at height d or below that a policy allows, as {@link
     * #cutToSize(int, MergePolicy, Monitor)}.
     *
     * @throws IllegalArgumentException if d is negative or NaN, or if the policy refuses single
     *     items or a merge of items that must link
     */
    public int[] cutAtDistance(double d, MergePolicy policy, Monitor monitor) {
        checkDistance(d);
        return cut(1, d, policy, monitor);
    }

    private int[] cut(int k, double d, MergePolicy policy, Monitor monitor) {
        MergePolicy.Run run = policy.start(items + height.length, monitor);
        boolean[] done = new boolean[height.length];
        int groups = items;
        for (int m = 0; m < done.length; m++) {
            if (m >= required && (groups <= k || height[m] > d)) {
                break;
            }
            boolean whole =
                    (left[m] < items || done[left[m] - items])
                            && (right[m] < items || done[right[m] - items]);
            done[m] = whole && run.merge(left[m], right[m], items + m);
            groups -= done[m] ? 1 : 0;
            if (m < required && !done[m]) {
                throw new RequiredMergeException(firstItem(left[m]), firstItem(right[m]));
            }
            monitor.progress("cut", m + 1, done.length);
        }
        return after(done);
    }

    /** The smallest item in a cluster. */
    private int firstItem(int cluster) {
        return cluster < items
                ? cluster
                : Math.min(firstItem(left[cluster - items]), firstItem(right[cluster - items]));
    }

    private int[] after(int merges) {
        boolean[] done = new boolean[merges];
        Arrays.fill(done, true);
        return after(done);
    }

    /** The partition after some merges; with a merge come those that made its clusters. */
    private int[] after(boolean[] done) {
        // A parent has a larger number than its children, so one descending pass finds all tops.
        int[] top = new int[items + done.length];
        for (int c = top.length - 1; c >= 0; c--) {
            int up = parent[c] - items;
            top[c] = up >= 0 && up < done.length && done[up] ? top[parent[c]] : c;
        }
        int[] number = new int[top.length];
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
