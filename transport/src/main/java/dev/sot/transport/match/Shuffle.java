package dev.sot.transport.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Random orders that depend on a seed and on what is ordered alone, not on where it stands. */
public final class Shuffle {

    private Shuffle() {}

    /** The numbers, sorted by a hash of the seed and themselves; equal hashes by themselves. */
    public static int[] of(int[] numbers, long seed) {
        long start = mix(seed);
        return Arrays.stream(numbers)
                .boxed()
                .sorted(
                        Comparator.comparingLong((Integer n) -> mix(start + n))
                                .thenComparingInt(n -> n))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** A seed of its own for everything that has a key. */
    public static long seed(long seed, String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        return mix(seed) ^ hash;
    }

    private static long mix(long state) {
        long z = state + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
