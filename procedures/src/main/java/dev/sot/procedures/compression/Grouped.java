package dev.sot.procedures.compression;

import java.util.Arrays;

/**
 * How items were grouped.
 *
 * @param group group of each grouped item, numbered from 0 in the order of their smallest members
 * @param sizeRule what decided on the number of groups: a configuration key or a value of {@code
 *     size}
 */
record Grouped(int[] group, String sizeRule) {

    /** Number of groups. */
    int count() {
        return Arrays.stream(group).max().orElse(-1) + 1;
    }
}
