package dev.sot.procedures.labelling;

import org.neo4j.procedure.Description;

/** One supernode in a file of labels. */
public final class ImportLabellingResult {

    @Description("Key of the supernode.")
    public final String supernode;

    @Description("Its label now.")
    public final String label;

    @Description("Its label before any was imported; null when none has been.")
    public final String formerLabel;

    @Description("Who or what said the label; null when none has been imported.")
    public final String labeller;

    @Description(
            "labelled, unchanged when it had that label from that labeller, or noLabel when the"
                    + " file says that there is no telling.")
    public final String status;

    ImportLabellingResult(
            String supernode, String label, String formerLabel, String labeller, String status) {
        this.supernode = supernode;
        this.label = label;
        this.formerLabel = formerLabel;
        this.labeller = labeller;
        this.status = status;
    }
}
