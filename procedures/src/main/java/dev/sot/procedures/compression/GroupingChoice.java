package dev.sot.procedures.compression;

import dev.sot.procedures.config.Configuration;
import dev.sot.transport.cluster.Linkage;

/**
 * How items are grouped.
 *
 * @param method the method
 * @param linkage distance of two groups that are merged
 */
record GroupingChoice(Method method, Linkage linkage) {

    /** Methods of grouping. */
    enum Method {
        /** Merging the two nearest groups until one is left, and cutting that hierarchy. */
        HIERARCHICAL
    }

    static GroupingChoice of(Configuration c) {
        return new GroupingChoice(
                c.oneOf("grouping", Method.HIERARCHICAL), c.oneOf("linkage", Linkage.AVERAGE));
    }
}
