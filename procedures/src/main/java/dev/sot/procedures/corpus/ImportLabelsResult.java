package dev.sot.procedures.corpus;

import java.util.List;
import org.neo4j.procedure.Description;

/** Labels of one file. */
public final class ImportLabelsResult {

    @Description("The file, relative to the import directory.")
    public final String file;

    @Description("annotations or neuronpedia.")
    public final String format;

    @Description("Lines of the file, without a table's heading.")
    public final long lines;

    @Description("Labels that features now have.")
    public final long labels;

    @Description("Lines of features that have a label already, which stays.")
    public final long kept;

    @Description("Lines without a label.")
    public final long unlabelled;

    @Description("Dictionaries of the features.")
    public final List<String> dictionaries;

    ImportLabelsResult(String file, LabelImport.Counts counts) {
        this.file = file;
        this.format = counts.format;
        this.lines = counts.lines;
        this.labels = counts.labels;
        this.kept = counts.kept;
        this.unlabelled = counts.unlabelled;
        this.dictionaries = List.copyOf(counts.dictionaries);
    }
}
