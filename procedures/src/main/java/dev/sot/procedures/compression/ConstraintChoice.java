package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import java.util.List;
import java.util.Optional;

/**
 * What may share a supernode.
 *
 * @param samePosition only items at the same token positions
 * @param maxLayerSpan largest difference of the layers of a supernode's members
 * @param maxSize most members of a supernode that is more than one item
 * @param apart properties of nodes or features in which members never differ
 * @param sameSign only items that do not push one logit in opposite directions
 * @param mustLink ids of nodes that share a supernode, list by list
 * @param cannotLink ids of nodes of which no two share a supernode, list by list
 */
record ConstraintChoice(
        boolean samePosition,
        Optional<Integer> maxLayerSpan,
        Optional<Integer> maxSize,
        List<String> apart,
        boolean sameSign,
        List<List<String>> mustLink,
        List<List<String>> cannotLink) {

    private static final List<String> KEYS =
            List.of(
                    "samePosition",
                    "maxLayerSpan",
                    "maxSize",
                    "apart",
                    "sameSign",
                    "mustLink",
                    "cannotLink");

    static ConstraintChoice of(Configuration c, GroupingChoice grouping) {
        if (!grouping.method().takesConstraints()) {
            KEYS.forEach(
                    key ->
                            c.refuse(
                                    key,
                                    "needs grouping 'hierarchical'; grouping '"
                                            + Configuration.name(grouping.method())
                                            + "' takes no constraints"));
            return new ConstraintChoice(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    false,
                    List.of(),
                    List.of());
        }
        return new ConstraintChoice(
                c.bool("samePosition", false),
                c.optionalInteger("maxLayerSpan", 0, Integer.MAX_VALUE),
                c.optionalInteger("maxSize", 1, Integer.MAX_VALUE),
                c.optionalStrings("apart").orElse(List.of()),
                c.bool("sameSign", false),
                c.stringLists("mustLink"),
                c.stringLists("cannotLink"));
    }
}
