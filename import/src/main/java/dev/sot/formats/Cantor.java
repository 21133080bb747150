package dev.sot.formats;

/**
 * Cantor's pairing of (layer, index) with one number, {@code (l + i)(l + i + 1)/2 + i}: the {@code
 * feature} field of circuit-tracer. Exact in 64 bits for every layer and index up to 2^31 - 1; real
 * files exceed 32 bits.
 */
public final class Cantor {
    /** Largest layer and index that can be paired. */
    public static final long MAX_COORDINATE = Integer.MAX_VALUE;

    private Cantor() {}

    /**
     * The number of a pair.
     *
     * @throws IllegalArgumentException when a coordinate is negative or above {@link
     *     #MAX_COORDINATE}
     */
    public static long encode(long layer, long index) {
        if (layer < 0 || index < 0 || layer > MAX_COORDINATE || index > MAX_COORDINATE) {
            throw new IllegalArgumentException(
                    "layer " + layer + " and index " + index + " must lie in [0, 2^31 - 1]");
        }
        return triangle(layer + index) + index;
    }

    /** The layer of a pair, for a number of at least 0. */
    public static long layer(long number) {
        return diagonal(number) - index(number);
    }

    /** The index of a pair, for a number of at least 0. */
    public static long index(long number) {
        return number - triangle(diagonal(number));
    }

    private static long diagonal(long number) {
        if (number < 0) {
            throw new IllegalArgumentException(number + " is not the number of a pair");
        }
        // The double square root is off by at most one; 4294967295 is the last diagonal in 64 bits.
        long s = Math.min((long) ((Math.sqrt(8.0 * number + 1) - 1) / 2), 4294967295L);
        while (triangle(s) > number) {
            s--;
        }
        while (s < 4294967295L && triangle(s + 1) <= number) {
            s++;
        }
        return s;
    }

    private static long triangle(long s) {
        return s % 2 == 0 ? s / 2 * (s + 1) : (s + 1) / 2 * s;
    }
}
