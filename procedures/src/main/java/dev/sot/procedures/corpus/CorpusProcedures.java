package dev.sot.procedures.corpus;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Activations in and out of the database. */
public final class CorpusProcedures extends SotProcedures {

    @Procedure(name = "sot.import.activations", mode = Mode.WRITE)
    @Description(
            "Imports an activation bundle (sot-bundle/1): token positions, hidden states,"
                    + " dictionaries, activations, vectors and labels.")
    public Stream<ImportActivationsResult> importActivations(
            @Name(
                            value = "directory",
                            description =
                                    "The bundle's directory, relative to the server's import"
                                            + " directory.")
                    String directory,
            @Name(value = "configuration", defaultValue = "{}", description = "corpus.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new ActivationImport(session(), ImportActivationsConfig.of(configuration))
                        .run(session().importDirectory().directory(directory), directory));
    }

    @Procedure(name = "sot.import.features", mode = Mode.WRITE)
    @Description(
            "Imports features as dashboards show them (SAEDashboard, Neuronpedia) or as recorded on"
                    + " probe prompts: tokens, activations corrected for how they were chosen, and"
                    + " explanations.")
    public Stream<ImportFeaturesResult> importFeatures(
            @Name(
                            value = "path",
                            description =
                                    "File or directory, relative to the server's import directory.")
                    String path,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "corpus, dictionary, context.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new FeatureImport(session(), ImportFeaturesConfig.of(configuration)).run(path));
    }

    @Procedure(name = "sot.import.dictionary", mode = Mode.WRITE)
    @Description(
            "Imports the vectors of a dictionary's features from weights of SAELens, sparsify,"
                    + " circuit-tracer or Gemma Scope.")
    public Stream<ImportDictionaryResult> importDictionary(
            @Name(
                            value = "directory",
                            description =
                                    "Directory name, relative to the server's import directory.")
                    String directory,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "dictionary, model, layer.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new DictionaryImport(session(), ImportDictionaryConfig.of(configuration))
                        .run(session().importDirectory().directory(directory), directory));
    }

    @Procedure(name = "sot.import.labels", mode = Mode.WRITE)
    @Description(
            "Imports labels of features: annotations of sparse feature circuits, or Neuronpedia's"
                    + " explanations.")
    public Stream<ImportLabelsResult> importLabels(
            @Name(
                            value = "file",
                            description = "File name, relative to the server's import directory.")
                    String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "dictionary, replace.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new LabelImport(session(), ImportLabelsConfig.of(configuration)).run(file));
    }

    @Procedure(name = "sot.drop.corpus", mode = Mode.WRITE)
    @Description(
            "Deletes a corpus with its positions, hidden states and activations. Features, their"
                    + " labels and vectors stay.")
    public Stream<DropCorpusResult> dropCorpus(
            @Name(value = "corpus", description = "Name of the corpus.") String corpus) {
        return Stream.of(new DropCorpus(session()).run(corpus));
    }
}
