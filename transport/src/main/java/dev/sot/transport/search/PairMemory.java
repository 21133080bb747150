package dev.sot.transport.search;

import dev.sot.transport.Cloud;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What searches found out about pairs of clouds: exact distances and lower bounds, so that searches
 * that share it solve no pair twice, from whichever side they come.
 *
 * <p>It changes what a search costs, never what it finds: distances and bounds are functions of the
 * pair, symmetric to the last bit. What is forgotten is computed again, so it may be full.
 *
 * <p>A hash table of primitives with open addressing, 16 bytes a slot, at most three quarters of
 * them taken; of a size fixed from the start. Clouds are told apart by identity. Safe for use by
 * many threads.
 */
public final class PairMemory {

    private static final int MOST_SLOTS = 1 << 24;
    private static final long BYTES_PER_SLOT = 16;
    private static final long BYTES_PER_CLOUD = 48;

    private final Map<Cloud, Integer> numbers = new IdentityHashMap<>();
    private final AtomicLongArray keys;
    // Complements of the bits of doubles, so that no value is 0, which is an empty slot.
    private final AtomicLongArray values;
    private final int mask;
    private final int most;
    private final AtomicInteger size = new AtomicInteger();

    /**
     * An empty memory.
     *
     * @param clouds the clouds that pairs are made of; pairs with others are not remembered
     * @param pairs how many pairs are likely to be compared; no more than 12.6 million are
     *     remembered
     */
    public PairMemory(Collection<Cloud> clouds, long pairs) {
        clouds.forEach(cloud -> numbers.putIfAbsent(cloud, numbers.size()));
        int slots = slots(pairs);
        this.keys = new AtomicLongArray(slots);
        this.values = new AtomicLongArray(slots);
        this.mask = slots - 1;
        this.most = capacity(slots);
    }

    /** Bytes held for so many clouds and pairs; at most 256 MiB and 48 a cloud. */
    public static long bytes(int clouds, long pairs) {
        return BYTES_PER_CLOUD * clouds + BYTES_PER_SLOT * slots(pairs);
    }

    private static int slots(long pairs) {
        int slots = 1;
        while (slots < MOST_SLOTS && capacity(slots) < pairs) {
            slots *= 2;
        }
        return slots;
    }

    private static int capacity(int slots) {
        return slots / 4 * 3;
    }

    /** The number of a cloud, or -1. */
    int number(Cloud cloud) {
        return numbers.getOrDefault(cloud, -1);
    }

    /**
     * What is known of a pair: its distance; or a lower bound on it, with the sign bit set; or not
     * a number.
     *
     * @param one the number of a cloud
     * @param other the number of another, or one that is -1
     */
    double recall(int one, int other) {
        if (one < 0 || other < 0) {
            return Double.NaN;
        }
        long key = key(one, other);
        for (int slot = slot(key); keys.get(slot) != 0; slot = slot + 1 & mask) {
            if (keys.get(slot) == key) {
                long value = values.get(slot);
                return value == 0 ? Double.NaN : Double.longBitsToDouble(~value);
            }
        }
        return Double.NaN;
    }

    /** Whether what was recalled is a lower bound. */
    static boolean isBound(double recalled) {
        return Double.doubleToRawLongBits(recalled) < 0;
    }

    /** Remembers the distance of a pair. */
    void distance(int one, int other, double distance) {
        int slot = take(one, other);
        if (slot >= 0) {
            values.set(slot, ~Double.doubleToRawLongBits(distance));
        }
    }

    /** Remembers a lower bound on the distance of a pair of which nothing is known. */
    void bound(int one, int other, double bound) {
        int slot = take(one, other);
        if (slot >= 0) {
            values.compareAndSet(slot, 0, ~Double.doubleToRawLongBits(-bound));
        }
    }

    /** The slot of a pair, its own from now on; -1 where there is none left. */
    private int take(int one, int other) {
        if (one < 0 || other < 0) {
            return -1;
        }
        long key = key(one, other);
        int slot = slot(key);
        while (true) {
            long taken = keys.get(slot);
            if (taken == 0) {
                if (size.get() >= most || size.incrementAndGet() > most) {
                    return -1;
                }
                taken = keys.compareAndExchange(slot, 0, key);
                if (taken == 0) {
                    return slot;
                }
                size.decrementAndGet();
            }
            if (taken == key) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Not 0, as the two are different. */
    private static long key(int one, int other) {
        return (long) Math.min(one, other) << 32 | Math.max(one, other);
    }

    private int slot(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }
}
