package dev.sot.procedures.corpus;

import dev.sot.formats.DictionaryWeights;
import java.util.List;
import java.util.Locale;
import org.neo4j.procedure.Description;

/** The weights of one dictionary. */
public final class ImportDictionaryResult {

    @Description("Name of the dictionary.")
    public final String dictionary;

    @Description(
            "Whose files they are: saelens, sparsify, circuit_tracer_plt, circuit_tracer_clt or"
                    + " gemma_scope.")
    public final String format;

    @Description("sae, transcoder or clt.")
    public final String kind;

    @Description("Layers imported.")
    public final List<Long> layers;

    @Description("Features with vectors, over all layers.")
    public final long vectors;

    @Description("Values of a vector.")
    public final long hiddenSize;

    @Description(
            "Features without a bias, because the dictionary normalises states before it encodes"
                    + " them.")
    public final long withoutBias;

    @Description("Milliseconds spent on reading and writing.")
    public final long writeMillis;

    ImportDictionaryResult(
            String dictionary,
            DictionaryWeights weights,
            long vectors,
            long withoutBias,
            long writeMillis) {
        this.dictionary = dictionary;
        this.format = weights.format().name().toLowerCase(Locale.ROOT);
        this.kind = weights.kind();
        this.layers = weights.layers().stream().map(l -> (long) l.layer()).toList();
        this.vectors = vectors;
        this.hiddenSize = weights.layers().get(0).hiddenSize();
        this.withoutBias = withoutBias;
        this.writeMillis = writeMillis;
    }
}
