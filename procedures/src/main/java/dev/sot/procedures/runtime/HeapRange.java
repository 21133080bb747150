package dev.sot.procedures.runtime;

import java.util.Locale;

/**
 * Bytes of heap that a call takes, at least and at most.
 *
 * @param min at least
 * @param max at most
 */
public record HeapRange(long min, long max) {

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    /** The range as people read it, such as {@code 12.3 MiB} or {@code [1.20 MiB ... 3.45 MiB]}. */
    public String text() {
        return min == max ? text(max) : "[" + text(min) + " ... " + text(max) + "]";
    }

    /** The least as a percentage of the heap of this server. */
    public double minPercentage() {
        return percentage(min);
    }

    /** The most as a percentage of the heap of this server. */
    public double maxPercentage() {
        return percentage(max);
    }

    private static double percentage(long bytes) {
        return Math.ceil(1_000.0 * bytes / Runtime.getRuntime().maxMemory()) / 10;
    }

    /** A number of bytes as people read it. */
    public static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " Bytes";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1024;
            unit++;
        } while (value >= 1024 && unit < UNITS.length - 1);
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f %s", value, UNITS[unit]);
    }
}
