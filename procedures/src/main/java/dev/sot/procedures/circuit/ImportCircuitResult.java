package dev.sot.procedures.circuit;

import dev.sot.formats.CircuitDocument;
import dev.sot.formats.CircuitHeader;
import dev.sot.formats.LinkCounts;
import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.circuit.Scores;
import org.neo4j.procedure.Description;

/** One imported circuit. */
public final class ImportCircuitResult {

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("The circuit's name; null for a file that was skipped.")
    public final String slug;

    @Description(
            "imported, replaced, unchanged when the same file had been imported before, or skipped"
                    + " when a file of a directory is no circuit.")
    public final String status;

    @Description(
            "The tool whose shape the file has: circuit-tracer, neuronpedia, lorsa, anthropic,"
                    + " eleutherai, adag or sparse-feature-circuits; null for a file that was"
                    + " skipped.")
    public final String dialect;

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

    @Description(
            "Replacement score of the circuit as it stands in the file; null when nothing"
                    + " influences the logits, and for dialects without such a score.")
    public final Double replacementScore;

    @Description(
            "Completeness score of the circuit as it stands in the file; null without a logit that"
                    + " has a probability, and for dialects without such a score.")
    public final Double completenessScore;

    @Description("Milliseconds spent on reading the file and scoring the circuit.")
    public final long readMillis;

    @Description("Milliseconds spent on writing.")
    public final long writeMillis;

    private ImportCircuitResult(
            String file,
            String slug,
            String status,
            String dialect,
            long nodes,
            LinkCounts links,
            String dictionary,
            String dictionarySource,
            Scores scores,
            long readMillis,
            long writeMillis) {
        this.file = file;
        this.slug = slug;
        this.status = status;
        this.dialect = dialect;
        this.nodes = nodes;
        this.links = links.total();
        this.zeroLinks = links.zero();
        this.selfLinks = links.self();
        this.danglingLinks = links.dangling();
        this.duplicateLinks = links.duplicate();
        this.ambiguousLinks = links.ambiguous();
        this.dictionary = dictionary;
        this.dictionarySource = dictionarySource;
        this.replacementScore = Figures.present(scores.replacement());
        this.completenessScore = Figures.present(scores.completeness());
        this.readMillis = readMillis;
        this.writeMillis = writeMillis;
    }

    static ImportCircuitResult of(
            String file,
            String status,
            CircuitDocument document,
            Scores scores,
            long readMillis,
            long writeMillis) {
        CircuitHeader header = document.header();
        return new ImportCircuitResult(
                file,
                header.slug(),
                status,
                document.dialect().text(),
                document.nodes().size(),
                document.links(),
                header.dictionary(),
                header.dictionarySource(),
                scores,
                readMillis,
                writeMillis);
    }

    /** A file in a directory that is no circuit. */
    static ImportCircuitResult skipped(String file) {
        return new ImportCircuitResult(
                file,
                null,
                "skipped",
                null,
                0,
                new LinkCounts(0, 0, 0, 0, 0, 0, 0),
                null,
                null,
                new Scores(Double.NaN, Double.NaN),
                0,
                0);
    }
}
