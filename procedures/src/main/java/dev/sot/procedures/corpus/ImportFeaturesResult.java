package dev.sot.procedures.corpus;

import dev.sot.transport.Spread;
import java.util.List;
import org.neo4j.procedure.Description;

/** One import of features as dashboards show them. */
public final class ImportFeaturesResult {

    @Description("Name of the corpus; null when there were only explanations.")
    public final String corpus;

    @Description("imported, or unchanged when the same files had been imported before.")
    public final String status;

    @Description(
            "What the files are: saedashboard, neuronpedia or probe-prompting, several of them.")
    public final List<String> formats;

    @Description("The model's name.")
    public final String model;

    @Description("Dictionaries of the features.")
    public final List<String> dictionaries;

    @Description("Files read.")
    public final long files;

    @Description("Files left aside, such as the model.jsonl beside an export.")
    public final long skippedFiles;

    @Description("Features.")
    public final long features;

    @Description("Features of which no firing is shown; they cannot have a distribution.")
    public final long silentFeatures;

    @Description("Windows of text kept as prompts.")
    public final long windows;

    @Description("Windows left out because they repeat another of the same feature.")
    public final long duplicateWindows;

    @Description("Windows left out because the feature does not fire there.")
    public final long silentWindows;

    @Description("Token positions kept.")
    public final long positions;

    @Description("Firings kept.")
    public final long firings;

    @Description("Firings left out because they are on the mark of the beginning of a text.")
    public final long sinkFirings;

    @Description("Features whose firings are weighted by the histogram of all firings.")
    public final long byHistogram;

    @Description(
            "Features whose firings are weighted by the intervals their windows were drawn for.")
    public final long byIntervals;

    @Description(
            "Features that fire and whose firings cannot be weighted, because the export does not"
                    + " say how often they fire: biased, except on probe prompts.")
    public final long uncorrected;

    @Description(
            "By how much firing tokens are over-represented before the correction, median over"
                    + " features; null where the export does not say how often features fire.")
    public final Double overRepresentation;

    @Description(
            "Share of the corpus's firings in classes of activations of which at least one firing"
                    + " is shown, mean over the corrected features; null without any.")
    public final Double covered;

    @Description("Labels taken from explanations.")
    public final long labels;

    @Description("Milliseconds spent on checking the files.")
    public final long checkMillis;

    @Description("Milliseconds spent on writing.")
    public final long writeMillis;

    ImportFeaturesResult(
            String corpus,
            String status,
            List<String> formats,
            String model,
            List<String> dictionaries,
            long files,
            long skippedFiles,
            FeatureImport.Counts counts,
            long labels,
            long checkMillis,
            long writeMillis) {
        this.corpus = corpus;
        this.status = status;
        this.formats = formats;
        this.model = model;
        this.dictionaries = dictionaries;
        this.files = files;
        this.skippedFiles = skippedFiles;
        this.features = counts.features;
        this.silentFeatures = counts.silentFeatures;
        this.windows = counts.windows;
        this.duplicateWindows = counts.duplicateWindows;
        this.silentWindows = counts.silentWindows;
        this.positions = counts.positions;
        this.firings = counts.firings;
        this.sinkFirings = counts.sinkFirings;
        this.byHistogram = counts.byHistogram;
        this.byIntervals = counts.byIntervals;
        this.uncorrected = counts.uncorrected;
        this.overRepresentation =
                counts.overRepresentation.isEmpty()
                        ? null
                        : (Double) spread(counts.overRepresentation).median();
        this.covered = counts.covered.isEmpty() ? null : (Double) spread(counts.covered).mean();
        this.labels = labels;
        this.checkMillis = checkMillis;
        this.writeMillis = writeMillis;
    }

    private static Spread spread(List<Double> values) {
        return Spread.sorting(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
