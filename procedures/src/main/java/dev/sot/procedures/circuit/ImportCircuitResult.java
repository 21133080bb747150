package dev.sot.procedures.circuit;

import dev.sot.formats.CircuitDocument;
import dev.sot.transport.circuit.Scores;
import org.neo4j.procedure.Description;

/** One imported circuit. */
public final class ImportCircuitResult {

    @Description("The circuit's name.")
    public final String slug;

    @Description("imported, replaced, or unchanged when the same file had been imported before.")
    public final String status;

    @Description("Nodes in the circuit.")
    public final long nodes;

    @Description("Links in the file, including those of weight zero.")
    public final long links;

    @Description("Links of weight zero; they are kept.")
    public final long zeroLinks;

    @Description("Links from a node to itself; they are kept.")
    public final long selfLinks;

    @Description("Links with an end that is no node of the file; they are left out.")
    public final long danglingLinks;

    @Description("Links that a later link between the same nodes overrides; they are left out.")
    public final long duplicateLinks;

    @Description(
            "Links at an id that a feature and an error share; see the page on sot.import.circuit.")
    public final long ambiguousLinks;

    @Description("The dictionary whose features the circuit holds.")
    public final String dictionary;

    @Description(
            "Where the dictionary's name came from: config, info.transcoder_set, feature_details or"
                    + " scan.")
    public final String dictionarySource;

    @Description("Replacement score of the circuit as it stands in the file.")
    public final double replacementScore;

    @Description("Completeness score of the circuit as it stands in the file.")
    public final double completenessScore;

    @Description("Milliseconds spent on reading the file and scoring the circuit.")
    public final long readMillis;

    @Description("Milliseconds spent on writing.")
    public final long writeMillis;

    ImportCircuitResult(
            String slug,
            String status,
            CircuitDocument document,
            String dictionary,
            String dictionarySource,
            Scores scores,
            long readMillis,
            long writeMillis) {
        this.slug = slug;
        this.status = status;
        this.nodes = document.nodes().size();
        this.links = document.links().total();
        this.zeroLinks = document.links().zero();
        this.selfLinks = document.links().self();
        this.danglingLinks = document.links().dangling();
        this.duplicateLinks = document.links().duplicate();
        this.ambiguousLinks = document.links().ambiguous();
        this.dictionary = dictionary;
        this.dictionarySource = dictionarySource;
        this.replacementScore = scores.replacement();
        this.completenessScore = scores.completeness();
        this.readMillis = readMillis;
        this.writeMillis = writeMillis;
    }
}
