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
 * @param maxInternalMass largest share of the links' absolute weight hidden inside supernodes
 * @param acyclic what to do about cycles among supernodes
 */
record ConstraintChoice(
        boolean samePosition,
        Optional<Integer> maxLayerSpan,
        Optional<Integer> maxSize,
        List<String> apart,
        boolean sameSign,
        List<List<String>> mustLink,
        List<List<String>> cannotLink,
        Optional<Double> maxInternalMass,
        Acyclic acyclic) {

    /** What to do about cycles among supernodes. */
    enum Acyclic {
        /** Count them. */
        REPORT,
        /** Drop superedges until there are none. */
        COLLAPSE,
        /** Merge nothing that closes one. */
        REFUSE
    }

    private static final List<String> KEYS =
            List.of(
                    "samePosition",
                    "maxLayerSpan",
                    "maxSize",
                    "apart",
                    "sameSign",
                    "mustLink",
                    "cannotLink",
                    "maxInternalMass");

    static ConstraintChoice of(Configuration c, GroupingChoice grouping) {
        Acyclic acyclic = c.oneOf("acyclic", Acyclic.REPORT);
        if (acyclic == Acyclic.REFUSE && grouping.method() != GroupingChoice.Method.HIERARCHICAL) {
            throw c.problem("acyclic", "'refuse' needs grouping 'hierarchical'");
        }
        if (!grouping.method().takesConstraints()) {
            KEYS.forEach(
                    key ->
                            c.refuse(
                                    key,
                                    "needs grouping 'hierarchical' or 'correlationClustering';"
                                            + " grouping '"
                                            + Configuration.name(grouping.method())
                                            + "' takes no constraints"));
            return new ConstraintChoice(
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    false,
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    acyclic);
        }
        return new ConstraintChoice(
                c.bool("samePosition", false),
                c.optionalInteger("maxLayerSpan", 0, Integer.MAX_VALUE),
                c.optionalInteger("maxSize", 1, Integer.MAX_VALUE),
                c.optionalStrings("apart").orElse(List.of()),
                c.bool("sameSign", false),
                c.stringLists("mustLink"),
                c.stringLists("cannotLink"),
                c.optionalNumber("maxInternalMass", 0, 1),
                acyclic);
    }
}
