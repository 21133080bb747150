package dev.sot.transport.search;

import java.util.Arrays;

/**
 * Targets with lower bounds, packed into longs that sort by bound, then by target. Bounds are
 * rounded down to single precision.
 */
final class Keys {

    private Keys() {}

    static long of(double bound, int target) {
        float single = (float) bound;
        if (single > bound) {
            single = Math.nextDown(single);
        }
        // Floats that are not negative sort as their bits.
        return (long) Float.floatToRawIntBits(single) << 32 | target;
    }

    static double bound(long key) {
        return Float.intBitsToFloat((int) (key >>> 32));
    }

    static int target(long key) {
        return (int) key;
    }

    /** Keys of which the least comes first: a binary heap. */
    static final class Queue {

        private long[] keys = new long[64];
        private int size;

        void clear() {
            size = 0;
        }

        int size() {
            return size;
        }

        long get(int at) {
            return keys[at];
        }

        /** The least key, {@link Long#MAX_VALUE} if there is none. */
        long least() {
            return size == 0 ? Long.MAX_VALUE : keys[0];
        }

        void add(long key) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
            }
            int at = size++;
            while (at > 0 && keys[(at - 1) / 2] > key) {
                keys[at] = keys[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            keys[at] = key;
        }

        void removeLeast() {
            long key = keys[--size];
            int at = 0;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && keys[child + 1] < keys[child]) {
                    child++;
                }
                if (keys[child] >= key) {
                    break;
                }
                keys[at] = keys[child];
                at = child;
            }
            keys[at] = key;
        }
    }
}
