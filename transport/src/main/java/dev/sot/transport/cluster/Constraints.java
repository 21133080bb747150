package dev.sot.transport.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Which items may, must and must not share a group.
 *
 * <p>A union of clusters is forbidden when two of its items differ in a key, have opposite signs,
 * span too many layers or cannot link, or when it is too large. Each of these stays true of every
 * larger union: what is forbidden once is forbidden for good. Immutable.
 */
public final class Constraints {

    /** Everything may merge; for any number of items. */
    public static final Constraints NONE = new Constraints();

    private final int items;
    private final int[] key;
    private final List<int[]> signs;
    private final int[] lowest;
    private final int[] highest;
    private final long maximumSpan;
    private final int[] size;
    private final long maximumSize;
    private final int[][] cannotLink;
    private final int[] component;

    private Constraints() {
        items = -1;
        key = null;
        signs = List.of();
        lowest = null;
        highest = null;
        maximumSpan = Long.MAX_VALUE;
        size = null;
        maximumSize = Long.MAX_VALUE;
        cannotLink = new int[0][];
        component = null;
    }

    private Constraints(Builder builder) {
        items = builder.items;
        key = builder.key;
        signs = List.copyOf(builder.signs);
        lowest = builder.lowest;
        highest = builder.highest;
        maximumSpan = builder.maximumSpan;
        size = builder.size;
        maximumSize = builder.maximumSize;
        cannotLink = builder.cannotLink.toArray(int[][]::new);
        component = new int[items];
        for (int i = 0; i < items; i++) {
            component[i] = builder.root(i);
        }
    }

    /**
     * Starts without any constraint.
     *
     * @param items number of items
     */
    public static Builder builder(int items) {
        return new Builder(items);
    }

    /**
     * @throws IllegalArgumentException if these are constraints on another number of items
     */
    void checkItems(int n) {
        if (items >= 0 && items != n) {
            throw new IllegalArgumentException(
                    "the constraints are on " + items + " items, the distances on " + n);
        }
    }

    /** The smallest item that each item must share a group with; of a single item itself. */
    int component(int item) {
        return component == null ? item : component[item];
    }

    /** What an item counts towards the size of its cluster. */
    long size(int item) {
        return size == null ? 1 : size[item];
    }

    /** The largest size of a cluster of more than one item. */
    long maximumSize() {
        return maximumSize;
    }

    /** Pairs that cannot link, in the order in which they were given. */
    int[][] cannotLink() {
        return cannotLink;
    }

    /** Whether two items alone, cannot-links aside, are forbidden to merge. */
    boolean apart(int i, int j) {
        if (items < 0) {
            return false;
        }
        if (key != null && key[i] != key[j]
                || lowest != null
                        && (long) Math.max(highest[i], highest[j]) - Math.min(lowest[i], lowest[j])
                                > maximumSpan
                || size != null && (long) size[i] + size[j] > maximumSize) {
            return true;
        }
        for (int[] sign : signs) {
            if (sign[i] * sign[j] < 0) {
                return true;
            }
        }
        return false;
    }

    /** Collects constraints. Each method can be called several times where that makes sense. */
    public static final class Builder {

        private final int items;
        private IntFunction<String> name = i -> "item " + i;
        private int[] key;
        private final List<int[]> signs = new ArrayList<>();
        private int[] lowest;
        private int[] highest;
        private long maximumSpan = Long.MAX_VALUE;
        private int[] size;
        private long maximumSize = Long.MAX_VALUE;
        private final List<int[]> cannotLink = new ArrayList<>();
        private final int[] parent;

        private Builder(int items) {
            this.items = items;
            parent = new int[items];
            Arrays.setAll(parent, i -> i);
        }

        /** How messages call an item, such as the name that the user gave it. */
        public Builder named(IntFunction<String> name) {
            this.name = name;
            return this;
        }

        /**
         * Items whose keys are not equal never share a group. Repeated calls add further keys, all
         * of which must be equal.
         *
         * @param keys key of each item; null is equal to null only
         */
        public Builder equal(Object[] keys) {
            checkLength(keys.length, "keys");
            Map<List<Object>, Integer> numbers = new HashMap<>();
            int[] combined = new int[items];
            for (int i = 0; i < items; i++) {
                List<Object> both = Arrays.asList(key == null ? 0 : key[i], keys[i]);
                combined[i] = numbers.computeIfAbsent(both, k -> numbers.size());
            }
            key = combined;
            return this;
        }

        /**
         * Items of opposite sign never share a group; items of sign 0 may join either. Repeated
         * calls add further signs.
         *
         * @param sign -1, 0 or 1 of each item
         */
        public Builder opposed(int[] sign) {
            checkLength(sign.length, "signs");
            signs.add(Arrays.stream(sign).map(Integer::signum).toArray());
            return this;
        }

        /**
         * No group spans more layers. An item that does so by itself stays alone.
         *
         * @param lowest lowest layer of each item
         * @param highest highest layer of each item, at least the lowest
         * @param maximum largest difference between a group's highest and lowest layer; 0 keeps
         *     groups within a layer
         */
        public Builder maximumSpan(int[] lowest, int[] highest, int maximum) {
            checkLength(lowest.length, "lowest layers");
            checkLength(highest.length, "highest layers");
            for (int i = 0; i < items; i++) {
                if (lowest[i] > highest[i]) {
                    throw new IllegalArgumentException(
                            name.apply(i)
                                    + " has lowest layer "
                                    + lowest[i]
                                    + " above its highest, "
                                    + highest[i]);
                }
            }
            if (maximum < 0) {
                throw new IllegalArgumentException(
                        "the maximum span is " + maximum + "; it must be >= 0");
            }
            this.lowest = lowest.clone();
            this.highest = highest.clone();
            maximumSpan = maximum;
            return this;
        }

        /**
         * No group is larger. An item that is so by itself stays alone.
         *
         * @param sizes what each item counts, {@code >= 0}
         * @param maximum largest sum of the sizes of a group's items, at least 1
         */
        public Builder maximumSize(int[] sizes, long maximum) {
            checkLength(sizes.length, "sizes");
            for (int i = 0; i < items; i++) {
                if (sizes[i] < 0) {
                    throw new IllegalArgumentException(
                            name.apply(i) + " has size " + sizes[i] + "; it must be >= 0");
                }
            }
            if (maximum < 1) {
                throw new IllegalArgumentException(
                        "the maximum size is " + maximum + "; it must be >= 1");
            }
            size = sizes.clone();
            maximumSize = maximum;
            return this;
        }

        /** Two items never share a group. */
        public Builder cannotLink(int i, int j) {
            cannotLink.add(new int[] {Objects.checkIndex(i, items), Objects.checkIndex(j, items)});
            return this;
        }

        /** Two items always share a group, and with them all that either must link with. */
        public Builder mustLink(int i, int j) {
            int a = root(Objects.checkIndex(i, items));
            int b = root(Objects.checkIndex(j, items));
            parent[Math.max(a, b)] = Math.min(a, b);
            return this;
        }

        /**
         * The constraints collected so far. O(items + pairs).
         *
         * @throws IllegalArgumentException if items that must link are forbidden to
         */
        public Constraints build() {
            for (int[] pair : cannotLink) {
                if (root(pair[0]) == root(pair[1])) {
                    throw contradiction(
                            pair[0],
                            pair[1],
                            pair[0] == pair[1]
                                    ? "an item cannot be kept apart from itself"
                                    : "they cannot link; drop one of the two demands");
                }
            }
            for (int i = 0; i < items; i++) {
                int first = root(i);
                if (key != null && key[i] != key[first]) {
                    throw contradiction(
                            first, i, "they differ in what must be equal within a group");
                }
            }
            for (int[] sign : signs) {
                checkSigns(sign);
            }
            if (lowest != null) {
                checkSpans();
            }
            if (size != null) {
                checkSizes();
            }
            return new Constraints(this);
        }

        private void checkSigns(int[] sign) {
            int[] signed = new int[items];
            Arrays.fill(signed, -1);
            for (int i = 0; i < items; i++) {
                int root = root(i);
                if (sign[i] != 0 && signed[root] < 0) {
                    signed[root] = i;
                } else if (sign[i] != 0 && sign[i] != sign[signed[root]]) {
                    throw contradiction(signed[root], i, "they have opposite signs");
                }
            }
        }

        private void checkSpans() {
            int[] low = lowest.clone();
            int[] high = highest.clone();
            for (int i = 0; i < items; i++) {
                int root = root(i);
                low[root] = Math.min(low[root], lowest[i]);
                high[root] = Math.max(high[root], highest[i]);
                long span = (long) high[root] - low[root];
                if (root != i && span > maximumSpan) {
                    throw contradiction(
                            root,
                            i,
                            "with all that must link with them they span "
                                    + span
                                    + " layers or more, above the maximum of "
                                    + maximumSpan);
                }
            }
        }

        private void checkSizes() {
            long[] sum = new long[items];
            for (int i = 0; i < items; i++) {
                int root = root(i);
                sum[root] += size[i];
                if (root != i && sum[root] > maximumSize) {
                    throw contradiction(
                            root,
                            i,
                            "with all that must link with them they have size "
                                    + sum[root]
                                    + " or more, above the maximum of "
                                    + maximumSize);
                }
            }
        }

        private IllegalArgumentException contradiction(int i, int j, String why) {
            return new IllegalArgumentException(
                    name.apply(i) + " and " + name.apply(j) + " must link, but " + why);
        }

        private int root(int item) {
            int i = item;
            while (parent[i] != i) {
                parent[i] = parent[parent[i]];
                i = parent[i];
            }
            return i;
        }

        private void checkLength(int length, String what) {
            if (length != items) {
                throw new IllegalArgumentException(
                        "there are " + length + " " + what + " for " + items + " items");
            }
        }
    }
}
