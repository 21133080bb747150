package dev.sot.transport.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Constraints written down plainly, to check {@link Constraints} against. */
record Rules(
        Object[] firstKey,
        Object[] secondKey,
        int[] sign,
        int[] lowest,
        int[] highest,
        int maximumSpan,
        int[] size,
        int maximumSize,
        int[][] cannotLink,
        int[][] mustLink) {

    static Rules none(int n) {
        return new Rules(
                new Object[n],
                new Object[n],
                new int[n],
                new int[n],
                new int[n],
                0,
                new int[n],
                1,
                new int[0][],
                new int[0][]);
    }

    /** Rules that contradict each other nowhere. */
    static Rules random(int n, long seed) {
        Random random = new Random(seed);
        while (true) {
            int[] lowest = random.ints(n, 0, 5).toArray();
            Rules rules =
                    new Rules(
                            random.ints(n, 0, 2).boxed().toArray(),
                            random.ints(n, 0, 10).mapToObj(i -> i == 0 ? null : "").toArray(),
                            random.ints(n, -5, 6).map(i -> i / 5).toArray(),
                            lowest,
                            Arrays.stream(lowest).map(l -> l + random.nextInt(8) / 7).toArray(),
                            2 + random.nextInt(3),
                            random.ints(n, 0, 3).toArray(),
                            3 + random.nextInt(12),
                            pairs(n, n / 8, random),
                            pairs(n, n / 10, random));
            boolean distinct =
                    Arrays.stream(rules.cannotLink).noneMatch(pair -> pair[0] == pair[1]);
            if (distinct && rules.components().stream().allMatch(rules::allow)) {
                return rules;
            }
        }
    }

    private static int[][] pairs(int n, int count, Random random) {
        int[][] pairs = new int[count][];
        Arrays.setAll(pairs, p -> new int[] {random.nextInt(n), random.nextInt(n)});
        return pairs;
    }

    int items() {
        return sign.length;
    }

    Constraints constraints() {
        Constraints.Builder builder =
                Constraints.builder(items())
                        .equal(firstKey)
                        .equal(secondKey)
                        .opposed(sign)
                        .maximumSpan(lowest, highest, maximumSpan)
                        .maximumSize(size, maximumSize);
        for (int[] pair : cannotLink) {
            builder.cannotLink(pair[0], pair[1]);
        }
        for (int[] pair : mustLink) {
            builder.mustLink(pair[0], pair[1]);
        }
        return builder.build();
    }

    /** What must link, and all other items alone. */
    List<List<Integer>> components() {
        List<List<Integer>> components = new ArrayList<>();
        for (int i = 0; i < items(); i++) {
            components.add(new ArrayList<>(List.of(i)));
        }
        for (int[] pair : mustLink) {
            List<Integer> a = with(components, pair[0]);
            List<Integer> b = with(components, pair[1]);
            if (a != b) {
                components.remove(b);
                a.addAll(b);
            }
        }
        return components;
    }

    private static List<Integer> with(List<List<Integer>> components, int item) {
        return components.stream().filter(c -> c.contains(item)).findFirst().orElseThrow();
    }

    boolean allow(List<Integer> a, List<Integer> b) {
        List<Integer> joined = new ArrayList<>(a);
        joined.addAll(b);
        return allow(joined);
    }

    private boolean allow(List<Integer> cluster) {
        if (cluster.size() == 1) {
            return true;
        }
        int low = cluster.stream().mapToInt(i -> lowest[i]).min().orElseThrow();
        int high = cluster.stream().mapToInt(i -> highest[i]).max().orElseThrow();
        return cluster.stream().map(i -> firstKey[i]).distinct().count() == 1
                && cluster.stream().map(i -> secondKey[i]).distinct().count() == 1
                && cluster.stream().map(i -> sign[i]).filter(s -> s != 0).distinct().count() <= 1
                && high - low <= maximumSpan
                && cluster.stream().mapToInt(i -> size[i]).sum() <= maximumSize
                && Arrays.stream(cannotLink)
                        .noneMatch(p -> cluster.contains(p[0]) && cluster.contains(p[1]));
    }

    /** Item i of the result is item {@code order[i]} of these. */
    Rules reorder(int[] order) {
        int[] place = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            place[order[i]] = i;
        }
        return new Rules(
                Arrays.stream(order).mapToObj(i -> firstKey[i]).toArray(),
                Arrays.stream(order).mapToObj(i -> secondKey[i]).toArray(),
                Arrays.stream(order).map(i -> sign[i]).toArray(),
                Arrays.stream(order).map(i -> lowest[i]).toArray(),
                Arrays.stream(order).map(i -> highest[i]).toArray(),
                maximumSpan,
                Arrays.stream(order).map(i -> size[i]).toArray(),
                maximumSize,
                places(cannotLink, place),
                places(mustLink, place));
    }

    private static int[][] places(int[][] pairs, int[] place) {
        return Arrays.stream(pairs)
                .map(p -> new int[] {place[p[0]], place[p[1]]})
                .toArray(int[][]::new);
    }
}
