package dev.sot.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Damaged copies of a file. */
final class Flips {
    private Flips() {}

    /** One copy for each bit of every {@code step}-th byte, with that bit flipped. */
    static List<byte[]> of(byte[] bytes, int step) {
        List<byte[]> copies = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += step) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] copy = bytes.clone();
                copy[i] ^= (byte) (1 << bit);
                copies.add(copy);
            }
        }
        return copies;
    }

    /**
     * Runs a reading that may succeed or fail with a {@link FormatException}; anything else is a
     * failure of the test.
     */
    static void tolerate(Callable<?> reading) {
        try {
            reading.call();
        } catch (FormatException expected) {
            // A clear error is as good as a result.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
