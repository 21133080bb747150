package dev.sot.transport.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which group of one partition is which group of another: the pair with the largest Jaccard index,
 * |A and B| / |A or B|, then the largest among the groups that are left, and so on, so that every
 * group has at most one partner. Of pairs with the same index the larger overlap counts, then the
 * smaller number of the first group, then that of the second.
 *
 * @param partner for each group number of the first partition its partner in the second, -1 for
 *     none
 * @param jaccard Jaccard index with the partner, 0 without one
 */
public record Correspondence(int[] partner, double[] jaccard) {

    private record Cell(int a, int b, int shared, double jaccard) {}

    /**
     * Matches the groups of two partitions. O(n + c log c) for c pairs of groups that overlap.
     *
     * @param a group of each item in one partition, -1 for an item that has none
     * @param b group of each item in the other; only items with a group in both count
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Correspondence of(int[] a, int[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "the partitions have " + a.length + " and " + b.length + " items");
        }
        int groupsA = Arrays.stream(a).max().orElse(-1) + 1;
        int groupsB = Arrays.stream(b).max().orElse(-1) + 1;
        int[] sizeA = new int[groupsA];
        int[] sizeB = new int[groupsB];
        Map<Long, Integer> shared = new HashMap<>();
        for (int i = 0; i < a.length; i++) {
            if (a[i] >= 0 && b[i] >= 0) {
                sizeA[a[i]]++;
                sizeB[b[i]]++;
                shared.merge((long) a[i] << 32 | b[i], 1, Integer::sum);
            }
        }
        Cell[] cells =
                shared.entrySet().stream()
                        .map(
                                e -> {
                                    int inA = (int) (e.getKey() >>> 32);
                                    int inB = (int) (e.getKey() & 0xffffffffL);
                                    int both = e.getValue();
                                    return new Cell(
                                            inA,
                                            inB,
                                            both,
                                            (double) both / (sizeA[inA] + sizeB[inB] - both));
                                })
                        .toArray(Cell[]::new);
        Arrays.sort(
                cells,
                (x, y) ->
                        x.jaccard != y.jaccard
                                ? Double.compare(y.jaccard, x.jaccard)
                                : x.shared != y.shared
                                        ? Integer.compare(y.shared, x.shared)
                                        : x.a != y.a
                                                ? Integer.compare(x.a, y.a)
                                                : Integer.compare(x.b, y.b));
        int[] partner = new int[groupsA];
        Arrays.fill(partner, -1);
        double[] jaccard = new double[groupsA];
        boolean[] taken = new boolean[groupsB];
        for (Cell cell : cells) {
            if (partner[cell.a] < 0 && !taken[cell.b]) {
                partner[cell.a] = cell.b;
                jaccard[cell.a] = cell.jaccard;
                taken[cell.b] = true;
            }
        }
        return new Correspondence(partner, jaccard);
    }
}
