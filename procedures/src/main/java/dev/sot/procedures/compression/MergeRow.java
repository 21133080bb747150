package dev.sot.procedures.compression;

import org.neo4j.procedure.Description;

/** One merge of a dendrogram. */
public final class MergeRow {

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Number of the merge, from 0: the cluster it makes has number items + merge.")
    public final long merge;

    @Description("The cluster of the smaller number; one below items is a single item.")
    public final long left;

    @Description("The cluster of the larger number.")
    public final long right;

    @Description("Distance of the two clusters by the linkage.")
    public final double height;

    @Description("Items in both together.")
    public final long size;

    @Description("Whether items that must link are merged here, in every cut.")
    public final boolean required;

    @Description("Key of the feature or id of the node that left is; null for a larger cluster.")
    public final String leftItem;

    @Description("Key of the feature or id of the node that right is; null for a larger cluster.")
    public final String rightItem;

    MergeRow(String circuit, Hierarchy hierarchy, int merge) {
        this.circuit = circuit;
        this.merge = merge;
        this.left = hierarchy.dendrogram().left(merge);
        this.right = hierarchy.dendrogram().right(merge);
        this.height = hierarchy.dendrogram().height(merge);
        this.size = hierarchy.dendrogram().size(merge);
        this.required = merge < hierarchy.dendrogram().requiredMerges();
        this.leftItem = hierarchy.item(hierarchy.dendrogram().left(merge));
        this.rightItem = hierarchy.item(hierarchy.dendrogram().right(merge));
    }
}
