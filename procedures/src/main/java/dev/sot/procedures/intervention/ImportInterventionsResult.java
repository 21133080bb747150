package dev.sot.procedures.intervention;

import org.neo4j.procedure.Description;

/** What a file of results says of one compression. */
public final class ImportInterventionsResult {

    @Description("Id of the compression.")
    public final String compression;

    @Description("The circuit's name.")
    public final String circuit;

    @Description("Measurements that are new.")
    public final long created;

    @Description("Measurements that the database had with another value.")
    public final long replaced;

    @Description("Measurements that the database had.")
    public final long unchanged;

    @Description(
            "Share of what the circuit does that is left when it is compressed: 1 as without"
                    + " compression, 0 as with all of its features at their means; null when the"
                    + " file does not say it.")
    public final Double faithfulness;

    ImportInterventionsResult(
            String compression,
            String circuit,
            long created,
            long replaced,
            long unchanged,
            Double faithfulness) {
        this.compression = compression;
        this.circuit = circuit;
        this.created = created;
        this.replaced = replaced;
        this.unchanged = unchanged;
        this.faithfulness = faithfulness;
    }
}
