package dev.sot.procedures.corpus;

import dev.sot.formats.ActivationBundle;
import java.util.List;
import org.neo4j.procedure.Description;

/** One imported activation bundle. */
public final class ImportActivationsResult {

    @Description("Name of the corpus.")
    public final String corpus;

    @Description(
            "imported; resumed when an import of the same bundle that was cut short was completed;"
                    + " or unchanged when the same bundle had been imported before.")
    public final String status;

    @Description("The model's name.")
    public final String model;

    @Description("Prompts of the corpus.")
    public final long prompts;

    @Description("Token positions of the corpus.")
    public final long positions;

    @Description("Layers whose hidden states the corpus has.")
    public final List<Long> stateLayers;

    @Description("Dictionaries in the bundle.")
    public final List<String> dictionaries;

    @Description("Features of these dictionaries.")
    public final long features;

    @Description("Features that never fire on the corpus; they cannot have a distribution.")
    public final long silentFeatures;

    @Description("Firings: pairs of a feature and a position with a positive activation.")
    public final long firings;

    @Description("Features whose encoder and decoder vectors were imported.")
    public final long vectors;

    @Description("Labels imported.")
    public final long labels;

    @Description("Milliseconds spent on checking the bundle's files.")
    public final long checkMillis;

    @Description("Milliseconds spent on reading values and writing.")
    public final long writeMillis;

    private ImportActivationsResult(
            String corpus,
            String status,
            String model,
            long prompts,
            long positions,
            List<Long> stateLayers,
            List<String> dictionaries,
            ActivationImport.Counts counts,
            long checkMillis,
            long writeMillis) {
        this.corpus = corpus;
        this.status = status;
        this.model = model;
        this.prompts = prompts;
        this.positions = positions;
        this.stateLayers = stateLayers;
        this.dictionaries = dictionaries;
        this.features = counts.features;
        this.silentFeatures = counts.silentFeatures;
        this.firings = counts.firings;
        this.vectors = counts.vectors;
        this.labels = counts.labels;
        this.checkMillis = checkMillis;
        this.writeMillis = writeMillis;
    }

    /** With status unchanged nothing was written, and the counts of what is written are 0. */
    static ImportActivationsResult of(
            String corpus,
            String status,
            ActivationBundle bundle,
            ActivationImport.Counts counts,
            long checkMillis,
            long writeMillis) {
        return new ImportActivationsResult(
                corpus,
                status,
                bundle.model(),
                bundle.prompts(),
                bundle.positions(),
                bundle.states().stream().map(s -> (long) s.layer()).sorted().toList(),
                bundle.dictionaries().stream().map(ActivationBundle.Dictionary::name).toList(),
                counts,
                checkMillis,
                writeMillis);
    }
}
