package dev.sot.procedures.compression;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How items were grouped.
 *
 * @param group group of each grouped item, numbered from 0 in the order of their smallest members
 * @param sizeRule what decided on the number of groups: a configuration key or a value of {@code
 *     size}
 * @param hierarchy what the groups were cut from, if they were
 * @param noise number of items that a grouping by density left alone
 */
record Grouped(int[] group, String sizeRule, Optional<Hierarchy> hierarchy, OptionalInt noise) {

    /** Groups that were not cut from a hierarchy. */
    Grouped(int[] group, String sizeRule) {
        this(group, sizeRule, Optional.empty(), OptionalInt.empty());
    }

    /** Number of groups. */
    int count() {
        return Arrays.stream(group).max().orElse(-1) + 1;
    }
}
